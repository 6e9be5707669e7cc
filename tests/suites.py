"""Suites made up for tests: boards of many datasets, and what a suite says of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from boards import board, row

from harness.core.board import Board, Row, Value
from harness.core.suite import Suite, SuiteDataset


def suite_of(*datasets: SuiteDataset | str, **changes: str | tuple[str, ...]) -> Suite:
    """A suite of datasets, those given by name in no group and with one reference."""
    whole = tuple(
        SuiteDataset(each, "", (each,), (each,)) if isinstance(each, str) else each for each in datasets
    )
    made = Suite("some", "1", "Some suite", "CC0", "Nobody (2026)", "full", ("accuracy",), "mean", whole)
    return replace(made, **changes)  # type: ignore[arg-type]


def board_of(name: str, rows: Sequence[Row], classes: int | None = 10, samples: int = 60) -> Board:
    """A board of one dataset."""
    made = board(list(rows), name)
    return replace(made, data=replace(made.data, classes=classes, samples=samples))


def many(datasets: int = 76, methods: int = 20, seeds: int = 5) -> tuple[Suite, list[Board]]:
    """A suite of batteries as large as those of the literature, with every fifth dataset of two references.

    Methods differ in level, spread and cost; two of them fail on some datasets.
    """
    rng = random.Random(0)
    entries, boards = [], []
    for number in range(datasets):
        group = ("fcps", "graves", "other", "sipu", "uci", "wut")[number * 6 // datasets]
        name = f"{group}-set{number}"
        names = (f"{name}.0", f"{name}.1") if number % 5 == 0 else (name,)
        entries.append(SuiteDataset(name, group, names, names))
        level = rng.uniform(0.1, 0.9)
        samples = rng.choice((150, 800, 3000, 9000))
        for each in names:
            rows = [_row(rng, place, level, seeds) for place in range(methods)]
            boards.append(board_of(each, rows, 10, samples))
    return suite_of(*entries, name="batteries"), boards


def sure(encoder: str, clusterer: str, mean: float) -> Row:
    """A deterministic row."""
    made = row(encoder, clusterer, [mean], deterministic=True)
    return replace(made, values={name: [Value(None, None, mean)] for name in made.values})


def _row(rng: random.Random, place: int, level: float, seeds: int) -> Row:
    names = (
        "kmeans",
        "gmm",
        "genie",
        "ward",
        "average",
        "spectral",
        "birch",
        "hdbscan",
        "optics",
        "meanshift",
    )
    clusterer = names[place % 10] + ("" if place < 10 else f"(version={place // 10})")
    if place in (7, 12) and rng.random() < 0.1:
        return row("identity", clusterer, [], statuses={"timeout": seeds})
    mean = min(max(level + rng.gauss(0.02 * (10 - place) / 5, 0.08), 0.0), 1.0)
    if place % 4 == 2:
        return sure("identity", clusterer, mean)
    return row("identity", clusterer, [min(max(mean + rng.gauss(0, 0.02), 0), 1) for _ in range(seeds)])
