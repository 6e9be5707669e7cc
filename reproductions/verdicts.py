"""What a printed number is worth: its place among the runs, and whether it can be what it says."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .evidence import (
    SCORES,
    SOLUTION,
    Score,
    as_another,
    by_inertia,
    by_matrix,
    extent,
    matrix_scorer,
    same_solution,
    values_of,
)
from .measurements import Measured, Pool
from .reports import UNMATCHED, Quantity, Reported, load_reports

Verdict = Literal["reproduced", "within range", "not reproduced", "cannot be what it says", "not measured"]
MEANINGS: dict[Verdict, str] = {
    "reproduced": "within 0.01 of the measured mean (a loss within 1% of it), or a run ends in the solution "
    "that is printed",
    "within range": "between the lowest and the highest run, but not that close to the mean",
    "not reproduced": "below the lowest run or above the highest",
    "cannot be what it says": "contradicted by what the report itself prints beside it",
    "not measured": "the harness has no such number, or no run finished",
}
CLOSE, NEAR = 0.01, 0.01  # of the mean: of scores, and, relative to it, of losses


@dataclass(frozen=True)
class Judged:
    """A printed number beside what was measured.

    Parameters
    ----------
    reported : Reported
    quantity : str
    encoder, clusterer, reading : str
        What was run, and what tells it from other readings of the report.
    values : tuple of float
        Of all runs, sorted.
    networks : int
        From how many trainings of the encoder the runs come; 0 where none is trained.
    verdict, reason : str
    failed : str
        Why runs have no number, if any.
    """

    reported: Reported
    quantity: Quantity
    encoder: str
    clusterer: str
    reading: str
    values: tuple[float, ...]
    networks: int
    verdict: Verdict
    reason: str
    failed: str = ""

    @property
    def printed(self) -> str:
        """The number in its digits."""
        return self.reported.says[self.quantity]

    @property
    def title(self) -> str:
        """The result, and which reading of it."""
        return f"{self.reported.title}{f' [{self.reading}]' if self.reading else ''}"

    @property
    def lower(self) -> int:
        """How many runs are below the printed number."""
        return sum(value < float(self.printed) for value in self.values)


def judge(reported: Reported, pool: Pool, score: Score) -> list[Judged]:
    """Judge each number that is printed of a result, under each of its readings.

    Parameters
    ----------
    reported : Reported
    pool : Pool
        What was measured.
    score : callable
        Returns a metric, by name, of a confusion matrix.

    Returns
    -------
    list of Judged
        Reading by reading, number by number.
    """
    judged = []
    for encoder, clusterer, reading in reported.run.readings:
        cells = pool.of(reported.run.protocol, encoder, [clusterer, *reported.also])
        networks = len({each.seeds[0] for each in cells} - {None})
        for quantity in reported.says:
            values = tuple(sorted(values_of(cells, quantity)))
            verdict, reason = _judge(reported, quantity, encoder, cells, pool, score)
            failed = next((each.failed for each in cells if each.failed), "")
            told = (encoder, clusterer, reading, values, networks, verdict, reason, failed)
            judged.append(Judged(reported, quantity, *told))
    return judged


def judge_all(pool: Pool) -> dict[str, list[Judged]]:
    """Judge every number of the reports that were run."""
    score = matrix_scorer()
    return {
        name: [line for each in load_reports() if each.report == name for line in judge(each, pool, score)]
        for name in pool.reports
    }


def tally(judged: Iterable[Judged]) -> Mapping[Verdict, int]:
    """Count the verdicts, in the order of their meanings: of each printed number that of its best reading."""
    order = list(MEANINGS)
    best: dict[tuple[str, str, str], int] = {}
    for each in judged:
        name = (each.reported.report, each.reported.title, each.quantity)
        best[name] = min(best.get(name, len(order)), order.index(each.verdict))
    counts = {verdict: sum(place == order.index(verdict) for place in best.values()) for verdict in order}
    return {verdict: count for verdict, count in counts.items() if count}


def _judge(
    reported: Reported,
    quantity: Quantity,
    encoder: str,
    cells: Sequence[Measured],
    pool: Pool,
    score: Score,
) -> tuple[Verdict, str]:
    impossible = by_matrix(reported, quantity, score)
    if not impossible and quantity not in ("loss", "validation loss"):
        impossible = by_inertia(reported, encoder, cells, pool)
    if impossible:
        return "cannot be what it says", impossible
    same = same_solution(reported, quantity, cells)
    if same:
        return "reproduced", same
    values = values_of(cells, quantity)
    verdict, where = _by_place(reported, quantity, values)
    if verdict != "not reproduced":
        return verdict, "by a single run" if len(values) == 1 and verdict == "reproduced" else ""
    other = as_another(reported, cells, float(reported.says[quantity]))
    if other and quantity == UNMATCHED:
        other = f"which class a cluster's number is, is chance; {other}"
    return verdict, f"{where}; {other}" if other else ""  # where it lies, the table says


def _by_place(reported: Reported, quantity: Quantity, values: Sequence[float]) -> tuple[Verdict, str]:
    if not values:
        return "not measured", ""
    printed, mean = float(reported.says[quantity]), statistics.fmean(values)
    if quantity == "inertia":  # all starts are alike to a hundredth: only a solution tells
        close = min(abs(value - printed) for value in values) <= SOLUTION * printed
    else:
        close = abs(printed - mean) <= (CLOSE if quantity in SCORES else NEAR * abs(mean))
    if close:
        return "reproduced", ""
    rounding = reported.rounding(quantity)
    if min(values) - rounding <= printed <= max(values) + rounding:
        return "within range", ""
    where = "below" if printed < min(values) else "above"
    runs = f"all {len(values)} runs" if len(values) > 1 else "the only run"
    return "not reproduced", f"{where} {runs}, {extent(values, quantity)}"
