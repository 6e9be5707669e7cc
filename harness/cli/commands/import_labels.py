"""`harness import-labels`: score labels computed elsewhere, as rows flagged imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.errors import BadParameter, DataError, HarnessError
from ..console import slow_import
from ..options import plugin_option, store_option

if TYPE_CHECKING:
    from ...core.interfaces import Dataset
    from ...data.label_files import ResultFile
    from ...registry.registry import Registry
    from ...store.store import Store


@click.command()
@click.argument("source", metavar="FILE|DIR", type=click.Path(path_type=Path, exists=True))
@click.option("-d", "--dataset", "datasets", multiple=True, metavar="DATASET", help="Dataset of the labels.")
@click.option("--suite", metavar="SUITE", help="Of a folder: the datasets of a suite, e.g. batteries-v1.")
@click.option(
    "-k",
    "--n-clusters",
    "k",
    metavar="K|estimated",
    help="Of a file: K as given to the methods, or 'estimated'.",
)
@click.option(
    "-m",
    "--metric",
    "metrics",
    multiple=True,
    metavar="METRIC",
    help="Metric (default: all but embedding-dependent ones).",
)
@plugin_option
@store_option
def command(
    source: Path,
    datasets: tuple[str, ...],
    suite: str | None,
    k: str | None,
    metrics: tuple[str, ...],
    files: tuple[Path, ...],
    store: Path,
) -> int:
    """Score labels of FILE, a CSV with a column per method, or of DIR, METHOD/BATTERY/NAME.resultK.gz.

    The rows are flagged imported: they are shown and published, but never the best, nor ranked among others.
    """
    from ...registry.registry import load_registry
    from ...store.store import Store

    if bool(datasets) == (suite is not None):
        raise BadParameter("Name the dataset of the labels with -d, or for a folder its suite with --suite.")
    registry = load_registry(files, slow_import)
    opened = Store(store)
    try:
        if source.is_dir():
            if k is not None:
                raise BadParameter("-k is for a file: in a folder, K is in the names of the files.")
            return _folder(source, datasets, suite, metrics, registry, opened)
        if suite is not None or len(datasets) != 1:
            raise BadParameter("A file holds labels of one dataset: give one -d DATASET.")
        return _file(source, datasets[0], _k(k), metrics, registry, opened)
    finally:
        opened.close()


def _k(text: str | None) -> int | None:
    """Return K, None if the methods found it."""
    if text == "estimated":
        return None
    if text is None or not text.isdecimal() or int(text) < 1:
        got = "" if text is None else f", got {text!r}"
        raise BadParameter(
            f"Say which K was given to the methods: -k 3, or -k estimated if they found it{got}."
        )
    return int(text)


def _file(
    path: Path, text: str, k: int | None, metrics: tuple[str, ...], registry: Registry, store: Store
) -> int:
    from ...data.label_files import read_labels
    from ...execution.import_labels import import_labels
    from ...planning.datasets import open_dataset
    from ...planning.invocations import is_own

    data = open_dataset(text, registry)
    labels = read_labels(path, data.n_samples, k)
    own = is_own(text, registry)
    import_labels(data, text, labels, path.name, k, store, registry, metrics, own)
    click.echo(f"Imported {', '.join(labels)}: harness leaderboard {data.name}.full --store {store.folder}")
    return 0


def _folder(
    folder: Path,
    datasets: tuple[str, ...],
    suite: str | None,
    metrics: tuple[str, ...],
    registry: Registry,
    store: Store,
) -> int:
    """Import the files of a folder that belong to the datasets, and report the others."""
    from ...data.label_files import read_labels, result_files
    from ...execution.import_labels import import_labels
    from ...planning.invocations import is_own

    found = result_files(folder)
    rows, used, wrong = 0, set[Path](), 0
    for text, data, names in _datasets(datasets, suite, registry, {each.dataset for each in found}):
        for file in (each for each in found if each.dataset in names and each.k == data.n_classes):
            used.add(file.path)
            try:
                labels = read_labels(file.path, data.n_samples, file.k, first=1)
                origin = str(file.path.relative_to(folder))
                own = is_own(text, registry)
                rows += len(import_labels(data, text, labels, origin, file.k, store, registry, metrics, own))
            except DataError as error:
                wrong += 1
                click.echo(f"Error: {error}", err=True)
    if not used:
        raise HarnessError(_nothing(folder, found))
    others = "the others are of other datasets or K" + (f", and {wrong} wrong" if wrong else "")
    click.echo(
        f"Imported {rows:,} rows from {len(used) - wrong:,} of {len(found):,} files; {others}. "
        f"See harness leaderboard --store {store.folder}"
    )
    return 1 if wrong else 0


def _nothing(folder: Path, found: list[ResultFile]) -> str:
    names = ", ".join(sorted({f"{each.dataset} (K {each.k})" for each in found})[:5])
    return (
        f"{folder}: no labels of these datasets with the K of their classes; there are e.g. "
        f"{names}. Name the dataset so: -d 'FILE(name=BATTERY-NAME)', or give --suite batteries-v1."
    )


def _datasets(
    texts: tuple[str, ...], suite: str | None, registry: Registry, wanted: set[str]
) -> Iterator[tuple[str, Dataset, set[str]]]:
    """Yield each dataset with its text, and the names that its labels may go by; of a suite, those wanted."""
    from ...planning.datasets import open_dataset
    from ...planning.suites.plans import is_absent
    from ...planning.suites.read import read_suite

    for text in texts:
        data = open_dataset(text, registry)
        yield text, data, {data.name, data.name.rpartition(".")[0]}
    members = read_suite(suite).suite.datasets if suite is not None else ()
    for member in (each for each in members if each.name in wanted):
        if any(is_absent(text, registry) for text in member.texts):
            click.echo(f"Note: {member.name} is not on this machine: left out.", err=True)
            continue
        for text in member.texts:
            try:
                yield text, open_dataset(text, registry), {member.name}
            except DataError as error:
                click.echo(f"Note: {member.name} is left out: {error}", err=True)
