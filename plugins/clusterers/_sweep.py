"""Base of K selection: the range of K, the fits, the curve, and its attributes."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from harness import BadParameter, Fit, NotApplicable

Curve = list[float | None]


class Sweep(ClusterMixin, BaseEstimator, ABC):  # type: ignore[misc]  # scikit-learn has no types
    """Fit a clusterer with each K of a range, and choose one fit by a criterion.

    A subclass defines the `clusterer` to fit (`base` is its name in the harness), the name of the
    `criterion`, and `curve`; `best` is the lowest or highest value unless overridden.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
    n_clusters_ : int
        The chosen K.
    selection_ : dict
        ``criterion``; ``k``, its ``values`` and the ``seconds`` of each fit, as lists; ``chosen``, None
        if the criterion finds no K; and ``edge``, true if the choice is at the end of the range.
    """

    base: ClassVar[str]
    clusterer: ClassVar[type]
    criterion: ClassVar[str]
    lowest: ClassVar[bool] = False
    least: ClassVar[int] = 1  # the smallest K at which the criterion is defined
    k_min: int
    k_max: int
    k_values: Sequence[int] | None
    random_state: int | None

    def check_params(self) -> None:
        """Raise BadParameter unless there are two or more valid values of K."""
        given = self.k_values if self.k_values is not None else (self.k_min, self.k_max)
        if not isinstance(given, list | tuple) or not all(isinstance(k, int) and k >= 1 for k in given):
            raise BadParameter(
                f"K must be integers of at least 1, got {given!r}. "
                "Write k_min=2, k_max=20 or k_values=[8, 16, 32]."
            )
        if len(self.wanted()) < 2:
            raise BadParameter(f"There must be at least 2 values of K to choose from, got {self.wanted()}.")

    def wanted(self) -> list[int]:
        """Return the values of K to try, ascending."""
        if self.k_values is not None:
            return sorted(set(self.k_values))
        return list(range(self.k_min, self.k_max + 1))

    def candidates(self, n_samples: int) -> dict[int, tuple[str, dict[str, Any]]]:
        """Return name and parameters of the fit for each K, which must be below the number of samples."""
        params = self.base_params()
        return {k: (self.base, {**params, "n_clusters": k}) for k in self.wanted() if k < n_samples}

    def base_params(self) -> dict[str, Any]:
        """Return the parameters that are also the clusterer's, except defaults."""
        defaults = self.clusterer().get_params(deep=False)
        given = self.get_params(deep=False).items()
        return {name: value for name, value in given if name in defaults and value != defaults[name]}

    def fit(self, X: NDArray[Any], y: None = None) -> Sweep:
        """Fit the clusterer with each K to samples of shape (n, d), and choose one fit."""
        self.check_params()
        models = {k: self.clusterer(**params) for k, (_, params) in self.candidates(len(X)).items()}
        chosen = self.choose(X, [Fit.of(k, model, X) for k, model in models.items()])
        self.model_, self.labels_ = models[chosen.k], chosen.labels
        self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Label samples of shape (n, d) with the chosen fit."""
        return np.asarray(self.model_.predict(X), dtype=np.int64)

    def choose(self, X: NDArray[Any], fits: Sequence[Fit]) -> Fit:
        """Return the fit with the best K.

        Raises
        ------
        NotApplicable
            If the criterion finds none; `selection_` still holds the curve.
        """
        ks = [fit.k for fit in fits]
        values = self.curve(X, fits)
        self.selection_: dict[str, Any] = {
            "criterion": self.criterion,
            "k": ks,
            "values": values,
            "seconds": [fit.seconds for fit in fits],
            "chosen": None,
            "edge": False,
            **self.details(),
        }
        if len(ks) < 2:
            raise NotApplicable(f"{self.criterion} needs at least 2 values of K to compare, got {ks}")
        k = self.best(ks, values)
        self.n_clusters_ = k
        edge = k == ks[-1] or (k == ks[0] and k > 1)  # below 1 there is nothing to try
        self.selection_.update(chosen=k, edge=edge)
        if edge:
            warnings.warn(self._advice(k, ks), stacklevel=2)
        return fits[ks.index(k)]

    def _advice(self, k: int, ks: Sequence[int]) -> str:
        if k == self.least:
            return f"K = {k} is the least that {self.criterion} can choose: there may be no clusters at all"
        wider = "larger" if k == ks[-1] else "smaller"
        return f"K = {k} is at the edge of the range {ks[0]} to {ks[-1]} that was tried: try {wider} K too"

    @abstractmethod
    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the criterion of each fit, None if undefined."""

    def details(self) -> dict[str, Any]:
        """Return further entries for `selection_`."""
        return {}

    def best(self, ks: Sequence[int], values: Curve) -> int:
        """Return the K with the best value, the smallest if tied."""
        found = [
            (value if self.lowest else -value, k)
            for k, value in zip(ks, values, strict=True)
            if value is not None
        ]
        if not found:
            raise NotApplicable(f"{self.criterion} has no value at any K from {ks[0]} to {ks[-1]}")
        return min(found)[1]


def told(fits: Sequence[Fit], name: str) -> list[float]:
    """Return an attribute of each fitted clusterer, e.g. its inertia."""
    return [float(fit.values[name]) for fit in fits]


def scored(fits: Sequence[Fit], score: Any, X: NDArray[Any]) -> Curve:
    """Return a scikit-learn score of each fit, None if there is only one cluster."""
    return [float(score(X, fit.labels)) if fit.labels.min() < fit.labels.max() else None for fit in fits]
