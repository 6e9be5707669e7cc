"""Missing values: refused, unless a treatment is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.counts import counted, shortened
from ..core.errors import DataError, suggest
from ..core.interfaces import all_finite
from .advice import either
from .raw import Raw

WAYS = ("drop-rows", "drop-columns", "mean", "median")
MOST = 5  # columns that a message names


def without_missing(raw: Raw, way: str | None, *, where: str) -> Raw:
    """Return samples without missing values (NaN), and record the treatment in `missing`.

    Parameters
    ----------
    raw : Raw
    way : {"drop-rows", "drop-columns", "mean", "median"} or None
        Treatment; None refuses. Means and medians are of the train rows if there is a split.
    where : str
        The file, for errors.

    Raises
    ------
    DataError
        If values are missing and `way` is None, or nothing would be left.

    Examples
    --------
    >>> raw = Raw(np.array([[1.0, 2.0], [np.nan, 4.0], [3.0, 6.0]]), feature_names=("a", "b"))
    >>> without_missing(raw, "mean", where="toy.csv").samples.tolist()
    [[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]
    >>> without_missing(raw, "drop-rows", where="toy.csv").missing
    '1 of 3 rows left out (missing values)'
    """
    if way is not None and way not in WAYS:
        raise DataError(
            f"{where}: missing must be one of {', '.join(WAYS)}, got {way!r}.{suggest(str(way), WAYS)}"
        )
    if raw.samples.dtype.kind != "f" or all_finite(raw.samples):
        return raw
    flat = raw.samples.reshape(len(raw.samples), -1)
    gaps = np.isnan(flat)
    if not gaps.any():
        return raw
    counts = gaps.sum(axis=0)
    shown = _shown(counts, raw.feature_names, len(flat))
    if way is None:
        fill = "Fill them, e.g. with sklearn.impute.SimpleImputer, or leave such rows out"
        advice = either(where, f"Choose a treatment with missing=: {', '.join(WAYS)}", fill)
        raise DataError(
            f"{where}: values are missing in {np.count_nonzero(counts):,} of "
            f"{counted(len(counts), 'column')}: {shown}, first in data row "
            f"{int(gaps.any(axis=1).argmax()) + 1}. {advice}."
        )
    if way == "drop-rows":
        return _without_rows(raw, gaps.any(axis=1), where)
    if way == "drop-columns":
        return _without_columns(raw, flat, counts, where)
    return _filled(raw, flat, gaps, way, shown, where)


def _shown(counts: NDArray[Any], names: Sequence[str], n: int) -> str:
    columns = np.flatnonzero(counts)
    named = [f"{_name(names, column)} {counts[column]:,}" for column in columns]
    return f"{shortened(named, MOST)} (of {n:,} rows)"


def _name(names: Sequence[str], column: Any) -> str:
    return repr(names[column]) if names else f"column {column}"


def _without_rows(raw: Raw, gap: NDArray[np.bool_], where: str) -> Raw:
    if gap.all():
        raise DataError(
            f"{where}: missing=drop-rows would leave no row, since every row has a missing value."
        )
    n_train = None if raw.n_train is None else int((~gap[: raw.n_train]).sum())
    return replace(
        raw,
        samples=raw.samples[~gap],
        labels=None if raw.labels is None else raw.labels[~gap],
        n_train=n_train,
        missing=f"{gap.sum():,} of {len(gap):,} rows left out (missing values)",
    )


def _without_columns(raw: Raw, flat: NDArray[Any], counts: NDArray[Any], where: str) -> Raw:
    columns = np.flatnonzero(counts)
    if len(columns) == len(counts) or raw.samples.ndim > 2:
        raise DataError(f"{where}: missing=drop-columns would leave no column, or no whole image.")
    kept = np.flatnonzero(counts == 0)
    gone = [f"{_name(raw.feature_names, column)} ({counts[column]:,} missing)" for column in columns]
    return replace(
        raw,
        samples=flat[:, kept],
        image_shape=None,
        feature_names=tuple(raw.feature_names[column] for column in kept) if raw.feature_names else (),
        left_out=(*raw.left_out, *gone),
        missing=f"{len(columns):,} columns left out (missing values)",
    )


def _filled(raw: Raw, flat: NDArray[Any], gaps: NDArray[np.bool_], way: str, shown: str, where: str) -> Raw:
    out = flat.copy()
    for column in np.flatnonzero(gaps.any(axis=0)):
        known = flat[: raw.n_train, column]
        known = known[~np.isnan(known)].astype(np.float64)
        if not len(known):
            raise DataError(
                f"{where}: {_name(raw.feature_names, column)} has no values. Leave it out with drop=."
            )
        out[gaps[:, column], column] = np.mean(known) if way == "mean" else np.median(known)
    text = f"missing values replaced by the {way} of their column: {shown}"
    return replace(raw, samples=out.reshape(raw.samples.shape), missing=text)
