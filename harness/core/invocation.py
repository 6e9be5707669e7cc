"""The command that computed a run, as kept in the store; never published."""

from __future__ import annotations

from typing import NamedTuple

from .limits import BUDGET


class Invocation(NamedTuple):
    """Arguments of a command that are needed to repeat it.

    Parameters
    ----------
    dataset : str
        The text of ``-d``; empty for an object that a program gave.
    own : bool
        Whether the data are the user's own, i.e. no dataset that the harness or an installed package has.
    plugins : tuple of str
        Files of ``--plugin``.
    config : str
        The file of ``--config``, if it names plugins.
    every_metric : bool
        Whether no metric was named.
    n_clusters : int, optional
        The number of ``-k``.
    threads : int
        Threads per stage.
    metric_budget : float
        Seconds of ``--metric-budget``.

    Examples
    --------
    >>> Invocation("flowers.csv", own=True).plugins
    ()
    """

    dataset: str = ""
    own: bool = False
    plugins: tuple[str, ...] = ()
    config: str = ""
    every_metric: bool = True
    n_clusters: int | None = None
    threads: int = 1
    metric_budget: float = BUDGET
