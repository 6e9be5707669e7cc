"""Comparison of the rows of a board by one metric: spread, interval, shares, answer, differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ...core.board import Board, Metric, Row, ranking
from ...core.errors import HarnessError, suggest
from .differences import BASELINES, Difference, difference, find_baseline, title
from .intervals import Interval, interval, too_few
from .samples import Sample
from .variance import Shares, shares
from .versus_best import MARGIN, Versus, versus_best


@dataclass(frozen=True)
class Line:
    """One row of a comparison.

    Parameters
    ----------
    row : Row
    median : float or None
    interval : Interval or None
        95% interval of the mean; `why` gives the reason if there is none.
    shares : Shares or str
        Of the variance, by kind of seed, or why there are none.
    versus : Versus
        Its comparison with the best row.
    differences : dict
        From each baseline, None if the row has no runs.
    """

    row: Row
    median: float | None
    interval: Interval | None
    why: str
    shares: Shares | str
    versus: Versus
    differences: dict[str, Difference | None]


@dataclass(frozen=True)
class Comparison:
    """The rows of a board by one metric, in the board's order, and the baselines found."""

    board: Board
    metric: Metric
    lines: list[Line]
    baselines: list[str]
    margin: float = MARGIN


def find_metric(board: Board, name: str | None) -> Metric:
    """Return a metric of a board (default: accuracy, else the ranking metric).

    Raises
    ------
    HarnessError
        If the board has no such metric.
    """
    names = [metric.name for metric in board.metrics]
    if name is None:
        name = "accuracy" if "accuracy" in names else getattr(ranking(board.metrics), "name", None)
    found = next((metric for metric in board.metrics if metric.name == name), None)
    if found is None:
        told = (
            f"has no metric {name!r}.{suggest(name, names)}" if name else "has no metric that ranks its rows."
        )
        raise HarnessError(f"Leaderboard {board.name} {told} Choose --metric among {', '.join(names)}.")
    return found


def compare(
    board: Board, metric: str | None = None, baselines: Sequence[str] = (), margin: float = MARGIN
) -> Comparison:
    """Compare the rows of a board with each other and with baselines.

    Parameters
    ----------
    board : Board
    metric : str, optional
    baselines : sequence of str
        As ``pca + kmeans``; by default k-means on the raw samples and on their principal components, if
        the board has them.
    margin : float
        Of practical equality with the best row.

    Raises
    ------
    HarnessError
        If the board has no such metric, or no such baseline.
    """
    chosen = find_metric(board, metric)
    rows = [find_baseline(board, text, required=bool(baselines)) for text in baselines or BASELINES]
    if chosen.own_space:
        rows = []  # scores in another embedding are not comparable
    bases = {title(row): row for row in rows if row is not None}
    samples = {id(row): Sample(row.values.get(chosen.name, ())) for row in [*board.rows, *bases.values()]}
    answers = versus_best(board, chosen, margin) or [Versus("", why=_unranked(chosen))] * len(board.rows)
    lines = []
    for row, versus in zip(board.rows, answers, strict=True):
        sample = samples[id(row)]
        differences = {
            name: difference(sample, samples[id(base)], same_encoder=row.encoder == base.encoder)
            for name, base in bases.items()
        }
        middle = median(sample.by_seeds.values()) if sample.values else None
        lines.append(
            Line(row, middle, interval(sample), too_few(sample), shares(sample), versus, differences)
        )
    return Comparison(board, chosen, lines, list(bases), margin)


def _unranked(metric: Metric) -> str:
    why = "is embedding-dependent" if metric.own_space else "has no direction"
    return f"{metric.name} {why}"


def flat(comparison: Comparison) -> list[dict[str, Any]]:
    """Return one flat mapping per row, for tables that programs read."""
    return [
        {
            "dataset": comparison.board.dataset,
            "protocol": comparison.board.protocol,
            "metric": comparison.metric.name,
            "encoder": line.row.encoder,
            "clusterer": line.row.clusterer,
            "k": line.row.k,
            "runs": line.row.runs,
            "failed_runs": sum(line.row.statuses.values()) - line.row.runs,
            **_summary(comparison.metric, line),
            **_versus(line.versus),
            **{key: value for name in comparison.baselines for key, value in _difference(name, line).items()},
        }
        for line in comparison.lines
    ]


def _summary(metric: Metric, line: Line) -> dict[str, Any]:
    summary, parts = line.row.scores.get(metric.name), line.shares
    given = parts._asdict() if isinstance(parts, Shares) else dict.fromkeys(Shares._fields)
    return {
        **{part: getattr(summary, part, None) for part in ("n", "mean", "std", "min", "median", "max")},
        "median": line.median,
        "low": line.interval.low if line.interval else None,
        "high": line.interval.high if line.interval else None,
        "no_interval": line.why or None,
        **{
            f"{kind}_seed_share" if kind != "both" else "both_seeds_share": part
            for kind, part in given.items()
        },
        "no_shares": parts if isinstance(parts, str) else None,
    }


def _versus(versus: Versus) -> dict[str, Any]:
    ends = versus.interval
    return {
        "vs_best": versus.answer or None,
        "minus_best": versus.estimate.mean if versus.estimate else None,
        "minus_best_low": ends.low if ends else None,
        "minus_best_high": ends.high if ends else None,
        "minus_best_how": versus.how or None,
        "no_answer": versus.why or None,
        "seeds_needed": versus.seeds,
    }


def _difference(name: str, line: Line) -> dict[str, Any]:
    found = line.differences[name]
    ends = found.interval if found else None
    return {
        f"minus {name}": found.mean if found else None,
        f"minus {name} low": ends.low if ends else None,
        f"minus {name} high": ends.high if ends else None,
        f"minus {name} n": found.n if found else None,
        f"minus {name} how": found.how if found else None,
    }
