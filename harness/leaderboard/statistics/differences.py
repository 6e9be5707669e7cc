"""Differences of a row from a baseline: paired if both cluster the same embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ...core.board import Board, Row, Value
from ...core.errors import HarnessError, suggest
from ...core.spec import split_chain
from .intervals import Interval, ends, too_few
from .samples import Sample

BASELINES = ("identity + kmeans", "pca + kmeans")


How = Literal["paired", "unpaired", "exact"]


class Difference(NamedTuple):
    """A row's mean minus that of a baseline.

    Parameters
    ----------
    mean : float
    interval : Interval or None
    n : int
        Number of pairs of runs; if unpaired, of runs of the row.
    how : {"paired", "unpaired", "exact"}
        ``exact`` if both rows are deterministic.
    why : str
        Why there is no interval.
    """

    mean: float
    interval: Interval | None
    n: int
    how: How
    why: str = ""


def difference(row: Sample, baseline: Sample, *, same_encoder: bool = False) -> Difference | None:
    """Return the difference of two rows' means, or None if one of them has no runs.

    Paired by seed if both rows cluster the same embeddings; else by Welch (1947).

    Parameters
    ----------
    row, baseline : Sample
    same_encoder : bool
        Whether the embeddings of runs with the same encoder seed are the same.

    Examples
    --------
    >>> kmeans = Sample([Value(seed, seed, 0.6 + seed / 100) for seed in range(5)])
    >>> ward = Sample([Value(seed, None, 0.5 + seed / 100) for seed in range(5)])
    >>> found = difference(kmeans, ward, same_encoder=True)
    >>> round(found.mean, 6), found.how, found.n
    (0.1, 'paired', 5)
    """
    if not row.values or not baseline.values:
        return None
    pairs = paired(row, baseline) if same_encoder else None
    if pairs is not None:
        estimate, why = pairs.estimate(), too_few(pairs)
    else:
        first, second = row.estimate(), baseline.estimate()
        estimate = None if first is None or second is None else first.minus(second)
        why = next((f"{who}: {text}" for who, text in _too_few(row, baseline) if text), "")
    mean = row.array.mean() - baseline.array.mean() if estimate is None else estimate.mean
    exact = row.design == baseline.design == "constant"
    given = None if why or exact or estimate is None else ends(estimate)
    how: How = "exact" if exact else "unpaired" if pairs is None else "paired"
    return Difference(float(mean), given, len((pairs or row).values), how, why)


def _too_few(row: Sample, baseline: Sample) -> Iterator[tuple[str, str]]:
    for who, sample in (("row", row), ("baseline", baseline)):
        yield who, "" if sample.design == "constant" else too_few(sample)


def paired(row: Sample, baseline: Sample) -> Sample | None:
    """Return the paired differences of rows that cluster the same embeddings, or None.

    If one row has no clusterer seed, its runs pair with every clusterer seed of the other.

    Examples
    --------
    >>> runs = Sample([Value(seed, seed, 0.5) for seed in range(5)])
    >>> paired(runs, Sample([Value(None, seed, 0.5) for seed in range(5)])) is None
    True
    """
    if not (row.kinds[0] and baseline.kinds[0]):
        return None
    more, fewer, sign = (row, baseline, 1) if row.kinds >= baseline.kinds else (baseline, row, -1)
    partners = {seeds: (seeds[0], seeds[1] if fewer.kinds[1] else None) for seeds in more.by_seeds}
    if set(partners.values()) != set(fewer.by_seeds):
        return None
    return Sample(
        [
            Value(*seeds, sign * (value - fewer.by_seeds[partners[seeds]]))
            for seeds, value in more.by_seeds.items()
        ]
    )


def find_baseline(board: Board, text: str, required: bool = True) -> Row | None:
    """Find the row of a baseline, named as on the board or without parameters.

    Parameters
    ----------
    board : Board
    text : str
        As ``pca + kmeans``, which also finds ``pca(n_components=50) + kmeans`` if no other row is nearer.
    required : bool
        Whether it is an error that there is none.

    Raises
    ------
    HarnessError
        If a required baseline does not exist, or several rows match.
    """
    wanted = _norm(text)
    exact = [row for row in board.rows if _norm(title(row)) == wanted]
    near = exact or [row for row in board.rows if _norm(" + ".join(bare_names(row))) == wanted]
    if len(near) == 1:
        return near[0]
    known = [title(row) for row in board.rows]
    if near and required:
        options = ", ".join(repr(f"{title(row)}") for row in near)
        raise HarnessError(
            f"Baseline {text!r} of {board.name} is ambiguous between {options}. Give one of them in full."
        )
    if required:
        raise HarnessError(
            f"Leaderboard {board.name} has no row {text!r}.{suggest(text, known)} Give 'encoder + clusterer'."
        )
    return None


def title(row: Row) -> str:
    """Format a row as ``encoder + clusterer``."""
    return f"{row.encoder} + {row.clusterer}"


def bare_names(row: Row) -> tuple[str, str]:
    """Return the names of a row's encoder and clusterer without parameters.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> bare_names(SimpleNamespace(encoder="standardize+pca(n_components=9)", clusterer="kmeans(n_init=5)"))
    ('standardize+pca', 'kmeans')
    """
    steps = (step.partition("(")[0] for step in split_chain(row.encoder))
    return "+".join(steps), row.clusterer.partition("(")[0]


def _norm(text: str) -> str:
    return "".join(text.split())
