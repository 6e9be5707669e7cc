"""Stages that use a framework run in a process of its own, whose end harms one cell alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import accumulate
from mmap import mmap
from multiprocessing import get_context
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import numpy as np
import pytest
from waiting import PATIENCE, ended, lives, until, written

from harness import Dataset, HarnessError, report_progress
from harness.core.events import Outcome
from harness.core.limits import Limits
from harness.core.progress import labelled, listening
from harness.execution import worker
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.execution.task import Task, share
from harness.execution.worker import OutOfMemory, TimedOut, Unsendable, Worker, WorkerDied
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.frameworks import at_import, frameworks, home
from harness.registry.registry import load_registry
from harness.store.store import Store

PLUGIN = """
import os, sys, signal
import numpy as np
from harness import hookimpl, report_progress

class Base:
    def __init__(self, random_state=None):  # with a seed it is not tried beforehand
        self.random_state = random_state
    def fit(self, X):
        import {framework}
        {body}
        return self
    def transform(self, X):
        return X[:, :2]

class {name}(Base):
    pass

@hookimpl
def encoders():
    return {{"{name}": {name}}}
"""


def plugin(folder: Path, name: str, body: str = "pass", framework: str = "torch", top: str = "") -> Path:
    path = folder / f"{name.lower()}_plugin.py"
    path.write_text(top + PLUGIN.format(name=name, body=body, framework=framework))
    return path


def bench(
    data: Dataset, files: list[Path], encoders: list[str], folder: Path, **options: Any
) -> dict[str, Any]:
    """Run and return status and error by encoder."""
    registry = load_registry(files)
    with Workers() as workers:
        request = Request(encoders, ["kmeans"], ["n-clusters"], seeds=1, n_clusters=3)
        plan = make_plan(data, "full", request, registry, workers)
        outcome = run(plan, Store(folder / "store"), executor=workers, **options)
    records = [(cell.encoder, outcome.records[cell.steps[-1]]) for cell in plan.cells]
    return {name: (record.status, record.error) for name, record in records}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("os._exit(3)", "exited with code 3"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "killed by signal 11 (SIGSEGV)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9 (SIGKILL)"),
    ],
)
def test_a_process_that_dies_harms_one_cell(toy: Dataset, tmp_path: Path, body: str, says: str) -> None:
    files = [plugin(tmp_path, "Dies", body), plugin(tmp_path, "Lives")]
    found = bench(toy, files, ["Dies", "Lives", "identity"], tmp_path)
    assert found["Dies"][0] == "crashed"
    assert says in found["Dies"][1]
    assert found["Lives"] == found["identity"] == ("ok", "")


def test_a_crash_is_remembered_and_retried_on_demand(toy: Dataset, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    body = f"os.path.exists({str(flag)!r}) or os._exit(3)"
    files = [plugin(tmp_path, "Dies", body)]
    assert bench(toy, files, ["Dies"], tmp_path)["Dies"][0] == "crashed"
    flag.touch()
    assert bench(toy, files, ["Dies"], tmp_path)["Dies"][0] == "crashed"
    assert bench(toy, files, ["Dies"], tmp_path, retry=["crashed"])["Dies"][0] == "ok"


def test_exceptions_come_back_as_in_this_process(toy: Dataset, tmp_path: Path) -> None:
    class_ = "type('Odd', (Exception,), {'__reduce__': lambda self: 1 / 0})"
    files = [plugin(tmp_path, "Odd", f"raise {class_}('cannot be sent')"), plugin(tmp_path, "Plain", "1 / 0")]
    found = bench(toy, files, ["Odd", "Plain"], tmp_path)
    assert found["Odd"] == ("failed", "Odd: cannot be sent")
    assert found["Plain"] == ("failed", "ZeroDivisionError: division by zero")


def test_the_samples_cannot_be_written_in_a_worker_either(toy: Dataset, tmp_path: Path) -> None:
    files = [plugin(tmp_path, "Writes", "X[0] = 7"), plugin(tmp_path, "Reads", "assert X.max() <= 1")]
    found = bench(toy, files, ["Writes", "Reads"], tmp_path)
    assert found["Writes"] == ("failed", "ValueError: assignment destination is read-only")
    assert found["Reads"] == ("ok", "")


def test_results_that_cannot_be_sent_are_an_error_and_no_crash() -> None:
    worker = Worker()
    try:
        with pytest.raises(HarnessError, match="cannot send a result"):
            worker.call(_unsendable)
        assert worker.call(divmod, 7, 2) == (3, 1), "it goes on"
        with pytest.raises(Unsendable):
            worker.call(lambda: 1)
        assert worker.call(divmod, 7, 2) == (3, 1), "it goes on"
    finally:
        worker.stop()


def _unsendable() -> Any:
    return lambda: 1


def test_two_frameworks_never_meet(toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say = "assert not {'torch', 'tensorflow'} - {%r} & set(sys.modules), 'they met'"
    files = [
        plugin(tmp_path, "Torch", say % "torch", "torch", top="import torch\n"),
        plugin(tmp_path, "Tensor", say % "tensorflow", "tensorflow", top="import tensorflow\n"),
        plugin(tmp_path, "Later", say % "torch", "torch"),
    ]
    monkeypatch.syspath_prepend(tmp_path)
    encoders = ["torch_plugin:Torch", "tensor_plugin:Tensor", "dense-ae-torch(epochs=1)", "Later"]
    found = bench(toy, files[2:], encoders, tmp_path)
    assert set(found.values()) == {("ok", "")}
    assert not {"torch", "tensorflow", "keras"} & set(sys.modules), "the driver loaded one"


def test_frameworks_are_read_from_the_source(tmp_path: Path) -> None:
    files = [
        plugin(tmp_path, "Later", framework="keras"),
        plugin(tmp_path, "First", top="try:\n    import torch\nexcept ImportError:\n    torch = None\n"),
        plugin(tmp_path, "Both", framework="tensorflow", top="import torch\n"),
    ]
    registry = load_registry(files)
    found = {
        name: registry.find("encoder", name) for name in ("Later", "First", "Both", "pca", "dense-ae-torch")
    }
    assert {name: frameworks(each) for name, each in found.items()} == {
        "Later": "tensorflow",
        "First": "torch",
        "Both": "tensorflow+torch",
        "pca": "",
        "dense-ae-torch": "torch",
    }
    at_once = {name: at_import(each) for name, each in found.items()}
    assert at_once == {"Later": "", "First": "torch", "Both": "torch", "pca": "", "dense-ae-torch": ""}


def test_a_library_is_kept_out_of_the_driver(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may load a framework where one is installed, as umap does, and nobody reads that of its source."""
    site = tmp_path / "site-packages"
    site.mkdir()
    text = "import os\nclass Thing:\n    def __init__(self, pid=os.getpid()): self.pid = pid\n"
    (site / "some_library.py").write_text(
        text + "    def fit(self, X): pass\n    def transform(self, X): pass\n"
    )
    (tmp_path / "uses_it.py").write_text("import some_library\nfrom some_library import Thing\n")
    for folder in (site, tmp_path):
        monkeypatch.syspath_prepend(folder)
    registry = load_registry()
    names = ("some_library:Thing", "uses_it:Thing", "sklearn.decomposition:PCA", "pca")
    assert [home(registry.find("encoder", name)) for name in names] == ["", "", None, None]
    with Workers() as workers:
        plan = make_plan(toy, "full", Request(names, ["kmeans"], ["ari"], seeds=1), registry, workers)
    assert {"some_library", "uses_it"} & set(sys.modules) == set()
    pids = {plan.stages[cell.encode].params.get("pid") for cell in plan.cells[:2]}
    assert None not in pids
    assert os.getpid() not in pids


def test_planning_built_ins_starts_no_process(toy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = load_registry()
    request = Request(["pca", "identity"], registry.names("clusterer"), registry.names("metric"), seeds=1)
    with Workers() as workers:
        monkeypatch.setattr(workers, "ask", lambda *words: pytest.fail(f"{words} were sent to a process"))
        assert make_plan(toy, "full", request, registry, workers).cells


def test_progress_comes_back_with_the_stage(toy: Dataset, tmp_path: Path) -> None:
    files = [plugin(tmp_path, "Tells", "report_progress(2, 5, 'half')")]
    heard: list[Any] = []
    with listening(lambda *progress: heard.append(progress)):
        bench(toy, files, ["Tells"], tmp_path)
    assert [each for each in heard if "Tells seed 0:" in each[2]] == [(2, 5, "encode Tells seed 0: half")]


def test_reports_in_quick_succession_are_left_out(toy: Dataset, tmp_path: Path) -> None:
    steps = (
        "[report_progress(step, 1000) for step in range(1000)], time.sleep(0.2), report_progress(1000, 1000)"
    )
    files = [plugin(tmp_path, "Quick", f"import time; {steps}")]
    heard: list[Any] = []
    with listening(lambda *progress: heard.append(progress)):
        bench(toy, files, ["Quick"], tmp_path)
    done = [done for done, total, _ in heard if total == 1000]
    assert (done[0], done[-1]) == (0, 1000)
    assert len(done) < 100


def test_labels_stand_before_notes() -> None:
    heard: list[Any] = []
    with listening(lambda *progress: heard.append(progress)), labelled("fit"):
        report_progress(1, 2)
        report_progress(1, 2, "note")
    report_progress(3, 4)
    assert heard == [(1, 2, "fit"), (1, 2, "fit: note")]


def _total(task: Task) -> float:
    return float(task.dataset.samples.sum())


def _opened(task: Task) -> tuple[int, bool, bool]:
    data = task.dataset
    base: Any = data.samples
    while type(base) is np.ndarray:
        base = base.base
    return id(data), isinstance(base, np.memmap | mmap), data.samples.flags.writeable


def test_a_dataset_is_opened_once_memory_mapped_and_read_only(toy: Dataset, tmp_path: Path) -> None:
    plan = make_plan(toy, "full", Request(["identity"], ["kmeans"], ["ari"], seeds=1), load_registry())
    store = Store(tmp_path)
    stage = next(iter(plan.stages.values()))
    task = Task(stage, share(toy, store), store.arrays, {})
    worker = Worker()
    try:
        assert worker.call(_total, task) == pytest.approx(float(toy.samples.sum()))
        assert worker.call(_opened, task) == worker.call(_opened, task)
        assert worker.call(_opened, task)[1:] == (True, False)
        other = Dataset("other", np.zeros((3, 2), dtype=np.float32))
        assert worker.call(_total, replace(task, data=share(other, store))) == 0
        with pytest.raises(HarnessError, match=r"ZeroDivisionError: .*by zero"):
            worker.call(divmod, 1, 0)
        with pytest.raises(WorkerDied, match="exited with code 4"):
            worker.call(os._exit, 4)
    finally:
        worker.stop()


@contextmanager
def long_training(folder: Path, engine: str = "torch") -> Iterator[subprocess.Popen[str]]:
    """A run in a process group of its own, as in a terminal, that has begun to train and will not end."""
    command = [
        *(sys.executable, "-m", "harness", "bench", "-e", f"dense-ae-{engine}(epochs=1000000)"),
        *("-e", "identity", "-c", "kmeans", "-m", "ari"),
    ]
    pipes: dict[str, Any] = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command,
        cwd=folder,
        start_new_session=True,
        # Where the tests run in the background, children would be born deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        **pipes,
    ) as process:
        guard = Timer(2 * PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        guard.start()
        try:
            assert process.stderr is not None
            assert any("of 1000000" in line for line in process.stderr), "no progress was told"
            yield process
        finally:
            guard.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("engine", ["torch", "keras"])
def test_interrupt_in_training_leaves_no_half_written_artifact(tmp_path: Path, engine: str) -> None:
    with long_training(tmp_path, engine) as process:
        assert process.stderr is not None
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does, to all processes of the terminal
        # Two signals of a kind that come before anybody has looked are one.
        assert any(line.startswith("Stopping ") for line in process.stderr), "nobody was told"
        os.killpg(process.pid, signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(PATIENCE) == 130
        assert not _alive(process.pid)
    assert "Traceback" not in rest
    assert rest.splitlines()[-1].startswith("Interrupted.")
    store = Store(tmp_path / ".harness")
    records = [store.get(key) for key in _keys(tmp_path)]
    arrays = {digest for record in records if record for digest in record.arrays.values()}
    files = [path for path in (tmp_path / ".harness" / "arrays").rglob("*") if path.is_file()]
    for shared in store._read("SELECT arrays FROM shared"):
        arrays |= set(json.loads(shared).values())
    assert {path.stem for path in files} <= arrays, "a file that no record names"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_driver(tmp_path: Path, how: signal.Signals) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(
        "import time\nfrom harness.execution.worker import Worker\nif __name__ == '__main__':\n"
        "    worker = Worker()\n    worker.call(divmod, 1, 1)\n    print('busy', flush=True)\n"
        "    worker.call(time.sleep, 3600)\n"
    )
    command = [sys.executable, str(driver)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "busy\n"
        process.send_signal(how)
        process.wait(PATIENCE)
        left = _alive(process.pid)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        assert not left


def _keys(folder: Path) -> list[str]:
    import sqlite3

    with sqlite3.connect(folder / ".harness" / "records.sqlite") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert "records" in tables
        return [key for (key,) in database.execute("SELECT key FROM records")]


def _alive(group: int) -> list[str]:
    """Return what still runs in a process group, after time to end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        listed = subprocess.run(["ps", "-eo", "pgid,stat,args"], capture_output=True, text=True).stdout
        found = [line for line in listed.splitlines() if re.match(rf"\s*{group}\s+[^Z]", line)]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


MEETS = """
import os, time
from pathlib import Path
import numpy as np
from harness import hookimpl
from threadpoolctl import threadpool_info

LOG = Path(__file__).with_name("log")

def note(what):
    with LOG.open("a") as file:
        file.write(what)

class Meets:
    def __init__(self, jobs=1, random_state=None):
        self.jobs, self.random_state = jobs, random_state
    def fit(self, X):
        note("+")
        end = time.monotonic() + 300
        while LOG.read_text().count("+") < self.jobs:  # so many have begun, and none has ended
            assert time.monotonic() < end, "the others do not come"
            time.sleep(0.02)
        time.sleep(0.3)  # in which one too many would come
        self.history_ = {"process": os.getpid()}
        self.history_["threads"] = max(pool["num_threads"] for pool in threadpool_info())
        self.labels_ = np.arange(len(X)) % 3
        note("-")

@hookimpl
def clusterers():
    return {"meets": Meets}
"""


@pytest.mark.parametrize(("jobs", "threads"), [(1, 2), (3, 1)])
def test_so_many_stages_at_a_time(toy: Dataset, tmp_path: Path, jobs: int, threads: int) -> None:
    (tmp_path / "meets.py").write_text(MEETS)
    registry = load_registry([tmp_path / "meets.py"])
    with Workers(jobs, threads) as workers:
        request = Request(["identity"], [f"meets(jobs={jobs})"], ["ari"], seeds=4, threads=threads)
        plan = make_plan(toy, "full", request, registry, workers)
        outcome = run(plan, Store(tmp_path / "store"), executor=workers)
    assert {record.error for record in outcome.records.values()} == {""}
    at_work = accumulate({"+": 1, "-": -1}[sign] for sign in (tmp_path / "log").read_text())
    assert max(at_work) == jobs
    told = [outcome.records[cell.cluster].values["history"] for cell in plan.cells]
    assert len({each["process"] for each in told}) == jobs
    assert os.getpid() not in {each["process"] for each in told}
    assert {each["threads"] for each in told} == {threads}


def test_results_are_the_same_for_any_number_of_jobs(tmp_path: Path) -> None:
    data = Dataset("more", np.random.default_rng(0).random((150, 16), dtype=np.float32))
    request = Request(
        ["identity", "pca(n_components=4)", "dense-ae-torch(epochs=2, layers=(8, 4))"],
        ["kmeans", "gmm", "kmeans-silhouette(k_max=12)", "kmeans-gap(n_references=2, k_max=12)"],
        ["silhouette", "n-clusters"],
        seeds=2,
        n_clusters=5,
    )
    found = []
    for jobs in (1, 3):
        with Workers(jobs) as workers:
            plan = make_plan(data, "full", request, load_registry(), workers)
            outcome = run(plan, Store(tmp_path / str(jobs)), executor=workers)
        found.append(
            {
                key: (record.arrays, record.values.get("score"), record.values.get("inertia"))
                for key, record in outcome.records.items()
                if record.ok
            }
        )
    assert found[0] == found[1]
    assert len(found[0]) > 100


def test_a_listener_that_breaks_puts_no_process_out_of_step(toy: Dataset, tmp_path: Path) -> None:
    def broken(*progress: Any) -> None:
        raise BrokenPipeError

    with Workers(1) as workers, listening(broken):
        assert workers.ask("", _tells) == "told"
        assert workers.ask("", divmod, 7, 2) == (3, 1)


def _tells() -> str:
    report_progress(1, 2, "half")
    return "told"


def test_a_process_that_died_while_idle_harms_nobody() -> None:
    with Workers(1) as workers:
        first = workers.ask("", os.getpid)
        os.kill(first, signal.SIGKILL)
        # Not before all of its threads have ended: until then it is alive for whoever started it.
        done = os.WEXITED | os.WNOHANG | os.WNOWAIT
        until(lambda: os.waitid(os.P_PID, first, done) is not None, "its end")
        assert workers.ask("", os.getpid) != first


def test_a_process_without_work_ends_by_itself_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "IDLE", 1.0)
    with Workers(1) as workers:
        first = workers.ask("", os.getpid)
        until(lambda: not lives(first), "its end")
        assert workers.ask("", os.getpid) != first


def test_a_process_that_may_be_about_to_end_gets_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workers(1) as workers:
        first = workers.ask("", os.getpid)
        monkeypatch.setattr(worker, "IDLE", 0.0)
        assert workers.ask("", os.getpid) != first


def test_a_plugin_may_have_processes_of_its_own() -> None:
    with Workers(1) as workers:
        assert workers.ask("", _squares) == [0, 1, 4]


def _square(number: int) -> int:
    return number * number


def _squares() -> list[int]:
    with get_context("spawn").Pool(2) as pool:
        return pool.map(_square, range(3))


def test_a_stage_that_ignores_its_end_is_ended(tmp_path: Path) -> None:
    workers = Workers(1)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(workers.ask, "", _ignore_and_sleep, tmp_path / "begun")
        pid = int(written(tmp_path / "begun"))
        assert not future.done()
        workers.shutdown()
        with pytest.raises(CancelledError):  # or it has ended by itself, which it does in the end
            future.result()
        until(lambda: not lives(pid), "its end")


def _ignore_and_sleep(begun: Path) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begun.write_text(f"{os.getpid()}\n")
    time.sleep(PATIENCE)


def test_limits_hold_for_one_that_tells_of_its_progress_all_the_time() -> None:
    for problem, limit in ((TimedOut, {"seconds": 0.5}), (OutOfMemory, {"memory": 2**20})):
        worker = Worker()
        try:
            worker.call(_tells)  # what is loaded for the first call makes pauses
            with pytest.raises(problem):
                worker.call(_tells_on_and_on, **limit)
        finally:
            worker.stop()


def _tells_on_and_on() -> None:
    end = time.monotonic() + PATIENCE / 10
    while time.monotonic() < end:
        report_progress(1, 2)
        time.sleep(0.001)


# Read by each Python as it starts: a worker then waits, as where a machine has no time for it.
SLOW_START = """import sys, time
from pathlib import Path
here = Path(__file__).parent
if "spawn_main" in " ".join(sys.orig_argv):
    (here / "begun").touch()
    while not (here / "go").exists(): time.sleep(0.02)
"""


def test_the_start_of_a_process_is_no_part_of_a_stages_time(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_START)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    plan = make_plan(toy, "full", Request(["identity"], ["kmeans"], ["ari"], seeds=1), load_registry())
    found: list[Outcome] = []
    limit = 5.0
    with Workers(2, limits=Limits({"encode": limit})) as workers:  # one is warmed, another is for the stage
        store = Store(tmp_path / "store")
        thread = Thread(target=lambda: found.append(run(plan, store, executor=workers)))
        thread.start()
        until((tmp_path / "begun").exists)
        time.sleep(1.2 * limit)
        (tmp_path / "go").touch()
        ended(thread)
    assert {record.status for record in found[0].records.values()} == {"ok"}


def test_parameters_may_be_what_the_plugins_file_defines(toy: Dataset, tmp_path: Path) -> None:
    (tmp_path / "euclid.py").write_text(
        "import numpy as np\nfrom harness import hookimpl\ndef first(X): return X[:, 0]\n"
        "class Mine:\n    def __init__(self, n_clusters=2, by=first):\n"
        "        self.n_clusters, self.by = n_clusters, by\n"
        "    def fit(self, X): self.labels_ = (self.by(X) > 0.5).astype(int)\n"
        "@hookimpl\ndef clusterers(): return {'mine': Mine}\n"
    )
    registry = load_registry([tmp_path / "euclid.py"])
    with Workers(1) as workers:
        plan = make_plan(toy, "full", Request(["identity"], ["mine"], ["ari"]), registry, workers)
        outcome = run(plan, Store(tmp_path / "store"), executor=workers)
    assert {record.status for record in outcome.records.values()} == {"ok"}
