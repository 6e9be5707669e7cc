"""Image folders: classes, splits, modes, and images that do not fit."""

import numpy as np
import pytest
from PIL import Image

from harness import DataError
from harness.data import read


def save(path, value=7, *, size=(4, 3), mode="L"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value).save(path)


def test_a_folder_per_class(tmp_path):
    save(tmp_path / "dog" / "1.png", 10)
    save(tmp_path / "cat" / "2.png", 20)
    save(tmp_path / "cat" / "1.PNG", 30)
    (tmp_path / "cat" / "notes.txt").write_text("not an image")
    (tmp_path / ".hidden").mkdir()
    data = read(tmp_path, name="pets")
    assert np.rint(data.samples[:, 0] * 255).tolist() == [30, 20, 10]
    assert (data.truth.tolist(), data.class_names) == ([0, 0, 1], ("cat", "dog"))
    assert (data.image_shape, data.n_train, data.scaling) == ((3, 4, 1), None, "divided by 255")
    assert read(tmp_path, label=None).truth is None


def test_train_and_test_folders_are_an_official_split(tmp_path):
    for part, names in (("train", ["b", "a"]), ("test", ["b", "c"])):
        for i, name in enumerate(names):
            save(tmp_path / part / name / "1.png", 100 + i)
    data = read(tmp_path)
    assert (data.n_train, data.truth.tolist()) == (2, [0, 1, 1, 2])
    assert data.class_names == ("a", "b", "c")


def test_a_flat_folder_has_no_labels(tmp_path):
    for i in range(3):
        save(tmp_path / f"{i}.jpg", 50 * i)
    data = read(tmp_path)
    assert (data.n_samples, data.truth, data.class_names) == (3, None, ())


@pytest.mark.parametrize(
    ("mode", "value", "channels"),
    [
        ("L", 9, 1),
        ("1", 1, 1),
        ("LA", (9, 255), 1),
        ("RGB", (9, 8, 7), 3),
        ("RGBA", (9, 8, 7, 255), 3),
        ("P", 9, 3),
    ],
)
def test_channels_by_mode(tmp_path, mode, value, channels):
    for i in range(2):
        save(tmp_path / f"{i}.png", value, mode=mode)
    assert read(tmp_path).image_shape == (3, 4, channels)


def test_rgba_keeps_its_colours(tmp_path):
    for i in range(2):
        save(tmp_path / f"{i}.png", (51, 102, 255, 9), mode="RGBA")
    assert np.rint(read(tmp_path).samples[0, :3] * 255).tolist() == [51, 102, 255]


def test_16_bit_values_are_kept_apart(tmp_path):
    for i, value in enumerate((0, 1000, 4000)):
        Image.fromarray(np.full((2, 2), value, dtype=np.uint16)).save(tmp_path / f"{i}.png")
    data = read(tmp_path)
    assert (data.samples[:, 0].tolist(), data.scaling) == ([0, 1000, 4000], "none")


def test_differing_sizes_name_both_files(tmp_path):
    save(tmp_path / "cat" / "a.png")
    save(tmp_path / "dog" / "b.png", size=(5, 5))
    with pytest.raises(DataError, match=r"b\.png: .*one size and mode, got 5x5 .*a\.png is 3x4"):
        read(tmp_path)


def test_differing_modes_name_both_files(tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "b.png", (1, 2, 3), mode="RGB")
    with pytest.raises(DataError, match=r"b\.png: .*got 3x4 RGB.*a\.png is 3x4 grayscale"):
        read(tmp_path)


def test_differing_depths_are_refused(tmp_path):
    save(tmp_path / "a.png")
    Image.fromarray(np.full((3, 4), 999, dtype=np.uint16)).save(tmp_path / "b.png")
    with pytest.raises(DataError, match=r"b\.png: .*got 3x4 grayscale uint16.*a\.png is 3x4 grayscale uint8"):
        read(tmp_path)


@pytest.mark.parametrize("cut", [0, 20, 500])
def test_an_unreadable_image_is_named(tmp_path, cut):
    rng = np.random.default_rng(0)
    for name in ("a.png", "b.png"):
        Image.fromarray(rng.integers(0, 256, (30, 30), dtype=np.uint8)).save(tmp_path / name)
    content = (tmp_path / "b.png").read_bytes()
    (tmp_path / "b.png").write_bytes(content[:cut])
    with pytest.raises(DataError, match=r"b\.png: not a readable image"):
        read(tmp_path)


def test_nothing_to_read(tmp_path):
    with pytest.raises(DataError, match=r"nothing to read, expected IDX or parquet files, or images"):
        read(tmp_path)


def test_an_empty_class_folder(tmp_path):
    save(tmp_path / "cat" / "a.png")
    (tmp_path / "dog").mkdir()
    with pytest.raises(DataError, match=r"dog: no images found in this class folder"):
        read(tmp_path)


def test_images_beside_class_folders(tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "cat" / "b.png")
    with pytest.raises(DataError, match=r"got a\.png beside the folder cat"):
        read(tmp_path)
