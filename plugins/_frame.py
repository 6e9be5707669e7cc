"""The frame of reference for computations: samples near the origin, with a spread near 1.

Far from the origin, squared distances lose the digits that distinguish samples; for very small or large
samples they leave the range of single precision. In this frame ``a * X + c`` gives the same result as ``X``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
FAR = 4.0  # standard deviations: a feature whose mean is farther from 0 is centred
WIDE = 2.0**8  # a spread from 1 / WIDE to WIDE is unchanged
ROWS = 128  # processed in double precision at a time


@dataclass(frozen=True)
class Frame:
    """An origin and a unit of samples; samples near the origin with a usual spread are unchanged bit for bit.

    Parameters
    ----------
    origin : ndarray of shape (d,), float64
        The mean of each feature that is far from 0 relative to its spread, else 0.
    unit : float
        A power of 2, so that dividing by it causes no rounding.
    variances : ndarray of shape (d,), float64
        The variance of each feature in squared units; exactly 0 for a constant one.
    widths : ndarray of shape (d,), float64
        The range (maximum minus minimum) of each feature, in units.

    Examples
    --------
    >>> X = np.array([[5e6, 1], [5e6 + 2e-6, 1]])
    >>> frame = Frame.of(X)
    >>> frame.inside(X).round(2).tolist()
    [[-1.05, 0.0], [1.05, 0.0]]
    >>> np.array_equal(frame.outside(frame.inside(X)), X)
    True
    >>> Frame.of(np.eye(3)).inside(X) is X
    True
    """

    origin: Array
    unit: float
    variances: Array
    widths: Array

    @classmethod
    def of(cls, X: Any) -> Frame:
        """Return the frame of samples of shape (n, d); input that is not numeric gets the plain one."""
        X = np.asarray(X)
        if X.ndim != 2 or not X.size or X.dtype.kind not in "fiub":
            return cls.of_file(X)
        with np.errstate(over="ignore", invalid="ignore"):
            means, variances, widths, scale = _moments(X)
            far = np.abs(means / scale) > FAR * np.sqrt(variances)
            spread = float(np.sqrt(variances.mean())) * scale
        unit = 1.0 if 1 / WIDE <= spread <= WIDE else power_of_two(spread)
        if X.dtype == np.float32:  # subtracting it then causes no rounding, and equal distances remain equal
            means = means.astype(np.float32)
        ratio, origin = scale / unit, np.where(far, means, 0.0).astype(np.float64)
        return cls(origin, unit, variances * ratio**2, widths * ratio)

    @classmethod
    def of_file(cls, X: Any) -> Frame:
        """Return the frame of the file itself, for methods that measure angles from its origin."""
        features = np.zeros(np.shape(X)[-1] if np.ndim(X) else 0)
        return cls(features, 1.0, features, features)

    @cached_property
    def plain(self) -> bool:
        """Whether samples are unchanged."""
        return self.unit == 1.0 and not self.origin.any()

    def inside(self, X: Any, dtype: Any = None) -> Array:
        """Return samples or centres in the frame, by default in their own floating dtype."""
        X = np.asarray(X)
        wanted = dtype or (X.dtype if X.dtype.kind == "f" else np.float64)
        if self.plain or X.ndim != 2 or X.shape[1:] != self.origin.shape:
            left: Array = X if dtype is None else X.astype(dtype, copy=False)
            return left
        moved, origin = np.empty(X.shape, wanted), self.origin / self.unit
        for rows in _blocks(len(X)):
            moved[rows] = X[rows].astype(np.float64) / self.unit - origin
        return moved

    def outside(self, points: Array) -> Array:
        """Return points of the frame in the units of the samples, in their own dtype."""
        if self.plain:
            return points
        return (points.astype(np.float64) * self.unit + self.origin).astype(points.dtype)

    def area(self, value: float) -> float:
        """Return a sum of squares of the frame in squared units of the samples."""
        return float(value) * self.unit * self.unit

    @property
    def log_volume(self) -> float:
        """Log of the volume of a unit cube: log-densities in the frame are larger by it."""
        return float(len(self.origin) * np.log(self.unit))


def in_double(X: Any) -> Array:
    """Return samples of shape (n, d) in their own frame, in double precision.

    Examples
    --------
    >>> in_double(np.array([[1e6], [1e6 + 1]], dtype=np.float32)).tolist()
    [[-0.5], [0.5]]
    """
    return Frame.of(X).inside(X, np.float64)


def power_of_two(length: float) -> float:
    """Return the power of 2 next to a length; 1 if it is not positive and finite.

    Examples
    --------
    >>> power_of_two(1e-6) == 2.0**-20, power_of_two(0.0)
    (True, 1.0)
    """
    if not 0 < length < np.inf:
        return 1.0
    return float(2.0 ** np.clip(np.round(np.log2(length)), -1021, 1021))


def safe_rows(X: Any) -> Array:
    """Return samples scaled by powers of 2 so that their squares fit their precision; angles are unchanged.

    Examples
    --------
    >>> X = np.array([[3e-30, 4e-30], [0, 0]], dtype=np.float32)
    >>> np.linalg.norm(X, axis=1).tolist(), bool((np.linalg.norm(safe_rows(X), axis=1) > 0.5)[0])
    ([0.0, 0.0], True)
    """
    X = np.asarray(X)
    if X.ndim != 2 or not X.size or X.dtype.kind != "f":
        return X  # type: ignore[no-any-return]
    largest = np.maximum(X.max(axis=1), -X.min(axis=1))
    held = largest[largest > 0]
    if not len(held) or (held.min() > 2.0**-20 and held.max() < 2.0**20):
        return X  # type: ignore[no-any-return]
    return np.ldexp(X, -np.frexp(largest)[1][:, None])  # type: ignore[no-any-return]


def _moments(X: Array) -> tuple[Array, Array, Array, float]:
    """Return means, variances and widths in a unit, and this unit, a power of 2 near the samples' width.

    Blocks are summed in the samples' precision, around a first guess; their sums in double precision.
    """
    kind = X.dtype if X.dtype == np.float32 else np.dtype(np.float64)
    low, high = X.min(axis=0).astype(np.float64), X.max(axis=0).astype(np.float64)
    scale = power_of_two(float((high / 4 - low / 4).max()))
    some = X[:: -(-len(X) // 1000)].astype(np.float64)
    guess = np.clip((some / len(some)).sum(axis=0), low, high).astype(kind)
    total, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    room, ones = np.empty((min(ROWS, len(X)), X.shape[1]), kind), np.ones(ROWS, kind)
    for rows in _blocks(len(X)):
        block = np.divide(X[rows], kind.type(scale), out=room[: len(X[rows])])
        block -= guess / kind.type(scale)
        total += ones[: len(block)] @ block
        squares += np.einsum("ij,ij->j", block, block)
    shift = total / len(X)
    variances = np.where(low < high, np.maximum(squares / len(X) - shift**2, 0), 0)
    return np.clip(guess + shift * scale, low, high), variances, high / scale - low / scale, scale


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + ROWS) for start in range(0, n, ROWS))
