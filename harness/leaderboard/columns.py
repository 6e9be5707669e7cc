"""Columns of boards: one entry of `COLUMNS` each, shown by every output that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Flag, auto
from statistics import median
from typing import Any, Literal

from ..core.board import Board, Metric, Row, Summary, ranking
from .flags import flags
from .significance import answer_text
from .table_cells import TableCell
from .text import brief, clusters, extent, missing, runs, seconds, spread, status


class Output(Flag):
    """Outputs that show a column."""

    CSV = auto()  # and the data frames of `harness.bench`
    JSON = auto()  # in addition to the fields of `Row`, which JSON always has
    MARKDOWN = auto()  # the tables of scores
    COST = auto()  # the table of cost and status in Markdown
    COMPACT = auto()  # LaTeX, HTML and plain text
    TERMINAL = auto()
    SITE = auto()
    DETAILS = auto()  # the details of a row on the site: numbers of every metric


CSV, JSON, MARKDOWN, COST, COMPACT, TERMINAL, SITE, DETAILS = Output
PROGRAMS = CSV | JSON | DETAILS  # have each column of a metric for all metrics, and headings without spaces
TABLES = MARKDOWN | COMPACT | TERMINAL | SITE
Kind = Literal[
    "text", "number", "count", "seconds", "score", "interval", "versus", "k", "flags", "strip", "status"
]

# Metrics shown with more, or less, than the mean.
RANGES = ("accuracy", "purity")  # shown with the lowest and highest value in Markdown
ON_TERMINAL = ("accuracy", "purity", "nmi", "ari", "silhouette")  # shown alone, if a board has many others
ON_SITE = ("accuracy", "nmi", "ari")  # shown at first; others can be added
DROPPED = {"silhouette": 3, "purity": 4, "ari": 40, "nmi": 41}  # as `Column.drop`


@dataclass(frozen=True)
class Column:
    """A column.

    Parameters
    ----------
    name : str
        The heading. A column of kind ``score`` is headed by its metric instead.
    value : callable
        The plain value of a cell, or None: used in CSV and JSON, and for sorting on pages.
    outputs : Output
        The outputs that show it. Columns are in the order of `COLUMNS`.
    kind : str
        ``flags`` are left out of tables in which no row has any; ``strip`` is drawn, only on the site.
    text : callable, optional
        The text of a cell (default: the value, with the digits of its table).
    key : str, optional
        Heading in CSV, after the name of the metric, and in details; `json_key` is made of it.
    metrics : callable, optional
        If given, one column per metric for which this holds. Outputs for programs have it for every metric.
    before : mapping
        In these outputs it is placed before the column of that name.
    note : str
        Small print under the heading, on the site.
    hidden : bool
        Whether the site shows it only when selected.
    drop : int, optional
        Rank at which a narrow terminal drops it, lowest first; None is never dropped.
        Columns of a metric have that of the metric by default.
    sparse : bool
        Whether outputs for programs have it only for the metrics of `metrics` too.
    """

    name: str
    value: Callable[[TableCell], Any]
    outputs: Output
    kind: Kind = "text"
    text: Callable[[TableCell], str] | None = None
    key: str = ""
    metrics: Callable[[Board, Metric], bool] | None = None
    before: Mapping[Output, str] = field(default_factory=dict)
    note: str = ""
    hidden: bool = False
    drop: int | None = None
    sparse: bool = False

    def __post_init__(self) -> None:
        """Use the name if no key is given."""
        object.__setattr__(self, "key", self.key or self.name)

    @property
    def json_key(self) -> str:
        """The field in JSON: of a column of metrics it holds a mapping, by metric."""
        return f"{self.key}s" if self.metrics else self.key


def leading(board: Board) -> Metric | None:
    """Return the ranking metric, else the first that is comparable across rows."""
    return ranking(board.metrics) or next((each for each in board.metrics if not each.own_space), None)


def _mean(summary: Summary | None) -> float | None:
    return summary.mean if summary else None


def _part(name: str) -> Callable[[TableCell], Any]:
    return lambda cell: getattr(cell.summary, name, None)


def _every(board: Board, metric: Metric) -> bool:
    return True


def _estimated(board: Board, metric: Metric) -> bool:
    return any(metric.name in row.standard_errors for row in board.rows)


def _ranking(board: Board, metric: Metric) -> bool:
    return metric == ranking(board.metrics)


def _seconds_per_fit(kind: str, drop: int) -> Column:
    name = f"{kind}_seconds"
    return Column(
        f"{kind} s",
        lambda cell: _mean(getattr(cell.row, name)),
        CSV | COST | TERMINAL | SITE,
        "seconds",
        lambda cell: seconds(getattr(cell.row, name)),
        key=name,
        before={CSV: "score"},
        note="seconds per fit",
        hidden=True,
        drop=drop,
    )


def seconds_of(row: Row) -> float | None:
    """Return the mean seconds of a fit of the encoder and of one of the clusterer, where both are known."""
    parts = [_mean(row.encode_seconds), _mean(row.cluster_seconds)]
    return sum(each for each in parts if each is not None) if None not in parts else None


def _difference(name: str, end: int | None) -> Column:
    """Return the column of the difference from the best row, or of an end of its interval."""

    def value(cell: TableCell) -> float | None:
        if cell.versus is None or cell.versus.estimate is None:
            return None
        ends = cell.versus.interval
        return cell.versus.estimate.mean if end is None else ends[end] if ends else None

    return Column(name, value, CSV | JSON, "number", metrics=_every)


COLUMNS = (
    Column("dataset", lambda cell: cell.table.board.dataset, CSV),
    Column("protocol", lambda cell: cell.table.board.protocol, CSV),
    Column("encoder", lambda cell: cell.row.encoder, CSV | TABLES | COST),
    Column("clusterer", lambda cell: cell.row.clusterer, CSV | TABLES | COST),
    Column("k", lambda cell: cell.row.k, CSV),
    Column(
        "K",
        lambda cell: _mean(cell.row.clusters),
        CSV | TABLES,
        "k",
        lambda cell: clusters(cell.row),
        key="n_clusters_mean",
    ),
    Column("runs", lambda cell: cell.row.runs, CSV | TABLES, "number", lambda cell: runs(cell.row)),
    Column(
        "score",
        _part("mean"),
        CSV | TABLES | DETAILS,
        "score",
        lambda cell: spread(cell.summary, missing(cell.row), cell.table.digits, cell.error),
        key="mean",
        metrics=_every,
    ),
    Column(
        "vs best",
        lambda cell: cell.versus and cell.versus.estimate and cell.versus.estimate.mean,
        MARKDOWN,
        "versus",
        lambda cell: answer_text(cell.versus, cell.table.digits),
        metrics=_ranking,
    ),
    Column(  # the interval is among what a row opens to
        "vs best",
        lambda cell: cell.versus and cell.versus.estimate and cell.versus.estimate.mean,
        SITE,
        "versus",
        lambda cell: answer_text(cell.versus, cell.table.digits, interval=False),
        metrics=_ranking,
        note="difference",
    ),
    Column(
        "vs best",
        lambda cell: (cell.versus and cell.versus.answer) or None,
        CSV | JSON | COMPACT | TERMINAL,
        "versus",
        lambda cell: answer_text(cell.versus, cell.table.digits, interval=False),
        key="vs_best",
        metrics=_ranking,
    ),
    *(
        _difference(name, part)
        for name, part in (("minus_best", None), ("minus_best_low", 0), ("minus_best_high", 1))
    ),
    Column("std", _part("std"), CSV | DETAILS, "number", metrics=_every),
    Column(
        "standard_error", lambda cell: cell.error, CSV | DETAILS, "number", metrics=_estimated, sparse=True
    ),
    Column("min", _part("min"), CSV | DETAILS, "number", metrics=_every),
    Column("max", _part("max"), CSV | DETAILS, "number", metrics=_every),
    Column("n", _part("n"), CSV | DETAILS, "count", metrics=_every, before={DETAILS: "score"}),
    Column(
        "95% interval",
        lambda cell: cell.interval,
        JSON | MARKDOWN | SITE,
        "interval",
        key="interval",
        metrics=_ranking,
        note="of the mean",
        hidden=True,
    ),
    Column(
        "min – max",
        lambda cell: cell.summary and (cell.summary.min, cell.summary.max),
        MARKDOWN,
        "interval",
        lambda cell: extent(cell.summary),
        metrics=lambda board, metric: metric.name in RANGES,
    ),
    Column(
        "each run",
        lambda cell: cell.scores,
        SITE,
        "strip",
        metrics=lambda board, metric: metric == leading(board),
    ),
    Column("median", lambda cell: median(cell.scores) if cell.scores else None, CSV | JSON, metrics=_every),
    Column("low", lambda cell: cell.interval and cell.interval.low, CSV, metrics=_every),
    Column("high", lambda cell: cell.interval and cell.interval.high, CSV, metrics=_every),
    Column(
        "seconds",
        lambda cell: seconds_of(cell.row),
        SITE,
        "seconds",
        lambda cell: brief(seconds_of(cell.row)),
        note="encode + cluster",
    ),
    _seconds_per_fit("encode", drop=1),
    _seconds_per_fit("cluster", drop=2),
    Column(
        "status",
        lambda cell: status(cell.row),
        CSV | COST | COMPACT | TERMINAL | SITE,
        "status",
        before={CSV: "encode s"},
    ),
    Column(
        "flags",
        lambda cell: flags(cell.row),
        CSV | JSON | COMPACT,
        "flags",
        before={CSV: "encode s", JSON: "95% interval"},
    ),
    Column(  # flags of every row are explained above or below the table instead
        "flags",
        lambda cell: [flag for flag in flags(cell.row) if flag not in cell.table.shared_flags],
        MARKDOWN | TERMINAL | SITE,
        "flags",
        before={MARKDOWN: "score", SITE: "status"},
        drop=5,
    ),
)
