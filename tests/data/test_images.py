"""Image folders: classes, splits, modes, and images that do not fit."""

import struct
import zlib

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


def test_opaque_rgba_keeps_its_colours(tmp_path):
    for i in range(2):
        save(tmp_path / f"{i}.png", (51, 102, 255, 255), mode="RGBA")
    data = read(tmp_path)
    assert (np.rint(data.samples[0, :3] * 255).tolist(), data.notes) == ([51, 102, 255], ())


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
    with pytest.raises(
        DataError,
        match=r"nothing to read. Expected IDX or parquet files, a train and a test table, or images",
    ):
        read(tmp_path)


def glyph(row, *, kind, ink):
    """Return a glyph that only its opacity shows: a line of ink at a row."""
    alpha = np.zeros((4, 4), np.uint8)
    alpha[row] = 200
    colour = np.full((4, 4), ink, np.uint8)
    if kind == "LA":
        return Image.fromarray(np.dstack([colour, alpha]), "LA")
    if kind == "P":
        image = Image.fromarray((alpha > 0).astype(np.uint8), "P")
        image.putpalette([ink] * 6)
        image.info["transparency"] = bytes([0, 255])
        return image
    return Image.fromarray(np.dstack([colour, colour, colour, alpha]), "RGBA")


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(("ink", "ground"), [(0, "white"), (255, "black")])
def test_transparent_images_are_told_apart_by_one_ground(tmp_path, kind, ink, ground):
    for part in ("train", "test"):
        for row in range(3):
            path = tmp_path / part / "a" / f"{row}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            glyph(row, kind=kind, ink=ink).save(path)
    data = read(tmp_path)
    assert len(np.unique(data.samples, axis=0)) == 3
    assert data.samples[0, -1] == (1 if ground == "white" else 0)
    assert f"transparent pixels of 6 images over {ground}" in data.notes
    assert data.image_shape == (4, 4, 1 if kind == "LA" else 3)


def ramps(n, shape=(3, 4)):
    return [Image.fromarray(np.arange(12, dtype=np.uint8).reshape(shape) + 20 * i) for i in range(n)]


@pytest.mark.parametrize("name", ["stack.tif", "moving.gif", "moving.png", "moving.webp"])
def test_pages_are_samples_with_a_note(tmp_path, name):
    (tmp_path / "cat").mkdir()
    (tmp_path / "dog").mkdir()
    pages = ramps(4)
    save = {"webp": {"lossless": True}}.get(name[-4:], {})
    pages[0].save(tmp_path / "cat" / name, save_all=True, append_images=pages[1:], **save)
    pages[0].save(tmp_path / "dog" / name, save_all=True, append_images=pages[1:2], **save)
    data = read(tmp_path)
    assert data.truth.tolist() == [0, 0, 0, 0, 1, 1]
    assert "each of the 6 pages of 2 files is a sample" in data.notes
    assert np.rint(data.samples[[0, 3], 0] * 255).tolist() == pytest.approx([0, 60], abs=2)


def test_pages_of_differing_size_are_refused(tmp_path):
    pages = [*ramps(1), *ramps(1, (4, 3))]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with pytest.raises(DataError, match=r"a\.tif: its pages differ in size"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_images_are_turned_as_exif_says(tmp_path, name):
    upright = np.zeros((8, 16), np.uint8)
    upright[:, :8] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    upright[1:3, 2:5] = 90
    Image.fromarray(np.rot90(upright)).save(tmp_path / name, exif=exif)
    Image.fromarray(upright).save(tmp_path / f"b{name}")
    data = read(tmp_path)
    assert data.image_shape == (8, 16, 1)
    assert np.allclose(data.samples[0], data.samples[1], atol=0.2)
    assert name == "a.tif" or "1 image turned upright by EXIF" in data.notes  # Pillow turns TIFF by itself


def test_cmyk_is_rgb_and_16_bit_colours_are_noted(tmp_path):
    (tmp_path / "cmyk").mkdir()
    for i in range(2):
        Image.new("CMYK", (4, 3), (0, 255, 255, 0)).save(tmp_path / "cmyk" / f"{i}.jpg")
        (tmp_path / f"{i}.png").write_bytes(PNG_48_BITS)
    assert read(tmp_path / "cmyk").samples[0, :3] == pytest.approx([1, 0, 0], abs=0.02)
    (tmp_path / "cmyk").rename(tmp_path / ".cmyk")
    assert read(tmp_path).notes == ("16-bit colours of 2 images read as 8 bits",)


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG_48_BITS = b"\x89PNG\r\n\x1a\n" + b"".join(
    (
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)),
        png_chunk(b"IDAT", zlib.compress(b"\0" + bytes(range(100, 112)))),
        png_chunk(b"IEND", b""),
    )
)


@pytest.mark.parametrize("suffix", [".eps", ".pdf"])
def test_formats_of_other_suffixes_are_not_tried(tmp_path, suffix):
    save(tmp_path / "a.png")
    Image.new("L", (4, 3)).convert("RGB").save(tmp_path / f"b{suffix}")
    (tmp_path / f"b{suffix}").rename(tmp_path / "b.png")
    with pytest.raises(DataError, match=r"b\.png: not a readable image"):
        read(tmp_path)


def test_libtiff_prints_nothing(tmp_path, capfd):
    Image.new("1", (64, 64)).save(tmp_path / "a.tif", compression="group4")
    content = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(
        content.replace(struct.pack("<HHII", 258, 3, 1, 1), struct.pack("<HHII", 258, 3, 1, 8))
    )
    with pytest.raises(DataError, match=r"a\.tif: not a readable image"):
        read(tmp_path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("train", "test"), [("train", "test"), ("Train", "Test"), ("training", "testing"), ("train", "val")]
)
def test_names_of_splits(tmp_path, train, test):
    save(tmp_path / train / "a" / "1.png")
    save(tmp_path / train / "b" / "1.png")
    save(tmp_path / test / "b" / "1.png")
    data = read(tmp_path)
    assert (data.n_train, data.truth.tolist(), data.label) == (2, [0, 1, 1], "folder names")
    assert (f"{test!r} is used as the test part" in data.notes) == (test == "val")


@pytest.mark.parametrize("name", ["val", "valid", "Validation", "extra"])
def test_what_is_neither_train_nor_test_is_named(tmp_path, name):
    for part in ("train", "test", name):
        save(tmp_path / part / "a" / "1.png")
        save(tmp_path / part / "b" / "1.png")
    data = read(tmp_path)
    reason = "neither train nor test" if name == "extra" else "validation part"
    assert (data.n_samples, data.left_out) == (4, (f"{name!r} ({reason})",))


def test_classes_that_have_the_words_in_their_names_are_classes(tmp_path):
    for name in ("train", "test-tube", "car"):
        save(tmp_path / name / "1.png")
    assert read(tmp_path).class_names == ("car", "test-tube", "train")
    (tmp_path / "car").rename(tmp_path / ".car")
    for name in ("train", "test-tube"):
        save(tmp_path / name / "a" / "1.png")
        (tmp_path / name / "1.png").unlink()
    assert read(tmp_path).n_train == 1


def test_two_folders_of_one_part_are_refused(tmp_path):
    for part in ("train", "training", "test"):
        save(tmp_path / part / "a" / "1.png")
    with pytest.raises(DataError, match="folders 'train' and 'training' both match one part"):
        read(tmp_path)


def test_classes_in_one_part_only_are_refused(tmp_path):
    save(tmp_path / "train" / "a" / "1.png")
    save(tmp_path / "train" / "b" / "1.png")
    save(tmp_path / "test" / "1.png")
    with pytest.raises(DataError, match=r"one part has class folders .*label=None"):
        read(tmp_path)
    assert (read(tmp_path, label=None).n_train, read(tmp_path, label=None).truth) == (2, None)


def test_nested_images_have_the_class_of_the_top_folder(tmp_path):
    for path in ("cat/1.png", "cat/more/2.png", "dog/more/deep/3.png"):
        save(tmp_path / path)
    data = read(tmp_path)
    assert (data.truth.tolist(), data.class_names) == ([0, 0, 1], ("cat", "dog"))
    assert data.notes == ("2 images in subfolders have the class of their top folder",)
    assert read(tmp_path, label="parent").class_names == ("cat", "deep", "more")


def test_the_same_subfolders_in_all_folders_are_refused(tmp_path):
    for domain in ("photo", "sketch"):
        for name in ("cat", "dog"):
            save(tmp_path / domain / name / "1.png")
    with pytest.raises(
        DataError, match=r"photo, sketch hold the same .* cat, dog: .*label=top.*label=parent"
    ):
        read(tmp_path)
    assert read(tmp_path, label="top").class_names == ("photo", "sketch")
    assert read(tmp_path, label="parent").class_names == ("cat", "dog")
    with pytest.raises(DataError, match="label must be auto, top, parent or None, got 'middle'"):
        read(tmp_path, label="middle")


def test_class_folders_in_the_only_folder(tmp_path):
    for name in ("cat", "dog"):
        save(tmp_path / "images" / name / "1.png")
    (tmp_path / "labels.csv").write_text("x")
    data = read(tmp_path)
    assert (data.class_names, data.notes) == (("cat", "dog"), ("read from the folder 'images'",))
    assert data.left_out == ("1 file without the suffix of an image (labels.csv)",)


def test_other_files_are_named_and_hidden_ones_are_not(tmp_path):
    for name in ("cat", "dog"):
        save(tmp_path / name / "1.png")
        save(tmp_path / name / "._1.png")
        (tmp_path / name / "1").write_bytes((tmp_path / name / "1.png").read_bytes())
        (tmp_path / name / "Thumbs.db").write_text("x")
    assert read(tmp_path).left_out == ("2 files without the suffix of an image (1)",)


def test_sizes_and_modes_can_be_made_alike(tmp_path):
    save(tmp_path / "a.png", size=(4, 3))
    save(tmp_path / "b.png", (1, 2, 3), size=(8, 6), mode="RGB")
    with pytest.raises(DataError, match=r"got 6x8 RGB.*resize=\(3, 4\), mode=L\)"):
        read(tmp_path)
    data = read(tmp_path, resize=(3, 4), mode="L")
    assert data.image_shape == (3, 4, 1)
    assert data.notes == ("1 image converted to L", "1 image resized to 3 x 4")
    assert read(tmp_path, resize=5, mode="RGB").image_shape == (5, 5, 3)
    for wrong in ({"resize": 0}, {"resize": "big"}, {"resize": (1, 2, 3)}, {"mode": "P"}, {"sise": 3}):
        with pytest.raises(DataError, match=r"resize must be|mode must be|unknown option 'sise'"):
            read(tmp_path, **wrong)


def test_an_empty_class_folder(tmp_path):
    save(tmp_path / "cat" / "a.png")
    (tmp_path / "dog").mkdir()
    with pytest.raises(DataError, match=r"dog: no images found in this class folder"):
        read(tmp_path)


def test_images_beside_class_folders(tmp_path):
    save(tmp_path / "a.png")
    save(tmp_path / "cat" / "b.png")
    with pytest.raises(DataError, match=r"got a\.png next to the folder cat"):
        read(tmp_path)
