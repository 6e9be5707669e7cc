"""The plan of a benchmark: its cells, their stages, and the key of each stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, get_args

from . import hashing
from .cell import CellRecord
from .choices import Settings, StageKind
from .cost import Cost
from .interfaces import Dataset
from .plugin import Plugin
from .protocols import Part

DEFAULT_SEEDS = 5


SETTINGS = get_args(Settings)


@dataclass(frozen=True)
class Stage:
    """One piece of work: a fit or a score, with its inputs and the key of its result."""

    kind: StageKind
    label: str
    plugin: Plugin
    params: Mapping[str, Any]
    facts: Mapping[str, Any]
    fitted: Part
    scored: Part
    parents: tuple[str, ...] = ()
    soft: bool = False
    fits: tuple[tuple[int, str], ...] = ()  # K and key of each candidate, where K is chosen among them
    seed: int | None = None  # of the run, also where no parameter is set to it
    batch: str = ""  # stages of one batch are sent together
    shares: bool = False  # computed by one call with its batch, once all that they need has ended
    cost: Cost | None = None  # expected, where the plugin tells it; of the whole call, if that is shared
    on_workers: bool = False  # it runs tasks of its own on Dask's workers, and waits for them

    @property
    def required(self) -> tuple[str, ...]:
        """Keys of the stages that must have succeeded; some candidates of K selection may fail."""
        return self.parents[: len(self.parents) - len(self.fits)]

    @property
    def accelerated(self) -> bool:
        """Whether it runs on an accelerator, which has memory for one stage at a time."""
        return self.params.get("device", "cpu") not in (None, "cpu")

    @property
    def threads(self) -> int:
        """Number of threads of the numeric libraries, from its key."""
        return int(self.facts.get("threads", 1))

    @cached_property
    def key(self) -> str:
        """Hash of everything that can change the result."""
        return hashing.digest(self.facts)


@dataclass(frozen=True)
class Plan:
    """Stages in an executable order, and the cells made of them."""

    dataset: Dataset
    protocol: str
    stages: Mapping[str, Stage]
    cells: Sequence[CellRecord]
    seeds: int
    notes: Sequence[str] = ()
    set_here: Mapping[str, str] = field(default_factory=dict)  # by the harness, of each encoder and clusterer

    @property
    def board(self) -> str:
        """Name of its leaderboard."""
        return f"{self.dataset.name}.{self.protocol}"


SAMPLE = 20_000  # most metrics of the embedding see at most so many rows, drawn with a fixed seed
