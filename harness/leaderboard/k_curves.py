"""Curves of a criterion over K, over all runs of a row, as text."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..core.board import Board, Row
from ..core.counts import counted

Curve = Mapping[str, Any]  # `selection_` of K selection: criterion, k, values, chosen, edge, ...


def tried(curves: Sequence[Curve]) -> str:
    """Format the values of K tried.

    Examples
    --------
    >>> tried([{"k": [2, 3, 4]}]), tried([{"k": [10, 16, 36]}])
    ('2 – 4', '10, 16, 36')
    """
    ks = _ks(curves)
    if len(ks) > 2 and ks == list(range(ks[0], ks[-1] + 1)):
        return f"{ks[0]} – {ks[-1]}"
    return ", ".join(map(str, ks))


def chosen(curves: Sequence[Curve]) -> str:
    """Format how many runs chose each K.

    Examples
    --------
    >>> chosen([{"chosen": 9}, {"chosen": 20, "edge": True}, {"chosen": 9}, {"chosen": None}])
    '9 (2 runs), 20 (1 run, edge), none (1 run)'
    """
    counts = Counter((curve["chosen"], bool(curve.get("edge"))) for curve in curves)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0] is None, item[0][0] or 0))
    return ", ".join(
        f"{'none' if k is None else k} ({count} run{'s' if count > 1 else ''}{', edge' if edge else ''})"
        for (k, edge), count in ordered
    )


def tables(board: Board) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Yield title, headers and rows of a table for each encoder and set of K: a line per K, a column per row.

    A cell holds the mean criterion over runs and, after an arrow, how many runs chose this K.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(board.rows, key=lambda row: (row.encoder, row.clusterer)):
        if row.curves:
            groups.setdefault((row.encoder, tried(row.curves)), []).append(row)
    for (encoder, span), rows in groups.items():
        title = f"{board.name}: {encoder}, K = {span}, {counted(max(len(row.curves) for row in rows), 'run')}"
        ks = _ks([curve for row in rows for curve in row.curves])
        headers = ["K", *(row.clusterer for row in rows)]
        yield title, headers, [[str(k), *(_cell(row.curves, k) for row in rows)] for k in ks]


def _cell(curves: Sequence[Curve], k: int) -> str:
    found = [
        value
        for curve in curves
        for tried_k, value in zip(curve["k"], curve["values"], strict=True)
        if tried_k == k and value is not None
    ]
    times = sum(curve["chosen"] == k for curve in curves)
    mean = statistics.fmean(found) if found else 0.0
    text = f"{mean:,.0f}" if abs(mean) >= 1000 else f"{mean:.4g}"
    text = text if found else "–"
    return f"{text} <-{times}" if times else text


def _ks(curves: Sequence[Curve]) -> list[int]:
    return sorted({k for curve in curves for k in curve["k"]})
