"""Wins, ties and losses of methods over the datasets of a suite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..statistics.intervals import LEVEL
from ..statistics.samples import Floats
from .suite_cells import SuiteCell

EQUAL = 1e-12  # means closer than this differ by rounding alone
LOWEST = -1e300  # in place of the mean of a failed method


class Wins(NamedTuple):
    """Numbers of datasets on which a method is better, not distinguishable, and worse."""

    win: int
    tie: int
    loss: int


def outcomes(cells: Sequence[Sequence[SuiteCell]], higher: bool) -> list[list[Wins]]:
    """Compare each method with each other, dataset by dataset.

    A difference of two means is a tie if its 95% interval contains 0 (Welch, 1947), or if the spread over
    seeds of one of them is unknown; a deterministic method has none. A failed method loses to one that has a
    score, and ties with one that failed. Datasets on which one of the two has a gap do not count.

    Parameters
    ----------
    cells : sequence (methods) of sequences (datasets) of SuiteCell
    higher : bool
        Whether higher scores are better.

    Returns
    -------
    list of lists of Wins
        Of the method of the row against that of the column.

    Examples
    --------
    >>> from harness.leaderboard.statistics.samples import Estimate
    >>> def cell(mean, variance=0.0):
    ...     return SuiteCell("ok", value=mean, estimate=Estimate(mean, variance, 4 if variance else np.inf))
    >>> sure = [[cell(0.9), cell(0.5)], [cell(0.4), cell(0.5)]]
    >>> outcomes(sure, True)[0][1]
    Wins(win=1, tie=1, loss=0)
    >>> noisy = [[cell(0.9, 0.1)], [cell(0.8, 0.1)], [SuiteCell("failed", "timeout")]]
    >>> outcomes(noisy, True)[0]
    [Wins(win=0, tie=1, loss=0), Wins(win=0, tie=1, loss=0), Wins(win=1, tie=0, loss=0)]
    """
    means, variances, df, known = _arrays(cells, 1.0 if higher else -1.0)
    here = ~_where(cells, "gap")
    failed = _where(cells, "failed")
    differences = means[:, None] - means
    undecided = _undecided(differences, variances, df) | ~(known[:, None] & known)
    undecided &= ~(failed[:, None] | failed)
    tie = undecided | (np.abs(differences) <= EQUAL)
    both = here[:, None] & here
    counts = [(both & part).sum(-1) for part in (~tie & (differences > 0), tie, ~tie & (differences < 0))]
    return [[Wins(*map(int, each)) for each in zip(*row, strict=True)] for row in zip(*counts, strict=True)]


def _arrays(
    cells: Sequence[Sequence[SuiteCell]], sign: float
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Return means, failed ones being lower than any, their variances and degrees of freedom if known."""
    estimates = [[cell.estimate for cell in row] for row in cells]
    means = [[LOWEST if cell.value is None else sign * cell.value for cell in row] for row in cells]
    known = np.array([[cell is not None for cell in row] for row in estimates], bool)
    variances = np.array([[each.variance if each else 0.0 for each in row] for row in estimates])
    df = np.array([[each.df if each else np.inf for each in row] for row in estimates])
    return np.array(means), variances, df, known


def _undecided(differences: Floats, variances: Floats, df: Floats) -> NDArray[np.bool_]:
    """Return whether 0 is in the 95% interval of each difference: by Welch."""
    from scipy.special import stdtrit  # importing scipy.stats takes most of a second

    variance = variances[:, None] + variances
    parts = (variances**2 / df)[:, None] + variances**2 / df
    freedom = np.where(parts > 0, variance**2 / np.where(parts > 0, parts, 1.0), np.inf)
    return np.asarray(np.abs(differences) <= stdtrit(freedom, (1 + LEVEL) / 2) * np.sqrt(variance))


def _where(cells: Sequence[Sequence[SuiteCell]], state: str) -> NDArray[np.bool_]:
    return np.array([[cell.state == state for cell in row] for row in cells], bool)
