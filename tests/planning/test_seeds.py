"""Seeds of encoders and clusterers: paired, or each with each, and the same keys either way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness import Dataset
from harness.cli import app
from harness.core.cell import CellRecord
from harness.core.errors import BadParameter
from harness.core.plan import Plan
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry

PCA = "sklearn.decomposition:PCA"  # has a seed


def plan(toy: Dataset, encoders: str, clusterers: str, **seeds: object) -> Plan:
    request = Request(encoders.split(), clusterers.split(), ["ari"], **seeds)  # type: ignore[arg-type]
    return make_plan(toy, "full", request, load_registry())


def seeds_of(cells: Sequence[CellRecord]) -> list[tuple[int | None, int | None]]:
    return [(cell.encoder_seed, cell.clusterer_seed) for cell in cells]


@pytest.mark.parametrize(
    ("encoder", "clusterer", "expected"),
    [
        (PCA, "kmeans", [(e, c) for e in range(2) for c in range(3)]),
        ("identity", "kmeans", [(None, c) for c in range(3)]),
        (PCA, "agglomerative", [(e, None) for e in range(2)]),
        ("identity", "agglomerative", [(None, None)]),
    ],
)
def test_each_seed_of_one_goes_with_each_of_the_other(
    toy: Dataset, encoder: str, clusterer: str, expected: list[tuple[int | None, int | None]]
) -> None:
    assert seeds_of(list(plan(toy, encoder, clusterer, encoder_seeds=2, clusterer_seeds=3).cells)) == expected


def test_the_same_seeds_have_the_same_keys(toy: Dataset) -> None:
    encoders, clusterers = f"{PCA} identity", "kmeans agglomerative"
    paired = plan(toy, encoders, clusterers, seeds=3)
    crossed = plan(toy, encoders, clusterers, encoder_seeds=3, clusterer_seeds=3)
    assert {cell.keys for cell in paired.cells} < {cell.keys for cell in crossed.cells}
    assert sum(stage.kind == "encode" for stage in crossed.stages.values()) == 4, "three seeds, and identity"
    assert sum(stage.kind == "encode" for stage in paired.stages.values()) == 4


def test_seeds_begin_where_asked(toy: Dataset) -> None:
    paired = plan(toy, PCA, "kmeans", seeds=2, first_seed=100)
    assert seeds_of(list(paired.cells)) == [(100, 100), (101, 101)]
    crossed = plan(toy, PCA, "kmeans", encoder_seeds=1, clusterer_seeds=2, first_seed=7)
    assert seeds_of(list(crossed.cells)) == [(7, 7), (7, 8)]


@pytest.mark.parametrize("given", [(2, 2, 2), (2, 2, None), (None, 2, None), (None, None, 2)])
def test_half_or_both_is_wrong(given: tuple[int | None, int | None, int | None]) -> None:
    with pytest.raises(BadParameter, match=r"^Give (both|either).*, (since|or)[^.]*\.$"):
        Request(seeds=given[0], encoder_seeds=given[1], clusterer_seeds=given[2])


def call(folder: Path, text: str, *words: str) -> Result:
    (folder / "f.toml").write_text(
        f"encoders = ['{PCA}']\nclusterers = ['kmeans']\nmetrics = ['ari']\n{text}"
    )
    line = ["bench", "--config", "f.toml", *words, "--dry-run"]
    return CliRunner().invoke(app, line, standalone_mode=False)


@pytest.mark.parametrize(
    ("text", "words", "cells"),
    [
        ("encoder_seeds = 2\nclusterer_seeds = 3", (), 6),
        ("encoder_seeds = 2\nclusterer_seeds = 3", ("--seeds", "4"), 4),
        ("seeds = 4", ("--encoder-seeds", "2", "--clusterer-seeds", "3"), 6),
        ("encoder_seeds = 2\nclusterer_seeds = 3", ("--encoder-seeds", "4"), 12),
    ],
)
def test_the_command_line_wins_over_the_file(
    text: str, words: tuple[str, ...], cells: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(tmp_path, text, *words)
    assert result.exception is None
    assert f"full: {cells} runs" in result.output


def test_a_file_with_both_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in ("seeds = 2\nencoder_seeds = 2\nclusterer_seeds = 2", "encoder_seeds = 2"):
        result = call(tmp_path, text)
        assert str(result.exception).startswith("f.toml: give ")
