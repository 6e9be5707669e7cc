"""The clock is set, between runs and during them: nobody waits for it, nothing is computed twice."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from grids import Grid, Undisturbed, ended

DAY = 86400
# Every Python started with it sees this clock, and the moment of the boot move with it, as on a real system.
CLOCK = '''"""A clock that is as many seconds before the true one as a file says."""
import datetime, os, time
from pathlib import Path
import psutil
shift = lambda: float(Path(os.environ["SHIFT"]).read_text() or 0)
true, booted = time.time, psutil._psplatform.boot_time
class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return cls.fromtimestamp(time.time(), tz)
time.time = lambda: true() + shift()
psutil._psplatform.boot_time = lambda: booted() + shift()
datetime.datetime = Moved
'''


class ClockedGrid(Grid):
    """A grid whose processes see a clock that can be set."""

    def set_clock(self, seconds: float) -> None:
        (self.folder / "shift.new").write_text(str(seconds))
        (self.folder / "shift.new").replace(self.folder / "shift")

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        (self.folder / "sitecustomize.py").write_text(CLOCK)
        paths = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        clock = {"PYTHONPATH": paths, "SHIFT": str(self.folder / "shift")}
        return super().start(*words, **clock, **environment)


@pytest.fixture
def grid(tmp_path: Path) -> Iterator[ClockedGrid]:
    grid = ClockedGrid(tmp_path)
    grid.set_clock(DAY)
    yield grid
    for process in grid.processes():
        process.kill()


def test_back_between_runs(grid: ClockedGrid, undisturbed: Undisturbed) -> None:
    driver = grid.bench()
    grid.wait_for(20)
    driver.kill()
    driver.communicate()
    kept, begun = grid.kept(), len(grid.fits())
    assert kept
    grid.set_clock(0)
    ended(grid.bench())
    assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
    assert grid.board() == undisturbed.board
    grid.assert_sound()


def test_back_and_forward_during_a_run(grid: ClockedGrid) -> None:
    grid.what = ("-e", "noisy", "-c", "halves", "--seeds", "3")
    first = grid.bench(SECONDS="1", jobs=1)
    grid.wait_for(1)
    grid.set_clock(0)
    second = grid.bench("--out", "second", SECONDS="1", jobs=1)
    grid.wait_for(9)  # now one driver alone computes, and the other looks whether it still does
    grid.set_clock(2 * DAY)
    ended(first)
    ended(second)
    assert len(grid.fits()) == len(set(grid.fits())) == 9, "computed twice, or never"
    grid.assert_sound()


def test_back_before_new_code_runs(grid: ClockedGrid, tmp_path: Path) -> None:
    grid.what = ("-e", "noisy", "-c", "halves", "--seeds", "3")
    ended(grid.bench())
    grid.set_clock(0)
    grid.what, fresh = (*grid.what[:-1], "2"), Grid(tmp_path / "fresh")
    fresh.what = grid.what
    for each in (grid, fresh):
        plugin = each.folder / "telling.py"
        plugin.write_text(plugin.read_text().replace("> 2 *", "< 2 *"))
        ended(each.bench())
    assert grid.board() == fresh.board(), "the board still shows what the code before made"
