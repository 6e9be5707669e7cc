"""Evidence on reported numbers: confusion matrices, inertia, solutions, and other scores they may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from harness.registry.loading import load_plugin

from .measurements import Measured, Pool
from .reports import UNMATCHED, Quantity, Reported, matrix_labels

SCORES = ("accuracy", "purity", "homogeneity", "nmi", "ari", "silhouette", UNMATCHED)
SAME, OTHER = 1e-3, 0.05  # relative gaps of inertia: in the same space, and in a different one
SOLUTION, ALIKE = 1e-4, 1e-3  # for the same solution: relative gap of inertia, and difference of the score
Score = Callable[[str, list[list[int]]], float]


def matrix_scorer() -> Score:
    """Return a function that computes a metric, by name, from a confusion matrix.

    Examples
    --------
    >>> matrix_scorer()("purity", [[3, 0], [1, 1]])
    0.8
    """
    from harness.registry.registry import load_registry

    registry = load_registry()

    def score(name: str, matrix: list[list[int]]) -> float:
        truth, labels = matrix_labels(matrix)
        return float(load_plugin(registry.find("metric", name))(truth, labels, None))

    return score


def values_of(cells: Sequence[Measured], quantity: str) -> list[float]:
    """Return a number of each run; numbers of the encoder once per encoder seed."""
    if quantity in ("loss", "validation loss"):
        cells = list({each.seeds[0]: each for each in cells}.values())
    return [each.numbers[quantity] for each in cells if quantity in each.numbers]


def by_matrix(reported: Reported, quantity: Quantity, score: Score) -> str:
    """Describe how the reported confusion matrix contradicts the number, if it does."""
    if reported.matrix is None or quantity not in ("accuracy", "purity"):
        return ""
    printed, rounding = float(reported.says[quantity]), reported.rounding(quantity)
    own = score(quantity, reported.matrix)
    if abs(own - printed) <= rounding:
        return ""
    others = {name: score(name, reported.matrix) for name in reported.perhaps}
    fitting = [name for name, value in others.items() if abs(value - printed) <= rounding]
    says = f"the reported confusion matrix has {quantity} {own:.4f}"
    if not fitting:
        return says
    return f"{says} and {fitting[0]} {others[fitting[0]]:.4f}: the number is {fitting[0]}"


def by_inertia(reported: Reported, encoder: str, cells: Sequence[Measured], pool: Pool) -> str:
    """Name the other pipeline of the reported inertia, if it cannot be this one.

    Of several runs with that inertia, the one that agrees best with the other reported scores is named.
    """
    own = values_of(cells, "inertia")
    if "inertia" not in reported.says or not own:
        return ""
    printed = float(reported.says["inertia"])
    if min(abs(value - printed) for value in own) <= OTHER * printed:
        return ""
    told = [name for name in ("purity", "homogeneity") if name in reported.says]

    def apart(each: Measured) -> tuple[float, float]:
        known = [
            abs(each.numbers[name] - float(reported.says[name])) for name in told if name in each.numbers
        ]
        return (sum(known) / len(known) if known else 1.0, abs(each.numbers["inertia"] - printed))

    alike = [
        each
        for each in pool.cells
        if (each.protocol, each.k) == (reported.run.protocol, cells[0].k)
        and each.encoder != encoder
        and abs(each.numbers.get("inertia", math.inf) - printed) <= SAME * printed
    ]
    if not alike:
        return ""
    nearest = min(alike, key=apart)
    scores = "".join(f", {name} {nearest.numbers[name]:.4f}" for name in told if name in nearest.numbers)
    return (
        f"the reported inertia, {printed:,.1f}, is that of {run_of(nearest)}: "
        f"{nearest.numbers['inertia']:,.1f}{scores}; on the codes of {encoder} it is {extent(own, 'inertia')}"
    )


def same_solution(reported: Reported, quantity: Quantity, cells: Sequence[Measured]) -> str:
    """Name the run with the reported solution: the same inertia and the same number."""
    known = [each for each in cells if {"inertia", quantity} <= each.numbers.keys()]
    if "inertia" not in reported.says or quantity not in SCORES or not known:
        return ""
    printed = float(reported.says["inertia"])
    nearest = min(known, key=lambda each: abs(each.numbers["inertia"] - printed))
    value, inertia = nearest.numbers[quantity], nearest.numbers["inertia"]
    if abs(inertia - printed) > SOLUTION * printed or abs(value - float(reported.says[quantity])) > ALIKE:
        return ""
    return f"{run_of(nearest)} ends in the reported solution: inertia {inertia:,.0f}, {quantity} {value:.4f}"


def as_another(reported: Reported, cells: Sequence[Measured], printed: float) -> str:
    """Name the other score as which the number would lie within the runs."""
    for name in reported.perhaps:
        values = values_of(cells, name)
        if values and min(values) <= printed <= max(values):
            return f"as {name} it lies within the runs, {extent(values, name)}"
    return ""


def run_of(cell: Measured) -> str:
    """Name a run by its pipeline and seed."""
    seed = "" if cell.seeds[1] is None else f", seed {cell.seeds[1]}"
    return f"{cell.encoder} + {cell.clusterer}{seed}"


def extent(values: Sequence[float], quantity: str) -> str:
    """Format the lowest and the highest value."""
    texts = [write(value, quantity) for value in (min(values), max(values))]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def write(value: float, quantity: str) -> str:
    """Format a number with digits suited to its kind.

    Examples
    --------
    >>> write(0.48261, "accuracy"), write(1914601.2, "inertia"), write(0.01171, "loss")
    ('0.4826', '1,914,601', '0.0117')
    """
    return f"{value:,.0f}" if quantity == "inertia" else f"{value:.4f}"
