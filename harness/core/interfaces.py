"""Interfaces of plugins: Dataset, Encoder, Clusterer and Metric."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .errors import DataError
from .mapped_rows import batches, is_mapped

Floats = NDArray[np.floating[Any]]  # float32 or float64
Labels = NDArray[np.int64]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Dataset:
    """Samples to cluster, with labels for scoring if available.

    Parameters
    ----------
    name : str
        The name on leaderboards.
    samples : ndarray of shape (n, d), float32 or float64
        Finite, in the units of the data. If there is an official split, train rows come first. Of files over
        256 MiB as floats, mapped rows that are converted as they are read: `harness.batches`.
    truth : ndarray of shape (n,), int64, optional
        The true class of each sample, from 0; -1 if unknown: such samples are clustered, but left
        out of scores that use the classes. Only metrics ever receive it.
    image_shape : tuple (height, width, channels), optional
        Given if rows are images; the product is `d`.
    n_train : int, optional
        Number of rows, from the first, in the official train split.
    class_names : sequence of str
        Names of the classes 0, 1, ...
    licence : str
        Terms of use.
    source : str
        Origin of the data.
    scaling : str
        Treatment of the values: ``none``, ``divided by 255``, ...
    label : str
        Name of the column or array of the labels; empty if it has none.
    left_out : tuple of str
        Parts that are not among the samples, each with the reason: ``'id' (distinct in every row)``.
    missing : str
        Treatment of missing values; empty if there were none.
    notes : tuple of str
        Other guesses made in reading, and what looks wrong; printed before anything runs.
    known_finite : bool
        Whether finiteness has been checked already.

    Raises
    ------
    DataError
        If shapes or lengths disagree, there are fewer than two samples, or a value is not finite.

    Examples
    --------
    >>> data = Dataset("toy", np.eye(4, dtype=np.float32), truth=np.array([0, 0, 1, 1]))
    >>> data.n_samples, data.n_features, data.n_classes
    (4, 4, 2)
    """

    name: str
    samples: Floats
    truth: Labels | None = None
    image_shape: tuple[int, int, int] | None = None
    n_train: int | None = None
    class_names: Sequence[str] = ()
    licence: str = "unknown"
    source: str = ""
    scaling: str = "none"
    label: str = ""
    left_out: tuple[str, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    known_finite: InitVar[bool] = False

    def __post_init__(self, known_finite: bool) -> None:
        _check(self, known_finite)
        if isinstance(self.samples, np.ndarray):
            samples = self.samples.view()  # a plugin that writes into its input affects only its own cell
            samples.flags.writeable = False
            object.__setattr__(self, "samples", samples)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return int(self.samples.shape[0])

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return int(self.samples.shape[1])

    @cached_property
    def n_classes(self) -> int | None:
        """Number of distinct classes, or None without labels."""
        return None if self.truth is None else len(np.unique(self.truth[self.truth >= 0]))

    @cached_property
    def n_unlabelled(self) -> int:
        """Number of samples without a class, e.g. noise points, where others have one."""
        return 0 if self.truth is None else int((self.truth < 0).sum())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the samples, shape and split; without labels, so that no fit depends on them."""
        kind = "" if self.samples.dtype == np.float32 else f"{self.samples.dtype.name}|"
        head = f"{kind}{self.samples.shape}|{self.image_shape}|{self.n_train}|"
        return _sha256(head, self.samples)

    @cached_property
    def truth_digest(self) -> str | None:
        """SHA-256 of the labels, or None without labels."""
        return None if self.truth is None else _sha256(f"{self.truth.shape}|", self.truth[:, None])

    def rows(self, part: Literal["train", "test", "all"]) -> slice:
        """Return the rows of a part of the official split, or of the whole, as a slice."""
        if part == "all":
            return slice(0, self.n_samples)
        if self.n_train is None:
            raise DataError(
                f"Dataset {self.name!r} has no official train/test split, so it has no {part!r} rows. "
                "Use --protocol full."
            )
        return slice(0, self.n_train) if part == "train" else slice(self.n_train, self.n_samples)


def _sha256(head: str, rows: NDArray[Any]) -> str:
    digest = hashlib.sha256(head.encode())
    for _, block in batches(rows):
        digest.update(np.ascontiguousarray(block).data)
    return digest.hexdigest()


def all_finite(array: NDArray[Any]) -> bool:
    """Return whether all numbers are finite, usually by their sum, which needs no copy.

    Examples
    --------
    >>> all_finite(np.array([1e308, 1e308])), all_finite(np.array([1, np.nan]))
    (True, False)
    """
    if is_mapped(array):
        return all(_finite(block) for _, block in batches(array))
    return _finite(array)


def _finite(array: NDArray[Any]) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(array.sum())) or bool(np.isfinite(array).all())


def _check(data: Dataset, known_finite: bool) -> None:
    what = f"Dataset {data.name!r}"
    if not data.name or data.name.startswith(".") or set(data.name) & set("/\\\n"):
        raise DataError(f"{what}: a name must be usable as a file name, without / or \\ or a leading dot.")
    shape, dtype = data.samples.shape, data.samples.dtype
    if len(shape) != 2 or dtype not in (np.float32, np.float64):
        raise DataError(
            f"{what}: samples must be a 2-D array of float32 or float64, got shape {shape} and dtype {dtype}."
        )
    if shape[0] < 2 or shape[1] < 1:
        raise DataError(
            f"{what}: clustering needs at least 2 samples of 1 feature, got {shape[0]} of {shape[1]}."
        )
    if not known_finite and not all_finite(data.samples):
        row, column = np.argwhere(~np.isfinite(data.samples))[0]
        value = data.samples[row, column]
        raise DataError(
            f"{what}: values must be finite, got {value} in row {row}, column {column} (counted from 0). "
            "Fill or drop such rows."
        )
    if data.truth is not None and (data.truth.ndim != 1 or data.truth.dtype.kind not in "iu"):
        kind = f"{data.truth.ndim}-D of dtype {data.truth.dtype}"
        raise DataError(f"{what}: labels must be a 1-D array of integers, got one that is {kind}.")
    if data.truth is not None and data.truth.shape != (shape[0],):
        raise DataError(
            f"{what}: expected one label per sample, got {len(data.truth)} labels for {shape[0]} samples."
        )
    if data.image_shape is not None and (len(data.image_shape), int(np.prod(data.image_shape))) != (
        3,
        shape[1],
    ):
        raise DataError(
            f"{what}: image_shape must be (height, width, channels) with product {shape[1]}, got "
            f"{data.image_shape}."
        )
    if data.n_train is not None and not 0 < data.n_train < shape[0]:
        raise DataError(f"{what}: the train split must hold 1 to {shape[0] - 1} rows, got {data.n_train}.")


@runtime_checkable
class Encoder(Protocol):
    """A scikit-learn style transformer; `transform` returns an array of shape (n, k)."""

    def fit(self, X: Floats) -> Any:
        """Learn from samples of shape (n, d); labels are never given."""

    def transform(self, X: Floats) -> Floats:
        """Embed samples of shape (n, d) as an array of shape (n, k)."""


@runtime_checkable
class Clusterer(Protocol):
    """A scikit-learn style clusterer; `labels_` holds integers from 0, and -1 for noise."""

    labels_: Labels

    def fit(self, X: Floats) -> Any:
        """Cluster an embedding of shape (n, k); labels are never given."""


@dataclass(frozen=True)
class MetricInfo:
    """Properties that a metric declares.

    Parameters
    ----------
    direction : "higher", "lower" or None
        Which values are better; None for a plain description such as the number of clusters.
    low, high : float
        The range of values, ends included.
    needs : tuple of {"truth", "embedding"}
        Which of its first and third arguments it uses; the other is passed as None.
    source : str
        The paper or formula.
    symmetric : bool, optional
        Whether, without options, it is unchanged if classes and clusters are swapped; None if
        not declared.
    all_rows : bool
        Whether it is fast enough for all rows of a large embedding; others get a sample of rows.
    together : bool
        Whether one call can score labels of several clusterers on one embedding.
    estimates : str
        The name of the metric that it estimates from a random sample of `sample` rows, an option; empty if
        it is not an estimate.
    same_as : str
        The metric whose values it has under another name: it is computed only if it is named.
    """

    direction: Literal["higher", "lower"] | None
    low: float
    high: float
    needs: tuple[str, ...]
    source: str
    symmetric: bool | None = None
    all_rows: bool = False
    together: bool = False
    estimates: str = ""
    same_as: str = ""


def metric(
    *,
    direction: Literal["higher", "lower"] | None,
    low: float,
    high: float,
    needs: Sequence[str],
    source: str,
    symmetric: bool | None = None,
    all_rows: bool = False,
    together: Callable[..., Sequence[float | None]] | None = None,
    estimates: str = "",
    same_as: str = "",
    slow: bool = False,
) -> Callable[[F], F]:
    """Mark a function ``(truth, labels, embedding, **options) -> float`` as a metric.

    Parameters
    ----------
    direction, low, high, needs, source, symmetric, all_rows, estimates, same_as : as in `MetricInfo`
        What the metric says about itself.
    together : callable, optional
        ``(embedding, labelings, **options)`` that returns the score of each labelling, None where it has
        none, and shares work among them; of a large embedding the harness calls it for all clusterers.
    slow : bool
        Whether it is slow, or a variant that only some comparisons need: it is computed if it is named, or
        with ``--all --slow``.

    Examples
    --------
    >>> @metric(direction=None, low=1, high=float("inf"), needs=(), source="count")
    ... def largest_cluster(truth, labels, embedding):
    ...     return float(np.bincount(labels[labels >= 0]).max())
    >>> largest_cluster(None, np.array([0, 1, 1]), None)
    2.0
    >>> largest_cluster.info.needs
    ()
    """
    info = MetricInfo(
        direction=direction,
        low=low,
        high=high,
        needs=tuple(needs),
        source=source,
        symmetric=symmetric,
        all_rows=all_rows,
        together=together is not None,
        estimates=estimates,
        same_as=same_as,
    )

    def mark(function: F) -> F:
        function.info = info  # type: ignore[attr-defined]
        function.together = together  # type: ignore[attr-defined]
        function.slow = slow  # type: ignore[attr-defined]
        return function

    return mark


@dataclass(frozen=True)
class DatasetInfo:
    """Properties of a dataset that are known before it is read.

    Parameters
    ----------
    n_samples, n_features, n_classes : int
        Size of the whole, train and test together.
    licence : str
        Terms of use, in a word.
    image_shape : tuple (height, width, channels), optional
        Set where a row is an image.
    find : callable, optional
        Returns the location of the data on this machine, or None; without it, the data is always available.
    fetch : callable, optional
        Downloads the data and returns its location; takes a function called with the progress: a file's
        name, the bytes done, and the total bytes (0 if unknown).
    """

    n_samples: int
    n_features: int
    n_classes: int
    licence: str
    image_shape: tuple[int, int, int] | None = None
    find: Callable[[], str | None] | None = field(default=None, compare=False)
    fetch: Callable[[Callable[[str, int, int], None]], str] | None = field(default=None, compare=False)


def dataset(info: DatasetInfo) -> Callable[[F], F]:
    """Mark a function ``() -> Dataset`` with properties known before it is read."""

    def mark(function: F) -> F:
        function.info = info  # type: ignore[attr-defined]
        return function

    return mark
