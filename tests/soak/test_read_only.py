"""A store that cannot be written is read all the same; who must write to it says so in one line."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from disks import disk
from grids import Grid, Undisturbed, ended, one_error


def test_read_only_from_the_start(undisturbed: Undisturbed, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "16m") as small:
        grid = Grid(tmp_path / "grid", work=small.folder)
        ended(grid.bench())
        holdings = grid.call("store")
        small.remount("ro")
        assert grid.board() == undisturbed.board
        size = re.compile(r"records, .*")  # of the database, its log included while it is open
        assert size.sub("", grid.call("store")) == size.sub("", holdings)
        assert grid.call("store", "check") == "All arrays are intact.\n"
        assert "Nothing was computed." in ended(grid.bench("--dry-run"))
        assert "Cannot write " in one_error(grid.call("store", "prune", "--size", "1K", code=2))
        assert "Cannot write " in one_error(ended(grid.bench(), code=2)), "its boards"
        error = one_error(ended(grid.bench("--out", str(tmp_path)), code=2))
        assert "store '" in error
        assert "Cannot write " in error
        small.remount("rw")
        ended(grid.bench())
        assert len(grid.fits()) == undisturbed.fits
        grid.assert_sound()


def test_read_only_with_what_a_killed_driver_left(tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "16m") as small:
        grid = Grid(tmp_path / "grid", work=small.folder)
        driver = grid.bench()
        grid.wait_for(20)
        driver.kill()
        driver.communicate()
        assert (grid.store / "records.sqlite-wal").stat().st_size
        small.remount("ro")
        assert "encode   ok" in grid.call("store")
        assert grid.call("store", "check") == "All arrays are intact.\n"
        assert "toy, protocol full" in grid.call("leaderboard")


def test_read_only_in_the_midst_of_a_run(undisturbed: Undisturbed, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "16m") as small:
        grid = Grid(tmp_path / "grid", work=small.folder)
        driver = grid.bench()
        grid.wait_for(20)
        over = str(grid.store / "arrays")  # what is open for writing keeps a disk from becoming read-only
        subprocess.run(["mount", "--bind", over, over], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", over], check=True)
        error = one_error(ended(driver, code=2))
        assert "Cannot write " in error
        assert "Read-only file system" in error
        subprocess.run(["umount", over], check=True)
        kept, begun = grid.kept(), len(grid.fits())
        assert kept
        ended(grid.bench())
        assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
        assert grid.board() == undisturbed.board
        grid.assert_sound()
