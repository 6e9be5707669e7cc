"""Stages on Dask's workers, which are processes of their own: same results, and no machine is missed."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest
from click.testing import CliRunner
from clusters import Cluster, cluster, kill
from waiting import ended, until

from harness import Dataset, HarnessError
from harness.cli import app
from harness.core.events import Outcome, Progress
from harness.core.limits import Limits
from harness.core.plan import Plan
from harness.execution.dask import executor as dask_executor
from harness.execution.dask.executor import DaskExecutor
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

PLUGIN = '''"""Plugins that tell when they are at work, and wait until they may go on."""
import os, signal, time
from pathlib import Path
import numpy as np
from harness import hookimpl, metric, report_progress

HERE = Path(__file__).parent
def wait(kind):
    (HERE / "started").write_text(kind)
    with (HERE / "log").open("a") as file: file.write(f"{kind} {os.getpid()} {os.getppid()}\\n")
    if (HERE / f"slow-{kind}").exists(): time.sleep(3600)
def wait_for_others():
    end = time.monotonic() + 300
    while len({line.split()[2] for line in (HERE / "log").read_text().splitlines()}) < 3:
        assert time.monotonic() < end, "the new machines do nothing"
        time.sleep(0.05)
class Shift:
    def fit(self, X): wait("encode"); report_progress(1, 2, "half"); return self
    def transform(self, X): return X * 2
class Half:
    def __init__(self, how=""): self.how = how
    def fit(self, X):
        wait("cluster")
        if self.how == "exit": os._exit(3)
        if self.how == "hang": time.sleep(3600)
        if self.how.startswith("meet"): wait_for_others()
        if self.how == "machine": os.kill(os.getppid(), signal.SIGKILL)
        self.labels_ = (X[:, 0] > X[:, 0].mean()).astype(int)
@metric(direction="higher", low=0, high=1, needs=(), source="test")
def share(truth, labels, embedding): wait("score"); return float((labels == 0).mean())
@hookimpl
def encoders(): return {"shift": Shift}
@hookimpl
def clusterers(): return {"half": Half}
@hookimpl
def metrics(): return {"share": share}
'''


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers under nannies, as `dask worker` starts them."""
    folder = tmp_path_factory.mktemp("two")
    with cluster(folder, 2, XDG_CACHE_HOME=str(folder / "cache")) as found:  # as if on another machine
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "waits.py").write_text(PLUGIN)
    return tmp_path


def log(folder: Path) -> list[str]:
    path = folder / "log"
    return path.read_text().splitlines() if path.exists() else []


def starts(folder: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in log(folder))


def at_work(folder: Path) -> int:
    return int(log(folder)[-1].split()[1])


def begun(folder: Path, kind: str) -> None:
    """Wait until a stage of that kind is at work."""
    started = folder / "started"
    until(lambda: started.exists() and started.read_text() == kind, kind)


def plan(data: Dataset, folder: Path, *clusterers: str) -> Plan:
    registry = load_registry([folder / "waits.py"])
    return make_plan(data, "full", Request(["shift"], clusterers or ["half"], ["share"], seeds=1), registry)


def bench(address: str, wanted: Plan, folder: Path, limits: Limits | None = None, **options: Any) -> Outcome:
    with Workers(limits=limits) as local, DaskExecutor(address, local) as there:
        return run(wanted, Store(folder / "store"), executor=there, **options)


def test_same_scores_as_here(toy: Dataset, two: Cluster, tmp_path: Path, workers: Workers) -> None:
    encoders = ["identity", "pca(n_components=2)"]
    request = Request(encoders, ["kmeans", "kmeans-silhouette(k_max=4)"], ["ari", "silhouette"], seeds=2)
    wanted = make_plan(toy, "train-test", request, load_registry())
    here = run(wanted, Store(tmp_path / "here" / "store"), executor=workers)
    there = bench(two.address, wanted, tmp_path)
    assert there.computed == here.computed
    for key, record in here.records.items():
        other = there.records[key]
        assert (other.status, other.arrays, other.values.get("score")) == (
            record.status,
            record.arrays,
            record.values.get("score"),
        )
    assert bench(two.address, wanted, tmp_path).computed.total() == 0


@pytest.mark.parametrize("kind", ["encode", "cluster", "score"])
def test_a_machine_lost_in_a_stage(toy: Dataset, folder: Path, kind: str) -> None:
    (folder / f"slow-{kind}").touch()
    with cluster(folder / "dask", 1, "--no-nanny") as lost:
        found: list[Outcome] = []
        thread = Thread(target=lambda: found.append(bench(lost.address, plan(toy, folder), folder)))
        thread.start()
        begun(folder, kind)
        (folder / f"slow-{kind}").unlink()
        kill(lost.workers[0])
        lost.add("--no-nanny")
        ended(thread)
    assert [record.status for record in found[0].records.values()] == ["ok", "ok", "ok"]


def test_a_lost_stage_starts_once_more_and_not_twice(toy: Dataset, folder: Path) -> None:
    (folder / "slow-cluster").touch()
    with cluster(folder / "dask", 2, "--no-nanny") as two:
        found: list[Outcome] = []
        thread = Thread(target=lambda: found.append(bench(two.address, plan(toy, folder), folder)))
        thread.start()
        until(lambda: starts(folder)["cluster"] == 1)
        (folder / "slow-cluster").unlink()
        kill(next(each for each in two.workers if psutil.Process(at_work(folder)) in each.children(True)))
        ended(thread)
    assert {record.status for record in found[0].records.values()} == {"ok"}
    assert starts(folder) == {"encode": 1, "cluster": 2, "score": 1}


def test_two_drivers_on_one_cluster(toy: Dataset, two: Cluster, folder: Path) -> None:
    other = replace(toy, name="other", samples=toy.samples[::-1])
    found: list[Outcome] = []

    def go(data: Dataset) -> None:
        found.append(bench(two.address, wanted[data.name], folder / data.name))

    wanted = {data.name: plan(data, folder, "half", "half(how=again)") for data in (toy, other)}
    threads = [Thread(target=go, args=[data]) for data in (toy, other)]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert [{record.status for record in each.records.values()} for each in found] == [{"ok"}, {"ok"}]


def test_a_cluster_that_grows_is_used(toy: Dataset, folder: Path) -> None:
    with cluster(folder / "dask", 1) as growing:
        clusterers = [f"half(how=meet{n})" for n in range(6)]
        wanted = plan(toy, folder, *clusterers)
        thread = Thread(target=lambda: bench(growing.address, wanted, folder))
        thread.start()
        until(lambda: starts(folder)["cluster"] >= 1)
        for _ in range(2):  # more than a place beside the one at work
            growing.add()
        ended(thread)
    assert len({line.split()[2] for line in log(folder)}) == 3, "processes of all workers"


def test_a_stage_that_ends_every_machine_is_given_up(toy: Dataset, folder: Path) -> None:
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    with cluster(folder / "dask", 1, **allowed) as lost:
        outcome = bench(lost.address, plan(toy, folder, "half(how=machine)", "half"), folder)
    statuses = sorted(record.status for record in outcome.records.values())
    assert statuses == ["crashed", "ok", "ok", "ok"]
    assert "its Dask worker died " in next(
        record.error for record in outcome.records.values() if record.status == "crashed"
    )


def test_supervision_is_the_same_there(toy: Dataset, two: Cluster, folder: Path) -> None:
    outcome = bench(two.address, plan(toy, folder, "half(how=exit)", "half"), folder)
    records = [*outcome.records.values()]
    (folder / "hangs").mkdir()  # alone, as on a busy machine the others may take longer than a second
    (folder / "hangs" / "waits.py").write_text(PLUGIN)
    hanging = plan(toy, folder / "hangs", "half(how=hang)")
    records += bench(two.address, hanging, folder / "hangs", Limits({"cluster": 1.0})).records.values()
    found = {record.status: record.error for record in records if record.kind == "cluster"}
    assert found == {
        "crashed": "its process exited with code 3",
        "timeout": "it ran longer than 1 s",
        "ok": "",
    }
    assert {record.limits.get("seconds") for record in records} == {1.0, None}


def outdated(wanted: Plan, key: str, facts: dict[str, Any]) -> Plan:
    """Give a stage other facts than this machine has, under the key that it had."""
    stage = replace(wanted.stages[key], facts={**wanted.stages[key].facts, **facts})
    stage.__dict__["key"] = key
    return replace(wanted, stages={**wanted.stages, key: stage})


def test_other_code_there_is_no_result(toy: Dataset, two: Cluster, folder: Path) -> None:
    wanted = plan(toy, folder)
    key, stage = next(iter(wanted.stages.items()))
    libraries = {**stage.facts["code"]["libraries"], "numpy": "0.9"}
    facts = {"code": {**stage.facts["code"], "libraries": libraries}}
    outcome = bench(two.address, outdated(wanted, key, facts), folder)
    assert [record.status for record in outcome.records.values()] == ["unavailable"]
    assert re.search(
        r"code differs from this machine's: code\.libraries\.numpy: 0\.9 -> ", outcome.records[key].error
    )
    assert Store(folder / "store").get(key) is None, "it is tried again"


def test_other_code_that_chooses_there_is_no_result(toy: Dataset, two: Cluster, folder: Path) -> None:
    request = Request(["identity"], ["kmeans-silhouette(k_max=3)"], ["ari"], seeds=1)
    wanted = make_plan(toy, "full", request, load_registry())
    (choice,) = (stage for stage in wanted.stages.values() if stage.fits)
    outcome = bench(two.address, outdated(wanted, choice.key, {"engine": 0}), folder)
    record = outcome.records[choice.key]
    assert (record.status, "the harness's own code has changed" in record.error) == ("unavailable", True)
    assert {outcome.records[key].status for _, key in choice.fits} == {"ok"}
    (folder / "same").mkdir()
    outcome = bench(two.address, wanted, folder / "same")
    assert outcome.records[choice.key].ok


def test_progress_is_heard(toy: Dataset, two: Cluster, folder: Path) -> None:
    from harness.core.progress import listening

    heard: list[tuple[int, int, str]] = []
    ended: list[Progress] = []
    with listening(lambda *progress: heard.append(progress)):
        bench(two.address, plan(toy, folder), folder, listen=ended.append)
    assert (1, 2, "encode shift: half") in heard
    assert [each.done for each in ended] == [1, 2, 3]


def test_arrays_that_the_workers_cannot_reach(toy: Dataset, two: Cluster, folder: Path) -> None:
    store = Store(folder / "store", "memory://arrays")  # which each process has for itself
    with (
        Workers() as local,
        DaskExecutor(two.address, local) as there,
        pytest.raises(HarnessError, match=r"^Worker tcp://.* all workers can reach with --arrays"),
    ):
        run(plan(toy, folder), store, executor=there)


def test_nobody_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import Client

    with monkeypatch.context() as patch:
        patch.setattr(dask_executor, "PATIENCE", 2.0)
        with pytest.raises(HarnessError, match=r"No scheduler responds at 'tcp://127\.0\.0\.1:9'"):
            DaskExecutor("tcp://127.0.0.1:9", Workers())
    for address in ("http://here", "tcp://here:port", "here"):
        with pytest.raises(HarnessError, match=f"No scheduler responds at {address!r}"):
            DaskExecutor(address, Workers())
    wait = Client.wait_for_workers  # not for long, though a busy scheduler may take long to answer
    monkeypatch.setattr(Client, "wait_for_workers", lambda client, number, _: wait(client, number, 0.1))
    with (
        cluster(folder / "dask", 0) as empty,
        pytest.raises(HarnessError, match=f"has no workers. Start one with: dask worker {empty.address}"),
    ):
        DaskExecutor(empty.address, Workers())


def test_a_lost_scheduler_is_one_line_and_what_finished_is_kept(toy: Dataset, folder: Path) -> None:
    (folder / "slow-cluster").touch()
    problems: list[BaseException] = []

    def go(address: str) -> None:
        try:
            bench(address, plan(toy, folder), folder)
        except HarnessError as error:
            problems.append(error)

    with cluster(folder / "dask", 1) as lost:
        thread = Thread(target=go, args=[lost.address])
        thread.start()
        begun(folder, "cluster")
        kill(lost.scheduler)
        ended(thread)
    assert re.search(r"The scheduler at \S+ was lost\. Finished stages are kept", str(problems[0]))
    (folder / "slow-cluster").unlink()
    with Workers() as workers:
        outcome = run(plan(toy, folder), Store(folder / "store"), executor=workers)
    assert outcome.reused == {"encode": 1}


def test_command_line(two: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    words = [
        "bench",
        "-e",
        "shift",
        "-c",
        "half",
        "-m",
        "share",
        "--plugin",
        "waits.py",
        "--dask",
        two.address,
    ]
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert result.return_value == 0, result.output + str(result.exception)
    assert "Computed 1 encode, 1 cluster, 1 score" in result.output
    assert load_board(Store(folder / ".harness"), "digits.full").rows[0].encoder == "shift"


def test_arrays_by_a_server_alone(two: Cluster, folder: Path, ftp: str, toy: Dataset) -> None:
    with Workers() as local, DaskExecutor(two.address, local) as there:
        outcome = run(plan(toy, folder), Store(folder / "store", ftp), executor=there)
    assert [record.error for record in outcome.records.values()] == ["", "", ""]
    copies = Path(two.environment["XDG_CACHE_HOME"]) / "clustering-harness" / "arrays"
    made = {digest for record in outcome.records.values() for digest in record.arrays.values()}
    assert made <= {path.stem for path in copies.rglob("*.npy")}


def test_local_workers_leave_the_environment_alone(toy: Dataset, folder: Path) -> None:
    before = dict(os.environ)
    assert bench("local", plan(toy, folder), folder).computed.total() == 3
    assert dict(os.environ) == before
