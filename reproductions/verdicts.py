"""Verdicts on reported numbers: their position among the runs, and contradictions."""

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

Verdict = Literal["reproduced", "within range", "not reproduced", "contradicted", "not measured"]
MEANINGS: dict[Verdict, str] = {
    "reproduced": "within 0.01 of the measured mean (a loss within 1% of it), or a run ends in the reported "
    "solution",
    "within range": "between the lowest and the highest run, but not as close to the mean",
    "not reproduced": "below the lowest run or above the highest",
    "contradicted": "by other numbers in the same report",
    "not measured": "the harness does not have this number, or no run finished",
}
CLOSE, NEAR = 0.01, 0.01  # distance to the mean: absolute for scores, relative for losses


@dataclass(frozen=True)
class Judged:
    """A reported number and its measurements.

    Parameters
    ----------
    reported : Reported
    quantity : str
    encoder, clusterer, reading : str
        The pipeline run, and its distinction from other readings of the report.
    values : tuple of float
        Of all runs, sorted.
    networks : int
        Number of trainings of the encoder; 0 if it is not trained.
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
        """The number with its digits."""
        return self.reported.says[self.quantity]

    @property
    def title(self) -> str:
        """The result and its reading."""
        return f"{self.reported.title}{f' [{self.reading}]' if self.reading else ''}"

    @property
    def lower(self) -> int:
        """Number of runs below the reported number."""
        return sum(value < float(self.printed) for value in self.values)


def judge(reported: Reported, pool: Pool, score: Score) -> list[Judged]:
    """Judge each reported number of a result, under each of its readings.

    Parameters
    ----------
    reported : Reported
    pool : Pool
        What was measured.
    score : callable
        Returns a metric, by name, for a confusion matrix.

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
    """Judge every number of the reports run."""
    score = matrix_scorer()
    return {
        name: [line for each in load_reports() if each.report == name for line in judge(each, pool, score)]
        for name in pool.reports
    }


def tally(judged: Iterable[Judged]) -> Mapping[Verdict, int]:
    """Count the verdicts, in the order of their meanings: for each number that of its best reading."""
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
        return "contradicted", impossible
    same = same_solution(reported, quantity, cells)
    if same:
        return "reproduced", same
    values = values_of(cells, quantity)
    verdict, where = _by_place(reported, quantity, values)
    if verdict != "not reproduced":
        return verdict, "by a single run" if len(values) == 1 and verdict == "reproduced" else ""
    other = as_another(reported, cells, float(reported.says[quantity]))
    if other and quantity == UNMATCHED:
        other = f"the numbers of clusters are arbitrary; {other}"
    return verdict, f"{where}; {other}" if other else ""  # the table shows the position


def _by_place(reported: Reported, quantity: Quantity, values: Sequence[float]) -> tuple[Verdict, str]:
    if not values:
        return "not measured", ""
    printed, mean = float(reported.says[quantity]), statistics.fmean(values)
    if quantity == "inertia":  # all starts agree to a hundredth: only the solution decides
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
