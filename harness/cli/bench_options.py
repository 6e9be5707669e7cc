"""What a call of `harness bench` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.plan import Request, crossed_seeds
from ..registry.registry import Registry

if TYPE_CHECKING:
    from ..planning.config.file import ConfigFile


@dataclass(frozen=True)
class Call:
    """The options of one call."""

    take_all: bool
    datasets: tuple[str, ...]
    encoders: tuple[str, ...]
    clusterers: tuple[str, ...]
    metrics: tuple[str, ...]
    protocols: tuple[str, ...]
    seeds: int | None
    encoder_seeds: int | None
    clusterer_seeds: int | None
    n_clusters: int | None
    settings: str | None
    soft: bool
    device: str
    retry: tuple[str, ...]
    events: Path | None
    dry_run: bool
    explain: bool
    jobs: int | None
    threads: int
    timeout: dict[str, float]
    memory: int | None
    dask: str | None
    store: Path
    arrays: str | None
    out: Path
    as_json: bool
    files: tuple[Path, ...]
    config: ConfigFile | None
    write_config: Path | None

    @property
    def plugin_files(self) -> list[Path]:
        """Files of plugins: those that the configuration names, and those of the command line."""
        named = self.config.config.plugins.files if self.config else []
        return [*map(Path, named), *self.files]

    def request(self, registry: Registry) -> Request:
        """Fill in what was left out."""
        missing = [kind for kind in ("encoders", "clusterers") if not getattr(self, kind)]
        if missing and not self.take_all and self.config is not None:
            hint = "or take every one with all = true."
            raise self.config.wrong(
                [((kind,), f"name at least one, here or with -{kind[0]}, {hint}") for kind in missing]
            )
        if missing and not self.take_all:
            raise click.UsageError(
                "Name encoders with -e and clusterers with -c, or take every one with --all. "
                "'harness plugins' lists them."
            )
        given = {"encoder": self.encoders, "clusterer": self.clusterers, "metric": self.metrics}
        return Request(
            encoders=self.encoders or registry.names("encoder"),
            clusterers=self.clusterers or registry.names("clusterer"),
            metrics=self.metrics or registry.names("metric"),
            seeds=self.seeds,
            crossed=crossed_seeds(self.seeds, self.encoder_seeds, self.clusterer_seeds),
            n_clusters=self.n_clusters,
            soft=self.soft,
            device=self.device,
            swept=[kind for kind, named in given.items() if not named],
            settings=self.settings or "",
        )
