"""Scores of a cell next to those of its row, and the runs of that row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from ...core import cell as core_cell
from ...core.board import Summary
from ...core.cell import Score
from ...core.record import scored_as
from ...leaderboard.columns import ON_SITE
from ...leaderboard.run_seeds import run_seeds
from ...leaderboard.text import extent, spread
from ..cell_data import StoredCell
from ..site.strip_plot import strip

MAIN = (*ON_SITE, "silhouette")


def scores_of(cell: StoredCell) -> list[dict[str, Any]]:
    """Return a line per metric: the score or why there is none, and the row's mean, spread and runs."""
    return [_line(cell, name, score) for name, score in cell.record.scores.items()]


def _line(cell: StoredCell, name: str, score: Score) -> dict[str, Any]:
    end = scored_as(cell.records.get(score.key), score.unavailable)
    values = values_of(cell.row, name, score.code)
    finite = [value for value in values if math.isfinite(value)]
    own = cell.scores.get(name)
    found = Summary.of(values)
    drawn = finite if len(finite) > 1 else []
    place = own if own is not None and math.isfinite(own) else None
    return {
        "name": name,
        "score": spread(None if own is None else Summary.of([own]), error=cell.standard_errors.get(name)),
        "why": f"{end.status}: {end.error}" if end and end.status != "ok" else "",
        "row": spread(found, error=error_of(cell.row, name, score.code)),
        "extent": extent(found),
        "runs": len(values),
        "strip": strip(drawn, min(drawn), max(drawn), name, place) if drawn else "",
        "direction": score.direction,
        "note": "embedding-dependent" if "embedding" in score.needs else "",
    }


def values_of(row: Sequence[StoredCell], name: str, code: str) -> list[float]:
    """Return the scores of a row's cells by one version of a metric, in the order of their seeds."""
    values = [cell for cell in row if name in cell.record.scores and cell.record.scores[name].code == code]
    return [cell.scores[name] for cell in values if name in cell.scores]


def error_of(row: Sequence[StoredCell], name: str, code: str = "") -> float | None:
    """Return the mean standard error of a row's scores by a metric, if they are estimates."""
    cells = [cell for cell in row if name in cell.standard_errors]
    errors = [
        cell.standard_errors[name] for cell in cells if not code or cell.record.scores[name].code == code
    ]
    return fmean(errors) if errors else None


def main_metrics(cells: Sequence[StoredCell]) -> list[str]:
    """Return the metrics of short tables: the best known ones present and estimates, else the first.

    Examples
    --------
    >>> main_metrics([])
    []
    """
    names = list(dict.fromkeys(name for cell in cells for name in cell.record.scores))
    estimated = dict.fromkeys(name for cell in cells for name in cell.standard_errors)
    return [name for name in MAIN if name in names] + [*estimated] or names[:3]


def runs_of(cell: StoredCell, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a line per run of the cell's row: seeds, status, and some scores."""
    return [
        {
            "cell": each,
            "here": each.id == cell.id,
            "seeds": [seed_text(seed) for seed in each.seeds],
            "status": each.status[0],
            "scores": [
                spread(
                    Summary.of([each.scores[name]]) if name in each.scores else None,
                    error=each.standard_errors.get(name),
                )
                for name in names
            ],
        }
        for each in cell.row
    ]


def seed_text(seed: int | None) -> str:
    """Format a seed, or a dash if there is none.

    Examples
    --------
    >>> seed_text(3), seed_text(None)
    ('3', '–')
    """
    return "–" if seed is None else str(seed)


def seeds_text(cell: StoredCell) -> str:
    """Format the seeds of a cell for a title: by default one for both encoder and clusterer."""
    if cell.seeds == (None, None):
        found = [seed for seed in run_seeds(cell.record, cell.records) if seed is not None]
        return f"written seed {found[-1]}" if found else "deterministic"
    return core_cell.seeds_text(cell.seeds)
