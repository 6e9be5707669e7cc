"""Score labels with a metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.errors import NotApplicable
from ..core.estimate import Estimate
from ..core.interfaces import Floats, Labels
from ..core.plan import SAMPLE
from ..core.plugin import Plugin
from ..registry.large_data import in_batches
from ..registry.loading import load_plugin
from ..registry.metrics import call_metric, metric_info


def score(
    plugin: Plugin,
    params: Mapping[str, Any],
    truth: Labels | None,
    labels: Labels,
    embed: Callable[[], Floats | None] = lambda: None,
) -> dict[str, Any]:
    """Score labels with one metric; for many rows, most metrics of the embedding get a seeded sample.

    Parameters
    ----------
    plugin : Plugin
        The metric.
    params : mapping
        Its options.
    truth, labels : ndarray of shape (n,), int64
        The only use of the true classes. Samples without one (-1) are left out of metrics that
        need the classes.
    embed : callable
        Returns the embedding of the same rows; called only if the metric needs it.

    Returns
    -------
    values : dict
        ``score``; ``sample``, the number of rows used, if not all; and ``standard_error`` of an estimate.
    """
    function = load_plugin(plugin)
    info = metric_info(function)
    values: dict[str, Any] = {}
    if "truth" not in info.needs:
        truth = None
    embedding = embed() if "embedding" in info.needs else None
    if truth is not None and (truth < 0).any():
        known = truth >= 0
        if not known.any():
            raise NotApplicable("none of these samples has a class")
        truth, labels = truth[known], labels[known]
        embedding = None if embedding is None else embedding[known]
    if embedding is not None and len(labels) > SAMPLE and not info.all_rows:
        rows = np.sort(np.random.default_rng(0).choice(len(labels), SAMPLE, replace=False))
        labels, embedding = labels[rows], embedding[rows]
        truth = truth[rows] if truth is not None else None
        values["sample"] = SAMPLE
    if not in_batches(plugin):
        embedding = None if embedding is None else np.asarray(embedding)
    value = call_metric(function, truth, labels, embedding, params)
    if not np.isfinite(value):
        raise NotApplicable(f"{plugin.name} has no finite value here (got {value})")
    return {**scored(value), **values}


def scored(value: float) -> dict[str, Any]:
    """Return the values of a record for a score; an estimate has its standard error too."""
    if not isinstance(value, Estimate):
        return {"score": float(value)}
    return {"score": float(value), "standard_error": value.standard_error}


def score_together(
    plugin: Plugin, params: Mapping[str, Any], labelings: Sequence[Labels], embedding: Floats
) -> list[dict[str, Any] | None]:
    """Score the labels of several clusterers with a metric that shares work.

    Returns
    -------
    values : list of dict or None
        As in `score`; None if `score` has to report why there is no value.
    """
    found = load_plugin(plugin).together(np.asarray(embedding), labelings, **params)
    return [None if value is None or not np.isfinite(value) else scored(value) for value in found]
