"""Cells of a suite's leaderboard: one method on one dataset, over its seeds and references."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ...core.board import Board, Metric, Row
from ..columns import seconds_of
from ..statistics.differences import title
from ..statistics.samples import Estimate, Sample
from ..text import status

NOT_RUN = "not run"
NOT_SCORED = "not scored"
NO_FAULT = {"not-applicable", "unavailable"}  # statuses of runs that were not tried


@dataclass(frozen=True)
class SuiteCell:
    """The score of one method on one dataset.

    Parameters
    ----------
    state : {"ok", "failed", "gap"}
        A gap was not run, was not scored, or could not be tried on this dataset.
    reason : str
        Why there is no score; empty if there is one.
    board : str
        The dataset whose labels gave the score: one of the references.
    value, std : float or None
        Mean and standard deviation over the seeds.
    seeds : int
        Number of runs with a score.
    k : str
        K of these runs, as on their leaderboard, e.g. ``3 given``.
    clusters : float or None
        Mean number of clusters found.
    seconds : float or None
        Mean seconds per fit of encoder and clusterer.
    estimate : Estimate or None
        Of the mean; None if its uncertainty is unknown, e.g. for a single run.
    """

    state: Literal["ok", "failed", "gap"]
    reason: str = ""
    board: str = ""
    value: float | None = None
    std: float | None = None
    seeds: int = 0
    k: str = ""
    clusters: float | None = None
    seconds: float | None = None
    estimate: Estimate | None = None


def cell_of(row: Row | None, metric: Metric, board: str) -> SuiteCell:
    """Return the cell of a row, or of a method without a row, on one leaderboard."""
    if row is None:
        return SuiteCell("gap", NOT_RUN, board)
    state, reason = _state(row, metric.name)
    clusters = row.clusters.mean if row.clusters else None
    summary = row.scores.get(metric.name)
    if state != "ok" or summary is None:
        return SuiteCell(state, reason, board, k=row.k, clusters=clusters)
    estimate = Sample(row.values[metric.name]).estimate()
    if estimate is not None and not row.deterministic and estimate.variance == 0 and summary.n == 1:
        estimate = None  # a fixed seed: what other seeds would give is unknown
    return SuiteCell(
        "ok", "", board, summary.mean, summary.std, summary.n, row.k, clusters, seconds_of(row), estimate
    )


def _state(row: Row, metric: str) -> tuple[Literal["ok", "failed", "gap"], str]:
    """Return the state of a row by one metric, and why there is no score."""
    if not row.complete:
        untried = set(row.statuses) <= NO_FAULT
        reason = next(iter(row.statuses)) if len(row.statuses) == 1 else status(row)
        return ("gap" if untried else "failed"), reason
    summary = row.scores.get(metric)
    if summary is None:
        told = next((note for note in row.notes if note.startswith(f"{metric} ")), "")
        return ("failed", told) if told else ("gap", NOT_SCORED)
    if summary.n < row.runs:
        return "failed", f"no score in {row.runs - summary.n} of {row.runs} runs"
    return ("ok", "") if math.isfinite(summary.mean) else ("failed", "the score is not a finite number")


def best_of(cells: Sequence[SuiteCell], higher: bool) -> SuiteCell:
    """Return the best of the references of a dataset; without a score on one of them there is none.

    Examples
    --------
    >>> some = [SuiteCell("ok", board="a.0", value=0.5), SuiteCell("ok", board="a.1", value=0.7)]
    >>> best_of(some, True).board, best_of(some, False).board
    ('a.1', 'a.0')
    >>> best_of([*some, SuiteCell("failed", "timeout", "a.2")], True).reason
    'timeout'
    """
    for state in ("failed", "gap"):
        found = next((cell for cell in cells if cell.state == state), None)
        if found is not None:
            return found
    sign = 1.0 if higher else -1.0
    return max(cells, key=lambda cell: sign * (cell.value or 0.0))


def rows_by_method(board: Board) -> dict[str, Row]:
    """Return the rows of a leaderboard by method: encoder and clusterer, whose K follows the dataset.

    Of several rows of one encoder and clusterer, the one given the number of classes is the method; the
    others are methods of their own, named with their K.
    """
    found: dict[str, list[Row]] = {}
    for row in board.whole:
        found.setdefault(title(row), []).append(row)
    named: dict[str, Row] = {}
    for name, rows in found.items():
        classes = f"{board.data.classes} given"
        for row in rows:
            own = len(rows) == 1 or row.k == classes
            named[name if own else f"{name}, K {row.k or 'unknown'}"] = row
    return named


def other_k(cell: SuiteCell, classes: Mapping[str, int | None]) -> bool:
    """Return whether the K that was given is not the number of classes of the reference."""
    given, _, how = cell.k.partition(" ")
    known = classes.get(cell.board)
    return how == "given" and known is not None and given != str(known)
