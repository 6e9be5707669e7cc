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


def show_comparison(found: Comparison, fmt: str) -> None:
    """Print the comparison of one board."""
    if fmt in ("csv", "json"):
        _write(flat(found), fmt)
        return
    headers = ["encoder", "clusterer", "runs", "mean", "std", "min", "median", "max", "95% interval"]
    headers += [
        "variance by encoder / clusterer / both seeds",
        "group",
        *(f"minus {each}" for each in found.baselines),
    ]
    rows = [_cells(found, line) for line in found.lines]
    board, metric = found.board, found.metric
    _table(headers, rows, f"{board.name}, {metric.name}: {protocol_text(board)}", fmt)
    _remarks([*_notes(found), *_whys(found)], fmt)


def _cells(found: Comparison, line: Line) -> list[str]:
    summary = line.row.scores.get(found.metric.name)
    head = [line.row.encoder, line.row.clusterer, runs(line.row)]
    parts = [_number(getattr(summary, part, None)) for part in ("mean", "std", "min")]
    most = _number(summary.max if summary else None)
    numbers = [*parts, _number(line.median), most] if summary else [missing(line.row), "–", "–", "–", "–"]
    parted = " / ".join(f"{part:.0%}" for part in line.shares) if isinstance(line.shares, Shares) else "–"
    group = MARKS.get(line.standing or "", "–")
    own = title(line.row)
    others = ["–" if name == own else _difference(line.differences[name]) for name in found.baselines]
    return [*head, *numbers, ends(line.interval), parted, group, *others]


def ends(found: Interval | None) -> str:
    """Write an interval."""
    return f"[{number(found.low)}, {number(found.high)}]" if found else "–"


def _difference(found: Difference | None) -> str:
    if found is None:
        return "–"
    how = "" if found.how == "exact" else f" ({found.how}, n {found.n})"
    return f"{found.mean:+.4f}{f' {ends(found.interval)}' if found.interval else ''}{how}"


def _number(value: float | None) -> str:
    return "–" if value is None else number(value)


def _notes(found: Comparison) -> list[str]:
    notes = [
        "Std is the sample standard deviation; 95% intervals of means and of differences: studentized "
        "bootstrap over the seeds.",
        f"Group: {METHOD}. Runs are few, so that not to differ is no proof of being equal.",
        "Numbers are over the runs that finished; a row with a run that did not is incomplete, never best "
        "and never ≈ best.",
    ]
    if found.lines and found.lines[0].standing is None:
        notes[1] = f"No groups and differences: {_unranked(found)}"
    return notes


def _unranked(found: Comparison) -> str:
    metric = found.metric
    why = "is measured in each encoder's own space" if metric.own_space else "has no direction"
    return f"{metric.name} {why}."


def _whys(found: Comparison) -> list[str]:
    """Say once for each reason why rows have no interval or no shares."""
    reasons: dict[str, int] = {}
    for line in found.lines:
        for what, why in (("No interval", line.why), ("No shares of variance", line.shares)):
            if isinstance(why, str) and why:
                reasons[f"{what}, {why}"] = reasons.get(f"{what}, {why}", 0) + 1
    return [f"{reason}: {count} rows." for reason, count in reasons.items()]


def show_ranking(found: Ranking, boards: Sequence[Board], metric: str, failed: Failed, fmt: str) -> list[str]:
    """Print ranks and tests, and return why tests were not made."""
    tests = _tests(found)
    reasons = list(
        dict.fromkeys(reason for test in ("friedman", "wilcoxon") if (reason := ranks.refusal(found, test)))
    )
    if fmt == "json":
        click.echo(json.dumps({"metric": metric, "failed": failed, **_json(found), **tests}, indent=2))
        return reasons
    rows = [
        [
            name,
            f"{mean:.3f}",
            str(count),
            *(_number(None if np.isnan(score) else float(score)) for score in scores),
        ]
        for name, mean, count, scores in zip(
            found.pipelines, found.mean_ranks, found.failures, found.scores.T, strict=True
        )
    ]
    headers = ["pipeline", "mean rank", "failed on", *found.datasets]
    if fmt == "csv":
        _write([dict(zip(headers, row, strict=True)) for row in rows], fmt)
        return reasons
    _table(headers, rows, f"{metric}, protocol {boards[0].protocol}, {len(boards)} datasets", fmt)
    _remarks([*_rank_notes(found, boards, metric, failed), *_tested(found, tests)], fmt)
    return reasons


def _rank_notes(found: Ranking, boards: Sequence[Board], metric: str, failed: Failed) -> list[str]:
    treated = {
        "last": "A pipeline with a run that failed on a dataset shares the last rank there (--failed last).",
        "leave-out": "Pipelines with a run that failed on any dataset are left out (--failed leave-out).",
    }[failed]
    notes = [f"Ranks of means over seeds, 1 is best; equal means share a rank. {treated}"]
    if found.left_out:
        notes.append(f"{len(found.left_out)} left out: {'; '.join(found.left_out)}.")
    seeds = [
        len(row.values.get(metric, ())) for board in boards for row in board.rows if not row.deterministic
    ]
    if seeds and min(seeds) < LEAST:
        notes.append(
            f"Some means are over fewer than {LEAST} seeds: how sure these means are is not tested here."
        )
    if ranks.refusal(found, "friedman"):
        notes.append("Mean ranks alone, untested: they do not say that pipelines differ.")
    return notes


def _tests(found: Ranking) -> dict[str, Any]:
    tests: dict[str, Any] = {}
    if not ranks.refusal(found, "friedman"):
        tests["friedman"] = ranks.friedman(found)._asdict()
        tests["critical_difference"] = ranks.critical_difference(found)
        tests["nemenyi"] = ranks.nemenyi(found).tolist()
    if not ranks.refusal(found, "wilcoxon"):
        tests["wilcoxon_holm"] = ranks.wilcoxon(found).tolist()
    return tests


def _tested(found: Ranking, tests: dict[str, Any]) -> list[str]:
    notes = []
    if "friedman" in tests:
        chi2, df, p = tests["friedman"].values()
        notes.append(f"Friedman: chi-squared {chi2:.3f}, df {df}, p {p:.4g}.")
        notes.append(
            f"Nemenyi: mean ranks differ at 0.05 from {tests['critical_difference']:.3f} on"
            + _apart(found, tests["nemenyi"])
        )
    if "wilcoxon_holm" in tests:
        notes.append("Wilcoxon with Holm's correction" + _apart(found, tests["wilcoxon_holm"]))
    return notes


def _apart(found: Ranking, p: list[list[float]]) -> str:
    names = found.pipelines
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names)) if p[i][j] < 0.05]
    told = [f"{names[i]} before {names[j]} (p {p[i][j]:.2g})" for i, j in pairs]
    return f": {'; '.join(told)}." if told else ": no two differ."


def _json(found: Ranking) -> dict[str, Any]:
    body = {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in asdict(found).items()
    }
    body["scores"] = [[None if np.isnan(score) else score for score in row] for row in body["scores"]]
    return {**body, "mean_ranks": found.mean_ranks.tolist()}


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
