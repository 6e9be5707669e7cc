"""What a printed number is worth: its place among the runs, and whether it can be what it says."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from .pool import Measured, Pool
from .reports import UNMATCHED, Quantity, Reported, load_reports, matrix_labels

Verdict = Literal["reproduced", "within range", "not reproduced", "cannot be what it says", "not measured"]
MEANINGS: dict[Verdict, str] = {
    "reproduced": "within 0.01 of the measured mean, or a run ends in the printed solution; "
    "losses and inertia within 1% of the mean",
    "within range": "between the lowest and the highest run, but not that close to the mean",
    "not reproduced": "below the lowest run or above the highest",
    "cannot be what it says": "contradicted by what the report itself prints beside it",
    "not measured": "the harness has no such number, or no run finished",
}
SCORES = ("accuracy", "purity", "homogeneity", "nmi", "ari", "silhouette", UNMATCHED)
CLOSE, NEAR = 0.01, 0.01  # of the mean: absolute for scores, relative for losses and inertia
SAME, OTHER = 1e-3, 0.05  # relative gaps of inertia: of the same space, and of another altogether
SOLUTION, ALIKE = 1e-4, 1e-3  # of the same solution: relative gap of inertia, and difference of the score


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


def judge(reported: Reported, pool: Pool, score: Callable[[str, list[list[int]]], float]) -> list[Judged]:
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
    found = []
    for encoder, clusterer, reading in reported.run.readings:
        cells = pool.of(reported.run.protocol, encoder, [clusterer, *reported.also])
        for quantity in reported.says:
            values = tuple(sorted(_values(cells, quantity)))
            verdict, reason = _judge(reported, quantity, encoder, cells, pool, score)
            failed = next((each.failed for each in cells if each.failed), "")
            line = Judged(reported, quantity, encoder, clusterer, reading, values, verdict, reason, failed)
            found.append(line)
    return found


def _values(cells: Sequence[Measured], quantity: str) -> list[float]:
    """Return a number of each run; those that depend on the encoder alone once for each of its seeds."""
    if quantity in ("loss", "validation loss"):
        once = {each.seeds[0]: each for each in cells}
        cells = list(once.values())
    return [each.numbers[quantity] for each in cells if quantity in each.numbers]


def _judge(
    reported: Reported,
    quantity: Quantity,
    encoder: str,
    cells: Sequence[Measured],
    pool: Pool,
    score: Callable[[str, list[list[int]]], float],
) -> tuple[Verdict, str]:
    impossible = _by_matrix(reported, quantity, score)
    if not impossible and quantity not in ("loss", "validation loss"):
        impossible = _by_inertia(reported, encoder, cells, pool)
    if impossible:
        return "cannot be what it says", impossible
    same = _same_solution(reported, quantity, cells)
    if same:
        return "reproduced", same
    verdict, reason = _by_place(reported, quantity, _values(cells, quantity))
    if verdict != "not reproduced":
        return verdict, reason
    other = _as_another(reported, cells, float(reported.says[quantity]))
    if other and quantity == UNMATCHED:
        return "cannot be what it says", f"{reason}: the numbers of clusters are arbitrary; {other}"
    return verdict, f"{reason}; {other}" if other else ""  # where it lies, the table says


def _by_matrix(reported: Reported, quantity: Quantity, score: Callable[[str, list[list[int]]], float]) -> str:
    """Say how the printed confusion matrix contradicts the number, if it does."""
    if reported.matrix is None or quantity not in ("accuracy", "purity"):
        return ""
    printed, rounding = float(reported.says[quantity]), reported.rounding(quantity)
    own = score(quantity, reported.matrix)
    if abs(own - printed) <= rounding:
        return ""
    others = {name: score(name, reported.matrix) for name in reported.perhaps}
    fitting = [name for name, value in others.items() if abs(value - printed) <= rounding]
    says = f"the matrix that it prints has {quantity} {own:.4f}"
    return says + (
        f" and {fitting[0]} {others[fitting[0]]:.4f}: the number is {fitting[0]}" if fitting else ""
    )


def _by_inertia(reported: Reported, encoder: str, cells: Sequence[Measured], pool: Pool) -> str:
    """Say of which other pipeline the printed inertia is, where it cannot be of this one."""
    own = _values(cells, "inertia")
    if "inertia" not in reported.says or not own:
        return ""
    printed = float(reported.says["inertia"])

    def gap(each: Measured) -> float:
        return abs(each.numbers["inertia"] - printed) / printed

    if min(abs(value - printed) for value in own) / printed <= OTHER:
        return ""
    others = [
        each
        for each in pool.cells
        if each.encoder != encoder and each.protocol == reported.run.protocol and "inertia" in each.numbers
    ]
    nearest = min(others, key=gap, default=None)
    if nearest is None or gap(nearest) > SAME:
        return ""
    told = [name for name in ("purity", "homogeneity") if name in nearest.numbers and name in reported.says]
    scores = "".join(f", {name} {nearest.numbers[name]:.4f}" for name in told)
    seed = "" if nearest.seeds[1] is None else f", seed {nearest.seeds[1]}"
    other = f"{nearest.encoder} + {nearest.clusterer}{seed}"
    return (
        f"the inertia that it prints, {printed:,.1f}, is that of {other}: {nearest.numbers['inertia']:,.1f}"
        f"{scores}; on the codes of {encoder} it is {_extent(own, 'inertia')}"
    )


def _same_solution(reported: Reported, quantity: Quantity, cells: Sequence[Measured]) -> str:
    """Say which run ends in the solution that is printed: the same inertia, and with it the same number."""
    known = [each for each in cells if {"inertia", quantity} <= each.numbers.keys()]
    if "inertia" not in reported.says or quantity not in SCORES or not known:
        return ""
    printed = float(reported.says["inertia"])
    nearest = min(known, key=lambda each: abs(each.numbers["inertia"] - printed))
    value = nearest.numbers[quantity]
    inertia = nearest.numbers["inertia"]
    if abs(inertia - printed) > SOLUTION * printed or abs(value - float(reported.says[quantity])) > ALIKE:
        return ""
    seed = "" if nearest.seeds[1] is None else f", seed {nearest.seeds[1]}"
    return (
        f"{nearest.clusterer}{seed} ends in the solution that is printed: inertia {inertia:,.0f}, "
        f"{quantity} {value:.4f}"
    )


def _by_place(reported: Reported, quantity: Quantity, values: Sequence[float]) -> tuple[Verdict, str]:
    if not values:
        return "not measured", "no run has this number"
    printed, mean = float(reported.says[quantity]), statistics.fmean(values)
    gap = abs(printed - mean)
    if gap <= CLOSE if quantity in SCORES else gap <= NEAR * abs(mean):
        return "reproduced", ""
    rounding = reported.rounding(quantity)
    if min(values) - rounding <= printed <= max(values) + rounding:
        return "within range", ""
    where = "below" if printed < min(values) else "above"
    runs = f"all {len(values)} runs" if len(values) > 1 else "the only run"
    return "not reproduced", f"{where} {runs}, {_extent(values, quantity)}"


def _as_another(reported: Reported, cells: Sequence[Measured], printed: float) -> str:
    """Say as which other score the number would lie among the runs."""
    for name in reported.perhaps:
        values = _values(cells, name)
        if values and min(values) <= printed <= max(values):
            return f"as {name} it lies among the runs, {_extent(values, name)}"
    return ""


def _extent(values: Sequence[float], quantity: str) -> str:
    texts = [write(value, quantity) for value in (min(values), max(values))]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def write(value: float, quantity: str) -> str:
    """Write a number with as many digits as its kind deserves.

    Examples
    --------
    >>> write(0.48261, "accuracy"), write(1914601.2, "inertia"), write(0.01171, "loss")
    ('0.4826', '1,914,601', '0.0117')
    """
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if quantity == "inertia" else f"{value:.4f}"


def matrix_scorer() -> Callable[[str, list[list[int]]], float]:
    """Return a function that computes a metric of the harness, by name, from a confusion matrix.

    Examples
    --------
    >>> matrix_scorer()("purity", [[3, 0], [1, 1]])
    0.8
    """
    from ..registry import load_registry

    registry = load_registry()

    def score(name: str, matrix: list[list[int]]) -> float:
        truth, labels = matrix_labels(matrix)
        return float(registry.find("metric", name).load()(truth, labels, None))

    return score


def tally(judged: Sequence[Judged]) -> Mapping[Verdict, int]:
    """Count the verdicts, in the order of their meanings."""
    counts = {name: sum(each.verdict == name for each in judged) for name in MEANINGS}
    return {name: count for name, count in counts.items() if count}


def judge_all(pool: Pool) -> dict[str, list[Judged]]:
    """Judge every number of the reports that were run."""
    score = matrix_scorer()
    return {
        name: [line for each in load_reports() if each.report == name for line in judge(each, pool, score)]
        for name in pool.reports
    }
