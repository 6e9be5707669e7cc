"""Details of a row: facts, metrics, runs, parameters, notes, flags and seconds, as plain values."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from ...core.board import Board, Row
from ...core.spec import step_names
from ...leaderboard.board_columns import arranged
from ...leaderboard.columns import DETAILS, Column
from ...leaderboard.flags import flags, meaning
from ...leaderboard.k_curves import chosen, tried
from ...leaderboard.significance import answer_text
from ...leaderboard.table_cells import BoardTable, TableCell
from ...leaderboard.text import clusters, runs, status
from .columns import finite

FACTS = ("K", "Runs", "Status")


def details_of(table: BoardTable) -> dict[str, Any]:
    """Return the details of a board's rows, in order, and the headings of their numbers.

    The headings are pairs of a title and a kind; the numbers of a metric stand under them in each row.
    """
    metrics = table.board.metrics
    rows = zip(table.cells(), *map(table.cells, metrics), strict=True)
    return {
        "metrics": [metric.name for metric in metrics],
        "parts": [[each.key, each.kind] for each in _columns(table.board)],
        "facts": [*FACTS, f"{table.ranking} less that of the best row, 95% interval"],
        "params": dict(table.board.parameters),
        "rows": [
            {name: found for name, found in _details(table.board, cell, scored).items() if found}
            for cell, *scored in rows
        ],
    }


def packed(values: dict[str, Any]) -> str:
    """Return plain values as compressed JSON in letters, which is a third of the size and browsers unpack."""
    text = json.dumps(values, separators=(",", ":"), allow_nan=False)
    return b64encode(zlib.compress(text.encode(), 9)).decode()


def _columns(board: Board) -> list[Column]:
    """Return the columns of details, without those that have no value for any metric of the board."""
    return [
        column
        for column in arranged(DETAILS)
        if not column.sparse
        or any(column.metrics(board, metric) for metric in board.metrics if column.metrics)
    ]


def _details(board: Board, cell: TableCell, scored: Sequence[TableCell]) -> dict[str, Any]:
    row, columns = cell.row, _columns(board)
    timed = {"encode": row.encode_seconds, "cluster": row.cluster_seconds}
    return {
        "facts": _facts(row, scored, cell.table.ranking),
        "scores": [
            [n, *(_number(column.value(each)) for column in columns)]
            for n, each in enumerate(scored)
            if each.summary
        ],
        "seconds": [  # only the summary is known: other columns have no value
            [name, *(_number(getattr(summary, column.key, None)) for column in columns)]
            for name, summary in timed.items()
            if summary
        ],
        "runs": _runs(row, [metric.name for metric in board.metrics]),
        "params": _parameters(board, row),
        "flags": [[flag, meaning(flag)] for flag in flags(row)],
        "curves": [[str(row.curves[0]["criterion"]), tried(row.curves), chosen(row.curves)]]
        if row.curves
        else [],
        "notes": list(row.notes),
    }


def _facts(row: Row, scored: Sequence[TableCell], ranking: str) -> list[str]:
    """Return K, how the runs ended and how the row stands to the best one, in full, as `FACTS` names them."""
    facts = [clusters(row), runs(row), "" if row.complete else status(row)]
    own = next((each for each in scored if each.metric and each.metric.name == ranking), None)
    if own is None or own.versus is None:
        return facts
    text = answer_text(own.versus) if own.versus.answer else f"– {own.versus.why}"
    more = f", {own.versus.how}" if own.versus.how in ("paired", "unpaired") else ""
    needed = f"; about {own.versus.seeds} seeds would tell" if own.versus.seeds else ""
    return [*facts, text + more + needed]


def _number(value: float | None) -> float | None:
    """Return a number with the decimals that readers see, or None where it is none."""
    found = None if value is None else finite(value)
    return None if found is None else round(found, 4 if abs(found) < 100 else 1)


def _runs(row: Row, names: list[str]) -> list[list[Any]]:
    """Return a line per run: its seeds, and the score of each metric."""
    runs: dict[tuple[int | None, int | None], dict[str, float | None]] = {}
    for name in names:
        for value in row.values.get(name, ()):
            runs.setdefault((value.encoder_seed, value.clusterer_seed), {})[name] = _number(value.value)
    order = sorted(runs, key=lambda seeds: [-1 if seed is None else seed for seed in seeds])
    return [[*seeds, *(runs[seeds].get(name) for name in names)] for seeds in order]


def _parameters(board: Board, row: Row) -> list[str]:
    """Return which steps of a row have parameters, and names with a meaning, e.g. aliases."""
    known = board.parameters
    spec = known.get(row.clusterer, row.clusterer)  # the meaning of an alias
    steps = [row.encoder, *step_names(row.encoder), *step_names(known.get(row.encoder, ""))]
    names = [*steps, row.clusterer, f"{spec}, K {row.k}"]
    return [name for name in dict.fromkeys(names) if name in known]
