"""Differences between a row and a baseline: paired by seeds where that can be."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ...core.board import Board, Row, Value
from ...core.errors import HarnessError, suggest
from ...core.spec import split_chain
from .intervals import Draws, Interval, between, draws, interval, studentized, too_few
from .samples import Sample

BASELINES = ("identity + kmeans", "pca + kmeans")


class Difference(NamedTuple):
    """A row's mean less that of a baseline.

    Parameters
    ----------
    mean : float
    interval : Interval or None
    n : int
        Pairs of runs; where nothing is paired, runs of the row.
    how : {"paired", "unpaired", "exact"}
        ``exact`` where no seed enters on either side.
    why : str
        Why there is no interval.
    """

    mean: float
    interval: Interval | None
    n: int
    how: Literal["paired", "unpaired", "exact"]
    why: str = ""


def difference(row: Sample, baseline: Sample) -> Difference | None:
    """Return the difference of two rows' means, or None where one of them has no runs.

    Runs are paired where those of one side have the seeds of the other; a kind of seed that does not enter on
    one side is the same for all there. Paired differences have the interval of `interval`. Where runs cannot
    be paired, both sides are resampled by themselves, and the difference is studentized (Efron & Tibshirani,
    1993, 16.2).

    Examples
    --------
    >>> ae = Sample([Value(seed, seed, 0.6 + seed / 100) for seed in range(5)])
    >>> raw = Sample([Value(None, seed, 0.5 + seed / 100) for seed in range(5)])
    >>> found = difference(ae, raw)
    >>> round(found.mean, 6), found.how, found.n
    (0.1, 'paired', 5)
    """
    if not row.values or not baseline.values:
        return None
    pairs = _paired(row, baseline)
    if pairs is None:
        return _unpaired(row, baseline)
    mean = float(pairs.array.mean())
    how: Literal["exact", "paired"] = "exact" if pairs.design == "constant" else "paired"
    return Difference(mean, interval(pairs), len(pairs.values), how, too_few(pairs))


def _paired(row: Sample, baseline: Sample) -> Sample | None:
    """Return the differences run by run, or None where runs have no partners."""
    more, fewer, sign = row, baseline, 1
    if sum(baseline.kinds) > sum(row.kinds):
        more, fewer, sign = baseline, row, -1
    enters = fewer.kinds
    if any(here and not there for here, there in zip(enters, more.kinds, strict=True)):
        return None
    partners = {
        seeds: (seeds[0] if enters[0] else None, seeds[1] if enters[1] else None) for seeds in more.by_seeds
    }
    if set(partners.values()) != set(fewer.by_seeds):
        return None
    return Sample(
        [
            Value(*seeds, sign * (value - fewer.by_seeds[partners[seeds]]))
            for seeds, value in more.by_seeds.items()
        ]
    )


def _unpaired(row: Sample, baseline: Sample) -> Difference:
    means = [float(each.array.mean()) for each in (row, baseline)]
    found = [each.estimate() for each in (row, baseline)]
    why = next(
        (f"{who}: {text}" for who, each in (("row", row), ("baseline", baseline)) if (text := too_few(each))),
        "",
    )
    if why or found[0] is None or found[1] is None:
        return Difference(means[0] - means[1], None, len(row.values), "unpaired", why)
    first, second = draws(row.array), draws(baseline.array, seed=2)
    both = Draws(first.shift - second.shift, first.variance + second.variance)
    low, high = studentized(found[0].variance + found[1].variance, both)
    mean = means[0] - means[1]
    return Difference(mean, between(mean - high, mean - low), len(row.values), "unpaired")


def find_baseline(board: Board, text: str, required: bool = True) -> Row | None:
    """Find the row that a baseline means: as the board shows it, or without parameters.

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
        When there is none and it is required, or it could be one of several rows.
    """
    wanted = _norm(text)
    exact = [row for row in board.rows if _norm(title(row)) == wanted]
    near = exact or [row for row in board.rows if _norm(_bare(row)) == wanted]
    if len(near) == 1:
        return near[0]
    known = [title(row) for row in board.rows]
    if near and required:
        options = ", ".join(repr(f"{title(row)}") for row in near)
        raise HarnessError(
            f"Baseline {text!r} of {board.name} may be any of {options}. Write one of them whole."
        )
    if required:
        raise HarnessError(
            f"Board {board.name} has no row {text!r}.{suggest(text, known)} Write 'encoder + clusterer'."
        )
    return None


def title(row: Row) -> str:
    """Write a row as ``encoder + clusterer``."""
    return f"{row.encoder} + {row.clusterer}"


def _bare(row: Row) -> str:
    """Write a row without parameters."""
    steps = (step.partition("(")[0] for step in split_chain(row.encoder))
    return f"{'+'.join(steps)} + {row.clusterer.partition('(')[0]}"


def _norm(text: str) -> str:
    return "".join(text.split())
