"""Conflicting results of two contributors for the same stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..core.cell import CellRecord
from ..core.errors import HarnessError
from ..core.interfaces import Labels
from ..core.record import Record
from .bundle import Bundle
from .npz import Unreadable, read_npy
from .tolerance import alike

MOST_PAIRS = 10**6  # of compared clusters
ONLY_HERE = ("crashed", "timeout", "out-of-memory", "unavailable")  # may succeed on another machine


@dataclass(frozen=True)
class Conflict:
    """A stage with different results from two contributors.

    Parameters
    ----------
    board, row, what : str
        Which board; encoder, clusterer and seeds; the metric, or ``clusters``.
    key : str
        The key of the stage.
    values : tuple of str
        The result of each: a score, a status, or clusters with the number of rows in which both agree.
    origins : tuple of str
        Contributor, machine and time of each.
    """

    board: str
    row: str
    what: str
    key: str
    values: tuple[str, str]
    origins: tuple[str, str]


def conflicts(first: Bundle, second: Bundle) -> Iterator[Conflict]:
    """Yield keys with different results, in any cells."""
    users = [{key: cell for cell in side.cells.values() for key in cell.keys} for side in (first, second)]
    for key in sorted(users[0].keys() & users[1].keys()):
        mine, theirs = first.records.get(key), second.records.get(key)
        if mine is None or theirs is None or agree(mine, theirs, first, second):
            continue
        one, other = users[0][key], users[1][key]
        names = {score.key: metric for metric, score in one.scores.items()}
        told = (_told(mine, first), _told(theirs, second))
        if mine.kind == "cluster" and mine.ok and theirs.ok:
            told = (told[0], told[1] + _overlap(mine, theirs, first, second))
        by = (_by(one), _by(other))
        yield Conflict(first.name, one.title, names.get(key, "clusters"), key, told, by)


def agree(mine: Record, theirs: Record, first: Bundle, second: Bundle) -> bool:
    """Return whether two records of one key agree; failures for lack of time or memory do not count.

    The order of clusters does not matter. Embeddings are not published, so clusters and scores decide.
    """
    if mine.status != theirs.status:
        return mine.status in ONLY_HERE or theirs.status in ONLY_HERE
    if mine.kind == "score":
        return not mine.ok or alike(mine.values["score"], theirs.values["score"])
    if mine.kind == "encode":
        return True
    if mine.arrays.get(first.part, "") == theirs.arrays.get(second.part, ""):
        return True
    one, other = _labels(mine, first), _labels(theirs, second)
    return one is not None and other is not None and _partition(one) == _partition(other)


def _partition(labels: Labels) -> bytes:
    """Return labels with clusters numbered in order of appearance; noise stays noise."""
    found, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(len(found), dtype=np.int64)
    order[np.argsort(np.where(found < 0, -1, first))] = np.arange(len(found)) - int((found < 0).any())
    return bytes(order[inverse].tobytes())


def _labels(record: Record, bundle: Bundle) -> Labels | None:
    """Return the labels of a fit, or None if missing."""
    content = bundle.labels.get(record.arrays.get(bundle.part, ""))
    if content is None:
        return None
    rows = next(iter(bundle.cells.values())).rows
    try:
        return read_npy(content, rows.stop - rows.start)
    except Unreadable as error:
        raise HarnessError(
            f"Labels of {bundle.name!r} in one of the folders: a file {error}. Find it with 'harness verify'."
        ) from None


def _told(record: Record, bundle: Bundle) -> str:
    if not record.ok:
        return f"{record.status}: {record.error}"
    if "score" in record.values:
        return repr(record.values["score"])
    digest = record.arrays.get(bundle.part)
    return f"labels {digest[:12]}" if digest else record.status


def _overlap(mine: Record, theirs: Record, first: Bundle, second: Bundle) -> str:
    """Report in how many rows two clusterings agree, with clusters matched one to one."""
    one, other = _labels(mine, first), _labels(theirs, second)
    if one is None or other is None:
        return ""
    (rows, a), (columns, b) = (np.unique(each, return_inverse=True) for each in (one, other))
    if len(a) != len(b) or len(rows) * len(columns) > MOST_PAIRS:
        return ""
    from scipy.optimize import linear_sum_assignment  # slow to import, and rarely needed

    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    np.add.at(counts, (a, b), 1)
    noise = (rows[:, None] < 0) != (columns < 0)  # is not a cluster
    gain = np.where(noise, 0, counts)
    alike = int(gain[linear_sum_assignment(gain, maximize=True)].sum())
    return f", alike in {alike:,} of {len(a):,} rows"


def _by(cell: CellRecord) -> str:
    return "; ".join(f"{each.by}, {each.hardware}, {each.when[:10]}" for each in cell.origins)
