"""What a metric says about itself, and calling it as it expects."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ..core.interfaces import MetricInfo
from ..core.plugin import Plugin
from .loading import load_plugin

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
    return metric_info(load_plugin(plugin))


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
