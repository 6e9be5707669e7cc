"""A leaderboard as values: rows, summaries over seeds, and the facts needed to judge them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from .cell import IMPORTED, DataFacts, has_flag
from .counts import counted
from .protocols import PROTOCOLS


@dataclass(frozen=True)
class Summary:
    """A quantity over the seeds: `std` is the sample standard deviation, None for a single run."""

    n: int
    mean: float
    std: float | None
    min: float
    max: float

    @staticmethod
    def of(values: Iterable[float]) -> Summary | None:
        """Summarise values, or return None when there are none.

        Examples
        --------
        >>> Summary.of([1.0, 3.0])
        Summary(n=2, mean=2.0, std=1.4142135623730951, min=1.0, max=3.0)
        """
        found = list(values)
        if not found:
            return None
        low, high = min(found), max(found)
        std = (statistics.stdev(found) if low < high else 0.0) if len(found) > 1 else None
        return Summary(len(found), statistics.fmean(found), std, low, high)


class Value(NamedTuple):
    """A score of one run, with the seeds of the run; None if deterministic."""

    encoder_seed: int | None
    clusterer_seed: int | None
    value: float


@dataclass(frozen=True)
class Metric:
    """A column: a metric, its better direction, its inputs, and its options."""

    name: str
    direction: str | None
    own_space: bool
    needs_truth: bool
    options: str = ""
    sampled: bool = False  # whether it was computed on a sample of the rows


@dataclass(frozen=True)
class Row:
    """One encoder and clusterer, over all their seeds.

    Parameters
    ----------
    encoder, clusterer : str
    k : str
        ``10 given``, ``8 default`` or ``estimated``.
    clusters : Summary or None
        Number of clusters found in the fitted rows.
    deterministic : bool
        Whether there is no seed, not even one given by the user, so that there is only one run.
    scores : dict
        Summary over the runs that have a score, by metric.
    values : dict
        The scores by metric, in the order of their seeds.
    encode_seconds, cluster_seconds : Summary or None
        Seconds per fit.
    statuses : dict
        Number of cells by status.
    notes : list of str
        Why cells did not finish, and warnings of plugins.
    curves : list of dict
        For each run with K selection: ``criterion``, ``k``, ``values``, ``chosen``, ``edge`` and more.
    settings : {"none", "internal", "oracle", ""}
        How its settings were chosen, by the cell with most help; empty if unknown.
    prior : list of str
        Prior knowledge that its plugins declare: ``augmentation``, ``pretrained: ImageNet``; or ``imported``
        and the origin of labels that were computed elsewhere.
    unverified : bool
        Whether any cell of a published board has fewer than two named contributors.
    seeding : list of {"written seed", "unseeded"}
        Seeds that the harness did not set.
    standard_errors : dict
        Of metrics estimated from a sample of rows, the standard error of the mean score, at most: the mean of
        those of its runs, which share their sample.
    """

    encoder: str
    clusterer: str
    k: str
    clusters: Summary | None
    deterministic: bool
    scores: Mapping[str, Summary]
    values: Mapping[str, Sequence[Value]]
    encode_seconds: Summary | None
    cluster_seconds: Summary | None
    statuses: Mapping[str, int]
    notes: list[str]
    curves: list[Mapping[str, Any]] = field(default_factory=list)
    settings: str = ""
    prior: list[str] = field(default_factory=list)
    unverified: bool = False
    seeding: list[str] = field(default_factory=list)
    standard_errors: Mapping[str, float] = field(default_factory=dict)

    @property
    def at_edge(self) -> int:
        """Number of runs whose chosen K is the end of the range tried."""
        return sum(bool(curve.get("edge")) for curve in self.curves)

    @property
    def imported(self) -> bool:
        """Whether its labels were computed elsewhere: it is never the best, nor ranked among others."""
        return has_flag(self.prior, IMPORTED)

    @property
    def complete(self) -> bool:
        """Whether every run of this row succeeded."""
        return set(self.statuses) == {"ok"}

    @property
    def runs(self) -> int:
        """Number of successful runs."""
        return self.statuses.get("ok", 0)


@dataclass(frozen=True)
class Board:
    """A leaderboard: rows, best first, and the facts needed to judge them.

    `contributors` computed its cells, if recorded. `among` holds all rows of a board of
    which only some are shown: the best is the best among these.
    """

    dataset: str
    protocol: str
    data: DataFacts
    digest: str
    metrics: list[Metric]
    rows: list[Row]
    parameters: Mapping[str, str]
    sample: int | None
    versions: Mapping[str, list[str]]
    hardware: list[str]
    date: str
    contributors: list[str] = field(default_factory=list)
    among: list[Row] = field(default_factory=list)

    @property
    def whole(self) -> list[Row]:
        """All rows, including those not shown."""
        return self.among or self.rows

    @property
    def name(self) -> str:
        """Dataset and protocol, as in the file name."""
        return f"{self.dataset}.{self.protocol}"

    @property
    def computed_by(self) -> str:
        """A note on the only contributor and how to check; nothing if there are several."""
        if len(self.contributors) != 1:
            return ""
        return f"Computed by {self.contributors[0]} only; recompute the scores with harness verify"

    @property
    def row_notes(self) -> list[str]:
        """The distinct notes of all rows: warnings of their stages, and why scores are missing."""
        notes = (f"{row.encoder} + {row.clusterer}: {note}" for row in self.rows for note in row.notes)
        return list(dict.fromkeys(notes))

    @cached_property
    def best(self) -> dict[str, float]:
        """The best mean of each column among complete rows, if rows can be ranked by it.

        Embedding-dependent scores have no best, since they are not comparable between encoders.
        """
        found = {metric.name: self._best(metric) for metric in self.metrics}
        return {name: value for name, value in found.items() if value is not None}

    def _best(self, metric: Metric) -> float | None:
        if metric.direction is None or metric.own_space or len(self.whole) < 2:
            return None
        if len({row.scores[metric.name].mean for row in self._complete(metric.name)}) < 2:
            return None
        means = [row.scores[metric.name].mean for row in self.rankable(metric.name)]
        return (max if metric.direction == "higher" else min)(means)

    def rankable(self, metric: str) -> list[Row]:
        """Return the complete rows that may be best; single runs, having no spread, only if all are."""
        complete = self._complete(metric)
        return [row for row in complete if row.deterministic or row.scores[metric].n > 1] or complete

    def _complete(self, metric: str) -> list[Row]:
        """Return the rows, except imported ones, whose runs all finished and have a score."""
        scored = [row for row in self.whole if metric in row.scores and not row.imported]
        return [row for row in scored if row.complete and row.scores[metric].n == row.runs]


def ranking(metrics: Iterable[Metric]) -> Metric | None:
    """Return the ranking metric: the first that uses the classes, if any."""
    return next((metric for metric in metrics if metric.needs_truth and metric.direction), None)


def protocol_text(board: Board) -> str:
    """Describe which rows were fitted and scored, with their numbers."""
    n, n_train = board.data.samples, board.data.n_train
    sizes = {"all": n, "train": n_train, "test": n - n_train if n_train else None}
    fitted, scored = PROTOCOLS[board.protocol]
    if fitted == scored:
        if fitted == "all":
            return f"fit and scored on all {counted(n, 'row')}"
        return f"fit and scored on the {counted(sizes[fitted] or 0, f'{fitted} row')}"
    rows = [counted(sizes[part] or 0, f"{part} row") for part in (fitted, scored)]
    return f"fit on the {rows[0]}, scored on the {rows[1]}"
