"""Maps: the same whenever they are made, of any embedding, and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from harness import BadParameter, NotApplicable
from harness.core.progress import listening
from harness.report.figures import projections as maps
from harness.report.figures.projections import Maps, project

METHODS = ["pca", "tsne", "umap"]


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> str:
    library = {"tsne": "openTSNE", "umap": "umap"}.get(request.param)
    if library:
        pytest.importorskip(library)
    return str(request.param)


def blobs(n: int = 60, k: int = 6) -> Any:
    rng = np.random.default_rng(0)
    return (20 * np.eye(k)[np.arange(n) % 3] + rng.normal(size=(n, k))).astype(np.float32)


def test_neighbours_stay(method: str) -> None:
    rows, points = project(method, blobs())
    assert rows.tolist() == [*range(60)]
    assert points.shape == (60, 2)
    assert points.dtype == np.float32
    assert trustworthiness(blobs(), points, n_neighbors=5) > 0.8
    assert (points == project(method, blobs())[1]).all()


@pytest.mark.parametrize("k", [1, 2])
def test_few_columns(method: str, k: int) -> None:
    _, points = project(method, blobs()[:, :k])
    assert points.shape == (60, 2)
    assert np.isfinite(points).all()


def test_wide(method: str) -> None:
    assert np.isfinite(project(method, blobs(k=80))[1]).all()


@pytest.mark.parametrize("name", METHODS)
def test_constant(name: str) -> None:
    rows, points = project(name, np.ones((40, 3), dtype=np.float32))
    assert len(rows) == 40
    assert (points == 0).all()


def test_a_sample_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST", 50)
    rows, points = project("pca", blobs(200))
    assert len(points) == len(set(rows.tolist())) == 50
    assert (np.diff(rows) > 0).all()
    assert rows.tolist() == project("pca", blobs(200))[0].tolist()
    assert rows.tolist() != project("pca", blobs(200), seed=1)[0].tolist()


def test_too_few_rows() -> None:
    pytest.importorskip("openTSNE")
    with pytest.raises(NotApplicable, match="t-SNE needs at least 10 rows, there are 5"):
        project("tsne", blobs(5))


@pytest.mark.parametrize(
    ("name", "line"), [("tsne", r"pip install '.*\[tsne\]'"), ("umap", r"pip install '.*\[umap\]'")]
)
def test_not_installed(name: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, {"tsne": "openTSNE", "umap": "umap"}[name], None)
    with pytest.raises(NotApplicable, match=line):
        project(name, blobs())


def test_unknown() -> None:
    with pytest.raises(BadParameter, match="Did you mean 'tsne'"):
        project("t-sne", blobs())


def test_progress_is_told() -> None:
    pytest.importorskip("openTSNE")
    told: list[tuple[int, int, str]] = []
    with listening(lambda *each: told.append(each)):
        project("tsne", blobs())
    assert told[-1] == (750, 750, "t-SNE")


def test_maps_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Maps(tmp_path / "maps")
    first = kept.project("pca", blobs(), "digest")
    monkeypatch.setattr(maps, "project", lambda *each: pytest.fail("computed again"))
    again = Maps(tmp_path / "maps").project("pca", blobs(), "digest")
    assert (first[1] == again[1]).all()


def test_others_are_others(tmp_path: Path) -> None:
    kept = Maps(tmp_path)
    kept.project("pca", blobs(), "one")
    kept.project("pca", blobs(), "two")
    kept.project("pca", blobs(), "one", seed=1)
    assert len([*tmp_path.iterdir()]) == 3


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"PK\x03\x04 nonsense"])
def test_a_damaged_map_is_made_again(tmp_path: Path, damage: bytes) -> None:
    kept = Maps(tmp_path)
    first = kept.project("pca", blobs(), "digest")
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert (kept.project("pca", blobs(), "digest")[1] == first[1]).all()
    assert path.read_bytes() != damage


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Maps(tmp_path / "file").project("pca", blobs(), "digest")[1].shape == (60, 2)
