"""Tolerance between two computations of one number."""

from __future__ import annotations

import math
from typing import Any

SAME = 1e-6  # relative, or absolute below 1: single precision, summed in another order


def alike(one: float, other: float, tolerance: float = SAME) -> bool:
    """Return whether two numbers are equal up to rounding.

    Examples
    --------
    >>> alike(0.5, 0.5 + 1e-9), alike(0.5, 0.501), alike(4000.0, 4000.001)
    (True, False, True)
    """
    return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)


def declared(plugin: Any) -> float:
    """Return the declared tolerance of a plugin's results between machines.

    Parameters
    ----------
    plugin : class or function
        Its attribute ``tolerance``, if present, is in units of the score.

    Examples
    --------
    >>> class Annealed:
    ...     tolerance = 0.02
    >>> declared(Annealed), declared(print)
    (0.02, 1e-06)
    """
    found = getattr(plugin, "tolerance", SAME)
    return float(found) if isinstance(found, int | float) and 0 <= found < math.inf else SAME
