"""Making an estimator's full parameters: what the user wrote, what the harness sets, and the defaults."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import BadParameter, HarnessError, suggest
from ..core.plugin import Plugin
from ..core.spec import Spec, display
from .loading import load_plugin
from .metrics import options

K_NAMES = ("n_clusters", "n_components")  # of a clusterer; scikit-learn's mixtures have the second
PRIOR = ("augmentation", "pretrained")  # what a class may say it knows beforehand
UNKEYED = ("n_jobs", "verbose")  # these change how a result is reached, never the result


@dataclass(frozen=True)
class Configured:
    """A plugin with all its parameters.

    Parameters
    ----------
    plugin : Plugin
    label : str
        Name and written parameters, as boards show it.
    params : dict
        Every parameter of the constructor, or every option of a metric, `random_state` as written.
    seeded : bool
        Whether the harness sets `random_state`, so that results differ from seed to seed.
    k : {"given", "default", "estimated", ""}
        Where the number of clusters comes from.
    inductive : bool
        Whether it can embed or label rows that it was not fitted on.
    prior : tuple of str
        The prior knowledge that it says it has: ``augmentation``, ``pretrained: ImageNet``.
    preprocessing : bool
        Whether it says that it is a step before other encoders, which keeps the features in their places.
    """

    plugin: Plugin
    label: str
    params: dict[str, Any]
    seeded: bool = False
    k: str = ""
    inductive: bool = True
    prior: tuple[str, ...] = ()
    preprocessing: bool = False

    def for_seed(self, seed: int | None) -> dict[str, Any]:
        """Return the parameters with the seed set, where there is one to set."""
        return {**self.params, "random_state": seed} if self.seeded else self.params


def configure(plugin: Plugin, spec: Spec, settings: Mapping[str, Any]) -> Configured:
    """Merge defaults, the harness's settings and what the user wrote, the last having the final say.

    Parameters
    ----------
    plugin : Plugin
    spec : Spec
        Name and parameters as written.
    settings : mapping
        `n_clusters`, `image_shape`, `device`, `n_jobs`: set where the plugin has such a parameter and the
        value is not None.

    Raises
    ------
    BadParameter
        When the plugin has no such parameter, or its constructor or its `check_params` refuses the value.
    """
    factory = load_plugin(plugin)
    written = _named(plugin, factory, spec)
    if written.get("random_state", 0) is None:
        del written["random_state"]  # not to choose a seed leaves the choice to the harness
    defaults = _defaults(plugin, factory)
    k_name = next((name for name in K_NAMES if name in defaults), "")
    if plugin.kind == "clusterer" and k_name:
        settings = {**settings, k_name: settings.get("n_clusters")}
    for name in written:
        if name not in defaults:
            known = ", ".join(sorted(defaults)) or "none"
            raise BadParameter(
                f"{plugin.title} has no parameter {name!r}.{suggest(name, defaults)} Parameters: {known}."
            )
    set_here = {name: value for name, value in settings.items() if name in defaults and value is not None}
    for name in _required(factory):
        if name not in {*written, *settings, "random_state"}:
            raise BadParameter(
                f"{plugin.title}: parameter {name!r} must be given. Write {spec.name}({name}=...)."
            )
    params = {**defaults, **set_here, **written}
    estimator = _build(plugin, factory, params)
    unseen = {"encoder": "transform", "clusterer": "predict"}.get(plugin.kind)
    k = ""
    if plugin.kind == "clusterer":
        origin = "given" if k_name in {**set_here, **written} else "default"
        k = "estimated" if params.get(k_name) is None else origin
    seeded = "random_state" in defaults and "random_state" not in written
    inductive = not unseen or hasattr(estimator, unseen)
    prior = _prior(estimator) if unseen else ()
    step = getattr(estimator, "preprocessing", False) is True and plugin.kind == "encoder"
    return Configured(plugin, display(spec.name, written), params, seeded, k, inductive, prior, step)


def build(plugin: Plugin, params: Mapping[str, Any]) -> Any:
    """Load the plugin's class and make an estimator of it."""
    return _build(plugin, load_plugin(plugin), params)


def _build(plugin: Plugin, factory: Any, params: Mapping[str, Any]) -> Any:
    if not isinstance(factory, type):
        return factory
    try:
        estimator = factory(**params)
        if hasattr(estimator, "check_params"):
            estimator.check_params()
        return estimator
    except HarnessError:
        raise
    except (TypeError, ValueError) as error:
        raise BadParameter(f"{plugin.title} cannot be made: {error}") from None


def _prior(estimator: Any) -> tuple[str, ...]:
    """Return what an estimator says that it knows beforehand; a text says which, anything else is no word."""
    said = {name: getattr(estimator, name, None) for name in PRIOR}
    texts = {name: " ".join(value.split()) for name, value in said.items() if isinstance(value, str)}
    named = {name: f"{name}: {text}" for name, text in texts.items() if text}
    return tuple(named.get(name, name) for name in PRIOR if said[name] is True or name in named)


def _named(plugin: Plugin, factory: Any, spec: Spec) -> dict[str, Any]:
    names = _parameters(factory)
    if len(spec.args) > len(names):
        raise BadParameter(
            f"{plugin.title} takes at most {len(names)} parameters ({', '.join(names) or 'none'}), "
            f"got {len(spec.args)}."
        )
    written = dict(zip(names, spec.args, strict=False))
    for name, value in spec.kwargs:
        if name in written:
            raise BadParameter(f"{plugin.title}: parameter {name!r} is given twice.")
        written[name] = value
    return written


def _parameters(factory: Any) -> list[str]:
    """Return the names that may be written: of a class its parameters, of a metric its options."""
    if not isinstance(factory, type):
        return options(factory)
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [name for name, each in inspect.signature(factory).parameters.items() if each.kind in kinds]


def _required(factory: Any) -> list[str]:
    parameters = inspect.signature(factory).parameters
    return [name for name in _parameters(factory) if parameters[name].default is inspect.Parameter.empty]


def _defaults(plugin: Plugin, factory: Any) -> dict[str, Any]:
    parameters = inspect.signature(factory).parameters
    if isinstance(factory, type) and hasattr(factory, "get_params") and not _required(factory):
        params: dict[str, Any] = factory().get_params(deep=False)
        return params
    return {
        name: None if parameters[name].default is inspect.Parameter.empty else parameters[name].default
        for name in _parameters(factory)
    }
