"""How long the campaigns are, and what an undisturbed run of their grid gives."""

from __future__ import annotations

import random
import time

import pytest
from grids import Grid, Undisturbed, ended


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    grid = Grid(tmp_path_factory.mktemp("undisturbed"))
    started = time.monotonic()
    ended(grid.bench())
    seconds = time.monotonic() - started
    grid.assert_sound()
    fits = grid.fits()
    assert len(fits) == len(set(fits)) == len(grid.kept()) == 12 + 24 + 24
    return Undisturbed(grid.board(), len(fits), seconds)


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """Of the long campaigns, in percent: so many kills, five times fewer pairs of drivers, and so on."""
    found: int = request.config.getoption("--rounds")
    return found


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers whose seed is shown where a test fails."""
    seed = request.config.getoption("--chance") or random.SystemRandom().randrange(10**9)
    print(f"--chance {seed}")  # noqa: T201
    return random.Random(seed)
