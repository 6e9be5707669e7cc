"""Worker processes that make pages: one thread each, and gone when the call ends, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from threadpoolctl import threadpool_info
from waiting import lives, until

from harness.core.errors import HarnessError
from harness.report.pages import page_jobs
from harness.report.pages.page_jobs import Bench, Done, Job, work
from harness.store.store import Store

JOBS = {"maps": [], "pages": [Job("cell", "board", str(number)) for number in range(6)]}
HANGING = """
import sys
from pathlib import Path
import test_page_jobs
from harness.report.pages import page_jobs
page_jobs._make = test_page_jobs.hangs
list(test_page_jobs.worked(Path(sys.argv[1])))
"""


def worked(folder: Path) -> list[Done]:
    bench = Bench(folder / "store", folder / "report", folder / "maps", ())
    return list(work(bench, JOBS, 2, lambda what, done, total: None, Store(bench.store)))


def tells_threads(bench: Bench, job: Job) -> Done:
    time.sleep(0.3)  # so that both processes have some
    return Done(job, (str(os.getpid()), *(str(each["num_threads"]) for each in threadpool_info())))


def hangs(bench: Bench, job: Job) -> Done:
    """Hang in one of the two processes; the other waits for more pages."""
    page_jobs._maker(bench)
    (bench.folder / str(os.getpid())).touch()
    time.sleep(3600 if job.name == "0" else 0.5)
    return Done(job)


def dies(bench: Bench, job: Job) -> Done:
    os.kill(os.getpid(), signal.SIGKILL)
    return Done(job)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Store(tmp_path / "store").close()
    (tmp_path / "report").mkdir()
    return tmp_path


def pids(folder: Path) -> list[int]:
    return [int(path.name) for path in (folder / "report").iterdir()]


def test_each_process_has_one_thread_and_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "2")
    monkeypatch.setattr(page_jobs, "_make", tells_threads)
    told = [done.wrong for done in worked(folder)]
    processes = {int(pid) for pid, *_ in told}
    assert os.getpid() not in processes
    assert {threads for _, *pools in told for threads in pools} == {"1"}
    assert not any(map(lives, processes))


def test_ctrl_c_ends_pages_that_are_being_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(page_jobs, "_make", hangs)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background may ignore it

    def interrupt() -> None:
        until(lambda: len(pids(folder)) == 2, "both processes")
        for pid in (*pids(folder), os.getpid()):  # as a terminal does
            os.kill(pid, signal.SIGINT)

    thread = Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            worked(folder)
    finally:
        signal.signal(signal.SIGINT, before)
    thread.join()
    assert not any(map(lives, pids(folder)))
    assert capfd.readouterr().err == ""


def test_processes_end_when_their_driver_is_killed(folder: Path) -> None:
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    driver = subprocess.Popen(
        [sys.executable, "-c", HANGING, str(folder)], env={**os.environ, "PYTHONPATH": paths}
    )
    until(lambda: len(pids(folder)) == 2, "both processes")
    driver.kill()
    driver.wait()
    until(lambda: not any(map(lives, pids(folder))), "their end")


def test_a_process_that_dies_is_one_clear_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_jobs, "_make", dies)
    with pytest.raises(HarnessError, match=r"^A worker process died.* fewer --jobs"):
        worked(folder)
