"""Running the bench files of the reports, whole or quick, and what was measured of each cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..api import bench
from ..errors import HarnessError
from ..interfaces import Dataset
from ..record import Record
from ..registry import load_registry
from ..result import Result
from ..spec import Spec, parse_entry
from .pool import COMMON, Measured
from .reports import TEST_CODES, UNMATCHED, recipe

DATASET = "fashion-mnist"
QUICK_EPOCHS, QUICK_TRAIN, QUICK_TEST, QUICK_SEEDS = 2, 3_000, 1_000, 2
CODE_SEEDS = 5  # starts of the mixture on the codes of the test images
LABELLED = ("accuracy", "purity")


@dataclass(frozen=True)
class Options:
    """How reports are run: with how many seeds instead of the recipe's, quick or whole, where and in how many
    processes.
    """

    store: Path
    seeds: int | None = None
    quick: bool = False
    jobs: int | None = None
    device: str = "auto"
    progress: bool = True


def run_recipe(name: str, options: Options, dataset: Dataset | str) -> Result:
    """Run a bench file under its own protocols and the common one.

    Parameters
    ----------
    name : str
        A bench file, without its ending.
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
    """Return how many seeds: those asked for are of the encoders, or of all where these have none apart."""
    given = {name: asked[name] for name in ("seeds", "encoder_seeds", "clusterer_seeds") if name in asked}
    if options.quick:
        given = {name: min(count, QUICK_SEEDS) for name, count in given.items()}
    if options.seeds is not None:
        given["encoder_seeds" if "encoder_seeds" in given else "seeds"] = options.seeds
    return given


def _where(options: Options) -> dict[str, Any]:
    return {
        "store": options.store,
        "jobs": options.jobs,
        "device": options.device,
        "progress": options.progress,
    }


def quickened(text: str) -> str:
    """Return an encoder that is trained for two epochs at most, under the same name.

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
    """Return Fashion-MNIST, or of its official parts the first images, under another name.

    Raises
    ------
    HarnessError
        When it is not on this machine and cannot be fetched.
    """
    from ..datasets import open_dataset

    whole = open_dataset(DATASET, load_registry())
    if not quick:
        return whole
    rows = np.r_[0:QUICK_TRAIN, whole.n_train : whole.n_train + QUICK_TEST]  # type: ignore[operator]
    truth = None if whole.truth is None else whole.truth[rows]
    return replace(
        whole, name=f"{DATASET}-quick", samples=whole.samples[rows], truth=truth, n_train=QUICK_TRAIN
    )


def measure(results: Iterable[Result]) -> Iterator[Measured]:
    """Yield what was measured of each cell: its scores, inertia, and losses after the last epoch."""
    for result in results:
        for run in result.runs:
            for cell in run.plan.cells:
                status, reason = cell.status(run.records)
                yield Measured(
                    run.plan.protocol,
                    cell.encoder,
                    cell.clusterer,
                    (cell.encoder_seed, cell.clusterer_seed),
                    cell.k,
                    numbers_of(
                        run.records,
                        {name: score.key for name, score in cell.scores.items()},
                        cell.steps,
                        cell.cluster,
                    ),
                    "" if status == "ok" else f"{status}: {reason}",
                )


def numbers_of(
    records: Mapping[str, Record], scores: Mapping[str, str], steps: Sequence[str], cluster: str
) -> dict[str, float]:
    """Return the numbers of a cell that reports print, from the records of its stages.

    Parameters
    ----------
    records : mapping
        By key.
    scores : mapping
        Keys of the scores by metric.
    steps, cluster : sequence of str, str
        Keys of the encoder's stages and of the clusterer's.
    """
    scored = {name: records.get(key) for name, key in scores.items()}
    numbers = {name: each.values["score"] for name, each in scored.items() if each is not None and each.ok}
    fitted = records.get(cluster)
    if fitted is not None and "inertia" in fitted.values:
        numbers["inertia"] = fitted.values["inertia"]
    encoded = records.get(steps[-1]) if steps else None
    history = encoded.values.get("history") or {} if encoded is not None else {}
    for name in ("loss", "validation_loss"):
        if history.get(name):
            numbers[name.replace("_", " ")] = history[name][-1]
    return {name: float(value) for name, value in numbers.items()}


def on_test_codes(
    result: Result, encoders: Sequence[str], clusterer: str, options: Options
) -> Iterator[Measured]:
    """Fit a clusterer on the codes of the test rows, for each seed of some encoders, and measure that.

    The codes are divided by one number and shifted to lie in [0, 1], as a dataset's values must.

    Parameters
    ----------
    result : Result
        Of a run of the encoders under the common protocol, which embeds the test rows.
    encoders : sequence of str
    clusterer : str
    options : Options
    """
    for run in result.runs:
        truth = run.plan.dataset.truth
        if run.plan.protocol != COMMON or truth is None:
            continue
        firsts = {
            (each.encoder, each.encoder_seed): each for each in run.plan.cells if each.encoder in encoders
        }
        for (encoder, seed), cell in firsts.items():
            try:
                codes = result.embedding(cell)
            except HarnessError as error:
                yield Measured(TEST_CODES, encoder, clusterer, (seed, None), "", {}, str(error))
                continue
            low, high = float(codes.min()), float(codes.max())
            scaled = ((codes - low) / ((high - low) or 1.0)).astype(np.float32).clip(0, 1)
            data = Dataset(
                f"{run.plan.dataset.name}-{encoder}-{seed}",
                scaled,
                truth=truth[run.plan.dataset.rows("test")],
            )
            seeds = QUICK_SEEDS if options.quick else CODE_SEEDS
            found = bench(data, "identity", clusterer, list(LABELLED), seeds=seeds, **_where(options))
            yield from _unmatched(found, encoder, seed)


def _unmatched(result: Result, encoder: str, seed: int | None) -> Iterator[Measured]:
    """Yield what was measured, and how many labels are the numbers of their classes by chance."""
    for each, cell in zip(measure([result]), result.cells, strict=True):
        numbers = dict(each.numbers)
        if not each.failed:
            truth = result.runs[0].plan.dataset.truth
            numbers[UNMATCHED] = float(np.mean(result.labels(cell) == truth))
        yield replace(
            each, protocol=TEST_CODES, encoder=encoder, seeds=(seed, each.seeds[1]), numbers=numbers
        )
