"""Installed plugins that fail or do not fit are listed with the reason, and every command works."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from waiting import PATIENCE, written

from harness.cli import main
from harness.core.plugin import KINDS
from harness.registry.loading import load_plugin
from harness.registry.registry import Registry, load_registry

HEAD = "from harness import hookimpl\n"
HOOK = f"{HEAD}@hookimpl\ndef encoders():\n    return "


def distribution(folder: Path, name: str, text: str, *requires: str, version: str = "2.5") -> Path:
    """Write a module, and what pip writes beside an installed package."""
    (folder / f"{name}.py").write_text(text)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(head + "".join(f"Requires-Dist: {each}\n" for each in requires))
    (info / "entry_points.txt").write_text(f"[harness]\n{name} = {name}\n")
    (info / "RECORD").write_text("")
    importlib.invalidate_caches()
    return info


@contextmanager
def place(folder: Path) -> Iterator[Path]:
    """Put a folder on the path for packages; what is imported from it is forgotten."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder
    for name in set(sys.modules) - before:
        if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    with place(tmp_path) as folder:
        yield folder


BROKEN = {  # name: (module, what it requires, the reason that is shown)
    "import_error": ("import no_such_module\n", "", "ModuleNotFoundError: No module named 'no_such_module'"),
    "syntax_error": ("def (:\n", "", "SyntaxError: invalid syntax"),
    "wrong_return": (f"{HOOK}['a']\n", "", "encoders() must return a mapping from name to encoder, got list"),
    "no_return": (f"{HOOK}None\n", "", "encoders() must return a mapping from name to encoder, got NoneType"),
    "unknown_hook": (
        f"{HEAD}@hookimpl\ndef clusterer(): pass\n",
        "",
        "'clusterer'. Did you mean 'clusterers'",
    ),
    "duplicate": (
        f"{HOOK}{{'pca': 'a:B'}}\n",
        "",
        "two plugins have this name, from built-in and duplicate 2.5",
    ),
    "too_new": (f"{HOOK}{{}}\n", "clustering-harness>=99", "it needs clustering-harness>=99, but this is 0."),
    "too_old": (
        f"{HOOK}{{}}\n",
        "Clustering_Harness (<0.0.1)",
        "it needs clustering-harness<0.0.1, but this",
    ),
    "exits": ("import sys\nsys.exit('no licence')\n", "", "SystemExit: no licence"),
    "exits_in_hook": (f"{HOOK}exit(7)\n", "", "SystemExit: 7"),
    "fails_in_hook": (f"{HOOK}1 / 0\n", "", "ZeroDivisionError: division by zero"),
}


NOISE = "print('HELLO')\nos.write(1, b'THERE\\n')\nos.system('echo CHILD')\n"
WORKS = (
    f"import os\n{HEAD}{NOISE}class Same:\n    def fit(self, X): return self\n"
    "    def transform(self, X): return X\n@hookimpl\ndef encoders():\n    print('HOOK')\n"
    "    return {'works': Same}\n"
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Registry, Registry]:
    """All of them beside one that works: the folder, what is found, and what was found before."""
    with place(tmp_path_factory.mktemp("site")) as folder:
        before = load_registry()
        for name, (text, requires, _) in BROKEN.items():
            distribution(folder, name, text, *filter(None, [requires]))
        distribution(folder, "works", WORKS, "clustering-harness>=0.0.1", "numpy")
        return folder, load_registry(), before


@pytest.fixture
def among_them(found: tuple[Path, Registry, Registry]) -> Iterator[Path]:
    with place(found[0]) as folder:
        yield folder


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_listed_with_its_reason(name: str, found: tuple[Path, Registry, Registry]) -> None:
    (broken,) = [each for each in found[1].broken if f"{name} 2.5" in each.origin]
    assert BROKEN[name][2] in broken.error
    assert "\n" not in broken.error


def test_they_harm_no_other(found: tuple[Path, Registry, Registry]) -> None:
    _, registry, before = found
    assert len(registry.broken) == len(BROKEN)
    assert set(registry.names("encoder")) == {*before.names("encoder"), "works"} - {"pca"}, (
        "it is a duplicate"
    )
    assert all(registry.names(kind) == before.names(kind) for kind in KINDS[1:])


def test_every_command_works_beside_them_all(
    among_them: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("points.npy", np.random.default_rng(0).random((30, 3)))

    def harness(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["harness", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        found = capsys.readouterr()
        assert ended.value.code == 0, f"{words}\n{found.err}"
        return found.out

    assert "works" in harness(
        "bench", "-d", "points.npy", "-e", "works", "-c", "kmeans", "-k", "2", "-m", "n-clusters"
    )
    assert "works" in harness("leaderboard")
    assert "digits" in harness("datasets")
    assert "records" in harness("store")


def test_what_they_print_is_no_answer(among_them: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(among_them)}
    command = [sys.executable, "-m", "harness", "plugins", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    errors = {
        each["origin"].removesuffix(" 2.5"): each["error"] for each in json.loads(done.stdout)["broken"]
    }
    errors["duplicate"] = errors.pop("built-in and duplicate")
    assert errors.keys() == BROKEN.keys()
    assert all(BROKEN[name][2] in error for name, error in errors.items())
    assert {"HELLO", "THERE", "CHILD", "HOOK"} <= set(done.stderr.split())


HANGS = (
    "import time\nfrom pathlib import Path\nPath(__file__).with_name('begun').write_text('begun\\n')\n"
    "while True:\n    try: time.sleep(60)\n    except Exception: pass\n"
)


@pytest.mark.parametrize("installed", [True, False])
def test_an_import_that_hangs_is_named_on_ctrl_c(installed: bool, site: Path) -> None:
    distribution(site, "hangs", HANGS)
    if not installed:
        (site / "hangs-2.5.dist-info" / "entry_points.txt").unlink()
    words = ["plugins"] if installed else ["bench", "--plugin", str(site / "hangs.py")]
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", *words],
        env={**os.environ, "PYTHONPATH": str(site)},
        stderr=subprocess.PIPE,
        text=True,
        # Of a job in the background the signal may be ignored, by its children too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    written(site / "begun")
    process.send_signal(signal.SIGINT)
    (line,) = filter(None, process.communicate(timeout=PATIENCE)[1].splitlines())
    origin = "hangs 2.5" if installed else f"file {site / 'hangs.py'}"
    assert line == (
        f"Interrupted while importing plugins from {origin}. If it hangs, uninstall it or leave it out."
    )
    assert process.returncode == 130


def test_a_plugin_whose_module_is_interrupted_is_named(site: Path) -> None:
    distribution(site, "lazy", f"{HOOK}{{'lazy': 'stopped:Thing'}}\n")
    (site / "stopped.py").write_text("raise KeyboardInterrupt\n")
    plugin = load_registry().find("encoder", "lazy")
    with pytest.raises(
        KeyboardInterrupt, match=r"^Interrupted while importing encoder 'lazy' from lazy 2\.5\. "
    ):
        load_plugin(plugin)


def test_who_watches_is_given_each_origin(site: Path) -> None:
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    (site / "mine.py").write_text(f"{HOOK}{{}}\n")
    origins: list[str] = []

    @contextmanager
    def watch(origin: str) -> Iterator[None]:
        assert ("works" in sys.modules) == bool(origins), "before the first import"
        origins.append(origin)
        yield

    load_registry([site / "mine.py"], watch)
    assert origins == ["works 2.5", f"file {site / 'mine.py'}"]


@pytest.mark.parametrize("entry", ["bad = a b c", "empty =", "dots = ..."])
def test_an_entry_point_that_is_no_module_harms_no_other(entry: str, site: Path) -> None:
    info = distribution(site, "odd", "")
    (info / "entry_points.txt").write_text(f"[harness]\n{entry}\n")
    registry = load_registry()
    assert "pca" in registry.names("encoder")
    (broken,) = registry.broken
    assert broken.origin == "odd 2.5"
    name, _, value = entry.partition(" =")
    wrong = f"entry point {name!r} must read 'module' or 'module:object', got {value.strip()!r}"
    assert broken.error == f"Unavailable: {wrong}"


def test_metadata_that_cannot_be_read_harms_no_other(site: Path) -> None:
    for name in ("latin", "others", "nameless", "fine"):
        distribution(site, name, f"{HOOK}{{'{name}': dict}}\n")
    (site / "latin-2.5.dist-info/entry_points.txt").write_bytes(b"[harness]\nl\xe9 = latin\n")
    (site / "others-2.5.dist-info/entry_points.txt").write_bytes(b"[console_scripts]\nl\xe9 = latin\n")
    (site / "nameless-2.5.dist-info/METADATA").write_bytes(b"Name: l\xe9\n")
    registry = load_registry()
    assert "fine" in registry.names("encoder")
    broken = {each.origin: each.error for each in registry.broken}
    assert broken.keys() == {"latin 2.5", "nameless"}
    assert "cannot read its entry points: UnicodeDecodeError" in broken["latin 2.5"]
    assert "cannot read its metadata: UnicodeDecodeError" in broken["nameless"]


def test_an_object_in_a_module_may_hold_the_hooks(site: Path) -> None:
    text = f"import os\n{HEAD}class Holder:\n    @hookimpl\n    def encoders(self): return {{'held': dict}}\n"
    info = distribution(site, "holds", f"{text}holder = Holder()\n")
    (info / "entry_points.txt").write_text("[harness]\na = holds:holder\n")
    assert "held" in load_registry().names("encoder")
