"""The values of one run on the comparing page: its scores, its clusters, and how these meet the classes."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.board import Summary
from ..cell_data import StoredCell
from ..figures.matching import NOISE, match
from ..figures.projections import MOST as MAPPED
from ..figures.projections import drawn
from . import file_names, score_tables

MOST = 2_000  # rows whose labels a report ships for each run

Rows = NDArray[np.int64]


def sampled(n: int) -> Rows:
    """Return the rows that are compared: all, or a fixed sample, whose rows all are on the maps too.

    Examples
    --------
    >>> sampled(3).tolist(), len(sampled(70_000)), bool((np.diff(sampled(70_000)) > 0).all())
    ([0, 1, 2], 2000, True)
    """
    mapped = drawn(n, MAPPED)
    return mapped[drawn(len(mapped), MOST)]


def packed(numbers: Rows) -> dict[str, Any]:
    """Return whole numbers as text that a script reads at once: ``bits`` each, little-endian, in base64.

    Examples
    --------
    >>> packed(np.array([0, 1, -1])), packed(np.array([300]))["bits"]
    ({'bits': 8, 'text': 'AAH/'}, 16)
    """
    size = next(size for size in (1, 2, 4) if np.abs(numbers).max(initial=0) < 2 ** (8 * size - 1))
    return {"bits": 8 * size, "text": base64.b64encode(numbers.astype(f"<i{size}").tobytes()).decode()}


def run_values(cell: StoredCell, rows: Rows | None) -> dict[str, Any]:
    """Return what the comparing page shows of a run, as plain values.

    Parameters
    ----------
    cell : StoredCell
    rows : ndarray of int64, or None
        The scored rows whose labels are shipped; None for all. Counts against the classes are of all.
    """
    status, reason = cell.status
    return {
        "id": cell.id,
        "encoder": cell.record.encoder,
        "clusterer": cell.record.clusterer,
        "k": cell.record.k,
        "seed": score_tables.seeds_text(cell),
        "page": file_names.cell_file(cell).partition("/")[2],
        "status": status,
        "reason": reason,
        "scores": scores_of(cell),
        "clusters": clusters_of(cell, rows),
    }


def scores_of(cell: StoredCell) -> list[dict[str, Any]]:
    """Return for each metric the score of the run, and mean and spread of its row, None where there is none.

    Scores by two versions of a metric, which have another ``code``, are not compared.
    """
    found = []
    for name, score in cell.record.scores.items():
        row = Summary.of(score_tables.values_of(cell.row, name, score.code))
        found.append(
            {
                "name": name,
                "code": score.code[:8],
                "direction": score.direction,
                "own": "embedding" in score.needs,
                "run": _finite(cell.scores.get(name)),
                "mean": _finite(row.mean if row else None),
                "std": _finite(row.std if row else None),
                "n": row.n if row else 0,
            }
        )
    return found


def clusters_of(cell: StoredCell, rows: Rows | None) -> dict[str, Any] | None:
    """Return the clusters of a run, or None where it has none.

    ``names`` are the clusterer's numbers; everything else counts clusters from 0, with -1 for noise.
    ``confusion`` is flat: class, cluster and count of each pair that occurs, the classes counted from 0 as
    well; ``pairs`` is the best one-to-one matching of classes with clusters that meet, which makes ``right``
    of ``known`` rows right.
    """
    if cell.labels is None or not len(cell.labels):
        return None
    labels = np.asarray(cell.labels)
    names, places = np.unique(labels[labels != NOISE], return_inverse=True)
    numbered = np.full(len(labels), NOISE, dtype=np.int64)
    numbered[labels != NOISE] = places
    values: dict[str, Any] = {
        "names": names.tolist(),
        "sizes": np.bincount(places, minlength=len(names)).tolist(),
        "noise": int((labels == NOISE).sum()),
        "labels": packed(numbered if rows is None else numbered[rows]),
    }
    if cell.truth is None or not (np.asarray(cell.truth) >= 0).any():
        return values
    return values | _against_classes(np.asarray(cell.truth), numbered)


def _against_classes(truth: Rows, numbered: Rows) -> dict[str, Any]:
    matching = match(truth, numbered)
    flat = [
        number
        for (row, column), count in np.ndenumerate(matching.counts)
        if count
        for number in (row, int(matching.clusters[column]), int(count))
    ]
    for row, count in enumerate(matching.noise.tolist()):
        flat += [row, NOISE, count] if count else []
    pairs = [
        [row, int(matching.clusters[column])]
        for row, column in matching.pairs.items()
        if matching.counts[row, column]
    ]
    return {
        "confusion": flat,
        "pairs": pairs,
        "right": matching.right,
        "known": int(matching.sizes.sum()),
    }


def _finite(value: float | None) -> float | None:
    return round(value, 6) if value is not None and math.isfinite(value) else None
