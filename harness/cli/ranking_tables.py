"""Print the ranks of pipelines over several datasets: as tables for readers, or as CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
import numpy as np

from ..core.board import Board
from ..core.counts import counted
from ..core.errors import HarnessError
from ..leaderboard.statistics import ranks
from ..leaderboard.statistics.intervals import LEAST
from ..leaderboard.statistics.ranks import Failed, Ranking
from ..leaderboard.text import number
from .comparison_tables import number_or_dash, remarks, write_rows, write_table
from .fitting import Fitted, fitting


def show_ranking(ranking: Ranking, boards: Sequence[Board], metric: str, failed: Failed, fmt: str) -> None:
    """Print ranks and tests, and why tests were skipped."""
    tests = _tests(ranking)
    if fmt == "json":
        click.echo(json.dumps({"metric": metric, "failed": failed, **_json(ranking), **tests}, indent=2))
        return
    rows = [
        [
            name,
            f"{mean:.3f}",
            str(count),
            *(number_or_dash(None if np.isnan(score) else float(score)) for score in scores),
        ]
        for name, mean, count, scores in zip(
            ranking.pipelines, ranking.mean_ranks, ranking.failures, ranking.scores.T, strict=True
        )
    ]
    headers = ["pipeline", "mean rank", "failed on", *ranking.datasets]
    if fmt == "csv":
        write_rows([dict(zip(headers, row, strict=True)) for row in rows], fmt)
        return
    heading = f"{metric}, protocol {boards[0].protocol}, {len(boards)} datasets"
    _show(
        headers, rows, heading, fmt, [*_rank_notes(ranking, boards, metric, failed), *_tested(ranking, tests)]
    )


def show_pivot(boards: Sequence[Board], metric: str, failed: Failed, fmt: str) -> None:
    """Print pipelines by datasets, with gaps where a pipeline was not run."""
    cells = ranks.pivot(boards, metric)
    try:
        ranking = ranks.rank(boards, metric, failed)
        mean_ranks = dict(zip(ranking.pipelines, ranking.mean_ranks.tolist(), strict=True))
    except HarnessError:  # no pipeline is on every board
        mean_ranks = {}
    names = sorted(cells, key=lambda name: (mean_ranks.get(name, np.inf), cells[name].count(None), name))
    headers = ["pipeline", "mean rank", *(board.dataset for board in boards)]
    if fmt in ("csv", "json"):
        write_rows(
            [dict(zip(headers, [name, mean_ranks.get(name), *cells[name]], strict=True)) for name in names],
            fmt,
        )
        return
    best = [board.best.get(metric) for board in boards]
    rows = [
        [
            name,
            f"{mean_ranks[name]:.2f}" if name in mean_ranks else "–",
            *(_pivot_cell(cell, top) for cell, top in zip(cells[name], best, strict=True)),
        ]
        for name in names
    ]
    notes = [
        f"Mean {metric} over seeds; bold: best of the dataset; –: not run.",
        f"Mean ranks are over the {counted(len(mean_ranks), 'pipeline')} on every leaderboard; 1 is best.",
    ]
    _show(headers, rows, f"{metric}, protocol {boards[0].protocol}, {len(boards)} datasets", fmt, notes)


def _pivot_cell(cell: float | str | None, best: float | None) -> str:
    if not isinstance(cell, float):
        return cell or "–"
    return f"**{number(cell)}**" if cell == best else number(cell)


def _show(headers: list[str], rows: list[list[str]], heading: str, fmt: str, notes: list[str]) -> None:
    """Print a table of datasets, dropping the last ones that a terminal has no room for."""
    columns = [
        Fitted(each, [row[n] for row in rows], drop=len(headers) - n if n > 2 else None)
        for n, each in enumerate(headers)
    ]
    left_out = ""
    if fmt == "table":
        columns, left_out = fitting(columns)
    write_table(
        [each.title for each in columns],
        list(zip(*(each.cells for each in columns), strict=True)),
        heading,
        fmt,
    )
    remarks([*notes, *([f"{left_out} --format csv has all."] if left_out else [])], fmt)


def _rank_notes(ranking: Ranking, boards: Sequence[Board], metric: str, failed: Failed) -> list[str]:
    treated = {
        "last": "A pipeline with a failed run on a dataset shares its last rank (--failed last).",
        "leave-out": "Pipelines with a failed run on any dataset are left out (--failed leave-out).",
    }[failed]
    notes = [f"Ranks are of means over seeds; 1 is best; equal means share a rank. {treated}"]
    if ranking.left_out:
        notes.append(f"{len(ranking.left_out)} left out: {'; '.join(ranking.left_out)}.")
    seeds = [
        len(row.values.get(metric, ()))
        for board in boards
        for row in board.rows
        if not (row.deterministic or row.imported)
    ]
    if seeds and min(seeds) < LEAST:
        notes.append(f"Some means are over fewer than {LEAST} seeds; their uncertainty is not tested here.")
    reasons = [reason for test in ("friedman", "wilcoxon") if (reason := ranks.refusal(ranking, test))]
    if len(reasons) == 2:
        notes.append("Mean ranks only: untested, so they do not show that pipelines differ.")
    return [*notes, *dict.fromkeys(reasons)]


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
            f"Nemenyi: at level 0.05, mean ranks differ by {tests['critical_difference']:.3f} or more"
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
