"""Installed plugins that hang, crash or do not fit are listed with the reason, and every command works."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness import trial
from harness.registry import Registry, load_registry

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


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path for packages; what is imported from it, and verdicts on it, are forgotten."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HARNESS_IMPORT_SECONDS", "2")
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


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
    "hangs": (NEVER, "", "it was not imported within 2 s"),
    "hangs_in_hook": (
        f"{NEVER.replace('while', f'{HEAD}@hookimpl{chr(10)}def encoders():{chr(10)} while')}",
        "",
        "longer than 2 s",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_listed_with_its_reason(name: str, site: Path) -> None:
    text, requires, reason = BROKEN[name]
    before = load_registry()
    distribution(site, name, text, *filter(None, [requires]))
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n", "clustering-harness>=0.0.1", "numpy")
    registry = load_registry()
    (broken,) = registry.broken
    assert f"{name} 2.5" in broken.origin
    assert reason in broken.error
    assert "\n" not in broken.error
    expected = {*before.names("encoder"), "works"} - ({"pca"} if name == "duplicate" else set())
    assert set(registry.names("encoder")) == expected


def test_every_command_works_beside_them_all(site: Path, tmp_path: Path) -> None:
    for name, (text, requires, _) in BROKEN.items():
        if name != "duplicate":
            distribution(site, name, text, *filter(None, [requires]))
    distribution(
        site,
        "works",
        f"{HEAD}class Same:\n    def fit(self, X): return self\n"
        "    def transform(self, X): return X\n@hookimpl\ndef encoders(): return {'works': Same}\n",
    )
    folder = tmp_path / "work"
    folder.mkdir()
    np.save(folder / "points.npy", np.random.default_rng(0).random((30, 3)))
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def harness(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "harness", *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{words}\n{done.stderr}"
        return done.stdout

    listed = json.loads(harness("plugins", "--json"))
    errors = {each["origin"].removesuffix(" 2.5"): each["error"] for each in listed["broken"]}
    assert errors.keys() == BROKEN.keys() - {"duplicate"}
    assert all(BROKEN[name][2] in error for name, error in errors.items())
    assert "works" in harness(
        "bench", "-d", "points.npy", "-e", "works", "-c", "kmeans", "-k", "2", "--seeds", "1"
    )
    assert "works" in harness("leaderboard")
    assert "digits" in harness("datasets")
    assert "records" in harness("store")


def test_what_was_tried_is_not_tried_again_until_it_changes(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[list[str]] = []
    real = trial._try_apart
    monkeypatch.setattr(trial, "_try_apart", lambda modules: tried.append(modules) or real(modules))
    info = distribution(site, "hangs", NEVER)
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    for _ in range(3):
        registry = load_registry()
        assert [each.origin for each in registry.broken] == ["hangs 2.5"]
        assert "works" in registry.names("encoder")
    assert tried == [["hangs", "works"]]
    started = time.perf_counter()
    load_registry()
    assert time.perf_counter() - started < 0.5, "a call that tries nothing waits for nothing"
    (site / "hangs.py").write_text(f"{HOOK}{{'mended': dict}}\n")
    os.utime(info / "RECORD", ns=(1, 1))  # installed again
    importlib.invalidate_caches()
    assert "mended" in load_registry().names("encoder")
    assert tried[1:] == [["hangs"]]
    monkeypatch.setattr(trial, "AGAIN", 0.0)
    load_registry()
    assert len(tried) == 2, "what did no harm is not tried again, however old the verdict"


def test_a_refusal_is_tried_again_after_a_while(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distribution(site, "waits", NEVER)
    assert load_registry().broken
    (site / "waits.py").write_text(f"{HOOK}{{'came': dict}}\n")  # as when a network is back
    assert load_registry().broken
    monkeypatch.setattr(trial, "AGAIN", 0.0)
    importlib.invalidate_caches()
    assert "came" in load_registry().names("encoder")


def test_what_hangs_after_its_trial_is_stopped_too(site: Path) -> None:
    """A licence server that is gone today, or an edit in a package that is installed in place."""
    distribution(site, "later", f"{HOOK}{{'later': dict}}\n")
    assert "later" in load_registry().names("encoder")
    del sys.modules["later"]
    (site / "later.py").write_text(NEVER)
    os.utime(site / "later.py", (1, 1))
    importlib.invalidate_caches()
    started = time.perf_counter()
    (broken,) = load_registry().broken
    assert broken.error == "TooLong: it took longer than 2 s"
    assert time.perf_counter() - started < 4
    assert "later" not in sys.modules


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
    import psutil

    sleep = "[sys.executable, '-c', 'import time; time.sleep(77.125)']"
    spawn = f"import subprocess, sys\nsubprocess.Popen({sleep})\n"
    distribution(site, "spawns", spawn + NEVER)
    assert load_registry().broken
    assert not [each for each in psutil.process_iter(["cmdline"]) if "77.125" in str(each.info["cmdline"])]


def test_another_thread_has_no_time_limit_but_works(site: Path) -> None:
    distribution(site, "works", f"{HOOK}{{'works': dict}}\n")
    found: list[Registry] = []
    thread = threading.Thread(target=lambda: found.append(load_registry()))
    thread.start()
    thread.join()
    assert "works" in found[0].names("encoder")


@pytest.mark.parametrize("entries", ["bad = a b c", "empty =", "dots = ..."])
def test_an_entry_point_that_is_no_module_harms_no_other(entries: str, site: Path) -> None:
    info = distribution(site, "odd", "")
    (info / "entry_points.txt").write_text(f"[harness]\n{entries}\n")
    registry = load_registry()
    assert "pca" in registry.names("encoder")
    assert [each.origin for each in registry.broken] == ["odd 2.5"]
