"""Check that a class or function can be a plugin of its kind, before it is used."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..core.errors import BadParameter
from ..core.plugin import Plugin
from .metrics import roles

NEEDED = {
    "encoder": "fit(X) and transform(X), or fit_transform(X)",
    "clusterer": "fit(X), which sets labels_, or fit_predict(X)",
}


def check_target(plugin: Plugin, target: Any) -> None:
    """Raise an error unless the target is a class or, for a metric, a function.

    Raises
    ------
    BadParameter
    """
    if plugin.kind in NEEDED and not isinstance(target, type):
        what = "a function" if inspect.isroutine(target) else f"an object of {type(target).__name__}"
        raise BadParameter(
            f"{plugin.title} must be a class with {NEEDED[plugin.kind]}, got {what}. Name a class, e.g. "
            "module:Class; parameters follow in parentheses: module:Class(name=value)."
        )
    if plugin.kind == "metric":
        _check_metric(plugin, target)


def _check_metric(plugin: Plugin, target: Any) -> None:
    words = "y_true or labels_true, y_pred or labels_pred or labels, and X or embedding"
    if isinstance(target, type) or not callable(target):
        what = "a class" if isinstance(target, type) else f"an object of {type(target).__name__}"
        raise BadParameter(f"{plugin.title} must be a function of {words}, got {what}. Name a function.")
    if hasattr(target, "info"):
        return
    try:
        names, known = list(inspect.signature(target).parameters), roles(target)
    except (TypeError, ValueError):
        names, known = [], {}
    if "labels" not in known.values():
        raise BadParameter(
            f"{plugin.title} is not a metric: it takes {', '.join(names) or 'no named arguments'}, and none "
            f"of these is known to be the labels. A metric's arguments are {words}; or declare it with "
            "harness.metric."
        )


def check_estimator(plugin: Plugin, estimator: Any) -> None:
    """Raise an error if an estimator lacks a method, or needs true labels.

    Raises
    ------
    BadParameter
    """
    if plugin.kind == "clusterer" and is_selector(estimator):
        return
    fits, both = (callable(getattr(estimator, name, None)) for name in ("fit", "fit_predict"))
    transforms, whole = (callable(getattr(estimator, name, None)) for name in ("transform", "fit_transform"))
    name = plugin.target
    if plugin.kind == "encoder" and not whole and not (fits and transforms):
        other = f" Use it as a clusterer: -c {name}." if both else ""
        raise BadParameter(f"{plugin.title} is not an encoder: it needs {NEEDED['encoder']}.{other}")
    if plugin.kind == "clusterer" and not (fits or both):
        raise BadParameter(f"{plugin.title} is not a clusterer: it needs {NEEDED['clusterer']}.")
    if plugin.kind == "clusterer" and not both and _only_transforms(estimator):
        raise BadParameter(
            f"{plugin.title} is not a clusterer: it transforms, and returns no labels. Use it as an "
            f"encoder: -e {name}."
        )
    method = "fit_transform" if plugin.kind == "encoder" and whole else "fit" if fits else "fit_predict"
    for each in dict.fromkeys((method, "fit" if fits else method)):
        more = _required(getattr(estimator, each))
        if more:
            raise BadParameter(
                f"{plugin.title} cannot be used: its {each} needs {', '.join(more)} besides the samples, but "
                f"true labels are never passed. Define {each}(self, X, {more[0]}=None)."
            )


def is_selector(estimator: Any) -> bool:
    """Return whether a clusterer is a selector: see `harness.registry.selectors`."""
    return all(callable(getattr(estimator, name, None)) for name in ("candidates", "choose"))


def _only_transforms(estimator: Any) -> bool:
    """Return whether scikit-learn's tags mark it as a transformer only."""
    bases = {base.__name__ for base in type(estimator).__mro__}
    return "TransformerMixin" in bases and not hasattr(estimator, "predict") and "ClusterMixin" not in bases


def _required(method: Callable[..., Any]) -> list[str]:
    """Return the arguments without a default that follow the samples."""
    try:
        parameters = list(inspect.signature(method).parameters.values())
    except (TypeError, ValueError):
        return []
    named = [each for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    return [each.name for each in named[1:] if each.default is each.empty]
