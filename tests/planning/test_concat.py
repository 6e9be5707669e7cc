"""Embeddings side by side: `concat(a, b)` shares the stages of its parts with the rest of the board."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import harness
from harness.core.spec import parse_chain, step_names

pytestmark = pytest.mark.usefixtures("one_process")
Call = Callable[..., tuple[int, str, str]]
PARTS = "concat(standardize+pca(n_components=2), pca(n_components=3))"


def bench(store: Path, *encoders: str, **options: object) -> harness.Result:
    """Cluster iris by k-means."""
    options = {"clusterers": "kmeans", "seeds": 1, "progress": False, **options}
    return harness.bench("iris", encoders=[*encoders], store=store, **options)  # type: ignore[arg-type]


def test_its_columns_are_those_of_its_parts(tmp_path: Path) -> None:
    found = bench(tmp_path, "standardize+pca(n_components=2)", "pca(n_components=3)", PARTS)
    first, second, both = (found.embedding(cell) for cell in found.cells)
    assert np.array_equal(both, np.hstack([first, second]))


def test_its_parts_are_computed_once(tmp_path: Path) -> None:
    alone = bench(tmp_path, "standardize+pca(n_components=2)", "pca(n_components=3)")
    both = bench(tmp_path, PARTS, f"{PARTS}+normalize")
    own = {key for cell in alone.cells for key in cell.steps}
    steps = [cell.steps for cell in both.cells]
    assert own < {*steps[0]} == {*steps[1][:-1]}


def test_one_stage_may_have_two_names(tmp_path: Path) -> None:
    found = bench(tmp_path, "concat(pca(n_components=2), pca(n_components=2, whiten=False))")
    assert found.embedding(found.cells[0]).shape == (150, 4)
    assert len(found.cells[0].steps) == len(step_names(found.cells[0].encoder)) == 3


def test_parts_may_stand_within_a_chain_and_within_one_another(tmp_path: Path) -> None:
    text = "standardize+concat(pca(n_components=2), concat(pca(n_components=2)+normalize, identity))"
    found = bench(tmp_path, text)
    assert found.embedding(found.cells[0]).shape == (150, 2 + 2 + 4)
    assert found.cells[0].encoder == text
    assert len(found.cells[0].steps) == len(step_names(text)) == 6


def test_rows_that_were_not_fitted_need_all_parts(tmp_path: Path, toy: harness.Dataset) -> None:
    plugin = tmp_path / "fixed.py"
    plugin.write_text(
        "from sklearn.base import BaseEstimator\nfrom harness import hookimpl\n\n"
        "class Fixed(BaseEstimator):\n    def fit_transform(self, X, y=None):\n        return X\n\n"
        "@hookimpl\ndef encoders():\n    return {'fixed': Fixed}\n"
    )
    options = {"protocols": "train-test", "seeds": 1, "store": tmp_path, "progress": False}
    found = harness.bench(toy, [PARTS, "concat(pca, fixed)"], "kmeans", "ari", plugins=plugin, **options)  # type: ignore[arg-type]
    assert [cell.blocked and cell.blocked[0] for cell in found.cells] == [None, "not-applicable"]


@pytest.mark.parametrize("text", ["concat", "concat()", "concat(pca)", "concat(pca,)", "concat(pca, pca)x"])
def test_one_line_says_what_is_wrong(text: str, command_line: Call) -> None:
    code, _, err = command_line("bench", "-d", "iris", "-e", text, "-c", "kmeans", "--dry-run")
    assert code == 2
    assert "two or more encoders" in err
    assert "concat(pca, umap)" in err


def test_written_text_is_read_again() -> None:
    text = 'concat(pca(n_components=2)+normalize, dense(layers=[3, 4], mode="a,b"))+umap'
    once = "+".join(map(str, parse_chain(text)))
    assert "+".join(map(str, parse_chain(once))) == once
    assert [len(part) for part in parse_chain(text)[0].parts] == [2, 1]


def test_it_is_published_verified_and_run_again(tmp_path: Path, command_line: Call) -> None:
    store, out = str(tmp_path / "store"), str(tmp_path / "board")
    bench(tmp_path / "store", PARTS)
    assert command_line("publish", "iris.full", "--store", store, "--out", out, "--yes")[0] == 0
    code, told, _ = command_line("verify", out, "--rerun", "1")
    assert (code, "0 wrong" in told) == (0, True), told
    assert command_line("report", "--store", store, "--out", out + "-site")[0] == 0
