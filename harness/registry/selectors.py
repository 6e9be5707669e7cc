"""Clusterers that select among fits of other clusterers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..core.interfaces import Labels
from .configure import Configured, build
from .fitted import tell
from .suitability import is_selector


@dataclass(frozen=True)
class Fit:
    """A clusterer fitted with one K, as passed to a selector.

    Parameters
    ----------
    k : int
        The K that it was fitted with.
    labels : ndarray of shape (n,), int64
        The cluster of each fitted row.
    values : mapping
        Attributes of the fitted clusterer, such as ``inertia`` or ``bic``: see `harness.registry.fitted`.
    seconds : float
        Wall-clock time of the fit.
    """

    k: int
    labels: Labels
    values: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @staticmethod
    def of(k: int, clusterer: Any, X: NDArray[Any]) -> Fit:
        """Fit a clusterer and record its result.

        Examples
        --------
        >>> from sklearn.cluster import KMeans
        >>> fit = Fit.of(2, KMeans(2, random_state=0), np.array([[0.0], [1.0], [8.0], [9.0]]))
        >>> fit.k, fit.values["inertia"]
        (2, 1.0)
        """
        started = time.perf_counter()
        clusterer.fit(X)
        seconds = time.perf_counter() - started
        return Fit(k, np.asarray(clusterer.labels_, dtype=np.int64), tell(clusterer), seconds)


class Selector(Protocol):
    """A clusterer that selects one of several fits of other clusterers, which the harness computes.

    Each candidate becomes its own stage, so that candidates of several selectors are computed once, and
    a candidate with the parameters of a named clusterer is that clusterer's stage.
    """

    def candidates(self, n_samples: int) -> Mapping[int, tuple[str, Mapping[str, Any]]]:
        """Return, for each K, a clusterer's name and its parameters; the harness sets the others."""

    def choose(self, X: NDArray[Any], fits: Sequence[Fit]) -> Fit:
        """Return one of the fits, or raise NotApplicable; set `selection_` to the curve in both cases."""


def candidates(step: Configured, n_samples: int) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return the candidate fits of a clusterer, or none if it is not a selector."""
    selector = build(step.plugin, step.params)
    if not is_selector(selector):
        return {}
    return {int(k): (name, dict(params)) for k, (name, params) in selector.candidates(n_samples).items()}
