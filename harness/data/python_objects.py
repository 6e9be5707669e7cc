"""Datasets from Python objects: frames, sparse matrices, masked arrays, Bunches, lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError, error_line
from .advice import PythonObject
from .exact import plain_array
from .raw import Raw
from .table_options import NO_LABEL, TableOptions
from .tables import from_frame


def from_object(samples: Any, labels: Any, options: TableOptions, *, where: str) -> Raw:
    """Read samples, and labels if given separately, from objects.

    Parameters
    ----------
    samples : array, frame, sparse matrix or list of rows
        A frame is read like a table, including its label column, unless labels are given separately.
    labels : array, series, frame of one column or list, optional
    options : TableOptions
    where : str
        The name used in errors.

    Raises
    ------
    DataError
        If they are not numeric, a mask hides values, or the index of the labels is in another order.

    Examples
    --------
    >>> from_object([[1, 2], [3, 4]], ["a", "b"], TableOptions(), where="toy").samples.tolist()
    [[1, 2], [3, 4]]
    """
    apart = labels is not None
    if _is_frame(samples):
        pandas = type(samples).__module__.startswith("pandas")
        where = PythonObject(where, "frame" if pandas else "frame.to_pandas()")
        raw = from_frame(_pandas(samples), replace(options, label=None) if apart else options, where=where)
        raw = replace(
            raw, notes=tuple(note for note in raw.notes if note != NO_LABEL)
        )  # which names an option
    else:
        raw = Raw(_array(samples, "samples", where))
    if not apart:
        return raw
    _check_order(samples, labels, where)
    return replace(raw, labels=_labels(labels, where), label=_name(labels))


def from_bunch(given: Mapping[str, Any], options: TableOptions, *, where: str) -> Raw:
    """Read a mapping with `data` and `target`, or `X` and `y`, and its names if any.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> raw = from_bunch(load_iris(), TableOptions(), where="iris")
    >>> raw.samples.shape, list(raw.class_names)
    ((150, 4), ['setosa', 'versicolor', 'virginica'])
    """
    x, y = ("data", "target") if "data" in given else ("X", "y")
    raw = from_object(given[x], given[y], options, where=where)
    names: dict[str, Any] = {"label": y}
    if (features := given.get("feature_names")) is not None:
        names["feature_names"] = tuple(map(str, features))
    if (
        (classes := given.get("target_names")) is not None
        and raw.labels is not None
        and raw.labels.dtype.kind in "iu"
    ):
        names["class_names"] = tuple(map(str, classes))
    return replace(raw, **names)


def _is_frame(given: Any) -> bool:
    return type(given).__module__.partition(".")[0] in ("pandas", "polars", "pyarrow") and hasattr(
        given, "columns"
    )


def _check_order(samples: Any, labels: Any, where: str) -> None:
    """Refuse labels whose index has another order than the samples', since rows are paired by position."""
    one, other = getattr(samples, "index", None), getattr(labels, "index", None)
    if one is None or other is None or not (hasattr(one, "sort_values") and hasattr(other, "sort_values")):
        return
    if one.dtype == other.dtype and not one.equals(other) and one.sort_values().equals(other.sort_values()):
        raise DataError(
            f"{where}: the index of the labels has another order than that of the samples. Give "
            "y.loc[X.index], or y.to_numpy() if the labels are in the order of the rows."
        )


def _pandas(frame: Any) -> Any:
    return frame if type(frame).__module__.startswith("pandas") else frame.to_pandas()


def _labels(given: Any, where: str) -> NDArray[Any]:
    labels = _array(given, "labels", where)
    return labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels


def _name(labels: Any) -> str:
    """Return the name of a series, or of the only column of a frame."""
    name = (
        labels.columns[0] if _is_frame(labels) and len(labels.columns) == 1 else getattr(labels, "name", None)
    )
    return name if isinstance(name, str) else ""


def _array(given: Any, what: str, where: str) -> NDArray[Any]:
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        raise DataError(
            f"{where}: a mask hides {np.ma.getmaskarray(given).sum():,} values of the {what}. Fill them, "
            "e.g. with filled(0), or leave such rows out."
        )
    if hasattr(given, "toarray"):
        from .sparse import dense

        return dense(given, where)
    try:
        array = np.asarray(given)
    except Exception as error:  # anything that a library's __array__ raises
        raise DataError(f"{where}: cannot convert the {what} to a NumPy array: {error_line(error)}") from None
    return plain_array(array)
