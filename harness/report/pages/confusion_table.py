"""Tables of classes by clusters, before and after one-to-one matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..cell_data import StoredCell
from ..figures.confusion import in_pairs
from ..figures.matching import Matching, match

MOST = 30  # clusters with their own column
TOLD = 5  # confusions that are told in words
LEAST = 0.1  # of a class


@dataclass(frozen=True)
class Line:
    """A class: its samples per column, and those that count as right.

    Parameters
    ----------
    name : str
    counts : list of int
    shares : list of float
        The same as shares of the class.
    own : int or None
        The column of the cluster that the class is matched to.
    total : int
    accuracy : float
        The share of the class that is in that cluster.
    """

    name: str
    counts: list[int]
    shares: list[float]
    own: int | None
    total: int
    accuracy: float


@dataclass(frozen=True)
class Table:
    """Classes by clusters: `columns` names the clusters, and `matched` the class of each that has one."""

    columns: list[str]
    matched: list[str]
    lines: list[Line]


def tables(cell: StoredCell) -> list[Table]:
    """Return the table in the clusterer's numbering, and the matched one.

    There are none without classes or clusters.
    """
    if cell.truth is None or cell.labels is None or not len(cell.labels):
        return []
    matching = match(np.asarray(cell.truth), np.asarray(cell.labels))
    rows, columns = in_pairs(matching)
    every = np.arange(len(matching.classes)), np.arange(len(matching.clusters))
    return [_table(cell, matching, *every), _table(cell, matching, rows, columns)]


def mixed_up(tables: Sequence[Table]) -> list[str]:
    """Say which classes are most in a cluster that is not theirs, the largest number first.

    Parameters
    ----------
    tables : sequence of Table
        As `tables` returns them.
    """
    if not tables:
        return []
    matched = tables[-1]
    found = [
        (count, line, column)
        for line in matched.lines
        for column, count in enumerate(line.counts)
        if column != line.own and count >= LEAST * line.total
    ]
    found.sort(key=lambda each: -each[0])
    return [
        f"{count:,} of {line.total:,} of class {line.name} are {_where(matched, column)}"
        for count, line, column in found[:TOLD]
    ]


def _where(table: Table, column: int) -> str:
    name, matched = table.columns[column], table.matched[column]
    if name == "noise":
        return "noise"
    if name.endswith(" more"):
        return f"in {name} clusters"
    return f"in cluster {name}, " + (f"which is matched to {matched}" if matched else "which has no class")


def _table(
    cell: StoredCell, matching: Matching, rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> Table:
    shown, rest = columns[:MOST], columns[MOST:]
    counts = matching.counts[np.ix_(rows, shown)]
    names = [str(matching.clusters[place]) for place in shown]
    class_of = matching.class_of
    matched = [_matched(cell, class_of.get(int(matching.clusters[place]))) for place in shown]
    if len(rest):
        counts = np.column_stack([counts, matching.counts[np.ix_(rows, rest)].sum(axis=1)])
        names.append(f"{len(rest)} more")
    if matching.noise.any():
        counts = np.column_stack([counts, matching.noise[rows]])
        names.append("noise")
    place_of = {int(place): n for n, place in enumerate(shown)}
    lines = [_line(cell, matching, int(row), counts[n].tolist(), place_of) for n, row in enumerate(rows)]
    return Table(names, matched + [""] * (len(names) - len(matched)), lines)


def _line(
    cell: StoredCell, matching: Matching, row: int, counts: Sequence[int], place_of: dict[int, int]
) -> Line:
    total, pair = int(matching.sizes[row]), matching.pairs.get(row)
    right = int(matching.counts[row, pair]) if pair is not None else 0
    return Line(
        cell.class_name(int(matching.classes[row])),
        list(counts),
        [round(count / total, 3) for count in counts],
        place_of.get(pair) if pair is not None else None,
        total,
        right / total,
    )


def _matched(cell: StoredCell, number: int | None) -> str:
    return "" if number is None else cell.class_name(number)
