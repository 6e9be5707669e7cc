"""Metadata of metrics, and calls with the arguments they expect."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ..core.estimate import Estimate
from ..core.interfaces import MetricInfo
from ..core.plugin import Plugin
from .loading import load_plugin

# An undeclared function, such as sklearn.metrics:rand_score, is interpreted by its argument names.
ROLES = {
    **dict.fromkeys(("truth", "labels_true", "y_true"), "truth"),
    **dict.fromkeys(("labels", "labels_pred", "y_pred"), "labels"),
    **dict.fromkeys(("embedding", "X"), "embedding"),
}


def metric_info(function: Callable[..., Any]) -> MetricInfo:
    """Return the declared properties of a metric, or those implied by its arguments.

    Examples
    --------
    >>> from sklearn.metrics import rand_score
    >>> metric_info(rand_score).needs
    ('truth',)
    """
    info = getattr(function, "info", None)
    if isinstance(info, MetricInfo):
        return info
    found = roles(function).values()
    needs = tuple(role for role in ("truth", "embedding") if role in found)
    return MetricInfo(None, float("-inf"), float("inf"), needs, "")


def roles(function: Callable[..., Any]) -> dict[str, str]:
    """Return which arguments of an undeclared function are the classes, labels and embedding.

    The first match of each, without keyword-only arguments, in which `labels` is a list of labels to use.

    Examples
    --------
    >>> from sklearn.metrics import f1_score
    >>> roles(f1_score)
    {'y_true': 'truth', 'y_pred': 'labels'}
    """
    found: dict[str, str] = {}
    for name, each in inspect.signature(function).parameters.items():
        role = ROLES.get(name)
        if role and role not in found.values() and each.kind is not each.KEYWORD_ONLY:
            found[name] = role
    return found


def info_of(plugin: Plugin) -> MetricInfo:
    """Load a metric, and return its properties."""
    return metric_info(load_plugin(plugin))


def options(function: Callable[..., Any]) -> list[str]:
    """Return the names of a metric's parameters that a user may set."""
    named = inspect.signature(function).parameters.values()
    names = [each.name for each in named if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    if hasattr(function, "info"):
        return names[3:]
    taken = roles(function)
    return [name for name in names if name not in taken]


def call_metric(
    function: Callable[..., Any], truth: Any, labels: Any, embedding: Any, params: Mapping[str, Any]
) -> float:
    """Call a metric as it expects to be called."""
    if hasattr(function, "info"):
        found = function(truth, labels, embedding, **params)
        return found if isinstance(found, Estimate) else float(found)
    values = {"truth": truth, "labels": labels, "embedding": embedding}
    given = {name: values[role] for name, role in roles(function).items()}
    return float(function(**given, **params))
