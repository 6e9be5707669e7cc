"""Means, ranks, tests, wins, profiles and cost of the methods of a suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, median

import numpy as np

from ..statistics.diagram import joined
from ..statistics.ranks import Ranking, critical_difference, friedman, nemenyi, ranked, refusal
from ..statistics.samples import Floats
from .suite_board import SuiteBoard, SuiteMethod
from .suite_cells import SuiteCell
from .wins import outcomes

FACTORS = (1.0, 1.05, 1.1, 1.25, 2.0)  # of the best score, at which profiles are read


def summarised(board: SuiteBoard) -> SuiteBoard:
    """Return a board with all that follows from its cells, its methods best first."""
    counted = board.counted
    methods = [
        replace(method, ranked=bool(counted) and all(method.cells[n].state != "gap" for n in counted))
        for method in board.methods
    ]
    able = [method for method in methods if method.ranked]
    scores = np.array([[_score(method.cells[n]) for n in counted] for method in able]).reshape(
        len(able), len(counted)
    )
    ranks = ranked(scores.T, board.higher).mean(0) if able else np.empty(0)
    filled, shares = with_failed(scores, board.higher), profiles(scores, board.higher, FACTORS)
    for place, method in enumerate(able):
        able[place] = replace(
            method,
            mean=fmean(filled[place]),
            median=float(median(filled[place])),
            mean_rank=float(ranks[place]),
            profile=tuple(map(float, shares[place])),
        )
    able.sort(key=lambda each: _order(each, board))
    others = [method for method in methods if not method.ranked]
    others.sort(key=lambda each: (sum(cell.state == "gap" for cell in each.cells), each.name))
    board = replace(board, methods=tuple(_told(each, counted) for each in (*able, *others)))
    return _compared(_tested(board))


def with_failed(scores: Floats, higher: bool) -> Floats:
    """Return scores with a number for failed ones: 0 if higher is better, else the worst of the dataset.

    Parameters
    ----------
    scores : array of shape (methods, datasets)
        NaN if failed.

    Examples
    --------
    >>> with_failed(np.array([[0.5, np.nan], [0.25, 0.75]]), True).tolist()
    [[0.5, 0.0], [0.25, 0.75]]
    >>> with_failed(np.array([[0.5, np.nan], [0.25, 0.75]]), False).tolist()
    [[0.5, 0.75], [0.25, 0.75]]
    """
    bad = np.isnan(scores)
    if higher:
        return np.where(bad, 0.0, scores)
    worst = np.where(bad, -np.inf, scores).max(0, initial=-np.inf)
    return np.where(bad, worst, scores)


def profiles(scores: Floats, higher: bool, factors: Sequence[float]) -> Floats:
    """Return the share of datasets on which each method is within each factor of the best.

    A score is within a factor if it is at least the best divided by it; if lower is better, at most the best
    times it. Where the best is 0 or below, only the best is within. Failed ones never are (performance
    profiles: Dolan & Moré, 2002).

    Parameters
    ----------
    scores : array of shape (methods, datasets)
        NaN if failed.
    higher : bool
    factors : sequence of float

    Returns
    -------
    array of shape (methods, factors)

    Examples
    --------
    >>> profiles(np.array([[0.8, 0.5], [0.4, np.nan]]), True, (1.0, 2.0)).tolist()
    [[1.0, 1.0], [0.0, 0.5]]
    """
    signed = np.where(np.isnan(scores), -np.inf, scores if higher else -scores)
    best = signed.max(0, initial=-np.inf)
    limits = [np.where(best > 0, best / each, best) if higher else best * each for each in factors]
    within = [(signed >= limit - 1e-12) & np.isfinite(signed) for limit in limits]
    return np.array([each.mean(1) if scores.size else np.zeros(len(scores)) for each in within]).T


def _score(cell: SuiteCell) -> float:
    return float("nan") if cell.value is None else cell.value


def _order(method: SuiteMethod, board: SuiteBoard) -> tuple[float, float, str]:
    """Sort by the aggregate of the suite, then by mean rank."""
    value = board.aggregate(method) or 0.0
    return (-value if board.higher else value, method.mean_rank or 0.0, method.name)


def _told(method: SuiteMethod, counted: Sequence[int]) -> SuiteMethod:
    """Return a method with its numbers of failed and missing datasets, and its cost."""
    states = [method.cells[n].state for n in counted]
    seconds = [cell.seconds for n in counted if (cell := method.cells[n]).seconds is not None]
    return replace(
        method,
        failed=states.count("failed"),
        missing=states.count("gap"),
        seconds_median=float(median(seconds)) if seconds else None,
        seconds_sum=float(sum(seconds)) if seconds else None,
    )


def _tested(board: SuiteBoard) -> SuiteBoard:
    """Return a board with mean ranks tested, or why they are not."""
    methods, counted = board.ranked, board.counted
    if not methods:
        return replace(board, untested="No method was run on every dataset, so there are no means and ranks.")
    scores = np.array([[_score(method.cells[n]) for method in methods] for n in counted])
    ranks = ranked(scores, board.higher)
    order = np.argsort(ranks.mean(0), kind="stable")
    ranking = Ranking(
        [board.columns[n].name for n in counted],
        [methods[place].name for place in order],
        scores[:, order], ranks[:, order], [], board.higher,
    )  # fmt: skip
    board = replace(board, ranking=ranking, untested=refusal(ranking, "friedman"))
    if board.untested:
        return board
    return replace(
        board,
        friedman=friedman(ranking),
        critical_difference=critical_difference(ranking),
        groups=tuple(joined(nemenyi(ranking))),
    )


def _compared(board: SuiteBoard) -> SuiteBoard:
    """Return a board with wins, ties and losses of all pairs, and of each against the first."""
    if not board.methods:
        return board
    cells = [[method.cells[n] for n in board.counted] for method in board.methods]
    pairs = outcomes(cells, board.higher)
    methods = [
        replace(each, versus_best=own[0]) if place and board.methods[0].ranked else each
        for place, (each, own) in enumerate(zip(board.methods, pairs, strict=True))
    ]
    return replace(board, methods=tuple(methods), pairs=tuple(map(tuple, pairs)))
