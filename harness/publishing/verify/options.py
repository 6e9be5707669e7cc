"""Options of verification."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...store.store import Store
from ..bundle import Published
from ..findings import Findings
from .replay import Replay

Replays = Callable[[Dataset], Replay]
More = Callable[[Path, Published, Findings], Collection[Path]]  # returns the checked files
Step = Callable[[str, int, int], None]  # current step, progress, total


@dataclass(frozen=True)
class How:
    """Options of verification.

    Parameters
    ----------
    store : Store, optional
        Possible source of embeddings.
    remake : float
        Recompute embeddings that took at most this many seconds.
    rerun : int
        Number of cells to rerun, drawn at random.
    seed : int
        Seed of the draw.
    replays : callable, optional
        Returns the runner for cells of a dataset; without it nothing is run.
    host : PluginHost, optional
        Loads plugins whose modules import a framework.
    step : callable
        Called with the progress.
    more : sequence of callable
        Further checks, if the boards are correct.
    data : sequence of str
        The user's own data, each as ``NAME=PATH``.
    trusted : collection of str
        Import paths that may be loaded if a board names them.
    """

    store: Store | None = None
    remake: float = 0.0
    rerun: int = 0
    seed: int = 0
    replays: Replays | None = None
    host: PluginHost | None = None
    step: Step = field(default=lambda what, done, total: None)
    more: Sequence[More] = ()
    data: Sequence[str] = ()
    trusted: Collection[str] = ()
