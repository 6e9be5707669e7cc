"""A plugin: a class or function, loaded on first use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["encoder", "clusterer", "metric", "dataset"]


KINDS: tuple[Kind, ...] = ("encoder", "clusterer", "metric", "dataset")


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
    token : str
        Replaces its code in keys if only this process has it: see `harness.api.plugin_objects`.
    """

    kind: Kind
    name: str
    target: str
    origin: str
    file: Path | None = None
    token: str = ""

    @property
    def module(self) -> str:
        """Dotted name of its module."""
        return self.target.partition(":")[0]

    @property
    def title(self) -> str:
        """Kind and name, as in error messages."""
        return f"{self.kind.capitalize()} {self.name!r}"
