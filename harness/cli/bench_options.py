"""A call of `harness bench`: the options of a benchmark, and what the command line alone can do with them."""

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
    """A request of the command line, and what is to be done instead of running it, or besides."""

    config: ConfigFile | None = None
    write_config: Path | None = None
    dry_run: bool = False
    explain: bool = False
    traceback: bool = False
    as_json: bool = False
    tour: bool = False

    @property
    def plugin_files(self) -> list[Path]:
        """Files of plugins: those that the configuration names, and those of the command line."""
        named = self.config.config.plugins.files if self.config else []
        return [*map(Path, named), *self.plugins]

    @property
    def naming(self) -> str:
        """The configuration, if it gives plugins names that the command line knows by it alone."""
        named = self.config.config.plugins if self.config else None
        names = named is not None and any(getattr(named, f"{kind}s") for kind in KINDS)
        return str(self.config.path) if names and self.config else ""

    def filled(self, registry: Registry) -> Self:
        """Fill in what was left out.

        Raises
        ------
        click.UsageError, HarnessError
            When encoders or clusterers are named neither on the command line nor in the file.
        """
        nameless = [f"{kind}s" for kind in self.missing if kind != "metric" and not self.all]
        if len(nameless) == 2 and self.config is None:
            return replace(self, encoders=TOUR[0], clusterers=TOUR[1], tour=True).filled(registry)
        if nameless and self.config is not None:
            hint = "or take every one with all = true."
            raise self.config.wrong(
                [((kind,), f"name at least one, here or with -{kind[0]}, {hint}") for kind in nameless]
            )
        if nameless:
            raise click.UsageError(
                f"Name {nameless[0]} with -{nameless[0][0]} too, or take every one with --all. "
                "'harness plugins' lists them."
            )
        return super().filled(registry)
