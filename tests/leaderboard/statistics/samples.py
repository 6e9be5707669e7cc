"""Scores of runs, and boards of them, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harness.core.board import Board, Metric, Row, Summary, Value
from harness.core.cell import DataFacts


def paired(scores: Iterable[float]) -> list[Value]:
    return [Value(seed, seed, float(score)) for seed, score in enumerate(scores)]


def by_clusterer(scores: Iterable[float]) -> list[Value]:
    return [Value(None, seed, float(score)) for seed, score in enumerate(scores)]


def by_encoder(scores: Iterable[float]) -> list[Value]:
    return [Value(seed, None, float(score)) for seed, score in enumerate(scores)]


def crossed(scores: Any) -> list[Value]:
    return [Value(e, c, float(score)) for e, row in enumerate(scores) for c, score in enumerate(row)]


def constant(score: float) -> list[Value]:
    return [Value(None, None, score)]


def row(
    name: str, values: Sequence[Value], metric: str = "accuracy", failed: int = 0, k: str = "3 given"
) -> Row:
    encoder, _, clusterer = name.partition(" + ")
    summary = Summary.of(each.value for each in values)
    return Row(
        encoder=encoder,
        clusterer=clusterer,
        k=k,
        clusters=None,
        deterministic=all(each[:2] == (None, None) for each in values),
        scores={metric: summary} if summary else {},
        values={metric: list(values)} if values else {},
        encode_seconds=None,
        cluster_seconds=None,
        statuses=dict(Counter({"ok": len(values)} | ({"failed": failed} if failed else {}))),
        notes=[],
    )


def board(
    rows: Mapping[str, Sequence[Value]] | Sequence[Row],
    dataset: str = "toy",
    protocol: str = "full",
    **metric: Any,
) -> Board:
    made = [row(name, values) for name, values in rows.items()] if isinstance(rows, Mapping) else list(rows)
    kind = {"name": "accuracy", "direction": "higher", "own_space": False, "needs_truth": True, **metric}
    return Board(
        dataset=dataset,
        protocol=protocol,
        data=DataFacts(9, 2, 3, None, None, None, "none", "unknown"),
        digest="0",
        metrics=[Metric(**kind)],
        rows=made,
        parameters={},
        sample=None,
        versions={},
        hardware=[],
        date="",
    )  # fmt: skip
