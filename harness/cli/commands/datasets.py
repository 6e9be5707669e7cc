"""`harness datasets`: list datasets, show how a file is read, download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ...core.errors import DataError, HarnessError
from ...core.interfaces import DatasetInfo
from ...core.plugin import Plugin
from ...registry.loading import load_plugin
from ...registry.registry import Registry, load_registry
from ..console import download_reporter, downloading, slow_import, table
from ..options import plugin_option


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@plugin_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, files: tuple[Path, ...]) -> None:
    """Print one row per dataset: shape, classes, licence, where it was found, digest."""
    registry = load_registry(files, slow_import)
    ctx.obj = registry
    if ctx.invoked_subcommand:
        return
    rows = []
    for name in registry.names("dataset"):
        click.echo(f"Reading {name} ...", err=True)
        rows.append(_describe(name, registry))
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    headers = ["name", "samples", "features", "classes", "licence", "found", "digest"]
    table(headers, [[str(row[header]) for header in headers] for row in rows])
    click.echo(
        "A path to a table, arrays or images works too: harness datasets show PATH prints how it is read."
    )


@command.command()
@click.argument("name")
@click.pass_obj
def fetch(registry: Registry, name: str) -> None:
    """Download a dataset, check its digest, and keep it in the cache folder."""
    from ...planning.datasets import OPENML, open_dataset

    if name.startswith(OPENML):
        with downloading(name) as progress:
            data = open_dataset(name, registry, progress)
        click.echo(f"{name} is in the cache folder: {data.n_samples:,} samples, {data.n_features:,} features")
        return
    info = dataset_info(registry.find("dataset", name))
    if info is None or info.fetch is None:
        click.echo(f"{name} is always available; nothing to download.")
    elif not download(info):
        click.echo(f"{name} is already downloaded: {info.find() if info.find else ''}")


@command.command()
@click.argument("dataset", metavar="PATH")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.pass_obj
def show(registry: Registry, dataset: str, as_json: bool) -> None:
    """Show how a file (or named dataset) is read: each column and its use."""
    from ...data.inspection import inspect
    from ...planning.datasets import open_dataset
    from ..dataset_tables import inspection_to_json, show_inspection

    with downloading(dataset) as progress:
        found = inspect(lambda: open_dataset(dataset, registry, progress))
    if as_json:
        click.echo(json.dumps(inspection_to_json(found), indent=2))
    else:
        show_inspection(found, dataset)
    if found.error:
        raise DataError(found.error)


def dataset_info(plugin: Plugin) -> DatasetInfo | None:
    """Return the info attached to a dataset plugin, or None."""
    info = getattr(load_plugin(plugin), "info", None)
    return info if isinstance(info, DatasetInfo) else None


def download(info: DatasetInfo) -> bool:
    """Download a dataset that is not on this machine, with progress; return whether it was missing."""
    if info.fetch is None or (info.find is not None and info.find() is not None):
        return False
    with download_reporter() as progress:
        where = info.fetch(progress)
    click.echo(f"Downloaded to {where}", err=True)
    return True


def _describe(name: str, registry: Registry) -> dict[str, Any]:
    from ...planning.datasets import open_dataset

    row: dict[str, Any] = dict.fromkeys(("samples", "features", "classes", "licence", "found", "digest"), "?")
    row["name"] = name
    try:
        info = dataset_info(registry.find("dataset", name))
        if info is not None:
            row |= {"samples": info.n_samples, "features": info.n_features}
            row |= {"classes": info.n_classes, "licence": info.licence}
            if info.find is not None and info.find() is None:
                return row | {"found": f"no: harness datasets fetch {name}", "digest": "–"}
        data = open_dataset(name, registry)
    except (DataError, HarnessError) as error:
        return row | {"found": f"no: {error}", "digest": "–"}
    row |= {"samples": data.n_samples, "features": data.n_features, "classes": data.n_classes}
    return row | {"licence": data.licence, "found": data.source or "embedded", "digest": data.digest[:16]}
