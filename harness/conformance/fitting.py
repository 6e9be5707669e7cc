"""Fit like the harness; fits shared by several checks are made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import NotApplicable, brief_repr, one_line
from ..core.spec import Spec
from ..registry.configure import build, configure
from ..registry.global_generators import seeded
from ..registry.registry import load_registry
from ..registry.selectors import Fit
from .check import Check, Failed
from .random_state import states
from .subject import Subject, parameters
from .toy_data import IMAGE, ordinary, sound_embedding, sound_labels


@dataclass(frozen=True)
class Made:
    """A fitted estimator, and observations of its fit.

    Parameters
    ----------
    estimator : object
    result : object
        The embedding or the labels, unchanged.
    before : dict
        Its parameters before the fit, as text.
    wrote : bool
        Whether it changed the samples.
    drew : list of str
        The global random generators that it changed.
    """

    estimator: Any
    result: Any
    before: dict[str, str]
    wrote: bool
    drew: list[str]


def first(subject: Subject) -> Made:
    """Return the fit on ordinary samples with seed 0; its result may be invalid."""
    made: Made = subject.once("first", lambda: _made(subject, ordinary()))
    return made


def second(subject: Subject) -> Made:
    """Return a second such fit, with the global generators in another state."""

    def make() -> Made:
        with seeded(12345):
            return _made(subject, ordinary())

    made: Made = subject.once("second", make)
    return made


def in_layout(subject: Subject, dtype: type, order: Any) -> Made:
    """Return a fit on the ordinary samples in another precision or order of bytes."""
    if (dtype, order) == (np.float32, "C"):
        return first(subject)
    X: NDArray[Any] = np.array(ordinary(), dtype=dtype, order=order)
    made: Made = subject.once(f"{dtype.__name__} {order}", lambda: _made(subject, X))
    return made


def fitted(subject: Subject) -> tuple[Any, NDArray[Any]]:
    """Return an estimator fitted on the ordinary samples, and its result, which must be valid."""
    made = first(subject)
    return made.estimator, sound(subject, made.result, len(ordinary()))


def _made(subject: Subject, X: NDArray[Any]) -> Made:
    given, was = X.copy(), states()
    estimator = subject.make(0, IMAGE)
    before = as_text(estimator)
    result = results(subject, estimator, X)
    drew = [name for name, state in states().items() if state != was[name]]
    return Made(estimator, result, before, not np.array_equal(given, X), drew)


def as_text(estimator: Any) -> dict[str, str]:
    """Return the parameters of an estimator as text, which also shows changes within them."""
    names = parameters(type(estimator))
    return {name: repr(getattr(estimator, name)) for name in names if hasattr(estimator, name)}


def outcome(subject: Subject, estimator: Any, X: NDArray[Any]) -> NDArray[Any]:
    """Fit like the harness, and return the embedding or the labels, which must be valid."""
    return sound(subject, results(subject, estimator, X), len(X))


def sound(subject: Subject, result: Any, n: int) -> NDArray[Any]:
    """Return an embedding or labels for a number of samples; fail unless they are valid."""
    return sound_labels(result, n) if subject.kind == "clusterer" else sound_embedding(result, n)


def results(subject: Subject, estimator: Any, X: NDArray[Any]) -> Any:
    """Fit like the harness, and return the embedding or the labels unchanged."""
    if subject.kind == "encoder" and hasattr(estimator, "fit_transform"):
        return estimator.fit_transform(X)
    if not hasattr(estimator, "fit"):
        if subject.kind == "clusterer" and hasattr(estimator, "candidates"):
            return _chosen(subject, estimator, X)
        if subject.kind == "clusterer" and hasattr(estimator, "fit_predict"):
            return estimator.fit_predict(X)
        raise Failed("it has no fit.", "Write fit(self, X), which learns from X and returns self.")
    estimator.fit(X)
    if subject.kind == "encoder":
        if not hasattr(estimator, "transform"):
            raise Failed(
                "it has neither transform nor fit_transform.", "Write transform(self, X): it returns (n, k)."
            )
        return estimator.transform(X)
    if not hasattr(estimator, "labels_") and not hasattr(estimator, "predict"):
        raise Failed("after fit it has neither labels_ nor predict.", "Set labels_ in fit, one per sample.")
    return estimator.labels_ if hasattr(estimator, "labels_") else estimator.predict(X)


def fits(subject: Subject) -> None:
    """Fit on ordinary samples; here, NotApplicable is a failure."""
    try:
        first(subject)
    except NotApplicable as problem:
        raise Failed(
            f"it raises NotApplicable on 90 samples in three clear clusters: {one_line(problem)}",
            "Make its defaults work on them, or give the reason in conformance_skips.",
        ) from None


FITS = Check("fits-without-labels", "Labels never reach an encoder or a clusterer.", fits)


def _chosen(subject: Subject, chooser: Any, X: NDArray[Any]) -> Any:
    """Make the candidate fits of K selection, and return the labels of the chosen one."""
    files = [subject.plugin.file] if subject.plugin and subject.plugin.file else []
    registry = subject.once("registry", lambda: load_registry(files))
    wanted = chooser.candidates(len(X))
    if not wanted:
        raise Failed(
            f"candidates names no fit for {len(X)} samples.",
            "Raise harness.NotApplicable with the reason.",
        )
    made = []
    for k, (name, params) in wanted.items():
        plugin = registry.find("clusterer", name)
        step = configure(plugin, Spec(name, (), tuple(params.items())), {})
        seed = getattr(chooser, "random_state", None)
        made.append(Fit.of(int(k), build(plugin, step.for_seed(seed)), X))
    chosen = chooser.choose(X, made)
    if not any(chosen is fit for fit in made):
        raise Failed(f"choose returned {brief_repr(chosen, 80)}.", "Return one of the given fits.")
    return chosen.labels
