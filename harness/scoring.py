"""Scoring labels with a metric, whoever wrote it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .errors import NotApplicable
from .interfaces import Floats, Labels, MetricInfo
from .registry import Plugin

SAMPLE = 20_000  # most metrics of the embedding see at most so many rows, drawn with a fixed seed

# A function that does not declare itself, such as sklearn.metrics:rand_score, is understood by its arguments.
ROLES = {
    **dict.fromkeys(("truth", "labels_true", "y_true"), "truth"),
    **dict.fromkeys(("labels", "labels_pred", "y_pred"), "labels"),
    **dict.fromkeys(("embedding", "X"), "embedding"),
}


def metric_info(function: Callable[..., Any]) -> MetricInfo:
    """Return what a metric says about itself, or what its arguments tell.

    Examples
    --------
    >>> from sklearn.metrics import rand_score
    >>> metric_info(rand_score).needs
    ('truth',)
    """
    info = getattr(function, "info", None)
    if isinstance(info, MetricInfo):
        return info
    roles = [ROLES[name] for name in inspect.signature(function).parameters if name in ROLES]
    needs = tuple(role for role in ("truth", "embedding") if role in roles)
    return MetricInfo(None, float("-inf"), float("inf"), needs, "")


def info_of(plugin: Plugin) -> MetricInfo:
    """Load a metric, and return what it says about itself."""
    return metric_info(plugin.load())


def options(function: Callable[..., Any]) -> list[str]:
    """Return the names of a metric's parameters that a user may set."""
    names = list(inspect.signature(function).parameters)
    return names[3:] if hasattr(function, "info") else [name for name in names if name not in ROLES]


def call_metric(
    function: Callable[..., Any], truth: Any, labels: Any, embedding: Any, params: Mapping[str, Any]
) -> float:
    """Call a metric as it expects to be called."""
    if hasattr(function, "info"):
        return float(function(truth, labels, embedding, **params))
    values = {"truth": truth, "labels": labels, "embedding": embedding}
    found = [name for name in inspect.signature(function).parameters if name in ROLES]
    return float(function(**{name: values[ROLES[name]] for name in found}, **params))


def score(
    plugin: Plugin,
    params: Mapping[str, Any],
    truth: Labels | None,
    labels: Labels,
    embed: Callable[[], Floats | None] = lambda: None,
) -> dict[str, Any]:
    """Score labels with one metric; of an embedding with many rows most are given a seeded sample.

    Parameters
    ----------
    plugin : Plugin
        The metric.
    params : mapping
        Its options.
    truth, labels : ndarray of shape (n,), int64
        The only place where the true classes are seen.
    embed : callable
        Returns the embedding of the same rows; called only where the metric needs it.

    Returns
    -------
    values : dict
        ``score``, and ``sample``, the number of rows used, where not all were.
    """
    function = plugin.load()
    info = metric_info(function)
    values: dict[str, Any] = {}
    embedding = embed() if "embedding" in info.needs else None
    if embedding is not None and len(labels) > SAMPLE and not info.all_rows:
        rows = np.sort(np.random.default_rng(0).choice(len(labels), SAMPLE, replace=False))
        labels, embedding = labels[rows], embedding[rows]
        truth = truth[rows] if truth is not None else None
        values["sample"] = SAMPLE
    if "truth" not in info.needs:
        truth = None
    value = call_metric(function, truth, labels, embedding, params)
    if not np.isfinite(value):
        raise NotApplicable(f"{plugin.name} has no finite value here (got {value})")
    return {"score": value, **values}


def score_together(
    plugin: Plugin, params: Mapping[str, Any], labelings: Sequence[Labels], embedding: Floats
) -> list[dict[str, Any] | None]:
    """Score the labels of several clusterers with a metric that shares work among them.

    Returns
    -------
    values : list of dict or None
        As of `score`; None where that is to say why there is no value.
    """
    found = plugin.load().together(embedding, labelings, **params)
    return [None if value is None or not np.isfinite(value) else {"score": float(value)} for value in found]
