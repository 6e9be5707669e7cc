"""Small images and maps that a report ships for its comparing page."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from report_cases import BOARD, small

from harness.report.cell_data import Data, StoredCell
from harness.report.figures.projections import Maps
from harness.report.find_cell import find_cell
from harness.report.pages import compare_samples
from harness.report.pages.compare_runs import packed, run_values, sampled
from harness.report.pages.compare_samples import sample_values


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> StoredCell:
    return find_cell(small(tmp_path_factory.mktemp("samples") / "store"), "identity + kmeans", BOARD)


def unpacked(found: dict[str, Any]) -> NDArray[np.int64]:
    return np.frombuffer(base64.b64decode(found["text"]), dtype=f"<i{found['bits'] // 8}").astype(np.int64)


def sheet_of(values: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(values["images"]["uri"].partition(",")[2])))


@pytest.mark.parametrize(("largest", "bits"), [(127, 8), (128, 16), (32_767, 16), (40_000, 32)])
def test_numbers_are_packed_as_narrow_as_they_fit(largest: int, bits: int) -> None:
    numbers = np.array([-1, 0, largest])
    assert packed(numbers)["bits"] == bits
    assert unpacked(packed(numbers)).tolist() == numbers.tolist()


def test_labels_and_counts_of_a_run_are_those_of_the_store(cell: StoredCell) -> None:
    assert cell.labels is not None
    odd = np.asarray(cell.labels) * 1000
    odd[::7] = -1
    vars(cell)["labels"] = odd  # numbers with gaps, and noise
    try:
        values = run_values(cell, None)["clusters"]
    finally:
        del vars(cell)["labels"]
    labels = unpacked(values["labels"])
    names = np.array([*values["names"], -1])
    assert (names[labels] == odd).all()
    assert values["noise"] == (odd == -1).sum()
    assert values["sizes"] == [int((odd == name).sum()) for name in values["names"]]
    assert sum(values["confusion"][2::3]) == values["known"] == 200
    classes = np.unique(np.asarray(cell.truth))
    found = {(c, k): n for c, k, n in zip(*(values["confusion"][n::3] for n in range(3)), strict=True)}
    for place, number in enumerate(classes):
        for cluster in range(-1, len(values["names"])):
            both = (np.asarray(cell.truth) == number) & (labels == cluster)
            assert found.get((place, cluster), 0) == both.sum()
    assert sum(found[place, cluster] for place, cluster in values["pairs"]) == values["right"]


def test_maps_keep_distances_and_images_their_pixels(cell: StoredCell, tmp_path: Path) -> None:
    values = sample_values([cell], ["pca"], Maps(tmp_path), images=True, rows=sampled(200))
    (found,) = values["maps"]
    assert cell.samples is not None
    _, points = Maps(tmp_path).project("pca", cell.samples, "another")
    drawn = np.column_stack([unpacked(found["x"]), -unpacked(found["y"])])
    apart = [np.linalg.norm(each[1:] - each[:1], axis=1) for each in (points, drawn)]
    assert np.corrcoef(*apart)[0, 1] > 0.99999
    sheet, columns = sheet_of(values), values["images"]["columns"]
    assert sheet.format == "PNG"
    for place in (0, 17, 199):
        left, top = place % columns * 8, place // columns * 8
        tile = np.asarray(sheet.crop((left, top, left + 8, top + 8)), dtype=float)
        assert np.abs(tile - cell.samples[place].reshape(8, 8) * 255).max() <= 0.51


def test_large_images_are_averaged_and_heavy_sheets_are_jpeg(
    cell: StoredCell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_samples, "HEAVY", 200_000)
    pixels = np.random.default_rng(0).random((200, 70, 64, 3)).astype(np.float32)
    data = Data(pixels.reshape(200, -1), cell.data.truth, (), (70, 64, 3))
    values = sample_values([replace(cell, data=data)], [], Maps(tmp_path), images=True, rows=None)
    width, height = values["images"]["width"], values["images"]["height"]
    assert max(width, height) <= 32
    sheet = sheet_of(values)
    assert sheet.format == "JPEG"
    tile = np.asarray(sheet.crop((0, 0, width, height)), dtype=float)
    step = -(-70 // 32)
    mean = pixels[0, : height * step, : width * step].mean() * 255
    assert abs(tile.mean() - mean) < 4


def test_what_is_missing_is_told(cell: StoredCell, tmp_path: Path) -> None:
    data = replace(cell.data, samples=None, image_shape=None)
    values = sample_values([replace(cell, data=data)], ["pca"], Maps(tmp_path), images=True, rows=None)
    assert values["maps"] == []
    assert values["missing"] == {"PCA": "the samples are no longer in the store"}
    assert values["images"] is None
