"""Details of a row: metrics, runs, parameters, notes, seconds, meanings of flags; as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.board import Board, Row
from ...core.spec import split_chain
from ...leaderboard.board_columns import arranged
from ...leaderboard.columns import DETAILS
from ...leaderboard.flags import flags, meaning
from ...leaderboard.k_curves import chosen, tried
from ...leaderboard.table_cells import BoardTable, TableCell
from .columns import finite


def details_of(table: BoardTable) -> dict[str, Any]:
    """Return the details of a board's rows, in order, and the headings of their numbers.

    The headings are pairs of a title and a kind; the numbers of a metric stand under them in each row.
    """
    metrics = table.board.metrics
    rows = zip(table.cells(), *map(table.cells, metrics), strict=True)
    return {
        "metrics": [metric.name for metric in metrics],
        "parts": [[each.key, each.kind] for each in arranged(DETAILS)],
        "rows": [_details(table.board, cell, scored) for cell, *scored in rows],
    }


def _details(board: Board, cell: TableCell, scored: Sequence[TableCell]) -> dict[str, Any]:
    row, columns = cell.row, arranged(DETAILS)
    timed = {"encode": row.encode_seconds, "cluster": row.cluster_seconds}
    return {
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


def _number(value: float | None) -> float | None:
    return None if value is None else finite(value)


def _runs(row: Row, names: list[str]) -> list[list[Any]]:
    """Return a line per run: its seeds, and the score of each metric."""
    runs: dict[tuple[int | None, int | None], dict[str, float | None]] = {}
    for name in names:
        for value in row.values.get(name, ()):
            runs.setdefault((value.encoder_seed, value.clusterer_seed), {})[name] = finite(value.value)
    order = sorted(runs, key=lambda seeds: [-1 if seed is None else seed for seed in seeds])
    return [[*seeds, *(runs[seeds].get(name) for name in names)] for seeds in order]


def _parameters(board: Board, row: Row) -> list[list[str]]:
    """Return the parameters of a row's encoder and clusterer, and the meaning of an alias."""
    known = board.parameters
    spec = known.get(row.clusterer, row.clusterer)  # the meaning of an alias
    steps = [row.encoder, *split_chain(row.encoder), *split_chain(known.get(row.encoder, ""))]
    names = [*steps, row.clusterer, f"{spec}, K {row.k}"]
    return [[name, known[name]] for name in dict.fromkeys(names) if name in known]
