"""The samples that plugins are checked on, and what they must give for them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..configure import build, configure
from ..registry import load_registry
from ..selection import Fit
from ..spec import Spec
from .outcome import Failed
from .subject import K, Subject

IMAGE = (8, 8, 1)


def ordinary(n: int = 90, seed: int = 0) -> NDArray[np.float32]:
    """Return read-only samples in three clear clusters, of 64 features in [0, 1]: images of 8 x 8 pixels.

    Examples
    --------
    >>> ordinary().shape, ordinary().dtype.name
    ((90, 64), 'float32')
    """
    centres = np.random.default_rng(0).random((K, 64))
    noise = np.random.default_rng(seed).random((n, 64))
    X = (0.8 * centres[np.arange(n) % K] + 0.2 * noise).astype(np.float32)
    X.flags.writeable = False
    return X


def fitted(subject: Subject, seed: int = 0) -> tuple[Any, NDArray[Any]]:
    """Return an estimator fitted on the ordinary samples, and what it gives for them."""
    estimator = subject.make(seed, IMAGE)
    return estimator, outcome(subject, estimator, ordinary())


def outcome(subject: Subject, estimator: Any, X: NDArray[Any]) -> NDArray[Any]:
    """Fit as the harness does, and return the embedding or the labels, which must be sound."""
    if subject.kind == "clusterer":
        if not hasattr(estimator, "fit"):
            return sound_labels(_chosen(subject, estimator, X), len(X))
        estimator.fit(X)
        labels = estimator.labels_ if hasattr(estimator, "labels_") else estimator.predict(X)
        return sound_labels(labels, len(X))
    if hasattr(estimator, "fit_transform"):
        return sound_embedding(estimator.fit_transform(X), len(X))
    estimator.fit(X)
    return sound_embedding(estimator.transform(X), len(X))


def _chosen(subject: Subject, chooser: Any, X: NDArray[Any]) -> Any:
    """Make the fits that a chooser of K asks for, and return the labels of the one that it takes."""
    registry = load_registry([subject.plugin.file] if subject.plugin and subject.plugin.file else [])
    wanted = chooser.candidates(len(X))
    if not wanted:
        raise Failed(
            f"candidates names no fit for {len(X)} samples.",
            "Raise harness.NotApplicable there, and say why.",
        )
    fits = []
    for k, (name, params) in wanted.items():
        plugin = registry.find("clusterer", name)
        step = configure(plugin, Spec(name, (), tuple(params.items())), {})
        seed = getattr(chooser, "random_state", None)
        fits.append(Fit.of(int(k), build(plugin, step.for_seed(seed)), X))
    chosen = chooser.choose(X, fits)
    if not any(chosen is fit for fit in fits):
        raise Failed(f"choose returned {chosen!r:.80}.", "Return one of the fits that it is given.")
    return chosen.labels


def sound_embedding(array: Any, n: int) -> NDArray[Any]:
    """Return an embedding; fail unless it is a finite numeric array of shape (n, k)."""
    found = np.asarray(array)
    if found.ndim != 2 or len(found) != n or not found.shape[1]:
        raise Failed(
            f"the embedding of {n} samples has shape {found.shape}, not ({n}, k).",
            "Return a dense 2-D array with one row per sample.",
        )
    if found.dtype.kind not in "fiub":
        raise Failed(f"the embedding has dtype {found.dtype}.", "Return numbers, float32 at best.")
    if not np.isfinite(found).all():
        raise Failed(
            f"the embedding holds {np.count_nonzero(~np.isfinite(found))} values that are nan or infinite.",
            "Guard divisions and logarithms, or raise harness.NotApplicable where there is no embedding.",
        )
    return found


def sound_labels(labels: Any, n: int) -> NDArray[Any]:
    """Return labels; fail unless they are integers from -1, one per sample."""
    found = np.asarray(labels)
    if found.shape != (n,):
        raise Failed(f"the labels of {n} samples have shape {found.shape}.", "Return one label per sample.")
    if found.dtype.kind not in "iu":
        raise Failed(f"the labels have dtype {found.dtype}.", "Return integers, as labels.astype(int).")
    if found.min() < -1:
        raise Failed(
            f"there is a label {found.min()}.", "Number clusters from 0, and use -1 for noise alone."
        )
    return found
