"""Printing comparisons: as tables for readers, or as CSV and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from ..core.board import Board, protocol_text
from ..leaderboard.formats import write_csv
from ..leaderboard.markdown import github_table
from ..leaderboard.statistics import ranks
from ..leaderboard.statistics.comparison import Comparison, Line, flat
from ..leaderboard.statistics.differences import Difference, title
from ..leaderboard.statistics.groups import METHOD
from ..leaderboard.statistics.intervals import LEAST, Interval
from ..leaderboard.statistics.ranks import Failed, Ranking
from ..leaderboard.statistics.variance import Shares
from ..leaderboard.text import escape, missing, number, runs
from .console import table

MARKS = {
    "best": "best",
    "like best": "≈ best",
    "worse": "worse",
    "not tested": "not tested",
    "incomplete": "incomplete",
}


def show_comparison(comparison: Comparison, fmt: str) -> None:
    """Print the comparison of one board."""
    if fmt in ("csv", "json"):
        _write(flat(comparison), fmt)
        return
    headers = ["encoder", "clusterer", "runs", "mean", "std", "min", "median", "max", "95% interval"]
    headers += [
        "variance by encoder / clusterer / both seeds",
        "group",
        *(f"minus {each}" for each in comparison.baselines),
    ]
    rows = [_cells(comparison, line) for line in comparison.lines]
    board, metric = comparison.board, comparison.metric
    _table(headers, rows, f"{board.name}, {metric.name}: {protocol_text(board)}", fmt)
    _remarks([*_notes(comparison), *_whys(comparison)], fmt)


def _cells(comparison: Comparison, line: Line) -> list[str]:
    summary = line.row.scores.get(comparison.metric.name)
    head = [line.row.encoder, line.row.clusterer, runs(line.row)]
    parts = [_number(getattr(summary, part, None)) for part in ("mean", "std", "min")]
    most = _number(summary.max if summary else None)
    numbers = [*parts, _number(line.median), most] if summary else [missing(line.row), "–", "–", "–", "–"]
    parted = " / ".join(f"{part:.0%}" for part in line.shares) if isinstance(line.shares, Shares) else "–"
    group = MARKS.get(line.standing or "", "–")
    own = title(line.row)
    others = ["–" if name == own else _difference(line.differences[name]) for name in comparison.baselines]
    return [*head, *numbers, ends(line.interval), parted, group, *others]


def ends(interval: Interval | None) -> str:
    """Write an interval."""
    return f"[{number(interval.low)}, {number(interval.high)}]" if interval else "–"


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    how = "" if difference.how == "exact" else f" ({difference.how}, n {difference.n})"
    return f"{difference.mean:+.4f}{f' {ends(difference.interval)}' if difference.interval else ''}{how}"


def _number(value: float | None) -> str:
    return "–" if value is None else number(value)


def _notes(comparison: Comparison) -> list[str]:
    notes = [
        "Std is the sample standard deviation; 95% intervals of means and of differences: studentized "
        "bootstrap over the seeds.",
        f"Group: {METHOD}. Runs are few, so that not to differ is no proof of being equal.",
        "Numbers are over the runs that finished; a row with a run that did not is incomplete, never best "
        "and never ≈ best.",
    ]
    if comparison.lines and comparison.lines[0].standing is None:
        notes[1] = f"No groups and differences: {_unranked(comparison)}"
    return notes


def _unranked(comparison: Comparison) -> str:
    metric = comparison.metric
    why = "is measured in each encoder's own space" if metric.own_space else "has no direction"
    return f"{metric.name} {why}."


def _whys(comparison: Comparison) -> list[str]:
    """Say once for each reason why rows have no interval or no shares."""
    reasons: dict[str, int] = {}
    for line in comparison.lines:
        for what, why in (("No interval", line.why), ("No shares of variance", line.shares)):
            if isinstance(why, str) and why:
                reasons[f"{what}, {why}"] = reasons.get(f"{what}, {why}", 0) + 1
    return [f"{reason}: {count} rows." for reason, count in reasons.items()]


def show_ranking(
    ranking: Ranking, boards: Sequence[Board], metric: str, failed: Failed, fmt: str
) -> list[str]:
    """Print ranks and tests, and return why tests were not made."""
    tests = _tests(ranking)
    reasons = list(
        dict.fromkeys(reason for test in ("friedman", "wilcoxon") if (reason := ranks.refusal(ranking, test)))
    )
    if fmt == "json":
        click.echo(json.dumps({"metric": metric, "failed": failed, **_json(ranking), **tests}, indent=2))
        return reasons
    rows = [
        [
            name,
            f"{mean:.3f}",
            str(count),
            *(_number(None if np.isnan(score) else float(score)) for score in scores),
        ]
        for name, mean, count, scores in zip(
            ranking.pipelines, ranking.mean_ranks, ranking.failures, ranking.scores.T, strict=True
        )
    ]
    headers = ["pipeline", "mean rank", "failed on", *ranking.datasets]
    if fmt == "csv":
        _write([dict(zip(headers, row, strict=True)) for row in rows], fmt)
        return reasons
    _table(headers, rows, f"{metric}, protocol {boards[0].protocol}, {len(boards)} datasets", fmt)
    _remarks([*_rank_notes(ranking, boards, metric, failed), *_tested(ranking, tests)], fmt)
    return reasons


def _rank_notes(ranking: Ranking, boards: Sequence[Board], metric: str, failed: Failed) -> list[str]:
    treated = {
        "last": "A pipeline with a run that failed on a dataset shares the last rank there (--failed last).",
        "leave-out": "Pipelines with a run that failed on any dataset are left out (--failed leave-out).",
    }[failed]
    notes = [f"Ranks of means over seeds, 1 is best; equal means share a rank. {treated}"]
    if ranking.left_out:
        notes.append(f"{len(ranking.left_out)} left out: {'; '.join(ranking.left_out)}.")
    seeds = [
        len(row.values.get(metric, ())) for board in boards for row in board.rows if not row.deterministic
    ]
    if seeds and min(seeds) < LEAST:
        notes.append(
            f"Some means are over fewer than {LEAST} seeds: how sure these means are is not tested here."
        )
    if ranks.refusal(ranking, "friedman"):
        notes.append("Mean ranks alone, untested: they do not say that pipelines differ.")
    return notes


def _tests(ranking: Ranking) -> dict[str, Any]:
    tests: dict[str, Any] = {}
    if not ranks.refusal(ranking, "friedman"):
        tests["friedman"] = ranks.friedman(ranking)._asdict()
        tests["critical_difference"] = ranks.critical_difference(ranking)
        tests["nemenyi"] = ranks.nemenyi(ranking).tolist()
    if not ranks.refusal(ranking, "wilcoxon"):
        tests["wilcoxon_holm"] = ranks.wilcoxon(ranking).tolist()
    return tests


def _tested(ranking: Ranking, tests: dict[str, Any]) -> list[str]:
    notes = []
    if "friedman" in tests:
        chi2, df, p = tests["friedman"].values()
        notes.append(f"Friedman: chi-squared {chi2:.3f}, df {df}, p {p:.4g}.")
        notes.append(
            f"Nemenyi: mean ranks differ at 0.05 from {tests['critical_difference']:.3f} on"
            + _apart(ranking, tests["nemenyi"])
        )
    if "wilcoxon_holm" in tests:
        notes.append("Wilcoxon with Holm's correction" + _apart(ranking, tests["wilcoxon_holm"]))
    return notes


def _apart(ranking: Ranking, p: list[list[float]]) -> str:
    names = ranking.pipelines
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names)) if p[i][j] < 0.05]
    told = [f"{names[i]} before {names[j]} (p {p[i][j]:.2g})" for i, j in pairs]
    return f": {'; '.join(told)}." if told else ": no two differ."


def _json(ranking: Ranking) -> dict[str, Any]:
    body = {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in asdict(ranking).items()
    }
    body["scores"] = [[None if np.isnan(score) else score for score in row] for row in body["scores"]]
    return {**body, "mean_ranks": ranking.mean_ranks.tolist()}


def _write(rows: list[dict[str, Any]], fmt: str) -> None:
    if fmt == "json":
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(write_csv(rows), nl=False)


def _table(headers: list[str], rows: list[list[str]], title: str, fmt: str) -> None:
    if fmt == "table":
        table(headers, rows, title)
        return
    click.echo(f"# {escape(title)}\n\n{github_table(rows, headers)}\n")


def _remarks(notes: list[str], fmt: str) -> None:
    for note in notes:
        click.echo(note if fmt == "table" else f"- {escape(note)}")
