"""Every command in the documents runs, and the README shows the numbers of the committed board."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from test_docs_start import PAGES as SHOWN  # they are run there

from harness.cli import COMMANDS, app
from harness.core import hookspecs
from harness.publishing.pages import fill
from harness.publishing.write import read_own

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HERE = [page for page in PAGES if page not in SHOWN]
COMMAND = re.compile(r"^\$ harness (.+)$", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    return [(page.name, command) for page in HERE for command in COMMAND.findall(page.read_text())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the files that the documents speak of, and one store for all commands."""
    folder = tmp_path_factory.mktemp("docs")
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{a + b:.3f},{'xyz'[int(3 * a)]}" for a, b in rng.random((60, 2))]
    (folder / "flowers.csv").write_text("\n".join(["a,b,c,label", *rows]))
    np.save(folder / "points.npy", rng.random((60, 3)))
    for page in HERE:
        files = r"`(\w+\.(?:py|toml|csv))`:\n\n```(?:python|toml|csv)\n(.+?)```"
        for name, code in re.findall(files, page.read_text(), re.DOTALL):
            (folder / name).write_text(code)
    return folder


@pytest.mark.usefixtures("few_digits", "one_process")  # it is shown that commands run, not what comes out
@pytest.mark.parametrize(("page", "command"), commands())
def test_command_runs(page: str, command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    if (
        command.startswith(("leaderboard", "compare", "publish", "remove", "report"))
        and not (folder / ".harness").exists()
    ):
        CliRunner().invoke(app, ["bench", "-e", "identity", "-c", "kmeans", "--seeds", "1"])
    if "fashion-mnist" in command:
        pytest.skip("takes minutes; `make boards` runs it")
    if command.startswith("reproduce"):
        pytest.skip("takes a minute; tests/reproduction/test_reproduce.py runs it")
    if command == "bench --all":
        pytest.skip(
            "takes minutes; tests/cli/test_commands.py runs it with one seed on few digits, `make bench` all"
        )
    result = CliRunner().invoke(app, shlex.split(command), standalone_mode=False)
    assert result.exception is None, f"{page}: harness {command}\n{result.output}"
    assert result.return_value in (0, None), f"{page}: harness {command}\n{result.output}"


def test_output_on_the_page_of_data_is_what_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    page = (ROOT / "docs" / "data.md").read_text()
    shown = re.findall(r"^```console\n\$ harness (.+)\n((?:.+\n)+)```", page, re.MULTILINE)
    assert shown
    for command, output in shown:
        assert CliRunner().invoke(app, shlex.split(command)).output == output


def test_tests_of_an_author_pass(folder: Path) -> None:
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_plugins.py"]
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d\d passed", done.stdout), done.stdout


def test_python_page_runs_from_top_to_bottom(folder: Path) -> None:
    code = re.findall(
        r"^```python\n(.+?)^```", (ROOT / "docs" / "python.md").read_text(), re.DOTALL | re.MULTILINE
    )
    assert len(code) > 3
    (folder / "page.py").write_text("\n".join(code))
    done = subprocess.run([sys.executable, "page.py"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "kmeans x 5" in done.stdout


def test_every_option_and_key_is_documented() -> None:
    from harness.cli.commands.bench import command
    from harness.planning.request import OPTIONS

    guide = (ROOT / "docs" / "guide.md").read_text()
    first = " ".join(line.split("|")[1] for line in guide.splitlines() if line.startswith("| `-"))
    flags = set(re.findall(r"(--?[\w-]+)", first))
    assert [each.name for each in command.params if not flags & {*each.opts}] == []
    table = (ROOT / "docs" / "config.md").read_text().partition("## Keys")[2]
    keys = " ".join(line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", keys)) <= OPTIONS.keys()


def test_every_command_is_listed_as_its_help_says() -> None:
    table = (ROOT / "docs" / "guide.md").read_text().partition("## All commands")[2]
    assert dict(re.findall(r"^\| `harness ([\w-]+)` \| (.+) \|$", table, re.MULTILINE)) == COMMANDS


def test_documents_show_commands() -> None:
    pages = {page for page, _ in commands()}
    assert {"README.md", "guide.md", "plugins.md"} <= pages


def test_hooks_are_documented_as_they_are() -> None:
    hooks = {name: each for name, each in vars(hookspecs).items() if hasattr(each, "harness_spec")}
    real = {f"{name}({', '.join(signature(each).parameters)})" for name, each in hooks.items()}
    text = "".join((ROOT / "docs" / name).read_text() for name in ("plugins.md", "hooks.md"))
    written = set(re.findall(r"`(\w+\([\w, ]*\))`", text))
    assert {each for each in written if each.partition("(")[0] in hooks} == real


def test_the_package_that_is_shown_is_the_one_that_is_tested() -> None:
    text = (ROOT / "docs" / "registering.md").read_text()
    shown = re.findall(r"`(harness-pairs/[\w./]+)`:\n\n```\w+\n(.+?)```", text, re.DOTALL)
    assert len(shown) == 2
    for name, content in shown:
        assert content == (ROOT / "examples" / name).read_text()


def test_readme_table_is_the_committed_board() -> None:
    readme = ROOT / "README.md"
    assert fill(readme, read_own(ROOT / "leaderboard")) == readme.read_text(), "make boards writes it"


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
