"""Ranks of pipelines over several datasets, and tests of whether they differ (Demšar, 2006)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np

from ...core.board import Board, Metric, Row
from ...core.errors import HarnessError, suggest
from .differences import title
from .samples import Floats

Failed = Literal["last", "leave-out"]
FEWEST_PIPELINES = 3
FEWEST_DATASETS = 5  # datasets for the tests of Friedman and Nemenyi
FEWEST_FOR_WILCOXON = 6  # with 5, the smallest two-sided p-value is 2 / 2**5 = 0.0625


class Friedman(NamedTuple):
    """Friedman's chi-squared, its degrees of freedom, and the p-value."""

    chi2: float
    df: int
    p: float


@dataclass(frozen=True)
class Ranking:
    """Pipelines over datasets.

    Parameters
    ----------
    datasets, pipelines : list of str
        Pipelines by mean rank, best first.
    scores : array of shape (datasets, pipelines)
        Means over the runs, NaN where a pipeline failed.
    ranks : array of shape (datasets, pipelines)
        1 is best; equal scores share the mean of their ranks, and failures the last ranks.
    left_out : list of str
        Pipelines left out, and why.
    higher : bool
        Whether higher scores are better.
    """

    datasets: list[str]
    pipelines: list[str]
    scores: Floats
    ranks: Floats
    left_out: list[str]
    higher: bool = True

    @property
    def mean_ranks(self) -> Floats:
        """Mean rank of each pipeline."""
        return np.asarray(self.ranks.mean(axis=0))

    @property
    def failures(self) -> list[int]:
        """Number of datasets on which each pipeline failed."""
        return [int(count) for count in np.isnan(self.scores).sum(axis=0)]


def rank(boards: Sequence[Board], metric: str, failed: Failed = "last") -> Ranking:
    """Rank the pipelines that are on every board.

    Parameters
    ----------
    boards : sequence of Board
        Of one protocol and of different datasets.
    metric : str
    failed : {"last", "leave-out"}
        Whether a pipeline with a run that failed shares the last rank of that dataset, or is left out of all.

    Raises
    ------
    HarnessError
        If the boards differ in protocol, the metric ranks no rows, or no pipeline is on every board.
    """
    protocols = sorted({board.protocol for board in boards})
    if len(protocols) > 1:
        raise HarnessError(
            f"Leaderboards of different protocols never mix, got {', '.join(protocols)}. Name those of one."
        )
    (higher,) = {ranking_metric(board, metric).direction == "higher" for board in boards}
    rows = [_by_pipeline(board) for board in boards]
    names = sorted(set.intersection(*(set(each) for each in rows)))
    left_out = [
        f"{name}: not on every leaderboard"
        for name in sorted(set.union(*(set(each) for each in rows)) - {*names})
    ]
    scores = np.array([[_score(each[name], metric) for name in names] for each in rows]).reshape(
        len(boards), -1
    )
    if failed == "leave-out":
        bad = np.isnan(scores).any(axis=0)
        left_out += [f"{name}: failed on a dataset" for name, fell in zip(names, bad, strict=True) if fell]
        names, scores = [name for name, fell in zip(names, bad, strict=True) if not fell], scores[:, ~bad]
    if not names:
        raise HarnessError(
            f"No pipeline is on every leaderboard of {', '.join(board.name for board in boards)}. "
            "Run the same encoders and clusterers on each dataset."
        )
    ranks = ranked(scores, higher)
    order = np.argsort(ranks.mean(axis=0), kind="stable")
    datasets, kept = [board.dataset for board in boards], [names[place] for place in order]
    return Ranking(datasets, kept, scores[:, order], ranks[:, order], left_out, higher)


def pivot(boards: Sequence[Board], metric: str) -> dict[str, list[float | str | None]]:
    """Return the mean of each pipeline on each board, including pipelines that are not on every board.

    Parameters
    ----------
    boards : sequence of Board
    metric : str

    Returns
    -------
    dict
        By pipeline, those on most boards first: the mean on each board, ``failed``, or None where it does not
        stand.
    """
    rows = [_by_pipeline(board) for board in boards]
    table: dict[str, list[float | str | None]] = {}
    for name in sorted(set().union(*rows)):
        cells: list[float | str | None] = []
        for each in rows:
            score = _score(each[name], metric) if name in each else None
            cells.append("failed" if score is not None and np.isnan(score) else score)
        table[name] = cells
    return dict(sorted(table.items(), key=lambda item: item[1].count(None)))


def ranked(scores: Floats, higher: bool) -> Floats:
    """Rank the columns of each row: 1 is best, equal scores share the mean rank, NaN the last ranks.

    Examples
    --------
    >>> ranked(np.array([[0.9, 0.5, 0.5, np.nan]]), True).tolist()
    [[1.0, 2.5, 2.5, 4.0]]
    """
    from scipy.stats import rankdata

    worse = -scores if higher else scores
    return np.asarray(rankdata(np.where(np.isnan(worse), np.inf, worse), axis=1))


def refusal(ranking: Ranking, test: Literal["friedman", "wilcoxon"]) -> str:
    """Return why a test cannot be made, or nothing if it can."""
    least = FEWEST_DATASETS if test == "friedman" else FEWEST_FOR_WILCOXON
    names = "The tests of Friedman and Nemenyi need" if test == "friedman" else "Wilcoxon's test needs"
    pipelines = FEWEST_PIPELINES if test == "friedman" else 2
    if len(ranking.datasets) < least:
        reason = "" if test == "friedman" else ": with fewer no p-value can be below 0.05"
        return f"{names} at least {least} datasets{reason}, got {len(ranking.datasets)}."
    if len(ranking.pipelines) < pipelines:
        return f"{names} at least {pipelines} pipelines, got {len(ranking.pipelines)}."
    return ""


def friedman(ranking: Ranking) -> Friedman:
    """Test whether any pipeline differs from the others (Friedman, 1937), corrected for ties."""
    from scipy.stats import friedmanchisquare

    if np.ptp(ranking.ranks) == 0:
        return Friedman(0.0, len(ranking.pipelines) - 1, 1.0)
    found = friedmanchisquare(*ranking.ranks.T)
    return Friedman(float(found.statistic), len(ranking.pipelines) - 1, float(found.pvalue))


def nemenyi(ranking: Ranking) -> Floats:
    """Return Nemenyi's p-value of each pair of pipelines, shape (pipelines, pipelines), 1 with itself."""
    from scipy.stats import studentized_range

    k = len(ranking.pipelines)
    means = ranking.mean_ranks
    gaps = np.abs(means[:, None] - means)[np.triu_indices(k, 1)]
    return _of_pairs(studentized_range.sf(gaps * np.sqrt(2) / _rank_error(ranking), k, np.inf), k)


def critical_difference(ranking: Ranking) -> float:
    """Return the critical difference of mean ranks for Nemenyi's test at 0.05 (Demšar, 2006, 3.2.2)."""
    from scipy.stats import studentized_range

    k = len(ranking.pipelines)
    return float(studentized_range.ppf(0.95, k, np.inf) / np.sqrt(2) * _rank_error(ranking))


def wilcoxon(ranking: Ranking) -> Floats:
    """Return the p-value of Wilcoxon's signed-rank test of each pair, corrected by Holm's method.

    Uses the scores themselves for pipelines without failures; a pipeline that failed on a dataset counts
    there as below all others, by a difference larger than any other.
    """
    from scipy.stats import wilcoxon as signed_rank

    scores = ranking.scores if ranking.higher else -ranking.scores
    if np.isnan(scores).all():
        return np.ones((len(ranking.pipelines), len(ranking.pipelines)))
    worst = 2 * np.nanmin(scores) - np.nanmax(scores) - 1
    filled = np.where(np.isnan(scores), worst, scores)
    alone = [  # one at a time: whether a p-value is exact depends on the ties of its own pair
        signed_rank(first, second, zero_method="zsplit").pvalue for first, second in combinations(filled.T, 2)
    ]
    return _of_pairs(_holm(np.array(alone)), filled.shape[1])


def _rank_error(ranking: Ranking) -> float:
    """Return the standard error of the difference of two mean ranks, if no pipeline differs from another."""
    k, n = len(ranking.pipelines), len(ranking.datasets)
    return float(np.sqrt(k * (k + 1) / (6 * n)))


def _holm(p: Floats) -> Floats:
    """Correct p-values for their number by Holm's step-down method (1979).

    Examples
    --------
    >>> _holm(np.array([0.03, 0.01, 0.02])).tolist()
    [0.04, 0.03, 0.04]
    """
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    return np.asarray(stepped[np.argsort(order)])


def _of_pairs(values: Floats, k: int) -> Floats:
    """Return the symmetric matrix of the values of each pair, 1 on its diagonal."""
    matrix = np.ones((k, k))
    matrix[np.triu_indices(k, 1)] = values
    return np.minimum(matrix, matrix.T)


def ranking_metric(board: Board, name: str) -> Metric:
    """Return a metric of a board by which pipelines can be ranked across datasets.

    Raises
    ------
    HarnessError
        If the board has no such metric, or it ranks no rows.
    """
    metric = next((each for each in board.metrics if each.name == name), None)
    if metric is None:
        names = [each.name for each in board.metrics]
        raise HarnessError(
            f"Leaderboard {board.name} has no metric {name!r}.{suggest(name, names)} Metrics: "
            f"{', '.join(names)}."
        )
    if metric.own_space or metric.direction is None:
        reason = "is embedding-dependent" if metric.own_space else "has no direction"
        raise HarnessError(f"{name} {reason}, so it cannot rank pipelines. Choose another --metric.")
    return metric


def _by_pipeline(board: Board) -> dict[str, Row]:
    """Return the rows by encoder and clusterer, and by K too if these have several; none imported."""
    found: dict[str, list[Row]] = {}
    for row in (each for each in board.rows if not each.imported):
        found.setdefault(title(row), []).append(row)
    return {
        name if len(rows) == 1 else f"{name}, K {row.k}": row for name, rows in found.items() for row in rows
    }


def _score(row: Row, metric: str) -> float:
    """Return the mean over the runs, or NaN if one of them failed or has no score."""
    summary = row.scores.get(metric)
    return summary.mean if summary is not None and row.complete and summary.n == row.runs else float("nan")
