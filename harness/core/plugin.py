"""A plugin: a class or function, loaded on first use."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["encoder", "clusterer", "metric", "dataset"]


KINDS: tuple[Kind, ...] = ("encoder", "clusterer", "metric", "dataset")


@dataclass(frozen=True)
class OwnCode:
    """The code of a class or function that lies in no file, e.g. in a cell of a notebook.

    Parameters
    ----------
    digest : str
        Stands for the code in keys.
    lasting : bool
        Whether `digest` tells all that the code refers to. Else it is new in every call, so that no result
        is reused.
    libraries : frozenset of str
        Top-level names of the packages that it uses.
    pickled : bytes
        The class or function itself, for worker processes; empty if each process imports it.
    unread : str
        What of it has no digest.
    """

    digest: str
    lasting: bool
    libraries: frozenset[str] = frozenset()
    pickled: bytes = field(default=b"", compare=False, repr=False)
    unread: str = ""


@dataclass(frozen=True)
class Plugin:
    """A class or function, loaded on first use: see `harness.registry.loading`.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric", "dataset"}
    name : str
        The name on leaderboards and on the command line.
    target : str
        Its location, ``module:attribute``.
    origin : str
        Its source: ``built-in``, a distribution and its version, a file, or ``import path``.
    file : Path, optional
        The file to load the module from, for ``--plugin``.
    code : OwnCode, optional
        Its code, if that lies in no file: see `harness.api.plugin_objects`.
    """

    kind: Kind
    name: str
    target: str
    origin: str
    file: Path | None = None
    code: OwnCode | None = None

    @property
    def module(self) -> str:
        """Dotted name of its module."""
        return self.target.partition(":")[0]

    @property
    def title(self) -> str:
        """Kind and name, as in error messages."""
        return f"{self.kind.capitalize()} {self.name!r}"
