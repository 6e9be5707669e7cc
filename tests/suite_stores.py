"""Stores as large as a suite's: one real cell, multiplied over datasets, methods and seeds."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from suites import suite_of

import harness
from harness import Dataset
from harness.core.cell import cell_to_json
from harness.core.record import write_record
from harness.core.suite import Suite, SuiteDataset
from harness.store.store import Store

METRICS = ("ari", "nmi", "ami", "accuracy")


def suite_store(folder: Path, datasets: int = 76, methods: int = 20, seeds: int = 5) -> tuple[Store, Suite]:
    """Return a store with as many cells, and the suite that they are of."""
    samples = np.random.default_rng(0).random((40, 2), dtype=np.float32)
    toy = Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64))
    harness.bench(toy, "identity", "kmeans", METRICS, seeds=1, store=folder, progress=False, device="cpu")
    store = Store(folder)
    (cell,) = store.cells("toy.full")
    kept = {key: record for key in cell.keys if (record := store.get(key)) is not None}
    rng, cells, records, entries = random.Random(0), [], [], []
    for number in range(datasets):
        group = ("fcps", "graves", "other", "sipu", "uci", "wut")[number * 6 // datasets]
        name = f"{group}-set{number}"
        entries.append(SuiteDataset(name, group, (name,), (name,)))
        for method in range(methods):
            level, clusterer = rng.random(), f"method-{method}"
            for seed in range(seeds):
                place = f"{name} {method} {seed}"
                keys = {key: _key(f"{place} {key}") for key in kept}
                for key, record in kept.items():
                    values = dict(record.values)
                    if "score" in values:
                        values["score"] = min(max(level + rng.gauss(0, 0.02), 0.0), 1.0)
                    records.append(replace(record, key=keys[key], values=values))
                scores = {each: replace(score, key=keys[score.key]) for each, score in cell.scores.items()}
                cells.append(
                    replace(
                        cell, dataset=name, clusterer=clusterer, specs=("identity", clusterer),
                        seeds=(None, seed), steps=tuple(keys[key] for key in cell.steps),
                        cluster=keys[cell.cluster], scores=scores,
                    )
                )  # fmt: skip
    rows = [(each.key, each.kind, each.status, write_record(each)) for each in records]
    store._write_all(
        ("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", rows),
        (
            "INSERT OR REPLACE INTO cells VALUES (?, ?, ?)",
            [(each.slot, each.board, json.dumps(cell_to_json(each))) for each in cells],
        ),
    )
    return store, suite_of(*entries, name="large", metrics=("ari", "nmi"))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
