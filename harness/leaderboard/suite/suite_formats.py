"""Format the leaderboard of a suite as CSV, JSON or LaTeX."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..formats import latex_text, write_csv
from .suite_board import SuiteBoard
from .suite_columns import SuiteText, encoder_note, pivot_texts, summary_texts
from .suite_markdown import headline, suite_markdown
from .summaries import FACTORS

JSON_LEFT_OUT = ("estimate",)


def suite_csv(*boards: SuiteBoard) -> str:
    """Write one line per dataset and method; several metrics make one table."""
    return write_csv([line for board in boards for line in _lines(board)])


def _lines(board: SuiteBoard) -> list[dict[str, Any]]:
    return [
        {
            "suite": board.suite.name,
            "dataset": column.name,
            "group": column.group,
            "samples": column.samples,
            "features": column.features,
            "protocol": board.protocol,
            "method": method.name,
            "encoder": method.encoder,
            "clusterer": method.clusterer,
            "metric": board.metric.name,
            "value": cell.value,
            "std": cell.std,
            "seeds": cell.seeds,
            "state": cell.state if column.counted else f"{cell.state}, not counted",
            "reason": cell.reason,
            "reference": cell.board,
            "k": cell.k,
            "clusters": cell.clusters,
            "seconds": cell.seconds,
        }
        for place, column in enumerate(board.columns)
        for method in board.methods
        for cell in (method.cells[place],)
    ]


def suite_json(*boards: SuiteBoard) -> str:
    """Write a list of boards, one per metric, with all their content."""
    return json.dumps([_content(board) for board in boards], indent=1, allow_nan=False) + "\n"


def _content(board: SuiteBoard) -> dict[str, Any]:
    ranking = board.ranking
    return {
        "suite": {
            "name": board.suite.name,
            "version": board.suite.version,
            "aggregate": board.suite.aggregate,
        },
        "protocol": board.protocol,
        "metric": {"name": board.metric.name, "direction": board.metric.direction},
        "references": board.references,
        "datasets": [column._asdict() for column in board.columns],
        "methods": [
            {
                **{name: _plain(value) for name, value in vars(method).items() if name != "cells"},
                "profile": dict(zip(map(str, FACTORS), method.profile, strict=False)),
                "cells": [
                    {name: _plain(value) for name, value in vars(cell).items() if name not in JSON_LEFT_OUT}
                    for cell in method.cells
                ],
            }
            for method in board.methods
        ],
        "friedman": board.friedman._asdict() if board.friedman else None,
        "critical_difference": board.critical_difference,
        "ranked": ranking.pipelines if ranking else [],
        "groups": [list(each) for each in board.groups],
        "untested": board.untested,
        "win_tie_loss": [[list(each) for each in row] for row in board.pairs],
        "without_runs": list(board.without_runs),
        "notes": list(board.notes),
        "date": board.date,
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: no named tuple, and None for a number that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value._asdict() if hasattr(value, "_asdict") else value


def suite_latex(board: SuiteBoard) -> str:
    """Write the summary and the methods by datasets as booktabs tables, the best in bold."""
    notes = [f"% {latex_text(each)}" for each in (*headline(board), *board.notes, *encoder_note(board))]
    parts = [_tabular(summary_texts(board), [])]
    texts = pivot_texts(board, range(len(board.columns)))
    groups = [column.group for column in board.columns]
    rules = [n for n in range(1, len(groups)) if groups[n] != groups[n - 1]]
    parts.append(_tabular(texts, rules))
    return "\n".join([*notes, "\n".join(parts)])


def _tabular(columns: Sequence[SuiteText], rules: Sequence[int]) -> str:
    """Write a table, with a rule before some of its lines."""
    kinds = "".join("r" if each.numeric else "l" for each in columns)
    cells = [
        [
            f"\\textbf{{{text}}}" if best else text
            for text, best in zip(_escaped(each), each.best, strict=True)
        ]
        for each in columns
    ]
    head = " & ".join(latex_text(each.title) for each in columns)
    lines = [f"\\begin{{tabular}}{{{kinds}}}", "\\toprule", f"{head} \\\\", "\\midrule"]
    for place, row in enumerate(zip(*cells, strict=True)):
        lines += ["\\midrule"] if place in rules else []
        lines.append(f"{' & '.join(row)} \\\\")
    return "\n".join([*lines, "\\bottomrule", "\\end{tabular}", ""])


def _bold(text: str) -> str:
    return f"\\textbf{{{text}}}"


def _escaped(column: SuiteText) -> list[str]:
    return [latex_text(text) for text in column.texts]


SUITE_FORMATS: Mapping[str, Callable[..., str]] = {
    "markdown": suite_markdown,
    "csv": suite_csv,
    "json": suite_json,
    "latex": lambda *boards: "\n".join(map(suite_latex, boards)),
}
