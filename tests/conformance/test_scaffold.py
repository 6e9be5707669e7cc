"""What `harness new` writes is tidy, runs at once and passes its own tests; nothing is overwritten."""

from __future__ import annotations

import ast
import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from harness.cli import app
from harness.conformance.scaffold import TAKEN, new
from harness.core.errors import HarnessError
from harness.core.plugin import KINDS, Kind
from harness.registry.loading import load_file

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "harness/conformance/templates").glob("*.py.txt"))


def call(*words: str) -> Result:
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert result.exception is None, result.output
    assert result.return_value in (0, None), result.output
    return result


def run(folder: Path, *words: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def is_tidy(folder: Path) -> None:
    for words in (["check"], ["format", "--check"]):
        run(folder, "-m", "ruff", *words, "--no-cache", "--config", str(ROOT / "pyproject.toml"), ".")


def bench(folder: Path, command: str) -> str:
    """Call what `harness new` said, on few rows where data can be chosen, and return the board."""
    data = "" if " -d " in command else " -d tiny.csv"
    call(*shlex.split(f"{command.removeprefix('harness ')}{data} --seeds 2 --jobs 1"))
    (board,) = (folder / "leaderboard").glob("*.full.md")
    return board.read_text()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with few rows of data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    rows = [f"{a:.3f},{b:.3f},{'xyz'[int(3 * a)]}" for a, b in np.random.default_rng(0).random((60, 2))]
    (tmp_path / "tiny.csv").write_text("\n".join(["a,b,label", *rows]))
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_tidy_and_runs(kind: Kind, folder: Path) -> None:
    wrote, _, *commands = call("new", kind, f"my-{kind}").output.splitlines()
    assert wrote == f"Wrote my_{kind}.py"
    text = (folder / f"my_{kind}.py").read_text()
    assert not re.search("MY_|[Mm]y.?[Tt]hing", text), "nothing of the template's own name is left"
    is_tidy(folder)
    examples = doctest.testmod(load_file(folder / f"my_{kind}.py"))
    assert (examples.failed, examples.attempted > 0) == (0, True)
    board = bench(folder, commands[0].strip())
    assert ("my_dataset" if kind == "dataset" else f"my-{kind}") in board.replace("my-dataset", "my_dataset")
    assert "failed" not in board
    call(*shlex.split(commands[1])[1:])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A package of each kind, installed in one folder, with the command that benches each."""
    folder = tmp_path_factory.mktemp("packages")
    written = {kind: new(kind, f"abc-{kind}", folder, package=True) for kind in KINDS}
    options = [
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--target",
        str(folder / "site-packages"),
    ]
    run(folder, "-m", "pip", "install", *options, *(str(folder / f"abc-{kind}") for kind in KINDS))
    return folder, {kind: each.commands[1] for kind, each in written.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_tidy_and_runs_when_it_is_installed(
    kind: Kind, site: tuple[Path, dict[str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, commands = site
    is_tidy(packages / f"abc-{kind}")
    monkeypatch.syspath_prepend(packages / "site-packages")
    monkeypatch.setenv("PYTHONPATH", str(packages / "site-packages"))  # for worker processes
    assert f"abc-{kind} 0.1.0" in call("plugins", "--kind", kind).output
    board = bench(folder, commands[kind])
    assert f"abc-{kind}" in board
    assert "failed" not in board


def test_the_tests_of_packages_pass(site: tuple[Path, dict[str, str]]) -> None:
    packages, _ = site
    names = [f"abc-{kind}" for kind in KINDS]
    settings = {(packages / name / "pyproject.toml").read_text().partition("[tool.")[2] for name in names}
    assert len(settings) == 1, "all are tested in the same way, and so at once"
    words = ("-m", "pytest", "-q", "-c", "abc-encoder/pyproject.toml", *names)
    said = run(packages, *words, PYTHONPATH=str(packages / "site-packages"))
    assert int(re.findall(r"(\d+) passed", said)[0]) > 40, said


def test_hooks_of_a_package_import_nothing_of_the_plugin(site: tuple[Path, dict[str, str]]) -> None:
    packages, _ = site
    code = (
        "import sys\nfrom harness.registry.registry import load_registry\nregistry = load_registry()\n"
        "assert 'abc-encoder' in registry.names('encoder'), registry.broken\n"
        "print([name for name in sys.modules if name.startswith('abc_') and '.' in name])"
    )
    assert run(packages, "-c", code, PYTHONPATH=str(packages / "site-packages")) == "[]\n"


@pytest.mark.parametrize("package", [False, True])
def test_nothing_is_overwritten(package: bool, tmp_path: Path) -> None:
    written = new("encoder", "mine-too", tmp_path, package)
    before = [path.read_bytes() for path in written.files]
    written.files[0].write_text("mine")
    with pytest.raises(HarnessError, match="already exists and was not overwritten") as caught:
        new("encoder", "mine-too", tmp_path, package)
    assert "\n" not in str(caught.value)
    assert [written.files[0].read_text(), *map(Path.read_bytes, written.files[1:])] == ["mine", *before[1:]]
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere")
    with pytest.raises(HarnessError, match="already exists"):
        new("encoder", "gone", tmp_path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "letters and digits"),
        ("a b", "letters and digits"),
        ("a(b)", "letters and digits"),
        ("../up", "letters and digits"),
        ("3d", "begins with a letter"),
        ("-x", "begins with a letter"),
        ("a--b", "with - between words"),
        ("é", "letters and digits"),
        ("class", "reserved by Python"),
        ("random", "reserved by Python"),
        ("np", "reserved by Python or harness"),
        ("metric", "reserved by Python or harness"),
        ("kmeans", "A clusterer 'kmeans' already exists"),
        ("Kmeans-", "letters and digits"),
        ("numpy", "A module 'numpy' already exists"),
        ("harness", "A module 'harness' already exists"),
        ("a" * 300, "has at most 64 characters, got 300"),
        ("none", "reserved by Python"),
        ("True", "reserved by Python"),
        ("int", "reserved by Python"),
        ("ValueError", "reserved by Python"),
        ("BadParameter", "reserved by Python or harness"),
        ("not-applicable", "reserved by Python or harness"),
        ("conformance", "reserved by Python or harness"),
    ],
)
def test_names_that_cannot_be(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=reason) as caught:
        new("clusterer", name, tmp_path)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_names_that_the_templates_import_are_taken() -> None:
    imported = {
        alias.asname or alias.name
        for path in TEMPLATES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert len(imported) > 5
    assert imported - {"my_thing.MY_KIND"} <= TAKEN


@pytest.mark.parametrize("name", ["x", "my-thing", "my-thing-2", "my_thing", "MyThing", "MY-KIND", "Deep-AE"])
def test_odd_names_that_can_be(name: str, tmp_path: Path) -> None:
    for kind in KINDS:
        for package in (False, True):
            for path in new(kind, name, tmp_path / kind, package).files:
                text = path.read_text()
                if path.suffix == ".py":
                    compile(text, path, "exec")
                if not package:
                    assert doctest.testmod(load_file(path)).failed == 0
                if path.name == f"{name.replace('-', '_').lower()}.py":
                    assert f'{{"{name}": ' in text


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        HarnessError, match=r"Cannot write .*: (File exists|Not a directory)\. Name another folder with --out"
    ):
        new("metric", "mine-too", tmp_path / "file")
    assert len(new("metric", "mine-too", tmp_path / "a" / "b").files) == 1, "folders are made"
    with pytest.raises(HarnessError, match=r"Cannot write .*: File name too long\."):
        new("metric", "mine-too", tmp_path / ("a" * 300))


@pytest.mark.parametrize("package", [False, True])
def test_commands_can_be_called_as_they_are_told(package: bool, tmp_path: Path) -> None:
    written = new("metric", "mine-too", tmp_path / "it's a b" / "c$d", package)
    top = str(tmp_path / "it's a b" / "c$d" / ("mine-too" if package else "mine_too.py"))
    words = [word for command in written.commands for word in shlex.split(command)]
    assert sum(word.removesuffix("[test]") == top for word in words) == 2
