"""A few labels that stand for many."""

from __future__ import annotations

import numpy as np

from harness import distinct

from ._types import Labels


def few_of_each(labels: Labels) -> Labels:
    """Return labels of the same groups, one of each if there are no more, else two.

    Examples
    --------
    >>> few_of_each(np.array([3, 3, 3, 0])).tolist(), few_of_each(np.array([2, 1])).tolist()
    ([0, 0, 3, 3], [1, 2])
    """
    found = distinct(labels)
    return found if len(found) == len(labels) else np.repeat(found, 2)
