"""Merge an estimator's parameters: those of the user, those set by the harness, and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import BadParameter, HarnessError
from ..core.plugin import Plugin
from ..core.seeds import is_seed
from ..core.spec import Spec, display
from .loading import load_plugin
from .nested import Within, is_seed_like, k_name, nested, with_params
from .parameters import check_names, check_required, defaults_of, written_in
from .suitability import check_estimator, check_target

PRIOR = ("augmentation", "balanced", "pretrained", "imported")  # what a class may declare, shown as flags
UNKEYED = ("n_jobs", "verbose")  # these change how a result is computed, never the result


@dataclass(frozen=True)
class Configured:
    """A plugin with all its parameters.

    Parameters
    ----------
    plugin : Plugin
    label : str
        Name and written parameters, as on leaderboards.
    params : dict
        Every parameter of the constructor, or every option of a metric, seeds as written; of nested
        estimators those that are set, as ``kmeans__n_clusters``.
    seed_names : tuple of str
        The parameters that the harness sets to the seed of a run.
    set_names : tuple of str
        The other parameters that the harness has set.
    k : {"given", "default", "estimated", ""}
        Origin of the number of clusters.
    k_value : int or None
        The number itself, unless the clusterer finds it.
    written_seed : bool
        Whether the user wrote a seed.
    unseeded : bool
        Whether its results differ from run to run although no seed can be set.
    inductive : bool
        Whether it can embed or label new rows.
    prior : tuple of str
        Declared prior knowledge: ``augmentation``, ``balanced: soft``, ``pretrained: ImageNet``.
    preprocessing : bool
        Whether it is declared as a step before other encoders, which keeps the order of features.
    slow : bool
        Whether it is declared as slow, so that `--all` leaves it to `--slow`.
    parts : tuple of tuple of Configured
        Of `concat`: the chains whose embeddings it puts side by side.
    on_workers : bool
        Whether it is declared to run tasks of its own on the workers of a Dask scheduler.
    """

    plugin: Plugin
    label: str
    params: dict[str, Any]
    seed_names: tuple[str, ...] = ()
    set_names: tuple[str, ...] = ()
    k: str = ""
    k_value: Any = None
    written_seed: bool = False
    unseeded: bool = False
    inductive: bool = True
    prior: tuple[str, ...] = ()
    preprocessing: bool = False
    slow: bool = False
    parts: tuple[tuple[Configured, ...], ...] = ()
    on_workers: bool = False

    @property
    def all(self) -> tuple[Configured, ...]:
        """The encoders that it combines, each with its own, and itself."""
        return (*(each for part in self.parts for step in part for each in step.all), self)

    @property
    def seeded(self) -> bool:
        """Whether results differ from seed to seed."""
        return bool(self.seed_names) or self.unseeded

    @property
    def set_text(self) -> str:
        """The parameters set by the harness, as text for dry runs and notes."""
        values = [f"{name}={self.params[name]!r}" for name in self.set_names]
        return ", ".join([*values, *(f"{name}=<seed>" for name in self.seed_names)])

    def for_seed(self, seed: int | None) -> dict[str, Any]:
        """Return the parameters with the seed set, if there is one to set."""
        return {**self.params, **dict.fromkeys(self.seed_names, seed)}


def configure(plugin: Plugin, spec: Spec, settings: Mapping[str, Any]) -> Configured:
    """Merge defaults, the harness's settings and the user's parameters, which take precedence.

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
        If the plugin has no such parameter, or its constructor or `check_params` refuses the value.
    """
    factory = load_plugin(plugin)
    check_target(plugin, factory)
    written = written_in(plugin, factory, spec)
    # A seed of None leaves the choice to the harness.
    written = {name: value for name, value in written.items() if value is not None or not is_seed(name)}
    defaults = defaults_of(plugin, factory)
    own_k = k_name(defaults, factory) if plugin.kind == "clusterer" else ""
    if own_k:
        settings = {**settings, own_k: settings.get("n_clusters")}
    check_names(plugin, [name for name in written if "__" not in name], defaults)
    seeds = tuple(n for n in defaults if is_seed_like(n, defaults[n]) and n not in written)
    set_here = {name: value for name, value in settings.items() if name in defaults and value is not None}
    check_required(plugin, factory, spec, {*written, *seeds, *settings.keys() - {own_k}, *set_here})
    if plugin.kind == "metric":  # one number for one labelling, however it is sampled
        set_here |= {name: 0 for name in seeds if defaults[name] is None}
        seeds = ()
    params = {**defaults, **set_here, **written}
    estimator = _build(plugin, factory, {n: params[n] for n in params if n in defaults})
    found = [] if plugin.origin == "built-in" or plugin.kind == "metric" else nested(estimator)
    check_names(plugin, [n for n in written if "__" in n], {**defaults, **{n.name: 0 for n in found}})
    within = Within.of(found, written, settings, plugin.kind == "clusterer" and not own_k)
    params |= {**within.set_here, **within.written_seeds}
    if params.keys() - defaults.keys():
        estimator = _build(plugin, factory, params)
    k_value = params[own_k] if own_k else within.k
    given = own_k in {**set_here, **written} or within.k_given
    unseen = {"encoder": "transform", "clusterer": "predict"}.get(plugin.kind)
    if unseen:
        check_estimator(plugin, estimator)
    return Configured(
        plugin,
        display(spec.name, written),
        params,
        (*seeds, *within.seeds),
        tuple(name for name in {**set_here, **within.set_here} if name not in written),
        _origin_of_k(plugin, k_value, given),
        k_value,
        any(map(is_seed, written)) or bool(within.written_seeds),
        inductive=not unseen or hasattr(estimator, unseen),
        prior=_prior(estimator) if unseen else (),
        preprocessing=getattr(estimator, "preprocessing", False) is True and plugin.kind == "encoder",
        slow=getattr(estimator, "slow", False) is True,
        on_workers=getattr(estimator, "on_workers", False) is True,
    )


def _origin_of_k(plugin: Plugin, k: Any, given: bool) -> str:
    if plugin.kind != "clusterer":
        return ""
    return "estimated" if k is None else "given" if given else "default"


def build(plugin: Plugin, params: Mapping[str, Any]) -> Any:
    """Load the plugin's class and construct an estimator."""
    return _build(plugin, load_plugin(plugin), params)


def _build(plugin: Plugin, factory: Any, params: Mapping[str, Any]) -> Any:
    if not isinstance(factory, type):
        return factory
    try:
        estimator = with_params(factory, params)
        if hasattr(estimator, "check_params"):
            estimator.check_params()
        return estimator
    except HarnessError:
        raise
    except (TypeError, ValueError) as error:
        raise BadParameter(f"{plugin.title} cannot be constructed: {error}") from None


def _prior(estimator: Any) -> tuple[str, ...]:
    """Return the prior knowledge that an estimator declares, with its text if given."""
    said = {name: getattr(estimator, name, None) for name in PRIOR}
    texts = {name: " ".join(value.split()) for name, value in said.items() if isinstance(value, str)}
    named = {name: f"{name}: {text}" for name, text in texts.items() if text}
    return tuple(named.get(name, name) for name in PRIOR if said[name] is True or name in named)
