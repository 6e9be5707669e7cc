"""Installed plugins that hang, crash or do not fit are listed with the reason, and every command works."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from waiting import PATIENCE, lives, until

from harness.cli import main
from harness.core.errors import BadParameter
from harness.core.plugin import KINDS
from harness.registry import safe_import
from harness.registry.registry import Registry, load_registry

HEAD = "from harness import hookimpl\n"
HOOK = f"{HEAD}@hookimpl\ndef encoders():\n    return "
NEVER = "import time\nwhile True:\n    try: time.sleep(60)\n    except Exception: pass\n"


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
    """Put a folder on the path for packages; what is imported from it, and verdicts on it, are forgotten."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("HARNESS_CACHE", str(folder / "cache"))
        patch.setenv("HARNESS_IMPORT_SECONDS", str(PATIENCE))
        yield folder
    for name in set(sys.modules) - before:
        if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@contextmanager
def hurried() -> Iterator[None]:
    """Let imports take a second: for what hangs for ever, as all else may take longer on a busy machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARNESS_IMPORT_SECONDS", "1")
        yield


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
    "too_new": (f"{HOOK}{{}}\n", "clustering-harness>=99", "it needs clustering-harness>=99, and this is 0."),
    "too_old": (
        f"{HOOK}{{}}\n",
        "Clustering_Harness (<0.0.1)",
        "it needs clustering-harness<0.0.1, and this",
    ),
    "exits": ("import os\nos._exit(0)\n", "", "it ended the process that imported it (exit code 0)"),
    "crashes": (
        "import os\nos.kill(os.getpid(), 11)\n",
        "",
        "it ended the process that imported it (signal 11)",
    ),
    "hangs": (NEVER, "", "it was not imported within 1 s"),
    "exits_in_hook": (
        f"import os\n{HOOK}os._exit(7)\n",
        "",
        "its hooks ended the process that called them (exit code 7)",
    ),
    "hangs_in_hook": (  # marked by hand, as importing the harness takes time too
        f"{NEVER.replace('while', f'def encoders():{chr(10)} while')}encoders.harness_impl = {{}}\n",
        "",
        "its hooks took longer than 1 s",
    ),
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
        for hanging in (True, False):  # those that hang are tried first, and then known
            for name, (text, requires, _) in BROKEN.items():
                if name.startswith("hangs") == hanging:
                    distribution(folder, name, text, *filter(None, [requires]))
            if hanging:
                with hurried():
                    load_registry()
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


def test_what_was_tried_is_not_tried_again_until_it_changes(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[list[str]] = []
    real = safe_import._try_apart
    monkeypatch.setattr(safe_import, "_try_apart", lambda modules: tried.append(modules) or real(modules))
    info = distribution(site, "hangs", NEVER)
    with hurried():
        load_registry()
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    for _ in range(3):
        registry = load_registry()
        assert [each.origin for each in registry.broken] == ["hangs 2.5"]
        assert "works" in registry.names("encoder")
    assert tried == [["hangs"], ["works"]]
    (site / "hangs.py").write_text(f"{HOOK}{{'mended': dict}}\n")
    os.utime(info / "RECORD", ns=(1, 1))  # installed again
    importlib.invalidate_caches()
    assert "mended" in load_registry().names("encoder")
    assert tried[2:] == [["hangs"]]
    monkeypatch.setattr(safe_import, "AGAIN", 0.0)
    load_registry()
    assert len(tried) == 3, "what did no harm is not tried again, however old the verdict"


def test_a_refusal_is_tried_again_after_a_while(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it needs may be there by then, as when a network is back."""
    needs = f"import os\nif not os.path.exists({str(site / 'network')!r}): os._exit(1)\n"
    distribution(site, "waits", f"{needs}{HOOK}{{'came': dict}}\n")
    assert load_registry().broken
    (site / "network").touch()
    os.utime(site / "waits.py", ns=(stamp := (site / "waits.py").stat().st_mtime_ns, stamp))
    assert load_registry().broken
    monkeypatch.setattr(safe_import, "AGAIN", 0.0)
    assert "came" in load_registry().names("encoder")


def test_what_hangs_after_its_trial_is_stopped_too(site: Path) -> None:
    """As where a licence server is gone today."""
    hangs = NEVER.replace("\n", "\n    ").replace(
        "while True", f"while os.path.exists({str(site / 'gone')!r})"
    )
    distribution(site, "later", f"import os\nif True:\n    {hangs}\n{HOOK}{{'later': dict}}\n")
    assert "later" in load_registry().names("encoder")
    del sys.modules["later"]
    (site / "gone").touch()
    guard = threading.Timer(PATIENCE, (site / "gone").unlink)  # or a limit that does not hold would hang this
    guard.start()
    with hurried():
        (broken,) = load_registry().broken
    guard.cancel()
    assert broken.error == "TooLong: it took longer than 1 s"
    assert "later" not in sys.modules


def test_the_start_of_python_is_no_part_of_a_modules_time(site: Path) -> None:
    (site / "sitecustomize.py").write_text("import time\ntime.sleep(2)\n")  # as where there is no time for it
    distribution(site, "works", "def encoders(): return {'works': dict}\nencoders.harness_impl = {}\n")
    with hurried():
        assert "works" in load_registry().names("encoder")


def test_what_is_edited_in_its_place_is_tried_again(site: Path) -> None:
    """As where it is installed with ``pip install -e``, which leaves the package where it is written."""
    text = f"from . import part\n{HOOK}{{'edited': dict}}\n"
    (site / "edited").mkdir()
    (site / "edited/part.py").write_text("")
    distribution(site, "edited", "")
    (site / "edited.py").unlink()
    states = [("__init__.py", text, ""), ("__init__.py", f"import os\nos._exit(3)\n{text}", "code 3")]
    states += [
        ("__init__.py", text, ""),
        ("part.py", "import os\nos._exit(4)\n", "code 4"),
        ("part.py", "", ""),
    ]
    for number, (file, content, reason) in enumerate(states, start=1):
        (site / "edited" / file).write_text(content)
        os.utime(site / "edited" / file, (number, number))
        for name in ("edited", "edited.part"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        registry = load_registry()
        assert ("edited" in registry.names("encoder")) == (not reason)
        assert reason in "".join(each.error for each in registry.broken)


@pytest.mark.parametrize("text", ["nan", "-1", "0", "inf", "1e9", "soon", " "])
def test_a_time_limit_that_is_none_is_a_wrong_call(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_IMPORT_SECONDS", text)
    with pytest.raises(
        BadParameter, match=rf"^HARNESS_IMPORT_SECONDS must be .* 86400, got '{text}'. Set"
    ) as found:
        load_registry()
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 3}', '{"a": ["x", "y"]}'])
def test_spoilt_verdicts_are_made_again(content: str, site: Path) -> None:
    (site / "cache").mkdir()
    (site / "cache/imports.json").write_text(content)
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    assert "works" in load_registry().names("encoder")
    assert len(json.loads((site / "cache/imports.json").read_text())) == 1


def test_verdicts_that_cannot_be_kept_stop_nothing(site: Path) -> None:
    (site / "cache").write_text("a file")
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    assert "works" in load_registry().names("encoder")


def test_children_of_a_trial_are_ended_with_it(site: Path) -> None:
    child = (
        f"import subprocess\nchild = subprocess.Popen(['sleep', '3600'])\nfile = {str(site / 'child')!r}\n"
    )
    # It ends by itself, for who knows whether one that is stopped for its slowness has come so far.
    distribution(site, "spawns", f"{child}open(file, 'w').write(str(child.pid))\nimport os\nos._exit(1)\n")
    assert load_registry().broken
    pid = int((site / "child").read_text())
    until(lambda: not lives(pid), "the end of the child")


def test_another_thread_has_no_time_limit_but_works(site: Path) -> None:
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    found: list[Registry] = []
    thread = threading.Thread(target=lambda: found.append(load_registry()))
    thread.start()
    thread.join()
    assert "works" in found[0].names("encoder")


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
    assert "its entry points cannot be read: UnicodeDecodeError" in broken["latin 2.5"]
    assert "its metadata cannot be read: UnicodeDecodeError" in broken["nameless"]


def test_an_object_in_a_module_may_hold_the_hooks(site: Path) -> None:
    text = f"import os\n{HEAD}class Holder:\n    @hookimpl\n    def encoders(self): return {{'held': dict}}\n"
    info = distribution(site, "holds", f"{text}holder = Holder()\n")
    (info / "entry_points.txt").write_text("[harness]\na = holds:holder\n")
    assert "held" in load_registry().names("encoder")
    ends = text.replace("return {'held': dict}", "os._exit(9)")
    (site / "holds.py").write_text(f"{ends}holder = Holder()\n")
    assert "its hooks ended the process" in load_registry().broken[0].error
