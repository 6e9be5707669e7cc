"""Numbers of the five reports, and the configurations that run them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import as_file, files
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from harness.core.errors import DataError, UnknownName, suggest
from harness.planning.config.file import read_config

PLACE = "harness.reproductions.recipes"
UNMATCHED = "accuracy without matching"
CLASSES = 10
TEST_CODES = "test codes"  # the encoder fitted on the train rows, the clusterer on the codes of the test rows
Quantity = Literal[
    "accuracy", "purity", "homogeneity", "nmi", "ari", "silhouette",
    "accuracy without matching", "inertia", "loss", "validation loss",
]  # fmt: skip

QUANTITIES = frozenset(get_args(Quantity))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pipeline(_Model):
    """The pipeline of a report; several encoders and clusterers are readings of it."""

    encoders: Annotated[list[str], Field(min_length=1)]
    clusterers: Annotated[list[str], Field(min_length=1)]
    protocol: Literal["train-test", "train", "test", "full", "test codes"]

    @property
    def readings(self) -> list[tuple[str, str, str]]:
        """Encoder and clusterer of each reading, and its distinction from others, if any."""
        pairs = [(encoder, clusterer) for encoder in self.encoders for clusterer in self.clusterers]
        told = ("" if len(self.encoders) == 1 else "{0}", "" if len(self.clusterers) == 1 else "{1}")
        return [(*pair, " + ".join(filter(None, told)).format(*pair)) for pair in pairs]


class Reported(_Model):
    """A result as reported.

    Parameters
    ----------
    report, title : str
    run : Pipeline
    k : int
        Number of clusters.
    says : dict
        Reported numbers, with their digits, by their stated quantity.
    perhaps : list of str
        Other scores that a number may be.
    also : list of str
        Clusterers that differ from the one of `run` only in random state or precision.
    matching : str
        Matching of clusters and classes, as described in the report.
    matrix : list of list of int, optional
        The reported confusion matrix: classes in rows, clusters in columns.
    """

    report: str
    title: str
    run: Pipeline
    k: int = CLASSES
    says: Annotated[dict[Quantity, str], Field(min_length=1)]
    perhaps: list[Quantity] = Field(default=[])
    also: list[str] = Field(default=[])
    matching: str
    matrix: list[list[int]] | None = None

    @field_validator("says")
    @classmethod
    def _numbers(cls, says: dict[Quantity, str]) -> dict[Quantity, str]:
        for text in says.values():
            float(text)
        return says

    def rounding(self, quantity: Quantity) -> float:
        """Return half a unit of the last reported digit.

        Examples
        --------
        >>> load_reports()[0].rounding("accuracy")
        5e-05
        """
        return float(f"5e-{len(self.says[quantity].partition('.')[2]) + 1}")


@cache
def load_reports() -> tuple[Reported, ...]:
    """Return all reported results, report by report.

    Raises
    ------
    DataError
        If their file is invalid.

    Examples
    --------
    >>> {each.report for each in load_reports()} == set(names())
    True
    """
    text = files(PLACE).joinpath("reported.toml").read_text(encoding="utf-8")
    try:
        reports = tomllib.loads(text)["results"]
        return tuple(Reported.model_validate(each) for each in reports)
    except (tomllib.TOMLDecodeError, KeyError, ValidationError) as error:
        raise DataError(f"invalid reproductions/recipes/reported.toml: {error}") from None


def names() -> list[str]:
    """Return the names of the reports.

    Examples
    --------
    >>> names()
    ['r1-thayanithi', 'r2-vasudeva', 'r3-pai', 'r4-akula', 'r5-rahman']
    """
    return list(dict.fromkeys(each.report for each in load_reports()))


def check_names(asked: tuple[str, ...]) -> list[str]:
    """Return the requested reports, in order.

    Raises
    ------
    UnknownName
        If there is no such report.
    """
    for name in asked:
        if name not in names():
            raise UnknownName(
                f"Unknown report {name!r}.{suggest(name, names())} Reports: {', '.join(names())}."
            )
    return [name for name in names() if name in asked]


def recipe_names(report: str) -> list[str]:
    """Return the names of the configurations of a report.

    Examples
    --------
    >>> recipe_names("r2-vasudeva")
    ['r2-vasudeva', 'r2-vasudeva-more-k']
    """
    names = (each.name.removesuffix(".toml") for each in files(PLACE).iterdir())
    return sorted(name for name in names if name == report or name.startswith(f"{report}-"))


def recipe(name: str) -> dict[str, Any]:
    """Return the content of a configuration as keywords of `harness.bench`.

    Examples
    --------
    >>> recipe("r5-rahman")["clusterers"], recipe("baseline")["seeds"]
    (['kmeans'], 20)
    """
    with as_file(files(PLACE).joinpath(f"{name}.toml")) as path:
        return read_config(path).config.options()


def matrix_labels(matrix: list[list[int]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return a class and a cluster for each sample in a confusion matrix, int64 of shape (n,).

    Examples
    --------
    >>> [each.tolist() for each in matrix_labels([[2, 0], [0, 1]])]
    [[0, 0, 1], [0, 0, 1]]
    """
    counts = np.asarray(matrix, dtype=np.int64)
    classes, clusters = np.indices(counts.shape)
    return np.repeat(classes.ravel(), counts.ravel()), np.repeat(clusters.ravel(), counts.ravel())
