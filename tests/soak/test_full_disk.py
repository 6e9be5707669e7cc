"""A disk that is full ends a run with one line; what is finished stays, and with more room it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from disks import disk
from grids import SMALL, Grid, Undisturbed, ended, one_error

LARGE = ("-e", "noisy(size=12000)", "-c", "halves", "--seeds", "4")  # 2.9 MB an embedding


@pytest.mark.parametrize("what", [LARGE, SMALL], ids=["arrays", "records"])
def test_full_disk(undisturbed: Undisturbed, tmp_path: Path, what: tuple[str, ...]) -> None:
    board = undisturbed.board
    if what is LARGE:
        whole = Grid(tmp_path / "whole", what)
        ended(whole.bench())
        board = whole.board()
    with disk(tmp_path / "disk", "4m") as small:
        grid = Grid(tmp_path / "grid", what, work=small.folder)
        if what is SMALL:
            small.fill(but=200_000)
        error = one_error(ended(grid.bench(jobs=1), code=2))
        assert "Cannot write " in error
        assert "full" in error or "No space left" in error
        assert list(grid.store.glob("arrays/??/tmp*")) == [], "half an array"
        for _ in range(2):
            assert "encode   ok" in grid.call("store"), "read while the disk is full"
        small.remount("size=32m")
        kept, begun = grid.kept(), len(grid.fits())
        assert kept
        assert grid.call("store", "check") == "All arrays are intact.\n"
        ended(grid.bench())
        assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
        assert grid.board() == board
        grid.assert_sound()


def test_no_room_for_the_board_or_the_events(tmp_path: Path) -> None:
    grid = Grid(tmp_path / "grid", ("-e", "noisy", "-c", "halves", "--seeds", "2"))
    with disk(tmp_path / "disk", "1m") as small:
        out = small.folder / "toy.full.md"
        ended(grid.bench("--out", str(small.folder)))
        before = out.read_text()
        small.fill()
        assert "No space" in one_error(ended(grid.bench("--out", str(small.folder)), code=2))
        assert out.read_text() == before
        events = ("--events", str(small.folder / "events"))
        assert "No space" in one_error(ended(grid.bench(*events), code=2))
