"""Writing a board as CSV, LaTeX, JSON or HTML."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from tabulate import tabulate

from ..core.board import Board
from .flags import flags
from .markdown import markdown
from .significance import metric_intervals
from .text import clusters, missing, runs, spread, status


def flat(board: Board) -> list[dict[str, Any]]:
    """Return one flat mapping per row: every metric's mean, std, min, median, max, 95% interval and n."""
    found = []
    names = [metric.name for metric in board.metrics]
    ends = iter(metric_intervals(board, *names))
    for row in board.rows:
        line: dict[str, Any] = {
            "dataset": board.dataset,
            "protocol": board.protocol,
            "encoder": row.encoder,
            "clusterer": row.clusterer,
            "k": row.k,
            "n_clusters_mean": row.clusters.mean if row.clusters else None,
            "runs": row.runs,
            "status": status(row),
            "flags": "; ".join(flags(row)),
            "encode_seconds": row.encode_seconds.mean if row.encode_seconds else None,
            "cluster_seconds": row.cluster_seconds.mean if row.cluster_seconds else None,
        }
        for metric in board.metrics:
            summary = row.scores.get(metric.name)
            for part in ("mean", "std", "min", "max", "n"):
                line[f"{metric.name}_{part}"] = getattr(summary, part) if summary else None
            scores = [each.value for each in row.values.get(metric.name, ())]
            line[f"{metric.name}_median"] = median(scores) if scores else None
            interval = next(ends)
            line[f"{metric.name}_low"], line[f"{metric.name}_high"] = interval or (None, None)
        found.append(line)
    return found


def flat_published(board: Board) -> list[dict[str, Any]]:
    """Return one flat mapping per published result that may stand beside a board, with its grade."""
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
    """Write one line per row, as `flat` lays it out; several boards make one table.

    Published results follow after all rows, where they are wanted; their method stands in ``published``.
    """
    rows = [row for board in boards for row in flat(board)]
    rows += [row for board in boards for row in flat_published(board)] if reference else []
    return write_csv(rows)


def write_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Write one line per mapping, with a column for each name that any has."""
    buffer = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(buffer, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def _harmless(value: Any) -> Any:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def to_json(*boards: Board, reference: bool = False) -> str:
    """Write a list of boards, each with everything it knows; published results beside its rows, if wanted."""
    return json.dumps([_known(board, reference) for board in boards], indent=2, default=float) + "\n"


def _known(board: Board, reference: bool) -> dict[str, Any]:
    """Return a board with the flags of each row, and the median and 95% interval of each score."""
    known = {**asdict(board), "name": board.name}
    names = [metric.name for metric in board.metrics]
    ends = iter(metric_intervals(board, *names))
    for row, line in zip(board.rows, known["rows"], strict=True):
        found = {name: next(ends) for name in names}
        line["flags"] = flags(row)
        line["intervals"] = {name: each for name, each in found.items() if each is not None}
        line["medians"] = {name: median(each.value for each in runs) for name, runs in row.values.items()}
    if reference:
        from .published_results import WARNING, beside, grades

        entries, reason = beside(board)
        known["published"] = [each.model_dump() for each in entries]
        known["published_note"] = reason or f"{WARNING} {grades(entries)}"
    return known


def _compact(board: Board, fmt: str) -> str:
    headers = ["encoder", "clusterer", "K", "runs", *(metric.name for metric in board.metrics), "status"]
    flagged = any(map(flags, board.rows))
    headers += ["flags"] if flagged else []
    rows = [
        [row.encoder, row.clusterer, clusters(row), runs(row)]
        + [spread(row.scores.get(metric.name), missing(row)) for metric in board.metrics]
        + [status(row), *([", ".join(flags(row))] if flagged else [])]
        for row in board.rows
    ]
    return tabulate(rows, headers, tablefmt=fmt, disable_numparse=True) + "\n"


def _published(board: Board, fmt: str) -> str:
    """Write published results, or why there are none, as a table of their own."""
    from .published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    note = reason or f"Published results. {WARNING} {grades(found)}"
    heads = {"html": f"<p>{html.escape(note)}</p>\n", "latex_booktabs": f"% {note}\n"}
    lines = [each.cells for each in found]
    shown = tabulate(lines, HEADERS, tablefmt=fmt, disable_numparse=True) + "\n" if found else ""
    return heads.get(fmt, f"{note}\n") + shown


def to_latex(board: Board, reference: bool = False) -> str:
    """Write a booktabs table, and published results in another, if wanted."""
    text = _compact(board, "latex_booktabs") + (_published(board, "latex_booktabs") if reference else "")
    return text.replace("±", r"$\pm$").replace("–", "--")


def to_text(board: Board) -> str:
    """Write a table of plain text."""
    return _compact(board, "simple")


def to_html(board: Board, reference: bool = False) -> str:
    """Write an HTML table, and published results in another, if wanted; names and errors are escaped."""
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
