"""`harness datasets`: list datasets, show how a file is read, download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...core.counts import counted
from ...core.errors import DataError, HarnessError
from ...core.interfaces import DatasetInfo
from ...planning.datasets import dataset_info, named_info
from ...registry.registry import Registry, load_registry
from ..console import download_reporter, downloading, slow_import, table
from ..options import plugin_option

if TYPE_CHECKING:
    from ...planning.suites.model import SuiteFile


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
    click.echo("Many datasets at once: harness datasets suites lists them.")


@command.command()
@click.argument("name")
@click.pass_obj
def fetch(registry: Registry, name: str) -> None:
    """Download a dataset or a suite, check its digests, and keep it in the cache folder."""
    from ...planning.datasets import OPENML, open_dataset
    from ...planning.suites.read import built_in

    if name.startswith(OPENML):
        with downloading(name) as progress:
            data = open_dataset(name, registry, progress)
        click.echo(f"{name} is in the cache folder: {data.n_samples:,} samples, {data.n_features:,} features")
        return
    if name in built_in() or name.lower().endswith(".toml"):
        _fetch_all(registry, name)
        return
    info = dataset_info(registry.find("dataset", name))
    if info is None or info.fetch is None:
        click.echo(f"{name} is always available; nothing to download.")
    elif not download(info):
        click.echo(f"{name} is already downloaded: {info.find() if info.find else ''}")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@click.pass_obj
def suites(registry: Registry, as_json: bool) -> None:
    """Print one row per built-in suite: its datasets, leaderboards, and how many are on this machine."""
    from ...planning.suites.plans import is_absent
    from ...planning.suites.read import built_in, read_suite

    rows = []
    for name in built_in():
        suite = read_suite(name).suite
        here = sum(not any(is_absent(text, registry) for text in each.texts) for each in suite.datasets)
        counts = {"datasets": len(suite.datasets), "leaderboards": sum(len(e.boards) for e in suite.datasets)}
        rows.append({"name": name, "version": suite.version, **counts, "here": here, "title": suite.title})
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    headers = list(rows[0])
    table(headers, [[str(row[header]) for header in headers] for row in rows], wraps=("title",))
    click.echo("A .toml file or a folder of datasets works too: harness bench --suite DIR.")


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


def download(info: DatasetInfo) -> bool:
    """Download a dataset that is not on this machine, with progress; return whether it was missing."""
    if info.fetch is None or (info.find is not None and info.find() is not None):
        return False
    with download_reporter() as progress:
        where = info.fetch(progress)
    click.echo(f"Downloaded to {where}", err=True)
    return True


def _fetch_all(registry: Registry, name: str) -> None:
    """Download what the datasets of a suite lack."""
    from ...planning.suites.read import read_suite

    source = read_suite(name)
    for text in (text for each in source.suite.datasets for text in each.texts):
        info = named_info(text, registry)
        if info is not None:
            download(info)
    if source.file is not None:
        fetch_suite(source.file)
    click.echo(f"{name}: {counted(len(source.suite.datasets), 'dataset')}, as far as they can be downloaded.")


def fetch_suite(file: SuiteFile) -> None:
    """Download what a suite's file gives addresses for, with progress."""
    from ...planning.suites.local_files import fetch as fetch_files

    with download_reporter() as progress:
        places = list(fetch_files(file, lambda text: click.echo(f"Note: {text}", err=True), progress))
    for place in places:
        click.echo(f"Downloaded to {place}", err=True)


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
