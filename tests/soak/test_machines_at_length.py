"""Many stages on four Dask workers: all of them are kept busy, and none that is lost is missed."""

from __future__ import annotations

import random
import time
from pathlib import Path
from threading import Event, Thread

from clusters import Cluster, cluster, kill

from harness import Dataset
from harness.core.events import Outcome
from harness.execution.dask.executor import DaskExecutor
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

PLUGIN = '''"""Takes a given time, and waits first until so many are at work."""
import time
from pathlib import Path
from harness import hookimpl
LOG = Path(__file__).with_name("begun")
class Wait:
    def __init__(self, seconds=1.0, together=1, random_state=None):
        self.seconds, self.together, self.random_state = seconds, together, random_state
    def fit(self, X):
        with LOG.open("a") as file: file.write("+")
        end = time.monotonic() + 300
        while LOG.stat().st_size < self.together:  # of whom none has ended
            assert time.monotonic() < end, "the others do not come"
            time.sleep(0.02)
        time.sleep(self.seconds)
        self.labels_ = (X[:, 0] > self.random_state / 1000).astype(int)
@hookimpl
def clusterers(): return {"wait": Wait}
'''


def bench(
    address: str, toy: Dataset, folder: Path, seconds: float, seeds: int, together: int = 1
) -> tuple[Outcome, float]:
    (folder / "wait.py").write_text(PLUGIN)
    (folder / "begun").write_text("")
    registry = load_registry([folder / "wait.py"])
    words = f"wait(seconds={seconds}, together={together})"
    request = Request(["identity"], [words], ["n-clusters"], seeds=seeds)
    with Workers() as local, DaskExecutor(address, local) as there:
        wanted = make_plan(toy, "full", request, registry)
        started = time.perf_counter()
        return run(wanted, Store(folder / "store"), executor=there), time.perf_counter() - started


def test_all_workers_are_kept_busy(toy: Dataset, rounds: int, tmp_path: Path) -> None:
    seconds, stages = (1.0, 2 * rounds) if rounds >= 10 else (0.5, 24)
    with cluster(tmp_path / "dask", 4) as four:
        # The processes of the workers are started, and all four are at work at a time.
        begun, _ = bench(four.address, toy, tmp_path, 0.1, 8, together=4)
        assert {record.error for record in begun.records.values()} == {""}
        outcome, took = bench(four.address, toy, tmp_path, seconds, stages)
    efficiency = stages * seconds / 4 / took
    print(f"{stages} stages of {seconds} s on 4 workers: efficiency {efficiency:.3f}")  # noqa: T201
    assert outcome.computed["cluster"] == stages
    assert {record.status for record in outcome.records.values()} == {"ok"}
    if rounds >= 100:  # on a machine that does nothing else, as for any other benchmark
        assert efficiency > 0.9, "the ideal is 1"


def test_workers_are_lost(toy: Dataset, rounds: int, chance: random.Random, tmp_path: Path) -> None:
    stages, losses = max(24, 6 * rounds), max(2, rounds)
    ended = Event()
    with cluster(tmp_path / "dask", 4, "--no-nanny") as four:
        thread = Thread(target=lose, args=(four, chance, losses, ended))
        thread.start()
        try:
            outcome, _ = bench(four.address, toy, tmp_path, 0.3, stages)
        finally:
            ended.set()
            thread.join()
        lost = len(four.workers) - 4
    print(f"{lost} workers lost in {stages} stages")  # noqa: T201
    assert lost
    assert {record.status for record in outcome.records.values()} == {"ok"}
    assert len(outcome.records) == 1 + 2 * stages
    with Workers() as workers:
        again = load_registry([tmp_path / "wait.py"])
        request = Request(["identity"], ["wait(seconds=0.3, together=1)"], ["n-clusters"], seeds=stages)
        wanted = make_plan(toy, "full", request, again)
        assert run(wanted, Store(tmp_path / "store"), executor=workers).computed.total() == 0


def lose(found: Cluster, chance: random.Random, losses: int, ended: Event) -> None:
    """Kill a worker now and then, and start another in its place."""
    for _ in range(losses):
        if ended.wait(chance.uniform(0.5, 2)):
            return
        living = [process for process in found.workers if process.is_running()]
        kill(chance.choice(living))
        found.add("--no-nanny")
