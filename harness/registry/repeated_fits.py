"""Test whether a plugin without a seed repeats, under several states of the global generators."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..core.errors import NotApplicable, Unavailable, error_line
from ..core.plugin import Plugin
from ..core.progress import listening
from .configure import build
from .fitting import embed, label
from .global_generators import seeded_for
from .suitability import is_selector

LEAST, MOST = 2, 6  # fits: with two clusters, every other random start gives the same labels
QUICK = 1.0  # time budget in seconds for more than two fits


class Trial(NamedTuple):
    """The outcome of repeated fits of one plugin on the same samples.

    Parameters
    ----------
    repeats : bool
        Whether all gave the same result.
    why : str
        Why it does not repeat.
    """

    repeats: bool
    why: str = ""


def fit_again(plugin: Plugin, params: Mapping[str, Any], X: NDArray[Any]) -> Trial:
    """Fit a plugin under different states of the global generators, and compare the results.

    Labels must be equal, embeddings equal up to rounding. A plugin that cannot be compared, since a fit
    fails, does not count as one that repeats.

    Parameters
    ----------
    plugin : Plugin
        An encoder or a clusterer.
    params : mapping
    X : ndarray of shape (n, d)

    Returns
    -------
    Trial
    """
    first: NDArray[Any] | None = None
    started = time.perf_counter()
    for number in range(MOST):
        if number >= LEAST and time.perf_counter() - started > QUICK:
            break
        try:
            quiet = listening(lambda done, total, note: None)
            with seeded_for(plugin, number), warnings.catch_warnings(), quiet:
                warnings.simplefilter("ignore")  # its cells will show them
                estimator = build(plugin, params)
                if is_selector(estimator):  # its candidate fits have their own trials
                    return Trial(True)
                made = np.asarray((embed if plugin.kind == "encoder" else label)(estimator, X))
            if first is not None and not _same(first, made):
                return Trial(False, "two fits differ")
        except (NotApplicable, Unavailable, ImportError):  # its single run will report it
            return Trial(True)
        except (Exception, SystemExit) as problem:
            return Trial(False, f"a fit failed: {error_line(problem)}")
        first = made if first is None else first
    return Trial(True)


def _same(first: NDArray[Any], second: NDArray[Any]) -> bool:
    if first.shape != second.shape:
        return False
    if first.dtype.kind != "f":
        return np.array_equal(first, second)
    scale = float(np.abs(first).max(initial=0.0))
    return np.allclose(first, second, rtol=1e-5, atol=1e-6 * scale, equal_nan=True)
