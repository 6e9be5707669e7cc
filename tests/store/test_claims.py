"""Two drivers on one store: each stage is computed once, whoever lives or dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from waiting import PATIENCE, until

from harness.store.claims import RUN, Claims
from harness.store.store import Store

PLUGIN = '''"""Notes each fit."""
import os, time
from pathlib import Path
import numpy as np
from harness import hookimpl
LOG = Path(__file__).with_name("fits.txt")
class Slow:
    def __init__(self, at=0.5, random_state=None): self.at, self.random_state = at, random_state
    def fit(self, X):
        with LOG.open("a") as file: file.write(f"{self.at} {self.random_state}\\n")
        time.sleep(0.3)
        self.labels_ = (X[:, 0] > self.at).astype(int)
@hookimpl
def clusterers(): return {"slow": Slow}
'''

# Leases outlast the tests, so that who waits for the end of one hangs.
START = "from harness import cli; from harness.store import claims; claims.LEASE = 86400.0; cli.main()"


def driver(folder: Path, jobs: int = 2, seeds: int = 8) -> subprocess.Popen[str]:
    command = [*(sys.executable, "-c", START, "bench", "-e", "identity", "--plugin", "slow.py")]
    command += [*("-c", "slow", "-c", "slow(at=0.2)", "-m", "n-clusters", "--jobs", str(jobs))]
    command += ["--seeds", str(seeds)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, cwd=folder, text=True, start_new_session=True, **pipes)  # type: ignore[call-overload,no-any-return]


def fits(folder: Path) -> Counter[str]:
    log = folder / "fits.txt"
    return Counter(log.read_text().splitlines() if log.exists() else ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slow.py").write_text(PLUGIN)
    return tmp_path


def test_two_drivers_share_the_work(folder: Path) -> None:
    drivers = [driver(folder) for _ in range(2)]
    outputs = [each.communicate(timeout=PATIENCE)[0] for each in drivers]
    assert [each.returncode for each in drivers] == [0, 0], outputs
    assert set(fits(folder).values()) == {1}
    assert len(fits(folder)) == 16
    tables = [[line for line in each.splitlines() if line.startswith("identity")] for each in outputs]
    assert tables[0] == tables[1], "each shows the whole board"


def test_what_a_killed_driver_left_is_taken_over_at_once(folder: Path) -> None:
    first = driver(folder, seeds=20)
    until(lambda: len(fits(folder)) >= 6, "the sixth fit")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    second = driver(folder, seeds=20)
    output = second.communicate(timeout=PATIENCE)[0]  # or it waits for a lease to end
    assert second.returncode == 0, output
    assert max(fits(folder).values()) <= 2
    assert sum(count == 2 for count in fits(folder).values()) <= 3, "those that were running, alone"


def test_a_driver_killed_between_two_stages_leaves_no_claim(tmp_path: Path) -> None:
    store = Store(tmp_path)
    dead = f"{socket.gethostname()}:{2**22 + 1}:0:0"  # no process has this number
    store.claim(f"{RUN} {dead}", dead, time.time() + 60)
    with Claims(store) as claims:
        assert [owner for _, owner in store.claims(RUN)] == [claims.owner]
    assert store.claims(RUN) == []


def test_claims_are_exclusive_and_end(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with Claims(store) as mine:
        assert mine.take("key")
        assert mine.take("key"), "again by the same"
        with Claims(Store(tmp_path)) as other:
            assert not other.take("key")
            assert other.take("another")
        assert mine.take("another"), "given up at the end"
    assert store.claim("key", "host:1:0.00:1", time.time() + 86400) == "host:1:0.00:1"
    with Claims(store) as mine:
        assert not mine.take("key"), "of another machine: only its lease tells"
        store.renew("host:1:0.00:1", time.time() - 1)
        assert mine.take("key")


def test_a_claim_that_nobody_renews_ends_whatever_the_clocks_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.store.claims.LEASE", 0.3)
    store = Store(tmp_path)
    with Claims(store) as mine:
        store.claim("key", "host:1:0:1", time.time() + 86400)
        assert not mine.take("key")
        time.sleep(0.2)
        store.renew("host:1:0:1", time.time() + 86401)
        time.sleep(0.2)
        assert not mine.take("key"), "renewed meanwhile"
        time.sleep(0.4)
        assert mine.take("key")


def test_who_lives_here_keeps_a_claim_whose_time_is_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with Claims(store) as mine, Claims(Store(tmp_path)) as other:
        assert other.take("key")
        store.renew(other.owner, time.time() - 1000)
        assert not mine.take("key")


def test_a_dead_driver_of_whom_its_parent_has_taken_no_note_claims_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\nfrom harness.store.claims import RUN, Claims\n"
        "from harness.store.store import Store\n"
        "Claims(Store(pathlib.Path(sys.argv[1]))).take('key')"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) as driver:
        os.waitid(os.P_PID, driver.pid, os.WEXITED | os.WNOWAIT)  # it is dead, and still listed
        with Claims(Store(tmp_path)) as mine:
            assert mine.take("key")
