"""Run the configurations of the reports, completely or quick, and measure each cell."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from harness.api.bench import bench
from harness.api.result import Result
from harness.core.errors import HarnessError
from harness.core.interfaces import Dataset
from harness.core.record import Record
from harness.core.spec import Spec, parse_entry
from harness.leaderboard.build import Source, records_of, shown_cells
from harness.registry.registry import load_registry
from harness.store.store import Store

from .measurements import COMMON, Measured, Row
from .reports import QUANTITIES, TEST_CODES, UNMATCHED, recipe

DATASET = "fashion-mnist"
QUICK_EPOCHS, QUICK_TRAIN, QUICK_TEST, QUICK_SEEDS = 2, 3_000, 1_000, 2
CODE_SEEDS = 5  # starts of the mixture on the codes of the test images
LABELLED = ["accuracy", "purity"]
MIXTURE, REGULARISED = "gmm", 1e-6  # its addition to the variances


@dataclass(frozen=True)
class Options:
    """Options of a reproduction: number of seeds instead of the recipe's, quick or complete, store and
    processes.
    """

    store: Path
    seeds: int | None = None
    quick: bool = False
    jobs: int | None = None
    device: str = "auto"
    progress: bool = True


def run_recipe(name: str, options: Options, dataset: Dataset | str) -> Result:
    """Run a configuration under its own protocols and the common one.

    Parameters
    ----------
    name : str
        A configuration, without its extension.
    options : Options
    dataset : Dataset or str
    """
    asked = recipe(name)
    protocols = dict.fromkeys([*asked["protocols"], COMMON])
    encoders, clusterers = asked["encoders"], asked["clusterers"]
    if options.quick:
        encoders = [quickened(each) for each in encoders]
    call = {**_seeds(asked, options), **_where(options)}
    return bench(dataset, encoders, clusterers, asked["metrics"], protocols=list(protocols), **call)


def _seeds(asked: Mapping[str, Any], options: Options) -> dict[str, int]:
    """Return the number of seeds; a requested number applies to trained encoders."""
    given = {name: asked[name] for name in ("seeds", "encoder_seeds", "clusterer_seeds") if name in asked}
    if options.quick:
        given = {name: min(count, QUICK_SEEDS) for name, count in given.items()}
    if options.seeds is not None and set(asked["encoders"]) != {"identity"}:
        given["encoder_seeds" if "encoder_seeds" in given else "seeds"] = options.seeds
    return given


def _where(options: Options, part: str = "") -> dict[str, Any]:
    """Return executor and store options; quick runs, and codes as data, stay out of the user's boards."""
    folders = [*(["quick"] if options.quick else []), *([part] if part else [])]
    return {
        "store": options.store.joinpath(*folders),
        "jobs": options.jobs,
        "device": options.device,
        "progress": options.progress,
    }


def quickened(text: str) -> str:
    """Return an encoder trained for at most two epochs, with the same name.

    Examples
    --------
    >>> quickened("small=dense-ae-torch(latent=4, epochs=50)")
    'small=dense-ae-torch(epochs=2, latent=4)'
    """
    entry = parse_entry(text)
    return str(replace(entry, steps=tuple(map(_shortened, entry.steps))))


def _shortened(spec: Spec) -> Spec:
    kwargs = [(name, min(value, QUICK_EPOCHS) if name == "epochs" else value) for name, value in spec.kwargs]
    return replace(spec, kwargs=tuple(kwargs))


def open_data(quick: bool) -> Dataset:
    """Return Fashion-MNIST, or the first images of its official parts with another name.

    Raises
    ------
    HarnessError
        If it is neither on this machine nor can be downloaded.
    """
    from harness.planning.datasets import open_dataset

    whole = open_dataset(DATASET, load_registry())
    if not quick:
        return whole
    rows = np.r_[0:QUICK_TRAIN, whole.n_train : whole.n_train + QUICK_TEST]  # type: ignore[operator]
    truth = None if whole.truth is None else whole.truth[rows]
    return replace(
        whole, name=f"{DATASET}-quick", samples=whole.samples[rows], truth=truth, n_train=QUICK_TRAIN
    )


def measure(source: Source, board: str, rows: Collection[Row]) -> Iterator[Measured]:
    """Yield the measurements of some rows of a board: scores, inertia, and final losses.

    Parameters
    ----------
    source : Store or other Source
    board : str
    rows : collection of (encoder, clusterer, k)
        All runs of these rows on the board are included.
    """
    _, groups = shown_cells(source, board, rows)
    records = records_of(source, groups)
    for cell in (cell for group in groups for cell in group):
        scores = {name: score.key for name, score in cell.scores.items()}
        numbers = _numbers(records, scores, cell.steps, cell.cluster)
        names = (cell.protocol, cell.encoder, cell.clusterer)
        yield Measured(*names, cell.seeds, cell.k, numbers, cell.ending(records).note)


def measured_by(result: Result) -> Iterator[Measured]:
    """Yield the measurements of a result's rows from its store."""
    store = Store(result.store)
    try:
        for run in result.runs:
            rows = {(cell.encoder, cell.clusterer, cell.k) for cell in run.plan.cells}
            yield from measure(store, run.plan.board, rows)
    finally:
        store.close()


def _numbers(
    records: Mapping[str, Record], scores: Mapping[str, str], steps: Sequence[str], cluster: str
) -> dict[str, float]:
    """Return the numbers of a cell that reports may have, from the records of its stages by key."""
    scored = {name: records.get(key) for name, key in scores.items() if name in QUANTITIES}
    numbers = {name: each.values["score"] for name, each in scored.items() if each is not None and each.ok}
    fitted = records.get(cluster)
    if fitted is not None and "inertia" in fitted.values:
        numbers["inertia"] = fitted.values["inertia"]
    encoded = records.get(steps[-1]) if steps else None
    history = encoded.values.get("history") or {} if encoded is not None else {}
    for name in ("loss", "validation_loss"):
        if history.get(name):
            numbers[name.replace("_", " ")] = history[name][-1]
    return {name: float(value) for name, value in numbers.items() if math.isfinite(value)}


def on_test_codes(result: Result, encoders: Sequence[str], options: Options) -> Iterator[Measured]:
    """Fit a mixture on the codes of the test rows, for each seed of some encoders, and measure it.

    Codes are shifted and divided by a number, and scikit-learn's addition to the variances by its square:
    the fits are equivalent to those on the codes.

    Parameters
    ----------
    result : Result
        A run of the encoders under the common protocol, which embeds the test rows.
    encoders : sequence of str
    options : Options
    """
    for run in result.runs:
        truth = run.plan.dataset.truth
        if run.plan.protocol != COMMON or truth is None:
            continue
        mine = [each for each in run.plan.cells if each.encoder in encoders]
        for (encoder, seed), cell in {(each.encoder, each.encoder_seed): each for each in mine}.items():
            try:
                codes = result.embedding(cell)
            except HarnessError as error:
                yield Measured(TEST_CODES, encoder, MIXTURE, (seed, None), "", {}, str(error))
                continue
            low = float(codes.min())
            width = (float(codes.max()) - low) or 1.0
            scaled = ((codes - low) / width).astype(np.float32).clip(0, 1)
            name = f"{run.plan.dataset.name}-{encoder}-{seed}"
            data = Dataset(name, scaled, truth=truth[run.plan.dataset.rows("test")])
            seeds = QUICK_SEEDS if options.quick else CODE_SEEDS
            mixture = f"{MIXTURE}(reg_covar={REGULARISED / width**2!r})"
            found = bench(data, "identity", mixture, LABELLED, seeds=seeds, **_where(options, "codes"))
            yield from _unmatched(found, encoder, seed)


def _unmatched(result: Result, encoder: str, seed: int | None) -> Iterator[Measured]:
    """Yield measurements, and the share of labels that equal the number of their class by chance."""
    truth = result.runs[0].plan.dataset.truth
    labels = {each.clusterer_seed: each for each in result.cells}
    for each in measured_by(result):
        numbers = dict(each.numbers)
        if not each.failed and each.seeds[1] in labels:
            numbers[UNMATCHED] = float(np.mean(result.labels(labels[each.seeds[1]]) == truth))
        seeds = (seed, each.seeds[1])
        yield Measured(TEST_CODES, encoder, MIXTURE, seeds, each.k, numbers, each.failed)
