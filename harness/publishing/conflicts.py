"""Where two contributors say something else of the same stage."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..record import Record
from .bundle import Bundle, keys_of, scored_part
from .tolerance import alike

ONLY_HERE = ("crashed", "timeout", "out-of-memory", "unavailable")  # may go well on another machine


@dataclass(frozen=True)
class Conflict:
    """A stage that two contributors computed, with another result.

    Parameters
    ----------
    board, row, what : str
        Which board; encoder, clusterer and seeds; the metric, or ``status``.
    key : str
        The key of the stage.
    values : tuple of str
        What each of the two has.
    origins : tuple of str
        Who computed it, where and when.
    """

    board: str
    row: str
    what: str
    key: str
    values: tuple[str, str]
    origins: tuple[str, str]


def conflicts(first: Bundle, second: Bundle) -> Iterator[Conflict]:
    """Yield where the same key has another result, whatever cells it is in."""
    users = [{key: body for body in side.cells.values() for key in keys_of(body)} for side in (first, second)]
    for key in sorted(users[0].keys() & users[1].keys()):
        mine, theirs = first.records.get(key), second.records.get(key)
        if mine is None or theirs is None or agree(mine, theirs, first, second):
            continue
        one, other = users[0][key], users[1][key]
        row = f"{one['encoder']} + {one['clusterer']}, seeds {one['seeds']}"
        names = {score["key"]: metric for metric, score in one["scores"].items()}
        told = (_told(mine), _told(theirs))
        yield Conflict(first.name, row, names.get(key, "clusters"), key, told, (_by(one), _by(other)))


def agree(mine: Record, theirs: Record, first: Bundle, second: Bundle) -> bool:
    """Whether two records of one key say the same; that it failed for want of time or memory says nothing.

    Clusters in another order are the same clusters. Embeddings are not published: clusters and scores tell.
    """
    if mine.status != theirs.status:
        return mine.status in ONLY_HERE or theirs.status in ONLY_HERE
    if mine.kind == "score":
        return not mine.ok or alike(mine.values["score"], theirs.values["score"])
    if mine.kind == "encode":
        return True
    part = scored_part(first.name.rpartition(".")[2])
    one, other = mine.arrays.get(part, ""), theirs.arrays.get(part, "")
    if one == other or one not in first.labels or other not in second.labels:
        return one == other
    return _partition(first.labels[one]) == _partition(second.labels[other])


def _partition(content: bytes) -> bytes:
    """Return labels with clusters numbered in the order in which they appear; noise stays noise."""
    labels = np.load(io.BytesIO(content), allow_pickle=False)
    found, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(len(found), dtype=np.int64)
    order[np.argsort(np.where(found < 0, -1, first))] = np.arange(len(found)) - int((found < 0).any())
    return bytes(order[inverse].tobytes())


def _told(record: Record) -> str:
    if "score" in record.values:
        return repr(record.values["score"])
    return record.status if record.ok else f"{record.status}: {record.error}"


def _by(body: Mapping[str, Any]) -> str:
    return "; ".join(f"{each['by']}, {each['hardware']}, {each['when'][:10]}" for each in body["origins"])
