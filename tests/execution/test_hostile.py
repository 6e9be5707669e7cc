"""Each way in which a plugin may misbehave harms its own cell alone, among healthy ones."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from waiting import PATIENCE, lives, until

from harness import Dataset
from harness.core.events import Outcome
from harness.core.limits import Limits
from harness.core.plan import Stage
from harness.core.record import Record
from harness.core.tracebacks import MOST
from harness.execution.captured_output import KEPT
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.execution.worker import Packed
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

HOSTILE = {
    "exits": ("os.write(1, b'last words'); os._exit(3)", "crashed", "exited with code 3"),
    "calls-exit": ("sys.exit(4)", "failed", "SystemExit: 4"),
    "segfaults": ("ctypes.string_at(0)", "crashed", "killed by signal 11 (SIGSEGV)"),
    "kills-itself": ("os.kill(os.getpid(), 9)", "crashed", "killed by signal 9 (SIGKILL), perhaps"),
    "hangs": ("time.sleep(3600)", "timeout", "it ran longer than 6 s"),
    "hangs-in-c": ("ctypes.PyDLL(None).sleep(3600)", "timeout", "it ran longer than 6 s"),
    "never-asks": ("signal.signal(15, signal.SIG_IGN); time.sleep(3600)", "timeout", "longer than 6 s"),
    "eats-memory": (
        "kept = [np.ones(2**20) for n in range(250)]; time.sleep(3600)",
        *("out-of-memory", "it used"),
    ),
    "children-eat": (
        "subprocess.run([sys.executable, '-c', 'x = bytearray(2 * 10**9); import time; time.sleep(3600)'])",
        *("out-of-memory", "it used"),
    ),
    "leaves-a-child": (
        "child = subprocess.Popen(['sleep', '3600']); CHILD.write_text(str(child.pid)); time.sleep(3600)",
        *("timeout", "longer than 6 s"),
    ),
    "floats": ("return np.zeros(len(X))", "failed", "labels must be integers, got dtype float64"),
    "nan": ("return np.full(len(X), np.nan)", "failed", "labels must be integers"),
    "objects": ("return np.array([None] * len(X))", "failed", "labels must be integers, got dtype object"),
    "short": ("return np.zeros(3, int)", "failed", "labels must have shape (60,), got (3,)"),
    "long": ("return np.zeros(len(X) + 1, int)", "failed", "labels must have shape (60,), got (61,)"),
    "square": ("return np.zeros((len(X), 2), int)", "failed", "labels must have shape (60,), got (60, 2)"),
    "below": ("return np.full(len(X), -2)", "failed", "labels must be -1 (noise) or from 0, got -2"),
    "writes": ("X[0] = 7", "failed", "read-only"),
    "unlocks": ("X.setflags(write=True); X[0] = 7", "failed", "cannot set WRITEABLE flag"),
    "exits-in-del": ("type(self).__del__ = lambda self: os._exit(5)", "crashed", "exited with code 5"),
    "interrupts": ("raise KeyboardInterrupt", "failed", "KeyboardInterrupt"),
    "recurses": ("self.make(X)", "failed", "RecursionError: maximum recursion depth exceeded"),
    "shouts": ("raise ValueError('loud ' * 10**6)", "failed", "ValueError: loud loud"),
    "cannot-say": (
        "raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})",
        *("failed", "Mute: (a Mute that cannot be written as text)"),
    ),
}
# Where each of these was, as its traceback says: a part of its own line, with its module and function.
WHERE = {
    **dict.fromkeys(("calls-exit", "hangs", "hangs-in-c", "never-asks", "eats-memory"), "hostile.py"),
    **dict.fromkeys(("segfaults", "children-eat", "leaves-a-child", "interrupts", "recurses"), "hostile.py"),
    **dict.fromkeys(("shouts", "cannot-say", "writes", "unlocks"), "hostile.py"),
    **dict.fromkeys(("floats", "short", "below"), "compute.py"),
}
HARMLESS = {
    "prints-much": "[os.write(1, b'x' * 2**20) for n in range(1024)]",
    "prints-lines": "print('hello'); print('there', file=sys.stderr); os.system('echo from a child')",
    "forks": "os.fork() or os._exit(0)",
    "raises-in-del": "type('Odd', (), {'__del__': lambda self: 1 / 0})()",
    "raises-in-its-del": "type(self).__del__ = lambda self: 1 / 0",
    "warns": "import warnings; warnings.warn('careful')",
}
HANGS = {name for name, (_, status, _) in HOSTILE.items() if status == "timeout"}
HEAD = """import ctypes, os, signal, subprocess, sys, time
from pathlib import Path
import numpy as np
from harness import hookimpl

CHILD = Path(__file__).with_name("child")

class Base:
    def fit(self, X):
        self.labels_ = (X[:, 0] > 0.5).astype(int) if (made := self.make(X)) is None else made
"""


def write(folder: Path) -> Path:
    text, names = HEAD, []
    bodies = {name: body for name, (body, *_) in HOSTILE.items()} | HARMLESS
    for name, body in bodies.items():
        kind = name.title().replace("-", "")
        names.append(f"{name!r}: {kind}")
        text += f"\nclass {kind}(Base):\n    def make(self, X):\n        {body}\n"
    path = folder / "hostile.py"
    path.write_text(text + f"\n@hookimpl\ndef clusterers():\n    return {{{', '.join(names)}}}\n")
    return path


class Patient(Workers):
    """Limits the time of what hangs for ever: on a busy machine the others may take what they need."""

    def supervise(self, stage: Stage, work: Packed, limits: Limits) -> Record:
        seconds = 6.0 if stage.plugin.name in HANGS else PATIENCE
        return super().supervise(stage, work, replace(limits, seconds={"cluster": seconds}))


@dataclass
class Ran:
    """A run: its folder, its records by clusterer, and how long it took."""

    folder: Path
    records: dict[str, Record]
    seconds: float


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run of all of them, each between two healthy cells."""
    folder = tmp_path_factory.mktemp("hostile")
    registry = load_registry([write(folder)])
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    names = [each for name in (*HOSTILE, *HARMLESS) for each in (name, f"kmeans(max_iter={len(name) + 5})")]
    request = Request(["identity"], names, ["n-clusters"], seeds=1, n_clusters=3)
    started = time.monotonic()
    with Patient(2, limits=Limits(memory=2**30)) as workers:
        plan = make_plan(Dataset("toy", samples), "full", request, registry)  # none is tried beforehand
        outcome = run(plan, Store(folder / "store"), executor=workers)
    found = {cell.clusterer: outcome.records[cell.cluster] for cell in plan.cells}
    return Ran(folder, found, time.monotonic() - started)


@pytest.fixture
def records(ran: Ran) -> dict[str, Record]:
    return ran.records


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(records: dict[str, Record], name: str) -> None:
    _, status, says = HOSTILE[name]
    assert (records[name].status, says in records[name].error) == (status, True), records[name].error


@pytest.mark.parametrize("name", WHERE)
def test_its_traceback_says_where(records: dict[str, Record], name: str) -> None:
    record = records[name]
    calls = [line for line in record.traceback.splitlines() if line.startswith("  File ")]
    assert any(WHERE[name] in line for line in calls), record.traceback
    assert len(record.traceback) <= MOST + 100
    assert len(record.error) <= 400
    if WHERE[name] == "hostile.py":
        assert not any("/execution/" in line for line in calls), "the plugin's own calls alone"


def test_what_ended_without_a_word_has_no_traceback(records: dict[str, Record]) -> None:
    assert {records[name].traceback for name in ("exits", "kills-itself", "exits-in-del")} == {""}
    assert {record.traceback for record in records.values() if record.ok} == {""}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless(records: dict[str, Record], name: str) -> None:
    assert (records[name].status, records[name].error) == ("ok", "")


def test_their_neighbours_are_well(records: dict[str, Record]) -> None:
    healthy = [record for name, record in records.items() if name.startswith("kmeans")]
    assert len(healthy) > 5
    assert {record.status for record in healthy} == {"ok"}


def test_nothing_is_left_running(ran: Ran) -> None:
    child = int((ran.folder / "child").read_text())
    until(lambda: not lives(child), "the end of the child")


def test_output_is_kept(records: dict[str, Record]) -> None:
    lines = records["prints-lines"].output.split("\n")
    assert sorted(lines) == ["from a child", "hello", "there"]
    much = records["prints-much"].output
    assert len(much) < 3 * KEPT
    assert f"... {2**30 - 2 * KEPT:,} bytes left out ..." in much
    assert "ZeroDivisionError" in records["raises-in-del"].output
    assert records["exits"].output == "last words"
    assert records["kmeans(max_iter=10)"].output == ""


def test_memory_and_seconds_are_kept(ran: Ran) -> None:
    records = ran.records
    assert 6 < records["hangs"].seconds < ran.seconds
    assert records["hangs"].limits == {"seconds": 6.0, "memory": 2**30}
    assert 2**25 < records["forks"].memory < 2**31


ENCODES = {
    "dies": ("os._exit(3)", "crashed"),
    "not-finite": ("return X * np.nan", "failed"),
    "things": ("return X.astype(object)", "failed"),
    "few": ("return X[1:]", "failed"),
}
SCORES = {
    "ends": ("os._exit(3)", "crashed"),
    "text": ("return 'much'", "failed"),
    "none": ("return", "failed"),
}


def test_encoders_and_metrics(tmp_path: Path) -> None:
    text, path = HEAD, tmp_path / "hostile.py"
    for number, (body, _) in enumerate(ENCODES.values()):
        text += f"class E{number}:\n    def fit(self, X): pass\n    def transform(self, X): {body}\n"
    for number, (body, _) in enumerate(SCORES.values()):
        text += f"def m{number}(labels): {body}\n"
    for kind, class_, names in (("encoder", "E", ENCODES), ("metric", "m", SCORES)):
        found = ", ".join(f"{name!r}: {class_}{number}" for number, name in enumerate(names))
        text += f"@hookimpl\ndef {kind}s(): return {{{found}}}\n"
    path.write_text(text)
    data = Dataset("toy", np.random.default_rng(0).random((60, 4), dtype=np.float32))
    request = Request(["identity", *ENCODES], ["kmeans"], ["n-clusters", *SCORES], seeds=1, n_clusters=3)
    with Workers(2) as workers:
        plan = make_plan(data, "full", request, load_registry([path]))
        records = run(plan, Store(tmp_path / "store"), executor=workers).records
    well, *cells = plan.cells
    assert {cell.encoder: records[cell.encode].status for cell in cells} == {
        name: status for name, (_, status) in ENCODES.items()
    }
    assert {name: records[score.key].status for name, score in well.scores.items()} == {
        "n-clusters": "ok",
        **{name: status for name, (_, status) in SCORES.items()},
    }


def bench(folder: Path, limits: Limits) -> Outcome:
    """Run one that takes for ever, until there is a file."""
    (folder / "slow.py").write_text(
        HEAD + "class Slow(Base):\n    def make(self, X):\n"
        "        while not CHILD.with_name('quick').exists(): time.sleep(0.02)\n"
        "@hookimpl\ndef clusterers(): return {'slow': Slow}\n"
    )
    data = Dataset("toy", np.random.default_rng(0).random((60, 4), dtype=np.float32))
    with Workers(1, limits=limits) as workers:
        registry = load_registry([folder / "slow.py"])
        plan = make_plan(data, "full", Request(["identity"], ["slow"], ["n-clusters"]), registry)
        return run(plan, Store(folder / "store"), executor=workers)


def test_a_raised_limit_reruns_by_itself(tmp_path: Path) -> None:
    statuses = []
    for limit in (1.0, 1.0, 0.5, PATIENCE, 1.0):
        if limit == PATIENCE:
            (tmp_path / "quick").touch()
        outcome = bench(tmp_path, Limits({"cluster": limit}))
        record = next(record for record in outcome.records.values() if record.kind == "cluster")
        statuses.append((record.status, outcome.computed["cluster"]))
    assert statuses == [("timeout", 1), ("timeout", 0), ("timeout", 0), ("ok", 1), ("ok", 0)]
