"""Drivers and workers are killed at random moments: what is finished stays, and the end is the same."""

from __future__ import annotations

import random
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
from grids import Grid, Undisturbed, ended

JOBS = 2


def test_drivers_are_killed(
    undisturbed: Undisturbed, rounds: int, chance: random.Random, tmp_path: Path
) -> None:
    killed = grids = 0
    while killed < rounds:
        grid, kills = Grid(tmp_path / str(grids)), 0
        while killed + kills < rounds and kill_driver(grid, chance.uniform(0, undisturbed.seconds)):
            kills += 1
        finish(grid, undisturbed)
        assert len(grid.fits()) <= undisturbed.fits + kills * (JOBS + 1), "what was running, alone"
        killed, grids = killed + kills, grids + 1
    print(f"{killed} drivers killed, {grids} grids finished")  # noqa: T201


def kill_driver(grid: Grid, after: float) -> bool:
    """Run the grid, kill its driver after so many seconds, and return whether that came before its end."""
    kept, begun = grid.kept(), len(grid.fits())
    driver = grid.bench(jobs=JOBS)
    with suppress(subprocess.TimeoutExpired):
        ended_by_itself = driver.wait(after)
        assert ended_by_itself == 0
    driver.kill()
    driver.communicate()
    assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
    return driver.returncode != 0


def finish(grid: Grid, undisturbed: Undisturbed) -> None:
    """Run what is left of the grid, and assert that the end is the same as if nothing had happened."""
    kept, begun = grid.kept(), len(grid.fits())
    ended(grid.bench("--retry", "crashed", jobs=JOBS))
    assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
    assert grid.board() == undisturbed.board
    grid.assert_sound()


def test_workers_are_killed(
    undisturbed: Undisturbed, rounds: int, chance: random.Random, tmp_path: Path
) -> None:
    killed = grids = 0
    while killed < rounds:
        grid, kills = Grid(tmp_path / str(grids)), 0
        for _ in range(5 if rounds > 5 else 1):
            kills += kill_workers(grid, chance, rounds - killed - kills)
            assert grid.statuses().keys() <= {"ok", "crashed"}
        finish(grid, undisturbed)
        assert len(grid.fits()) <= undisturbed.fits + kills
        killed, grids = killed + kills, grids + 1
    print(f"{killed} workers killed, {grids} grids finished")  # noqa: T201


def kill_workers(grid: Grid, chance: random.Random, most: int) -> int:
    """Run the grid, kill one of its workers now and then, and return how many."""
    kept, begun, kills = grid.kept(), len(grid.fits()), 0
    driver = grid.bench("--retry", "crashed", jobs=JOBS)
    while driver.poll() is None:
        time.sleep(chance.uniform(0.05, 1))
        found = workers(driver.pid)
        if found and kills < most:
            with suppress(psutil.NoSuchProcess):
                chance.choice(found).kill()
                kills += 1
    output = driver.communicate()[0]
    crashed = grid.statuses()["crashed"]
    assert driver.returncode == (1 if crashed else 0), output
    assert crashed <= kills, output
    assert kept.isdisjoint(grid.fits()[begun:]), "computed again"
    return kills


def workers(driver: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(driver).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    return []
