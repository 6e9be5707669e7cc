"""How thoroughly to verify."""

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
More = Callable[[Path, Published, Findings], Collection[Path]]  # returns the files that it has checked
Step = Callable[[str, int, int], None]  # what is being done, how far, of how many


@dataclass(frozen=True)
class How:
    """How thoroughly to verify.

    Parameters
    ----------
    store : Store, optional
        Where embeddings may be.
    remake : float
        Embeddings are computed again that took at most so many seconds.
    rerun : int
        How many cells are run again, drawn at random.
    seed : int
        Of that draw.
    replays : callable, optional
        Returns what runs cells of a dataset; nothing is run without.
    host : PluginHost, optional
        Loads plugins whose modules import a framework.
    step : callable
        Is told what is being done.
    more : sequence of callable
        What else is checked, where the boards are as they should be.
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
