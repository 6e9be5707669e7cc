"""Remarks on dependence on the unit or offset of samples: rarely intended, never a failure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import error_line
from ...registry.metrics import call_metric, metric_info
from ..check import Check, Skipped
from ..fitting import FITS, outcome
from ..subject import Subject
from ..toy_data import ordinary, readonly
from ..toy_labels import truth

Array = NDArray[Any]
CHANGES = (
    ("in a unit a million times larger", 1e-6, 0.0, np.float64),
    ("in a unit a million times smaller", 1e6, 0.0, np.float64),
    ("a million spreads away", 1.0, 1e6, np.float64),
    ("a thousand spreads away in single precision", 1.0, 1e3, np.float32),
)


def changed() -> Iterator[tuple[str, Array]]:
    """Yield the ordinary samples in other units and with offsets, each with a title."""
    X = ordinary().astype(np.float64)
    for title, factor, offset, dtype in CHANGES:
        yield title, readonly((factor * (X + offset * X.std())).astype(dtype))


def labels_stay(subject: Subject) -> str:
    """Cluster the changed samples, and compare with the clusters of the ordinary ones."""
    expected = outcome(subject, subject.make(0), ordinary().astype(np.float64))
    return _remark(lambda X: _alike(expected, outcome(subject, subject.make(0), X)), "its clusters differ")


def score_stays(subject: Subject) -> str:
    """Score the changed samples, and compare with the score of the ordinary ones."""
    if "embedding" not in metric_info(subject.target).needs:
        raise Skipped("it does not need the embedding")
    classes, labels = truth(), np.array(truth())
    labels[:9] = 0
    given = classes if "truth" in metric_info(subject.target).needs else None

    def score(X: Array) -> float:
        return call_metric(subject.target, given, labels, X, subject.written)

    expected = score(readonly(ordinary().astype(np.float64)))
    return _remark(
        lambda X: math.isclose(score(X), expected, rel_tol=1e-3, abs_tol=1e-9), "its score differs"
    )


def _remark(stays: Callable[[Array], bool], what: str) -> str:
    found: list[str] = []
    for title, X in changed():
        try:
            if not stays(X):
                found.append(title)
        except Exception as problem:  # worth a remark too
            found.append(f"{title} ({error_line(problem)})")
    return f"{what} for the same samples {', and '.join(found)}" if found else ""


def _alike(first: Array, second: Array) -> bool:
    """Return whether two labellings are the same partition, in any numbering."""
    pairs = len(np.unique(np.stack([first, second]), axis=1).T)
    return pairs == len(np.unique(first)) == len(np.unique(second))


WHY = "Users have metres and micrometres, and coordinates far from 0: make thresholds relative to the data."
LABELS_STAY = Check("ignores-unit-and-offset", WHY, labels_stay, needs=(FITS,))
SCORE_STAYS = Check("ignores-unit-and-offset", WHY, score_stays)
