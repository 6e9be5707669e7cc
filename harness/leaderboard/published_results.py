"""Results from the literature on well-known datasets: graded, and never among the rows of a board."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..core.board import Board
from ..core.errors import DataError

GRADES = {
    "A": "a log of each run is available",
    "B": "the author's readme",
    "C": "a third party's table",
    "X": "computed from public label vectors or embeddings",
}
HEADERS = ("method", "accuracy", "nmi", "ari", "runs", "grade", "source", "notes")
WARNING = (
    "Published by others, not measured here: other code, other runs, and possibly settings chosen with the "
    "labels. They are not sorted, not ranked, and never bold."
)
Share = Annotated[Decimal, Field(ge=Decimal("-0.5"), le=1)]
Words = Annotated[str, Field(min_length=1)]


class Model(BaseModel):
    """Frozen, without extra fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(Model):
    """A published score, with the digits as published, and its spread if given."""

    mean: Share
    std: Share | None = None
    min: Share | None = None
    max: Share | None = None

    def __str__(self) -> str:
        """Format it as published."""
        spread = "" if self.std is None else f" ± {self.std}"
        extent = "" if self.min is None or self.max is None else f" ({self.min} – {self.max})"
        return f"{self.mean}{spread}{extent}"


class Reference(Model):
    """Published scores of a method on one dataset, with their grade and source.

    Parameters
    ----------
    method : str
    accuracy, nmi, ari : Figure, optional
    runs : str
        Which runs the figures summarise, e.g. ``mean of 10``; empty if not stated.
    grade : {"A", "B", "C", "X"}
        See `GRADES`.
    source, notes : str
    """

    method: Words
    accuracy: Figure | None = None
    nmi: Figure | None = None
    ari: Figure | None = None
    runs: str = ""
    grade: Literal["A", "B", "C", "X"]
    source: Words
    notes: str = ""

    @property
    def cells(self) -> list[str]:
        """The texts of a line of a table under `HEADERS`."""
        found = (getattr(self, name) for name in HEADERS)
        return ["–" if each is None else str(each) for each in found]


class References(Model):
    """The published results of one dataset under one protocol, of so many samples."""

    dataset: Words
    protocol: Words
    samples: int
    entries: Annotated[list[Reference], Field(min_length=1)]


@cache
def load_references() -> dict[str, References]:
    """Return all published results, by dataset.

    Raises
    ------
    DataError
        If a file of published results is invalid.

    Examples
    --------
    >>> sorted(load_references())
    ['fashion-mnist', 'mnist', 'usps']
    >>> str(load_references()["mnist"].entries[0].nmi)
    '0.500'
    """
    folder = files(__package__) / "published"
    paths = sorted(path for path in folder.iterdir() if path.name.endswith(".toml"))  # type: ignore[type-var]
    references = [_read(path.name, path.read_text(encoding="utf-8")) for path in paths]
    return {each.dataset: each for each in references}


def _read(name: str, text: str) -> References:
    try:
        return References.model_validate(tomllib.loads(text, parse_float=Decimal))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DataError(f"Invalid published results {name!r}: {error}") from None


def beside(board: Board) -> tuple[list[Reference], str]:
    """Return the published results comparable with a board, or none and the reason.

    They must be of the same dataset, protocol and number of samples.
    """
    known = load_references().get(board.dataset)
    if known is None:
        listed = ", ".join(load_references())
        return [], f"No published results for {board.dataset!r}, only for {listed}."
    if known.protocol != board.protocol:
        said = f"use protocol {known.protocol}, this leaderboard {board.protocol}"
        return [], f"The published results for {board.dataset!r} {said}, so they are not comparable."
    if known.samples != board.data.samples:
        said = f"use {known.samples:,} samples, this leaderboard {board.data.samples:,}"
        return [], f"The published results for {board.dataset!r} {said}, so they are not comparable."
    return known.entries, ""


def grades(references: list[Reference]) -> str:
    """Explain the grades that occur."""
    used = {each.grade for each in references}
    return "Grades: " + "; ".join(f"{grade}, {text}" for grade, text in GRADES.items() if grade in used) + "."
