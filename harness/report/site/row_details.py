"""What a row opens to: metrics, runs, parameters, notes, seconds, what its flags mean; as plain values."""

from __future__ import annotations

from typing import Any

from ...core.board import Board, Row, Summary
from ...core.spec import split_chain
from ...leaderboard.flags import flags, meaning
from ...leaderboard.k_curves import chosen, tried
from .columns import finite


def details_of(board: Board) -> dict[str, Any]:
    """Return the names of a board's metrics, and of each row what it opens to, in the order of the rows."""
    return {
        "metrics": [metric.name for metric in board.metrics],
        "rows": [_details(board, row) for row in board.rows],
    }


def _details(board: Board, row: Row) -> dict[str, Any]:
    names = [metric.name for metric in board.metrics]
    return {
        "scores": [[n, *_numbers(row.scores[name])] for n, name in enumerate(names) if name in row.scores],
        "seconds": [
            [name, *_numbers(each)]
            for name, each in (("encode", row.encode_seconds), ("cluster", row.cluster_seconds))
            if each
        ],
        "runs": _runs(row, names),
        "params": _parameters(board, row),
        "flags": [[flag, meaning(flag)] for flag in flags(row)],
        "curves": [[str(row.curves[0]["criterion"]), tried(row.curves), chosen(row.curves)]]
        if row.curves
        else [],
        "notes": list(row.notes),
    }


def _numbers(summary: Summary) -> list[Any]:
    std = None if summary.std is None else finite(summary.std)
    return [summary.n, finite(summary.mean), std, finite(summary.min), finite(summary.max)]


def _runs(row: Row, names: list[str]) -> list[list[Any]]:
    """Return a line for each run: its seeds, and the score of each metric."""
    found: dict[tuple[int | None, int | None], dict[str, float | None]] = {}
    for name in names:
        for value in row.values.get(name, ()):
            found.setdefault((value.encoder_seed, value.clusterer_seed), {})[name] = finite(value.value)
    order = sorted(found, key=lambda seeds: [-1 if seed is None else seed for seed in seeds])
    return [[*seeds, *(found[seeds].get(name) for name in names)] for seeds in order]


def _parameters(board: Board, row: Row) -> list[list[str]]:
    """Return the parameters of a row's encoder and clusterer, and what an alias stands for."""
    known = board.parameters
    spec = known.get(row.clusterer, row.clusterer)  # of an alias, what it is
    steps = [row.encoder, *split_chain(row.encoder), *split_chain(known.get(row.encoder, ""))]
    names = [*steps, row.clusterer, f"{spec}, K {row.k}"]
    return [[name, known[name]] for name in dict.fromkeys(names) if name in known]
