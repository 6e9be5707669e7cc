"""Keys from end to end: real files, a plan made in a new process, and one thing changed between two plans."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PLUGIN = '''"""Scales, cuts, and counts."""
import numpy as np
import tinylib
import helper
from harness import hookimpl, metric


class Scale:
    def __init__(self, by=1, shift=0.0, random_state=None, device="cpu"):
        self.by, self.shift, self.random_state, self.device = by, shift, random_state, device

    def fit(self, X):
        return self

    def transform(self, X):
        return helper.scale(X, self.by) + self.shift


class Cut:
    def __init__(self, n_clusters=2):
        self.n_clusters = n_clusters

    def fit(self, X):
        self.labels_ = np.arange(len(X)) % self.n_clusters


@metric(direction="higher", low=0, high=1, needs=(), source="test")
def share(truth, labels, embedding):
    return float((labels == 0).mean())


@metric(direction="higher", low=0, high=1, needs=("truth",), source="test")
def hits(truth, labels, embedding):
    return float((labels == truth).mean())


@hookimpl
def encoders(): return {"scale": Scale}
@hookimpl
def clusterers(): return {"cut": Cut}
@hookimpl
def metrics(): return {"share": share, "hits": hits}
'''
PLAN = """import json, sys
from pathlib import Path
from harness.registry import devices
from harness.planning.datasets import open_dataset
from harness.planning.request import Request
from harness.planning.planner import make_plan
from harness.registry.registry import load_registry

asked = {"data": "data.csv", "plugin": "mine.py", "encoders": ["scale(by=2, shift=1.0)"], "seeds": 1}
asked |= {"clusterers": ["cut"], "metrics": ["share", "hits"], "gpu": "", "device": "auto", "threads": 1}
asked |= json.loads(sys.argv[1])
devices.accelerator = lambda: asked["gpu"]
registry = load_registry([Path(asked["plugin"])])
names = [asked[kind] for kind in ("encoders", "clusterers", "metrics")]
request = Request(*names, seeds=asked["seeds"], device=asked["device"], threads=asked["threads"])
plan = make_plan(open_dataset(asked["data"], registry), "full", request, registry)
wanted = "scale(by=2, shift=1.0)" if len(asked["encoders"]) > 1 else plan.cells[0].encoder
cell = [cell for cell in plan.cells if cell.encoder == wanted][-1]
scores = {name: score.key for name, score in cell.scores.items()}
print(json.dumps({"encode": cell.encode, "cluster": cell.cluster, **scores}))
"""
ROWS = ["a,b,label", *(f"{n / 8},{1 - n / 8},{'xyz'[n % 3]}" for n in range(9))]
FILES = {
    "mine.py": PLUGIN,
    "helper.py": "import deeper\n\n\ndef scale(X, by):\n    return X * by + deeper.OFFSET\n",
    "deeper.py": "OFFSET = 0.5\n",
    "unrelated.py": "OFFSET = 0.5\n",
    "plan_it.py": PLAN,
    "data.csv": "\n".join(ROWS),
    "site-packages/tinylib.py": "X = 1\n",
    "site-packages/tinylib-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tinylib\nVersion: 1.0\n",
}
ALL = {"encode", "cluster", "share", "hits"}


class World:
    """A folder with a plugin file, its helpers, a library, a data file, and a program that plans."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    def keys(self, cwd: Path | None = None, **asked: Any) -> dict[str, str]:
        """Plan in a new process, and return the keys of the stages of a cell."""
        command = [sys.executable, "-B", str(self.folder / "plan_it.py"), json.dumps(asked)]
        environment = {**os.environ, "PYTHONPATH": str(self.folder / "site-packages")}
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, str] = json.loads(done.stdout)
        return found

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file whose size and time stay as they were."""
        path = self.folder / name
        before, stat = path.read_text(), path.stat()
        assert before.count(old), f"{old!r} is not in {name}"
        path.write_text(before.replace(old, new))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def move(self) -> None:
        self.folder = Path(shutil.move(self.folder, self.folder.with_name("moved to here")))

    def rename(self, old: str, new: str) -> dict[str, str]:
        (self.folder / old).rename(self.folder / new)
        return {"plugin" if new.endswith(".py") else "data": new}


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "world").mkdir()
    return World(tmp_path / "world")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return World(tmp_path_factory.mktemp("base")).keys()


Change = Callable[[World], dict[str, Any] | None]  # changes files, or returns what else is asked for
NEW: dict[str, tuple[Change, set[str]]] = {
    "code": (lambda world: world.edit("mine.py", "+ self.shift", "- self.shift"), ALL),
    "helper module": (lambda world: world.edit("helper.py", "X * by", "X / by"), ALL),
    "helper's helper": (lambda world: world.edit("deeper.py", "0.5", "0.6"), ALL),
    "default": (lambda world: world.edit("mine.py", "n_clusters=2", "n_clusters=3"), ALL),
    "version of a library": (
        lambda world: world.edit("site-packages/tinylib-1.dist-info/METADATA", "1.0", "1.1"),
        ALL,
    ),
    "value in a data file": (lambda world: world.edit("data.csv", "0.125,", "0.126,"), ALL),
    "label in a data file": (
        lambda world: world.edit("data.csv", "0.125,0.875,y", "0.125,0.875,x"),
        {"hits"},
    ),
    "parameter": (lambda world: {"encoders": ["scale(by=3, shift=1.0)"]}, ALL),
    "type of a parameter": (lambda world: {"encoders": ["scale(by=2, shift=1)"]}, ALL),
    "parameter of the clusterer": (lambda world: {"clusterers": ["cut(n_clusters=4)"]}, ALL - {"encode"}),
    "seed": (lambda world: {"seeds": 2}, ALL),
    "number of threads": (lambda world: {"threads": 2}, ALL),
    "kind of device": (lambda world: {"gpu": "cuda"}, ALL),
    "kind of device again": (lambda world: {"gpu": "mps", "device": "mps"}, ALL),
}
SAME: dict[str, Change] = {
    "nothing": lambda world: None,
    "comment": lambda world: world.edit("mine.py", "import helper\n", "import helper  # my own\n\n# more\n"),
    "comment in a helper": lambda world: world.edit("deeper.py", "0.5", "0.5  # half"),
    "docstring": lambda world: world.edit("mine.py", "Scales, cuts", "Cuts, scales"),
    "formatting": lambda world: world.edit("mine.py", "(self, X):", "(\n        self,\n        X,\n    ):"),
    "formatting of a helper": lambda world: world.edit("helper.py", "X * by +", "(X*by)+"),
    "module that is not used": lambda world: world.edit("unrelated.py", "0.5", "0.6"),
    "code of the program that plans": lambda world: world.edit("plan_it.py", "asked", "wanted_of_it"),
    "moved folder": lambda world: world.move(),
    "name of the plugin file": lambda world: world.rename("mine.py", "yours.py"),
    "name of the data file": lambda world: world.rename("data.csv", "other.csv"),
    "spelling of numbers in a data file": lambda world: world.edit("data.csv", "0.125,", "0.1250,"),
    "time of a file": lambda world: os.utime(world.folder / "mine.py", (1, 1)),
    "order of parameters": lambda world: {"encoders": ["scale(shift=1.0, by=2)"]},
    "parameters by place": lambda world: {"encoders": ["scale(2, 1.0)"]},
    "what the harness sets, written out": lambda world: {"clusterers": ["cut(n_clusters=3)"]},
    "order of metrics": lambda world: {"metrics": ["hits", "share"]},
    "other cells beside it": lambda world: {"encoders": ["scale", "scale(by=2, shift=1.0)", "scale(by=9)"]},
    "device that is not there": lambda world: {"device": "cpu"},
}


@pytest.mark.parametrize("what", NEW)
def test_a_new_key_for_another(what: str, world: World, base: dict[str, str]) -> None:
    change, expected = NEW[what]
    found = world.keys(**(change(world) or {}))
    assert {name for name in base if found[name] != base[name]} == expected


@pytest.mark.parametrize("what", SAME)
def test_the_same_key_for_another(what: str, world: World, base: dict[str, str]) -> None:
    assert world.keys(**(SAME[what](world) or {})) == base


def test_the_same_key_from_another_working_folder(world: World, base: dict[str, str], tmp_path: Path) -> None:
    places = {"data": str(world.folder / "data.csv"), "plugin": str(world.folder / "mine.py")}
    assert world.keys(tmp_path, **places) == base
    assert world.keys(tmp_path, data="world/data.csv", plugin="./world/mine.py") == base
