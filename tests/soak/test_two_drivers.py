"""Two drivers at once on one store: nothing is computed twice, and both show the whole board."""

from __future__ import annotations

import random
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from grids import Grid, Undisturbed, ended
from waiting import PATIENCE

from harness.store.store import Store


def test_two_drivers(undisturbed: Undisturbed, rounds: int, chance: random.Random, tmp_path: Path) -> None:
    for number in range(max(1, rounds // 5)):
        grid = Grid(tmp_path / str(number))
        first = grid.bench("--out", "first", jobs=chance.randint(1, 3))
        time.sleep(chance.choice((0, chance.uniform(0, undisturbed.seconds))))
        second = grid.bench("--out", "second", jobs=chance.randint(1, 3))
        ended(first)
        ended(second)
        assert len(grid.fits()) == len(set(grid.fits())) == undisturbed.fits, "computed twice, or never"
        assert grid.board() == undisturbed.board
        boards = [(grid.work / name / "toy.full.md").read_text() for name in ("first", "second")]
        assert boards[0] == boards[1]
        grid.assert_sound()


def test_a_new_store_is_opened_by_many_at_once(rounds: int, tmp_path: Path) -> None:
    context = get_context("spawn")
    meeting = (context.Barrier(4, timeout=PATIENCE),)
    with ProcessPoolExecutor(4, context, initializer=meet, initargs=meeting) as pool:
        for number in range(5 * rounds):
            assert [*pool.map(open_store, [tmp_path / str(number)] * 4)] == [[]] * 4


_meeting: list[Any] = []  # of this process with the others


def meet(barrier: Any) -> None:
    _meeting[:] = [barrier]


def open_store(folder: Path) -> list[str]:
    _meeting[0].wait()
    with closing(Store(folder)) as store:
        return store.boards()
