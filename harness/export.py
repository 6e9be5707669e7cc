"""Writing a board as CSV, LaTeX, JSON or HTML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from statistics import median
from typing import Any

from tabulate import tabulate

from .board import Board
from .marks import metric_intervals
from .render import clusters, markdown, missing, runs, spread, status


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


def to_csv(*boards: Board) -> str:
    """Write one line per row, as `flat` lays it out; several boards make one table."""
    rows = [row for board in boards for row in flat(board)]
    buffer = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(buffer, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def to_json(*boards: Board) -> str:
    """Write a list of boards, each with everything it knows."""
    return json.dumps([_whole(board) for board in boards], indent=2) + "\n"


def _whole(board: Board) -> dict[str, Any]:
    """Return a board with the median and the 95% interval of each score, where there is one."""
    body = {**asdict(board), "name": board.name}
    names = [metric.name for metric in board.metrics]
    ends = iter(metric_intervals(board, *names))
    for row, line in zip(board.rows, body["rows"], strict=True):
        found = {name: next(ends) for name in names}
        line["intervals"] = {name: each for name, each in found.items() if each is not None}
        line["medians"] = {name: median(each.value for each in runs) for name, runs in row.values.items()}
    return body


def _compact(board: Board, fmt: str) -> str:
    headers = ["encoder", "clusterer", "K", "runs", *(metric.name for metric in board.metrics), "status"]
    rows = [
        [row.encoder, row.clusterer, clusters(row), runs(row)]
        + [spread(row.scores.get(metric.name), missing(row)) for metric in board.metrics]
        + [status(row)]
        for row in board.rows
    ]
    return tabulate(rows, headers, tablefmt=fmt, disable_numparse=True) + "\n"


def to_latex(board: Board) -> str:
    """Write a booktabs table."""
    return _compact(board, "latex_booktabs").replace("±", r"$\pm$").replace("–", "--")


def to_text(board: Board) -> str:
    """Write a table of plain text."""
    return _compact(board, "simple")


def to_html(board: Board) -> str:
    """Write an HTML table; names and errors are escaped."""
    return _compact(board, "html")


def _joined(write: Callable[[Board], str]) -> Callable[..., str]:
    return lambda *boards: "\n".join(write(board) for board in boards)


FORMATS: Mapping[str, Callable[..., str]] = {
    "markdown": _joined(markdown),
    "csv": to_csv,
    "json": to_json,
    "latex": _joined(to_latex),
    "html": _joined(to_html),
}
