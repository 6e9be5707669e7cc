"""Checks of metrics."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ...core.errors import HarnessError, NotApplicable, error_line, one_line
from ...core.interfaces import MetricInfo
from ...registry.global_generators import seeded
from ...registry.metrics import metric_info
from ..check import Check, Failed, Skipped
from ..subject import Subject, parameters
from ..toy_labels import N, partitions, score, truth
from .affine_changes import SCORE_STAYS
from .invariances import any_order, symmetric, unchanged


def declares(subject: Subject) -> None:
    """Check the metric's declaration."""
    info = getattr(subject.target, "info", None)
    how = "Mark it with @harness.metric(direction=..., low=..., high=..., needs=..., source=...)."
    if not isinstance(info, MetricInfo):
        if subject.borrowed:
            raise Skipped(f"named by import path; by its arguments it needs {_needs(subject)}")
        raise Failed("it does not declare its direction, range, needs and source.", how)
    if info.direction not in ("higher", "lower", None):
        raise Failed(f"its direction is {info.direction!r}.", "Give 'higher', 'lower' or None.")
    if not info.low < info.high:
        raise Failed(f"its range is from {info.low} to {info.high}.", "Make low smaller than high.")
    if set(info.needs) - {"truth", "embedding"}:
        raise Failed(f"it needs {info.needs}.", "Name 'truth', 'embedding', both or none.")
    if not info.source.strip():
        raise Failed("it names no source.", "Name the paper or the formula.")
    if len(parameters(subject.target)) < 3:
        raise Failed("it takes fewer than three arguments.", "Use (truth, labels, embedding).")


def _needs(subject: Subject) -> str:
    return " and ".join(metric_info(subject.target).needs) or "labels alone"


def returns_number(subject: Subject) -> None:
    """Check the score of a good partition, and for side effects."""
    labels = np.array(truth())
    labels[:4] = 1
    value = score(subject, truth(), labels)
    if not math.isfinite(value):
        raise Failed(f"its score of an ordinary partition is {value}.", "Guard divisions and logarithms.")


def within_range(subject: Subject) -> str:
    """Score partitions of many kinds."""
    info = metric_info(subject.target)
    refusals = {}
    for title, labels in partitions():
        try:
            value = score(subject, truth(), labels)
        except (NotApplicable, ValueError) as problem:
            refusals[title] = one_line(problem)
            continue
        if not info.low - 1e-6 <= value <= info.high + 1e-6:  # nan is in no range
            raise Failed(
                f"its score of {title} is {value:g}, outside of {info.low:g} to {info.high:g}.",
                "Declare the range of the formula, or raise harness.NotApplicable if it has no value.",
            )
    if len(refusals) > 2:  # one cluster, and one per sample, may have no score
        reason = next(iter(refusals.values()))
        raise Failed(f"it refuses ordinary partitions: {reason}", "Make it score them.")
    return "; ".join(f"refuses {title}: {reason}" for title, reason in refusals.items())


def perfect(subject: Subject) -> None:
    """Score the classes themselves, renamed."""
    info = metric_info(subject.target)
    if "truth" not in info.needs:
        raise Skipped("it does not compare with the true classes")
    if info.direction is None:
        raise Skipped("it does not declare which values are better")
    best = info.high if info.direction == "higher" else info.low
    value = score(subject, truth(), 7 - 2 * truth() + 3)
    if math.isfinite(best):
        if abs(value - best) > 1e-6:
            raise Failed(
                f"equal partitions score {value:g}, but the best of its range is {best:g}.",
                "Declare the range of the formula, or fix the formula.",
            )
        return
    others = [score(subject, truth(), labels) for title, labels in partitions() if "random" in title]
    if any(other > value if info.direction == "higher" else other < value for other in others):
        raise Failed("random clusters score better than the true classes.", "Fix direction or formula.")


def noise(subject: Subject) -> str:
    """Score labels with some noise, and with only noise."""
    refusals = []
    some = np.array(truth())
    some[:10] = -1
    for title, labels in (("some noise", some), ("only noise", np.full(N, -1))):
        try:
            value = score(subject, truth(), labels)
        except HarnessError as problem:
            refusals.append(f"refuses {title}: {one_line(problem)}")
            continue
        except Exception as problem:
            if title == "only noise" and isinstance(problem, ValueError):  # as labels of one group
                refusals.append(f"refuses {title}: {one_line(problem)}")
                continue
            raise Failed(f"with {title} it raised {error_line(problem)}", NOISE) from None
        if not math.isfinite(value):
            raise Failed(f"with {title} its score is {value}.", NOISE)
    return "; ".join(refusals)


NOISE = "Leave out samples labelled -1, or count them as one group or as wrong, and document it."


def repeats(subject: Subject) -> None:
    """Score twice, with other states of the global generators."""
    labels = [*partitions()][-1][1]
    scores = []
    for seed in (1, 2):
        with seeded(seed):
            scores.append(score(subject, truth(), labels))
    first, second = scores
    if first != second:
        raise Failed(f"it scores the same labels {first:g}, then {second:g}.", "Draw from a fixed seed.")


NUMBER = Check(
    "returns-a-number", "A score is one finite number, and its input is read-only.", returns_number
)
METRIC_CHECKS = (
    Check("declares-itself", "Leaderboards sort by the direction, and show range and source.", declares),
    NUMBER,
    *(
        Check(name, why, function, needs=(NUMBER,))
        for name, why, function in (
            (
                "within-range",
                "A value outside the declared range means a wrong formula or declaration.",
                within_range,
            ),
            ("perfect-score", "Finding the true classes must give the best score.", perfect),
            (
                "ignores-names",
                "Cluster numbers are arbitrary: a score that reads them measures nothing.",
                unchanged,
            ),
            (
                "ignores-order",
                "The order of rows is meaningless: a score that depends on it measures the file.",
                any_order,
            ),
            (
                "symmetric-as-declared",
                "Readers rely on declarations, e.g. that swapping the arguments is harmless.",
                symmetric,
            ),
            (
                "takes-noise",
                "Density-based clusterers label noise -1, and are on the same leaderboard.",
                noise,
            ),
            ("repeats", "Scores are recomputed from stored labels to verify a leaderboard.", repeats),
        )
    ),
    replace(SCORE_STAYS, needs=(NUMBER,)),
)
