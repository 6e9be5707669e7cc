"""Label vectors in files: one column per method, one row per sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import DataError
from ..core.interfaces import Labels
from ..core.library_calls import library_call

_RESULT = re.compile(r"(?P<name>.+)\.result(?P<k>\d+)(\.csv)?(\.gz)?")


class ResultFile(NamedTuple):
    """A file ``METHOD/BATTERY/NAME.resultK.gz``: labels of one dataset, all with the same K."""

    path: Path
    dataset: str
    k: int


def result_files(folder: Path) -> list[ResultFile]:
    """Return the label files in a folder, by dataset ``BATTERY-NAME``; those with K below 2 are left out.

    Raises
    ------
    DataError
        If there are none.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> (folder / "Genie" / "wut").mkdir(parents=True)
    >>> (folder / "Genie" / "wut" / "x2.result3.gz").touch()
    >>> [(each.dataset, each.k) for each in result_files(folder)]
    [('wut-x2', 3)]
    """
    found = ((path, _RESULT.fullmatch(path.name)) for path in sorted(folder.rglob("*.result*")))
    files = [
        ResultFile(path, f"{path.parent.name}-{match['name']}", int(match["k"]))
        for path, match in found
        if match and int(match["k"]) > 1
    ]
    if not files:
        raise DataError(
            f"{folder}: no label files named METHOD/BATTERY/NAME.resultK.gz, e.g. Genie/wut/x2.result3.gz. "
            "For a table of labels, give the file, with -d DATASET and -k K."
        )
    return files


def read_labels(path: Path, samples: int, k: int | None, *, first: int = 0) -> Mapping[str, Labels]:
    """Read the labels of each method in a table with a header.

    Parameters
    ----------
    path : Path
        CSV, possibly compressed.
    samples : int
        Number of samples of the dataset.
    k : int or None
        Number of clusters, if it was given to the methods.
    first : {0, 1}
        The first label. From 0 on, -1 is noise.

    Returns
    -------
    mapping from str to ndarray of shape (samples,), int64
        By the name of the method; labels from 0, -1 for noise.

    Raises
    ------
    DataError
        If the table has not one row per sample, a column is not of whole numbers in range, or the header does
        not name each column once.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "x2.result2.csv")
    >>> _ = file.write_text('"Genie_G0.3","Ward"\\n1,2\\n2,2\\n1,1\\n')
    >>> {name: labels.tolist() for name, labels in read_labels(file, 3, 2, first=1).items()}
    {'Genie_G0.3': [0, 1, 0], 'Ward': [1, 1, 0]}
    """
    import pandas as pd

    refusal = f"{path}: cannot read it as a table of labels"
    with library_call(lambda reason: DataError(f"{refusal}: {reason}. Give a CSV with a header.")):
        names = [str(name).strip() for name in pd.read_csv(path, header=None, nrows=1, dtype=str).iloc[0]]
        frame = pd.read_csv(path, header=None, skiprows=1, skipinitialspace=True)
    _check_names(names, path)
    if frame.shape[1] != len(names) or len(frame) != samples:
        raise DataError(
            f"{path}: {len(frame):,} rows of {frame.shape[1]} columns, but the dataset has {samples:,} "
            f"samples and the header {len(names)} names. Give one row per sample, in its order."
        )
    return {name: _labels(frame.iloc[:, n], name, k, first, path) for n, name in enumerate(names)}


def _check_names(names: list[str], path: Path) -> None:
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise DataError(
            f"{path}: two columns are named {name!r}. Rename one: a column is a row of the leaderboard."
        )
    if any(re.fullmatch(r"-?[\d.]*|nan", name) for name in names):
        raise DataError(
            f"{path}: the first line must name the methods, one per column, got {', '.join(names[:5])}. "
            "Add a header."
        )


def _labels(column: Any, name: str, k: int | None, first: int, path: Path) -> Labels:
    """Return a column as labels from 0."""
    where = f"{path}, {name!r}"
    if column.dtype.kind not in "iu":
        whole = [re.fullmatch(r"-?\d+(\.0)?", str(cell)) is not None for cell in column.tolist()]
        row = whole.index(False) if False in whole else 0
        raise DataError(
            f"{where}: labels must be whole numbers, got {str(column.iloc[row])!r} in data row {row + 1}. "
            "Correct it."
        )
    labels: Labels = column.to_numpy(dtype=np.int64, copy=True)
    low, high, least = labels.min(), labels.max(), first if first else -1
    if low < least or (first and k and high > k):
        most = f" to {k}" if first else ""
        raise DataError(
            f"{where}: labels must be from {least}{most}, got {low} to {high}. Is it another file?"
        )
    found = len(np.unique(labels[labels >= 0]))
    if k is not None and found > k:
        raise DataError(
            f"{where}: {found} clusters, but K is said to be {k}. Give -k {found} or -k estimated."
        )
    labels -= first
    return labels
