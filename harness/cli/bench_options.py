"""A call of `harness bench`: the options of a benchmark, and those of the command line only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from ..core.plugin import KINDS
from ..planning.request import OPTIONS, Request
from .options import F, request_option

if TYPE_CHECKING:
    from ..planning.config.file import ConfigFile
    from ..registry.registry import Registry


TOUR = (("identity", "pca", "standardize+pca"), ("kmeans", "gmm", "agglomerative"))  # without -e and -c


def request_options(command: F) -> F:
    """Add an option for each field of `Request` that users may set."""
    for name in reversed(OPTIONS):
        command = request_option(name)(command)
    return command


@dataclass(frozen=True)
class Call(Request):
    """A request from the command line, with options that replace or follow the run."""

    config: ConfigFile | None = None
    write_config: Path | None = None
    dry_run: bool = False
    explain: bool = False
    traceback: bool = False
    as_json: bool = False
    tour: bool = False

    @property
    def plugin_files(self) -> list[Path]:
        """Plugin files named in the configuration or on the command line."""
        named = self.config.config.plugins.files if self.config else []
        return [*map(Path, named), *self.plugins]

    @property
    def naming(self) -> str:
        """Path of the configuration if it defines plugin names, else an empty string."""
        named = self.config.config.plugins if self.config else None
        names = named is not None and any(getattr(named, f"{kind}s") for kind in KINDS)
        return str(self.config.path) if names and self.config else ""

    def filled(self, registry: Registry) -> Self:
        """Fill in options that were left out.

        Raises
        ------
        click.UsageError, HarnessError
            If encoders or clusterers are named neither on the command line nor in the file.
        """
        nameless = [f"{kind}s" for kind in self.missing if kind != "metric" and not self.all]
        if len(nameless) == 2 and self.config is None:
            return replace(self, encoders=TOUR[0], clusterers=TOUR[1], tour=True).filled(registry)
        if nameless and self.config is not None:
            hint = "or use all with all = true."
            raise self.config.wrong(
                [((kind,), f"name at least one here or with -{kind[0]}, {hint}") for kind in nameless]
            )
        if nameless:
            raise click.UsageError(
                f"Also name {nameless[0]} with -{nameless[0][0]}, or use all with --all. "
                "'harness plugins' lists them."
            )
        return super().filled(registry)
