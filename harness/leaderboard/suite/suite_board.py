"""The leaderboard of a suite as values: methods by datasets, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from ...core.board import Metric
from ...core.suite import Suite
from ..statistics.ranks import Friedman, Ranking
from .suite_cells import SuiteCell
from .wins import Wins

References = Literal["best", "each"]


class SuiteColumn(NamedTuple):
    """A dataset of a suite, or one of its references.

    Parameters
    ----------
    name, group : str
        Group is the battery or folder, empty if none.
    boards : tuple of str
        The datasets, one per reference.
    samples, features : int
    classes : tuple of int or None
        One per reference.
    counted : bool
        Whether it counts for means, ranks and all that follows from them.
    """

    name: str
    group: str
    boards: tuple[str, ...]
    samples: int
    features: int
    classes: tuple[int | None, ...]
    counted: bool = True


@dataclass(frozen=True)
class SuiteMethod:
    """A method over the datasets of a suite.

    Parameters
    ----------
    name, encoder, clusterer : str
    cells : tuple of SuiteCell
        One per dataset.
    ranked : bool
        Whether it was run on every dataset that counts; else there are no means, and no rank.
    mean, median : float or None
        Over the datasets, failed ones counted by the rule of the board.
    mean_rank : float or None
    failed, missing : int
        Numbers of datasets.
    versus_best : Wins or None
        Against the first method.
    profile : tuple of float
        Share of datasets within each factor of the best score there.
    seconds_median, seconds_sum : float or None
        Over the datasets, of a fit each; failed ones excluded.
    flags : tuple of str
        See `harness.leaderboard.flags`.
    """

    name: str
    encoder: str
    clusterer: str
    cells: tuple[SuiteCell, ...]
    ranked: bool
    mean: float | None = None
    median: float | None = None
    mean_rank: float | None = None
    failed: int = 0
    missing: int = 0
    versus_best: Wins | None = None
    profile: tuple[float, ...] = ()
    seconds_median: float | None = None
    seconds_sum: float | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuiteBoard:
    """The leaderboard of a suite by one metric.

    Parameters
    ----------
    suite : Suite
    protocol : str
    metric : Metric
    references : {"best", "each"}
        Whether a dataset's score is the best over its references, or each reference is a dataset.
    columns : tuple of SuiteColumn
    methods : tuple of SuiteMethod
        Best first, by the suite's aggregate; methods without ranks last.
    ranking : Ranking or None
        Of the ranked methods over the counted datasets, in the order of their mean ranks.
    friedman : Friedman or None
    critical_difference : float or None
    groups : tuple of (int, int)
        First and last place in `ranking` of methods that Nemenyi's test does not tell apart.
    untested : str
        Why there are no tests; empty if there are.
    pairs : tuple of tuples of Wins
        Of each method against each other, in the order of `methods`.
    without_runs : tuple of str
        Datasets and references of the suite without a leaderboard.
    notes : tuple of str
        What to know of these numbers.
    date : str
        Of the newest run.
    """

    suite: Suite
    protocol: str
    metric: Metric
    references: References
    columns: tuple[SuiteColumn, ...]
    methods: tuple[SuiteMethod, ...]
    ranking: Ranking | None = None
    friedman: Friedman | None = None
    critical_difference: float | None = None
    groups: tuple[tuple[int, int], ...] = ()
    untested: str = ""
    pairs: tuple[tuple[Wins, ...], ...] = ()
    without_runs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    date: str = ""

    @property
    def higher(self) -> bool:
        """Whether higher scores are better."""
        return self.metric.direction == "higher"

    @property
    def counted(self) -> list[int]:
        """Places of the datasets that count."""
        return [place for place, column in enumerate(self.columns) if column.counted]

    @property
    def ranked(self) -> list[SuiteMethod]:
        """The methods with a rank, best first."""
        return [method for method in self.methods if method.ranked]

    @property
    def groups_of_datasets(self) -> list[str]:
        """Batteries or folders, in the order of the suite."""
        return list(dict.fromkeys(column.group for column in self.columns))

    def aggregate(self, method: SuiteMethod) -> float | None:
        """Return the number that orders the methods: mean or median over datasets."""
        return method.median if self.suite.aggregate == "median" else method.mean

    def best(self, place: int) -> float | None:
        """Return the best score on a dataset; None if all methods are equal or none has a score."""
        found = [cell.value for method in self.methods if (cell := method.cells[place]).value is not None]
        if len(set(found)) < 2:
            return None
        return max(found) if self.higher else min(found)
