"""Boards made up for tests of tables and pages."""

from __future__ import annotations

import random
from typing import Any

from harness.core.board import Board, Metric, Row, Summary, Value
from harness.core.cell import DataFacts

METRICS = [
    Metric("accuracy", "higher", False, True),
    Metric("ari", "higher", False, True),
    Metric("davies-bouldin", "lower", True, False),
]


def row(encoder: str, clusterer: str, values: list[float], **changes: Any) -> Row:
    """A row whose runs have these accuracies; without any it failed."""
    runs = {
        metric.name: [Value(None, seed, value + n) for seed, value in enumerate(values)]
        for n, metric in enumerate(METRICS)
        if values
    }
    scores = {name: Summary.of(each.value for each in found) for name, found in runs.items()}
    facts: dict[str, Any] = {
        "k": "10 given",
        "clusters": Summary.of([10.0]) if values else None,
        "deterministic": False,
        "scores": {name: each for name, each in scores.items() if each},
        "values": runs,
        "encode_seconds": Summary.of([0.5]),
        "cluster_seconds": Summary.of([1.5, 2.5]),
        "statuses": {"ok": len(values)} if values else {"failed": 2},
        "notes": [] if values else ["failed in cluster: unlucky"],
    }
    return Row(encoder, clusterer, **{**facts, **changes})


def board(rows: list[Row], dataset: str = "toy", **changes: Any) -> Board:
    """A board of these rows."""
    data = DataFacts(60, 4, 10, (2, 2, 1), None, None, "none", "CC0")
    facts: dict[str, Any] = {
        "protocol": "full",
        "data": data,
        "digest": "ab" * 32,
        "metrics": METRICS,
        "rows": rows,
        "parameters": {"pca": "n_components=8", "kmeans, K 10 given": "n_init=10"},
        "sample": None,
        "versions": {"numpy": ["2.4.6"]},
        "hardware": ["one core"],
        "date": "2026-01-01",
    }
    return Board(dataset, **{**facts, **changes})


def some_board(**changes: Any) -> Board:
    """Four rows: two that finished, one single seed with flags, one that failed."""
    curve = {"criterion": "bic", "k": [2, 3, 4], "values": [3.0, 2.0, 1.0], "chosen": 4, "edge": True}
    rows = [
        row("pca", "kmeans", [0.8, 0.9]),
        row("identity", "kmeans", [0.75, 0.85]),
        row("pca", "gmm-bic", [0.5], k="estimated", curves=[curve], settings="oracle"),
        row("identity", "broken", []),
    ]
    return board(rows, **changes)


def many_rows(count: int) -> Board:
    """As many rows, all different."""
    rng = random.Random(0)
    rows = [
        row(f"encoder-{n % 40}", f"clusterer-{n}", [rng.random() for _ in range(5)]) for n in range(count)
    ]
    return board(sorted(rows, key=lambda each: -each.scores["accuracy"].mean))
