"""A plugin: a class or function that is loaded when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["encoder", "clusterer", "metric", "dataset"]


KINDS: tuple[Kind, ...] = ("encoder", "clusterer", "metric", "dataset")


@dataclass(frozen=True)
class Plugin:
    """A class or function that can be loaded when it is used: see `harness.registry.loading`.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric", "dataset"}
    name : str
        The name on boards and on the command line.
    target : str
        Where it lies, as ``module:attribute``.
    origin : str
        Who brings it: ``built-in``, a distribution and its version, a file, or ``import path``.
    file : Path, optional
        The file to load the module from, for ``--plugin``.
    token : str
        Stands for its code in keys, where this process alone has it: see `harness.api.plugin_objects`.
    """

    kind: Kind
    name: str
    target: str
    origin: str
    file: Path | None = None
    token: str = ""

    @property
    def module(self) -> str:
        """Dotted name of the module it lies in."""
        return self.target.partition(":")[0]

    @property
    def title(self) -> str:
        """Kind and name as errors show them."""
        return f"{self.kind.capitalize()} {self.name!r}"
