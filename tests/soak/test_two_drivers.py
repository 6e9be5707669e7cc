"""Two drivers at once on one store: nothing is computed twice, and both show the whole board."""

from __future__ import annotations

import random
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

from grids import Grid, Undisturbed, ended

from harness.store import Store


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
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        for number in range(5 * rounds):
            moment = time.time() + (0.1 if number else 2)
            assert [*pool.map(open_store, [tmp_path / str(number)] * 4, [moment] * 4)] == [[]] * 4


def open_store(folder: Path, moment: float) -> list[str]:
    while time.time() < moment:
        pass
    with closing(Store(folder)) as store:
        return store.boards()
