"""Parameters of nested estimators, such as ``kmeans__n_clusters`` of a pipeline."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.seeds import is_seed

K_NAMES = ("n_clusters", "num_clusters", "k")
MIXED = "n_components"  # K of a mixture; for other estimators the number of dimensions


@dataclass(frozen=True)
class Parameter:
    """A parameter of a nested estimator.

    Parameters
    ----------
    name : str
        Path from the outermost estimator: ``kmeans__n_clusters``.
    owner : object
        The estimator that has it.
    value : object
    default : object
        In the constructor of the owner's class.
    last : bool
        Whether the owner is the last step of every enclosing pipeline.
    """

    name: str
    owner: Any
    value: Any
    default: Any
    last: bool

    @property
    def leaf(self) -> str:
        """Its name in the constructor of its owner."""
        return self.name.rpartition("__")[2]

    @property
    def chosen(self) -> bool:
        """Whether it differs from the default, so the user must have given it."""
        return self.value is not self.default and repr(self.value) != repr(self.default)


def nested(estimator: Any) -> list[Parameter]:
    """Return the parameters of all nested estimators.

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.cluster import KMeans
    >>> [each.name for each in nested(make_pipeline(KMeans(10))) if each.chosen]
    ['kmeans__n_clusters']
    """
    if not hasattr(estimator, "get_params") or isinstance(estimator, type):
        return []
    found: list[Parameter] = []
    everything: Mapping[str, Any] = estimator.get_params(deep=True)
    for name, value in everything.items():
        path, _, leaf = name.rpartition("__")
        owner = everything.get(path)
        if not path or owner is None:
            continue
        known = _signature(type(owner)).get(leaf)
        default = None if known is None or known.default is known.empty else known.default
        found.append(Parameter(name, owner, value, default, _is_last(estimator, everything, path)))
    return found


def is_seed_like(name: str, value: Any) -> bool:
    """Return whether a parameter is a seed: a `seed` may also be e.g. the initial centres.

    Examples
    --------
    >>> is_seed_like("seed", 0), is_seed_like("seed", "k-means++")
    (True, False)
    """
    known = value is None or (isinstance(value, int) and not isinstance(value, bool))
    return is_seed(name) and (known or name.rpartition("__")[2] == "random_state")


def k_name(names: Mapping[str, Any], kind: Any) -> str:
    """Return the parameter of a clusterer that is K, or an empty text.

    Parameters
    ----------
    names : mapping
        Its parameters by name.
    kind : class or instance
        The clusterer itself.

    Examples
    --------
    >>> from sklearn.mixture import GaussianMixture
    >>> k_name({"n_components": 1, "tol": 0.1}, GaussianMixture)
    'n_components'
    """
    mixture = hasattr(kind, "predict_proba") and not hasattr(kind, "transform")
    return next((name for name in (*K_NAMES, *((MIXED,) if mixture else ())) if name in names), "")


def k_parameters(parameters: list[Parameter]) -> list[Parameter]:
    """Return the K parameters of the clusterers at the end of an estimator, one of each."""
    clusterers: dict[int, dict[str, Parameter]] = {}
    for each in parameters:
        if each.last and hasattr(each.owner, "fit_predict"):
            clusterers.setdefault(id(each.owner), {})[each.leaf] = each
    chosen = [(found, k_name(found, next(iter(found.values())).owner)) for found in clusterers.values()]
    return [found[name] for found, name in chosen if name]


@dataclass(frozen=True)
class Within:
    """Parameters of nested estimators set by the harness, and those given by the user."""

    seeds: tuple[str, ...]
    written_seeds: Mapping[str, Any]
    set_here: Mapping[str, Any]
    k: Any
    k_given: bool

    @staticmethod
    def of(
        found: list[Parameter], written: Mapping[str, Any], settings: Mapping[str, Any], choose_k: bool
    ) -> Within:
        """Set seeds and K that have default values; everything else stays as the user gave it."""
        seeds = [each for each in found if is_seed_like(each.leaf, each.default)]
        free = tuple(each.name for each in seeds if not each.chosen or each.value is None)
        ks = k_parameters(found) if choose_k else []
        k = settings.get("n_clusters")
        open_ = [each.name for each in ks if not each.chosen and each.name not in written]
        set_here = {} if k is None else dict.fromkeys(open_, k)
        values = [{each.name: each.value, **written, **set_here}[each.name] for each in ks]
        return Within(
            tuple(name for name in free if name not in written),
            {each.name: each.value for each in seeds if each.name not in free},
            set_here,
            values[0] if values else None,
            bool(values) and not (k is None and open_),
        )


def with_params(factory: Any, params: Mapping[str, Any]) -> Any:
    """Construct an estimator with nested parameters; objects among them are copied, never changed."""
    own = {name: _copied(value) for name, value in params.items() if "__" not in name}
    within = {name: _copied(value) for name, value in params.items() if "__" in name}
    estimator = factory(**own)
    return estimator.set_params(**within) if within else estimator


def _copied(value: Any) -> Any:
    """Copy an object that a fit may change, such as an estimator or a generator."""
    try:
        return copy.deepcopy(value)
    except TypeError:  # a module or a lock, usable only in this process
        return value


def _signature(kind: Any) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(kind).parameters
    except (TypeError, ValueError):
        return {}


def _is_last(outermost: Any, everything: Mapping[str, Any], path: str) -> bool:
    """Return whether a path leads to the last step of every enclosing pipeline."""
    above, before = outermost, ""
    for part in path.split("__"):
        steps = getattr(above, "steps", None)
        if isinstance(steps, list) and steps and part != steps[-1][0]:
            return False
        before = f"{before}__{part}" if before else part
        above = everything.get(before)
    return True
