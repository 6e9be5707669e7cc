"""Plugins that keep the contract, and for each check one that breaks it and nothing else on purpose."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np

from harness import Dataset, DatasetInfo, dataset, metric

CALLS = itertools.count()


class Projection:
    """A sound encoder: some random directions."""

    def __init__(self, width: int = 3, random_state: Any = None) -> None:
        self.width = width
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"width": self.width, "random_state": self.random_state}

    def fit(self, X: Any) -> Any:
        self.directions_ = np.random.default_rng(self.random_state).normal(size=(X.shape[1], self.width))
        return self

    def transform(self, X: Any) -> Any:
        return (X @ self.directions_).astype(np.float32)


class Parts:
    """A sound clusterer: parts of the first feature."""

    def __init__(self, n_clusters: int = 3) -> None:
        self.n_clusters = n_clusters

    def fit(self, X: Any) -> Any:
        self.edges_ = np.quantile(X[:, 0], np.arange(1, self.n_clusters) / self.n_clusters)
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Any) -> Any:
        return np.searchsorted(self.edges_, X[:, 0])


class UnknownSkip(Projection):
    conformance_skips = {"repeat": "no time"}  # noqa: RUF012


class SilentSkip(Projection):
    conformance_skips = {"repeats": " "}  # noqa: RUF012


class SkipsSkips(Projection):
    conformance_skips = {"skips-have-reasons": "none needed"}  # noqa: RUF012


class Changes(Projection):
    def __init__(self, width: int = 3, random_state: Any = None) -> None:
        super().__init__(int(width), random_state)


class ChangesInFit(Projection):
    def fit(self, X: Any) -> Any:
        self.width = 2
        return super().fit(X)


class NoFit:
    def __init__(self, width: int = 3) -> None:
        self.width = width

    def transform(self, X: Any) -> Any:
        return X[:, : self.width]


class NoClone(Projection):
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {"width": self.width, "random_state": self.random_state, "other": 1}


class KeepsFit(Projection):
    def __sklearn_clone__(self) -> Any:
        return self


class WantsLabels(Projection):
    def fit(self, X: Any, y: Any) -> Any:  # type: ignore[override]
        return super().fit(X)


class Writes(Projection):
    def fit(self, X: Any) -> Any:
        if X.flags.writeable:
            X -= X.mean(axis=0)
        return super().fit(X)


class WritesAlways(Projection):
    def fit(self, X: Any) -> Any:
        X -= X.mean(axis=0)
        return super().fit(X)


class WritesDouble(Projection):
    def fit(self, X: Any) -> Any:
        super().fit(X)
        if X.dtype == np.float64:
            X[:] = 0
        return self


class OnlySingle(Projection):
    def fit(self, X: Any) -> Any:
        if X.dtype != np.float32:
            raise TypeError("expected float32")
        return super().fit(X)


class GlobalRandom(Projection):
    def fit(self, X: Any) -> Any:
        self.directions_ = np.random.normal(size=(X.shape[1], self.width))  # noqa: NPY002
        return self


class PythonRandom(Projection):
    def fit(self, X: Any) -> Any:
        super().fit(X)
        self.directions_ += random.random()
        return self


class SeedsGlobally(Projection):
    def fit(self, X: Any) -> Any:
        np.random.seed(self.random_state)  # noqa: NPY002
        self.directions_ = np.random.normal(size=(X.shape[1], self.width))  # noqa: NPY002
        return self


class DrawsALittle(Projection):
    def fit(self, X: Any) -> Any:
        super().fit(X)
        self.directions_ += 1e-9 * random.random()
        return self


class DrawsInTransform(Projection):
    def fit_transform(self, X: Any) -> Any:
        return self.fit(X).transform(X[:])

    def transform(self, X: Any) -> Any:
        random.random()
        return super().transform(X)


class OneSeed(Projection):
    def fit(self, X: Any) -> Any:
        self.directions_ = np.random.default_rng(0).normal(size=(X.shape[1], self.width))
        return self


class SeedAtTimes(Projection):
    """Sound: seeds make a difference only where there are no clear clusters."""

    def fit(self, X: Any) -> Any:
        spread = np.linalg.norm(X - X[0], axis=1)
        seed = 0 if (spread < 2).sum() >= len(X) / 3 else self.random_state
        self.directions_ = np.random.default_rng(seed).normal(size=(X.shape[1], self.width))
        return self


class TakesTwoFeatures(Projection):
    def fit(self, X: Any) -> Any:
        return super().fit(X[:, [0, 1]])

    def transform(self, X: Any) -> Any:
        return super().transform(X[:, [0, 1]])


class Standardised(Projection):
    def transform(self, X: Any) -> Any:
        with np.errstate(all="ignore"):
            return super().transform((X - X.mean(axis=0)) / X.std(axis=0))


class NeedsVariety(Projection):
    def fit(self, X: Any) -> Any:
        return super().fit(X) if len(np.unique(X, axis=0)) > 3 or len(X) < 9 else 1 / 0


class NeedsMany(Projection):
    def fit(self, X: Any) -> Any:
        X[20]
        return super().fit(X)


class Silent(Projection):
    def fit(self, X: Any) -> Any:
        if len(X) < 9:
            raise ValueError
        return super().fit(X)


class Lambda(Projection):
    def fit(self, X: Any) -> Any:
        self.square_ = lambda value: value**2
        return super().fit(X)


class OnTheClass(Projection):
    def fit(self, X: Any) -> Any:
        directions = np.random.default_rng(0).normal(size=(X.shape[1], self.width))
        type(self).directions_ = directions  # type: ignore[misc]
        return self


class Flat(Projection):
    def transform(self, X: Any) -> Any:
        return super().transform(X)[:, 0]


class OtherWidth(Projection):
    def transform(self, X: Any) -> Any:
        return super().transform(X)[:, : 3 if len(X) > 50 else 2]


class OtherSpace(Projection):
    def fit_transform(self, X: Any) -> Any:
        return self.fit(X).transform(X) * -1


class FloatLabels(Parts):
    def predict(self, X: Any) -> Any:
        return super().predict(X).astype(float)


class TrueAndFalse(Parts):
    def predict(self, X: Any) -> Any:
        return super().predict(X) > 0


class FromFive(Parts):
    def predict(self, X: Any) -> Any:
        return 5 + 2 * super().predict(X)


class OnlyOne(Parts):
    def fit(self, X: Any) -> Any:
        self.edges_ = np.array([9.0])
        self.labels_ = self.predict(X)
        return self


class OneMore(Parts):
    def fit(self, X: Any) -> Any:
        self.edges_ = np.quantile(X[:, 0], np.arange(1, 4) / 4)
        self.labels_ = self.predict(X)
        return self


class Shifted(Parts):
    def fit(self, X: Any) -> Any:
        super().fit(X)
        self.labels_ = (self.labels_ + 1) % self.n_clusters
        return self


class NewLabels(Parts):
    def predict(self, X: Any) -> Any:
        return super().predict(X) + (9 if len(X) < 50 else 0)


def marked(**changes: Any) -> Any:
    return metric(
        **{"direction": "higher", "low": 0, "high": 1, "needs": ("truth",), "source": "", **changes}
    )


SOUND = {"source": "share of equal pairs"}


def rand(truth: Any, labels: Any) -> float:
    return float(((truth[:, None] == truth) == (labels[:, None] == labels)).mean())


@marked(**SOUND)
def good(truth: Any, labels: Any, embedding: Any) -> float:
    return rand(truth, labels)


@marked()
def sourceless(truth: Any, labels: Any, embedding: Any) -> float:
    return rand(truth, labels)


@marked(**SOUND)
def undefined(truth: Any, labels: Any, embedding: Any) -> float:
    return float("nan")


@marked(**{**SOUND, "high": 0.9})
def narrow(truth: Any, labels: Any, embedding: Any) -> float:
    return rand(truth, labels)


@marked(**{**SOUND, "high": 2})
def imperfect(truth: Any, labels: Any, embedding: Any) -> float:
    return rand(truth, labels)


@marked(**SOUND)
def named(truth: Any, labels: Any, embedding: Any) -> float:
    return float((truth == labels).mean())


@marked(**SOUND)
def ordered(truth: Any, labels: Any, embedding: Any) -> float:
    return float(((np.diff(truth) == 0) == (np.diff(labels) == 0)).mean())


@marked(**SOUND, symmetric=True)
def pure(truth: Any, labels: Any, embedding: Any) -> float:
    return float(sum(np.bincount(truth[labels == each]).max() for each in np.unique(labels)) / len(truth))


@marked(**SOUND)
def counted(truth: Any, labels: Any, embedding: Any) -> float:
    np.bincount(labels)
    return rand(truth, labels)


@marked(**SOUND)
def drawn(truth: Any, labels: Any, embedding: Any) -> float:
    return rand(truth, labels) * (1 - 1e-9 * next(CALLS))


class SumOfSquares(Parts):
    def fit(self, X: Any) -> Any:
        variance = (X**2).mean() - X.mean() ** 2  # far from the origin nothing is left of it
        return super().fit(X if abs(variance - X.var()) < 1e-9 * variance else X[::-1])


class OnlySmall(Parts):
    def fit(self, X: Any) -> Any:
        if X.max() > 10:
            raise OverflowError("too large")
        return super().fit(X)


@marked(direction="higher", low=0, high=float("inf"), needs=("embedding",), source="standard deviation")
def spread(truth: Any, labels: Any, embedding: Any) -> float:
    return float(embedding[labels == 0].std())


def data(truth: Any = None, **changes: Any) -> Dataset:
    samples = np.random.default_rng(0).random((30, 4), dtype=np.float32)
    truth = np.arange(30) % 3 if truth is None else truth
    return Dataset("toy", **{"samples": samples, "truth": truth, "licence": "CC0", **changes})


def toy() -> Dataset:
    return data()


def infinite() -> Dataset:
    return data(samples=np.full((30, 4), np.inf, dtype=np.float32))


@dataset(DatasetInfo(n_samples=40, n_features=4, n_classes=3, licence="CC0"))
def larger() -> Dataset:
    return data()


def drifting() -> Dataset:
    return data(samples=np.random.random((30, 4)).astype(np.float32))  # noqa: NPY002


def gaps() -> Dataset:
    return data(np.arange(30) % 3 * 2)


def unlicensed() -> Dataset:
    return data(licence="unknown")
