"""A suite: many datasets, one leaderboard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SuiteDataset:
    """One dataset of a suite, with one text and one leaderboard per reference labelling.

    Attributes
    ----------
    name : str
        The name in the suite, e.g. ``"fcps-engytime"``.
    group : str
        The battery or folder that it belongs to, empty if none.
    texts : tuple of str
        What ``-d`` takes, one per reference.
    boards : tuple of str
        Names of the datasets that these texts open, one per reference.

    Examples
    --------
    >>> SuiteDataset("iris", "", ("iris",), ("iris",)).boards
    ('iris',)
    """

    name: str
    group: str
    texts: tuple[str, ...]
    boards: tuple[str, ...]


@dataclass(frozen=True)
class Suite:
    """Datasets that are run and ranked together, with the defaults of such a run.

    Attributes
    ----------
    name, version, title, licence, citation : str
        What the suite is; empty if its file does not give them.
    protocol : str
        The protocol if the user chooses none.
    metrics : tuple of str
        The metrics if the user chooses none; empty: those of the data.
    aggregate : str
        How scores are summarised over datasets: ``"mean"`` or ``"median"``.
    datasets : tuple of SuiteDataset
        The datasets, in the order of the file.
    n_clusters : int, optional
        K of every dataset if the user gives none (default: the number of classes of the reference).

    Examples
    --------
    >>> iris = SuiteDataset("iris", "", ("iris",), ("iris",))
    >>> suite = Suite("mine", "1", "", "", "", "full", ("ari",), "mean", (iris,))
    >>> [dataset.name for dataset in suite.datasets]
    ['iris']
    """

    name: str
    version: str
    title: str
    licence: str
    citation: str
    protocol: str
    metrics: tuple[str, ...]
    aggregate: str
    datasets: tuple[SuiteDataset, ...]
    n_clusters: int | None = None
