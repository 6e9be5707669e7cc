"""Checks that the score of a metric does not depend on names and order, and of declared symmetry."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ...registry.metrics import metric_info
from ..check import Failed, Skipped
from ..subject import Subject
from ..toy_labels import N, partitions, score, truth

SIZE = "Compute it from sizes of groups or pairs of samples, never from the labels' values or order."


def unchanged(subject: Subject) -> None:
    """Rename clusters and classes, which must not matter."""
    for title, labels in partitions():
        if "random" not in title:
            continue
        value, name = score(subject, truth(), labels), np.random.default_rng(1).permutation(11)
        renamed = {"clusters": score(subject, truth(), name[labels])}
        if "truth" in metric_info(subject.target).needs:
            renamed["classes"] = score(subject, name[truth()], labels)
        for what, other in renamed.items():
            if not math.isclose(value, other, rel_tol=1e-5, abs_tol=1e-7):
                raise Failed(f"renaming the {what} changes its score from {value:g} to {other:g}.", SIZE)


def any_order(subject: Subject) -> None:
    """Put samples in another order, which must not matter."""
    rows = np.random.default_rng(1).permutation(N)
    for title, labels in partitions():
        if "random" not in title:
            continue
        value, other = score(subject, truth(), labels), score(subject, truth()[rows], labels[rows], rows)
        if not math.isclose(value, other, rel_tol=1e-5, abs_tol=1e-7):
            raise Failed(f"another order of the samples changes its score from {value:g} to {other:g}.", SIZE)


def symmetric(subject: Subject) -> str:
    """Exchange classes and clusters, and compare with what the metric says of that."""
    info = metric_info(subject.target)
    if "truth" not in info.needs:
        raise Skipped("it does not compare with the true classes")
    if subject.written:
        raise Skipped("what it says of itself holds without options")
    labels = [each for title, each in partitions() if "random" in title]
    pairs = [*pairwise([*labels, truth()])]
    found = [(score(subject, *pair), score(subject, *pair[::-1])) for pair in pairs]
    unequal = [pair for pair in found if not math.isclose(*pair, rel_tol=1e-5, abs_tol=1e-7)]
    if info.symmetric and unequal:
        raise Failed(
            f"it says that it is symmetric, and exchanging classes and clusters changes its score from "
            f"{unequal[0][0]:g} to {unequal[0][1]:g}.",
            "Write symmetric=False, or mend the formula.",
        )
    if info.symmetric is None and not subject.borrowed:
        return f"it does not say symmetric={not unequal}, which is what {len(pairs)} pairs of partitions show"
    if info.symmetric is False and not unequal:
        return f"it says that it is not symmetric, and {len(pairs)} pairs of partitions show no difference"
    return ""
