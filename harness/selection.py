"""Choosing among finished fits: clusterers that estimate K from one sweep share the fits of that sweep."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .configure import Configured, build
from .errors import HarnessError, NotApplicable, Unavailable
from .fitted import tell
from .interfaces import Labels
from .plan import Stage
from .record import Record


@dataclass(frozen=True)
class Fit:
    """A clusterer fitted with one K, as a selector sees it.

    Parameters
    ----------
    k : int
        The K that it was fitted with.
    labels : ndarray of shape (n,), int64
        The cluster of each fitted row.
    values : mapping
        What the fitted clusterer tells, such as ``inertia`` or ``bic``: see `harness.fitted`.
    seconds : float
        Wall-clock time of the fit.
    """

    k: int
    labels: Labels
    values: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @staticmethod
    def of(k: int, clusterer: Any, X: NDArray[Any]) -> Fit:
        """Fit a clusterer and note what it gives.

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
    """A clusterer that chooses one of several fits of other clusterers, which it leaves to the harness.

    Each candidate becomes a stage of its own, so that what several selectors ask for is computed once, and
    a candidate with the parameters of a clusterer that was named is that clusterer's own stage.
    """

    def candidates(self, n_samples: int) -> Mapping[int, tuple[str, Mapping[str, Any]]]:
        """Return, for each K, a clusterer's name and its parameters, the harness setting the others."""

    def choose(self, X: NDArray[Any], fits: Sequence[Fit]) -> Fit:
        """Return one of the fits, or raise NotApplicable; set `selection_` to the curve in both cases."""


def candidates(step: Configured, n_samples: int) -> dict[int, tuple[str, dict[str, Any]]]:
    """Return the fits that a clusterer chooses from, or none where it is no selector."""
    selector = build(step.plugin, step.params)
    if not all(callable(getattr(selector, method, None)) for method in ("candidates", "choose")):
        return {}
    return {int(k): (name, dict(params)) for k, (name, params) in selector.candidates(n_samples).items()}


def fits_of(stage: Stage, get: Callable[[str], Record | None]) -> list[Record | None]:
    """Return the records of the fits that a stage chooses from, in their order."""
    return [get(key) for _, key in stage.fits]


def select(
    stage: Stage, read: Callable[[str, str], NDArray[Any] | None], found: Sequence[Record | None]
) -> tuple[Record, dict[str, Any]]:
    """Let a selector choose among the finished fits of its stage.

    Parameters
    ----------
    stage : Stage
    read : callable
        Returns array `name` of the stage with a given key.
    found : sequence of Record or None
        The records of the fits, as `fits_of` gives them.

    Returns
    -------
    chosen : Record
        The record of the fit whose labels are taken.
    values : dict
        What is known of this fit, and what the selector tells, its curve among it.

    Raises
    ------
    NotApplicable
        When the criterion shows no K; its `values` hold the curve.
    HarnessError
        When no fit succeeded, or the selector gave something else than one of the fits.
    """
    records = _succeeded(stage, found)
    keys = dict(stage.fits)
    fits = [
        Fit(k, labels, record.values, record.seconds)
        for k, record in records.items()
        if (labels := read(keys[k], "fitted")) is not None
    ]
    embedding = read(stage.parents[0], "fitted")
    selector = build(stage.plugin, stage.params)
    try:
        chosen = selector.choose(embedding, fits)
    except NotApplicable as problem:
        problem.values = tell(selector)
        raise
    if not isinstance(chosen, Fit) or chosen.k not in records:
        raise HarnessError(f"choose must return one of the fits, got {chosen!r:.80}")
    record = records[chosen.k]
    for text in record.warnings:
        warnings.warn(text, stacklevel=1)
    return record, {**record.values, **tell(selector), "n_clusters": record.values["n_clusters"]}


def _succeeded(stage: Stage, found: Sequence[Record | None]) -> dict[int, Record]:
    """Return the records of the fits that succeeded, by K; warn of the others, raise where there is none."""
    records: dict[int, Record] = {}
    statuses, errors = set(), []
    for (k, _), record in zip(stage.fits, found, strict=True):
        if record is None:
            raise Unavailable(f"the fit at K = {k} could not be made here")
        if record.ok:
            records[k] = record
            continue
        warnings.warn(f"K = {k} is left out, {record.status}: {record.error}", stacklevel=1)
        statuses.add(record.status)
        errors.append(record.error)
    if not records:  # where all are not applicable, so is the choice
        kind = NotApplicable if statuses == {"not-applicable"} else HarnessError
        raise kind(f"none of the {len(found)} fits succeeded: {errors[0]}")
    return records


def seen(found: Sequence[Record | None]) -> list[str | None]:
    """Return what a choice depends on beside its key: of each fit the digest of its labels, or None."""
    return [record.arrays.get("fitted") if record is not None else None for record in found]
