"""The plan: which cells a benchmark has, of which stages they are made, and the key of each stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from . import hashing
from .cell import CellRecord
from .errors import BadParameter
from .interfaces import Dataset
from .plugin import Plugin
from .protocols import Part
from .spec import Entry

DEFAULT_SEEDS = 5


SETTINGS = ("none", "internal", "oracle")  # how settings were chosen, each with more help than the one before


@dataclass(frozen=True)
class Request:
    """What the user asks for, as written.

    Parameters
    ----------
    encoders, clusterers : sequence of str or Entry
        Names with parameters, as ``pca(n_components=8)``; encoders may be chains, and each may have a name
        of its own for boards, as ``small=pca(n_components=8)``.
    metrics : sequence of str
        Names with options.
    seeds : int, optional
        How many seeds, 0 and up; by default 5 where more than one cell depends on a seed, else 1. A run has
        the same seed for encoder and clusterer.
    crossed : (int, int), optional
        Instead of `seeds`: how many of encoders and of clusterers, each of the first with each of the second.
    n_clusters : int, optional
        K where the harness sets it, instead of the number of classes.
    soft : bool
        Whether to keep soft assignments (`predict_proba`).
    device : {"auto", "cpu", "cuda", "mps"}
        Where plugins run that can choose.
    swept : collection of str
        Kinds that were not named one by one: of these, a plugin that cannot be made is a failed row rather
        than a wrong call.
    settings : {"", "none", "internal", "oracle"}
        How the settings that are written here were chosen: not said, not chosen, by an internal criterion,
        or with help of the true labels. Boards say so; nothing else depends on it.
    threads : int
        Threads of each stage.
    pairs : sequence of (int, int)
        The very seeds of encoder and clusterer, instead of how many.
    """

    encoders: Sequence[str | Entry]
    clusterers: Sequence[str | Entry]
    metrics: Sequence[str]
    seeds: int | None = None
    n_clusters: int | None = None
    soft: bool = False
    device: str = "cpu"
    swept: Collection[str] = ()
    settings: str = ""
    threads: int = 1
    crossed: tuple[int, int] | None = None
    pairs: Sequence[tuple[int, int]] = ()


def crossed_seeds(seeds: int | None, encoder: int | None, clusterer: int | None) -> tuple[int, int] | None:
    """Return how many seeds encoders and clusterers have where these are kept apart, else None.

    Raises
    ------
    BadParameter
        When one of the two is missing, or paired seeds are wanted too.

    Examples
    --------
    >>> crossed_seeds(None, 3, 5), crossed_seeds(5, None, None)
    ((3, 5), None)
    """
    if encoder is None and clusterer is None:
        return None
    if seeds is not None:
        raise BadParameter("Give seeds, or encoder seeds and clusterer seeds, not both.")
    if encoder is None or clusterer is None:
        raise BadParameter("Give both encoder seeds and clusterer seeds, as each goes with each, or seeds.")
    return encoder, clusterer


@dataclass(frozen=True)
class Stage:
    """One piece of work: a fit or a score, with all that it needs and the key of its result."""

    kind: Literal["encode", "cluster", "score"]
    label: str
    plugin: Plugin
    params: Mapping[str, Any]
    facts: Mapping[str, Any]
    fitted: Part
    scored: Part
    parents: tuple[str, ...] = ()
    soft: bool = False
    fits: tuple[tuple[int, str], ...] = ()  # K and key of each candidate, where K is chosen among them
    batch: str = ""  # stages of one batch are computed by one call, once all that they need has ended

    @property
    def required(self) -> tuple[str, ...]:
        """Keys of the stages that must have succeeded: of candidates some may fail."""
        return self.parents[: len(self.parents) - len(self.fits)]

    @property
    def accelerated(self) -> bool:
        """Whether it runs on an accelerator, where one stage at a time has the memory."""
        return self.params.get("device", "cpu") not in (None, "cpu")

    @property
    def threads(self) -> int:
        """How many threads the numeric libraries may use, as its key says."""
        return int(self.facts.get("threads", 1))

    @cached_property
    def key(self) -> str:
        """Hash of everything that can change the result."""
        return hashing.digest(self.facts)


@dataclass(frozen=True)
class Plan:
    """Stages in an order in which they can run, and the cells made of them."""

    dataset: Dataset
    protocol: str
    stages: Mapping[str, Stage]
    cells: Sequence[CellRecord]
    seeds: int
    notes: Sequence[str] = ()

    @property
    def board(self) -> str:
        """Name of the board that it belongs to."""
        return f"{self.dataset.name}.{self.protocol}"


SAMPLE = 20_000  # most metrics of the embedding see at most so many rows, drawn with a fixed seed
