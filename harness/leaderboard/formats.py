"""Format a board as CSV, LaTeX, JSON or HTML."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from tabulate import tabulate

from ..core.board import Board
from .board_columns import BoardColumn, arranged, columns_of
from .columns import COMPACT, CSV, JSON
from .markdown import markdown
from .table_cells import BoardTable
from .text import printable


def flat(board: Board) -> list[dict[str, Any]]:
    """Return one flat mapping per row: every metric's mean, std, min, median, max, 95% interval and n."""
    columns = columns_of(BoardTable(board), CSV)
    return [
        {
            column.title: "; ".join(value) if isinstance(value, list) else value
            for column, value in zip(columns, values, strict=True)
        }
        for values in zip(*(column.values for column in columns), strict=True)
    ]


def flat_published(board: Board) -> list[dict[str, Any]]:
    """Return one flat mapping per published result comparable with a board, with its grade."""
    from .published_results import beside

    found = []
    for each in beside(board)[0]:
        line: dict[str, Any] = {
            "dataset": board.dataset,
            "protocol": board.protocol,
            "published": each.method,
        }
        for name in ("accuracy", "nmi", "ari"):
            figure = getattr(each, name)
            for part in ("mean", "std", "min", "max"):
                line[f"{name}_{part}"] = getattr(figure, part) if figure else None
        more = {"runs": each.runs, "grade": each.grade, "source": each.source, "notes": each.notes}
        found.append(line | {f"published_{name}": text for name, text in more.items()})
    return found


def to_csv(*boards: Board, reference: bool = False) -> str:
    """Write one line per row, as in `flat`; several boards make one table.

    Published results, if requested, follow after all rows; their method is in ``published``.
    """
    rows = [row for board in boards for row in flat(board)]
    rows += [row for board in boards for row in flat_published(board)] if reference else []
    return write_csv(rows)


def write_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write one line per mapping, with a column for each name in any of them."""
    buffer = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(buffer, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def _harmless(value: Any) -> Any:
    """Escape a text that a spreadsheet would read as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def to_json(*boards: Board, reference: bool = False) -> str:
    """Write a list of boards with all their content, and published results if requested."""
    return json.dumps([_known(board, reference) for board in boards], indent=2, default=float) + "\n"


def _known(board: Board, reference: bool) -> dict[str, Any]:
    """Return a board with the values that columns add to its rows; by metric for columns of metrics."""
    known = {**asdict(replace(board, among=[])), "name": board.name}
    del known["among"]
    for column in columns_of(BoardTable(board), JSON):
        for line, value in zip(known["rows"], column.values, strict=True):
            if column.metric is None:
                line[column.title] = value
                continue
            by_metric = line.setdefault(column.title, {})
            if value is not None:
                by_metric[column.metric.name] = value
    for line in known["rows"]:  # also for a board without metrics
        line |= {each.json_key: {} for each in arranged(JSON) if each.json_key not in line}
    if reference:
        from .published_results import WARNING, beside, grades

        entries, reason = beside(board)
        known["published"] = [each.model_dump() for each in entries]
        known["published_note"] = reason or f"{WARNING} {grades(entries)}"
    return known


def _compact(board: Board, fmt: str) -> str:
    columns = columns_of(BoardTable(board), COMPACT)
    rows = list(zip(*(column.texts for column in columns), strict=True))
    return tabulate(rows, [column.title for column in columns], tablefmt=fmt, disable_numparse=True) + "\n"


def _published(board: Board, fmt: str) -> str:
    """Write published results as a separate table, or why there are none."""
    from .published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    note = reason or f"Published results. {WARNING} {grades(found)}"
    heads = {"html": f"<p>{html.escape(note)}</p>\n", "latex_booktabs": f"% {note}\n"}
    lines = [each.cells for each in found]
    shown = tabulate(lines, HEADERS, tablefmt=fmt, disable_numparse=True) + "\n" if found else ""
    return heads.get(fmt, f"{note}\n") + shown


def to_latex(board: Board, reference: bool = False) -> str:
    """Write a booktabs table with the best in bold, and published results in another, if requested.

    Decimals are aligned: a score without deviation is padded.
    """
    columns = columns_of(BoardTable(board), COMPACT)
    cells = [
        _latex_scores(each) if each.kind == "score" else list(map(latex_text, each.texts)) for each in columns
    ]
    lines = [
        " & ".join(row) for row in [[latex_text(each.title) for each in columns], *zip(*cells, strict=True)]
    ]
    kinds = "".join("r" if each.kind == "score" else "l" for each in columns)
    body = [f"{line} \\\\" for line in lines]
    text = [f"\\begin{{tabular}}{{{kinds}}}", "\\toprule", body[0], "\\midrule", *body[1:]]
    table = "\n".join([*text, "\\bottomrule", "\\end{tabular}", ""])
    return table + (_published(board, "latex_booktabs") if reference else "")


def _latex_scores(column: BoardColumn) -> list[str]:
    """Return scores padded so that their decimals align in a right-aligned column."""
    widest = max((text.partition("±")[2] for text in column.texts), key=len)
    room = f"\\phantom{{{latex_text(f' ±{widest}')}}}" if widest else ""
    return [
        (f"\\textbf{{{latex_text(text)}}}" if cell.best else latex_text(text))
        + (room if cell.summary is not None and "±" not in text else "")
        for cell, text in zip(column.cells, column.texts, strict=True)
    ]


LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "±": r"$\pm$", "–": "--"}
)


def latex_text(text: str) -> str:
    """Escape a text for LaTeX.

    Examples
    --------
    >>> print(latex_text("a_b & 5%"))
    a\\_b \\& 5\\%
    """
    return printable(text).translate(LATEX)


def to_text(board: Board) -> str:
    """Write a table of plain text."""
    return _compact(board, "simple")


def to_html(board: Board, reference: bool = False) -> str:
    """Write an HTML table, and published results in another, if requested; names and errors are escaped."""
    return _compact(board, "html") + (_published(board, "html") if reference else "")


def _joined(write: Callable[[Board, bool], str]) -> Callable[..., str]:
    return lambda *boards, reference=False: "\n".join(write(board, reference) for board in boards)


FORMATS: Mapping[str, Callable[..., str]] = {
    "markdown": _joined(markdown),
    "csv": to_csv,
    "json": to_json,
    "latex": _joined(to_latex),
    "html": _joined(to_html),
}
