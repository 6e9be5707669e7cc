"""Damaged files of every format: a dataset or one line, and no memory for what is missing."""

from __future__ import annotations

import gzip
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from damaged_files import damaged
from fuzz import check_line, write
from PIL import Image
from whole_files import MEMBERS, SEEDS

from harness import DataError
from harness.data import npz, read

FUZZ = Path(__file__).parents[1] / "fuzz.py"
HUGE = 10**12


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)
    check_line(str(caught.value))
    assert str(path) in str(caught.value)
    return str(caught.value)


def header(shape: str, dtype: str = "'|u1'") -> bytes:
    text = f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text


def test_damaged_files_are_read_or_refused_in_one_line() -> None:
    """A few of what ``make fuzz`` reads; each format has to come through damaged, and be refused."""
    command = [sys.executable, str(FUZZ), "--files", "1000", "--seed", "0"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    for name in SEEDS:
        assert f" {name}: refused" in run.stdout


def test_damage_is_repeated_by_its_seed() -> None:
    for name in SEEDS:
        contents = [damaged(name, random.Random(f"7/{number}")) for number in range(20)]
        assert len(set(contents)) > 3
        if not name.endswith((".npz", ".parquet")):  # whose headers have the time, or the library's version
            assert contents == [damaged(name, random.Random(f"7/{number}")) for number in range(20)]


@pytest.mark.parametrize("name", ["array.npz", "array.npy", "table.parquet", "images.idx3.gz"])
def test_the_command_line_prints_one_line(tmp_path, command_line, name):
    path = write(tmp_path, name, SEEDS[name][:-60] + b"?" * 30)
    code, _, errors = command_line("bench", "-d", str(path), "-e", "identity", "-c", "kmeans")
    assert code == 2
    assert name in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("method", "flags", "version", "message"),
    [
        (99, 0, 20, "compression method"),
        (0, 1, 20, "encrypted"),
        (0, 0, 255, "version 25.5"),
        (0, 0x20, 20, "patched"),
    ],
)
def test_a_zip_that_python_cannot_unpack(tmp_path, method, flags, version, message):
    content = bytearray(SEEDS["array.npz"])
    for signature, shift in ((b"PK\1\2", 2), (b"PK\3\4", 0)):
        start = content.find(signature) + 4 + shift
        content[start : start + 6] = struct.pack("<HHH", version, flags, method)
    assert message in refusal(write(tmp_path, "array.npz", bytes(content)))


@pytest.mark.parametrize(
    "shape", [f"({HUGE},)", f"({HUGE}, {HUGE})", "(-1,)", "(8,)", "(12,)", f"({'9' * 4000},)"]
)
def test_a_claim_of_other_bytes_takes_no_memory(tmp_path, monkeypatch, shape):
    """Fewer bytes than there are would be read in silence, without a checksum; more would be taken."""
    monkeypatch.setattr(np.lib.format, "read_array", None)
    content = header(shape) + bytes(10)
    assert "does not fit 10 bytes" in refusal(write(tmp_path, "array.npy", content))
    with zipfile.ZipFile(tmp_path / "array.npz", "w") as file:
        file.writestr("X.npy", content)
    assert "array 'X': truncated or damaged" in refusal(tmp_path / "array.npz")


@pytest.mark.parametrize("packed", [0, 100, 2**31])
def test_a_zip_that_claims_what_cannot_be_in_it_is_not_unpacked(tmp_path, monkeypatch, packed):
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    content = bytearray(SEEDS["array.npz"])
    place = content.find(b"PK\1\2") + 20
    content[place : place + 8] = struct.pack("<II", packed, 2**31)
    assert "2147483648 bytes cannot be in the file" in refusal(write(tmp_path, "array.npz", bytes(content)))


@pytest.mark.parametrize("packed", [False, True])
def test_an_idx_header_that_claims_too_much_takes_no_memory(tmp_path, packed):
    content = struct.pack(">2xBB3I", 8, 3, 2**32 - 1, 2**32 - 1, 3) + bytes(9)
    assert "truncated" in refusal(
        write(tmp_path, "images.idx3", gzip.compress(content) if packed else content)
    )


def test_an_image_of_too_many_pixels_is_not_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 30)
    Image.new("L", (7, 5)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match=r"a\.png: not a readable image: .*35 pixels.*exceeds limit of 30"):
        read(tmp_path)


@pytest.mark.parametrize("nested", ["(" * 4000, "[" * 9000, "-" * 9000 + "1"])
def test_nested_text_in_a_header(tmp_path, nested):
    assert "truncated or damaged" in refusal(write(tmp_path, "array.npy", header(nested)))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.array(["\ud800"] * 12), "must be text in UTF-8"),
        (np.frombuffer(b"\xff" * 48, "<U1"), "must be text in UTF-8"),
        (np.array([1e300, 2e300] * 6), "must be classes"),
        (np.array(3), "must be a 1-D array"),
    ],
)
def test_labels_that_are_no_classes(tmp_path, labels, message):
    np.savez(tmp_path / "array.npz", X=np.eye(12), y=labels)
    assert message in refusal(tmp_path / "array.npz")


@pytest.mark.parametrize("train", [np.array(0), np.array(["2000-01-01"] * 4, "M8[D]")])
def test_labels_of_a_split_that_do_not_fit(tmp_path, train):
    np.savez(tmp_path / "a.npz", x_train=np.eye(4), y_train=train, x_test=np.eye(4), y_test=np.arange(4))
    assert "labels" in refusal(tmp_path / "a.npz")


@pytest.mark.parametrize("key", [b"pandas", b"huggingface"])
@pytest.mark.parametrize("text", [b"{", b"[" * 100_000, b"\xff"])
def test_broken_metadata_of_parquet(tmp_path, key, text):
    path = tmp_path / "table.parquet"
    cells = [SEEDS["image.png"]] * 2 if key == b"huggingface" else [1.0, 2.0]
    table = pa.table({"image": cells, "label": [0, 1]}).replace_schema_metadata({key: text})
    pq.write_table(table, path)
    assert "not a readable parquet file" in refusal(path)


def test_more_rows_than_memory_holds_are_not_read(tmp_path, monkeypatch):
    """A million equal numbers are a few hundred bytes, so that a small file can claim any number of rows."""
    pq.write_table(pa.table({"a": np.zeros(10**6)}), tmp_path / "table.parquet")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=10**6))
    monkeypatch.setattr(pq, "read_table", None)
    assert "1,000,000 rows of 1 column do not fit in memory" in refusal(tmp_path / "table.parquet")


def test_numbers_are_not_the_bytes_of_an_image(tmp_path):
    pq.write_table(pa.table({"image": [{"bytes": 10**11}]}), tmp_path / "table.parquet")
    assert "has no image bytes" in refusal(tmp_path / "table.parquet")


def test_names_from_a_file_stay_on_the_line(tmp_path):
    with zipfile.ZipFile(tmp_path / "array.npz", "w") as file:
        for name in ("a\nb\x1b[31m.npy", "other.npy"):
            file.writestr(name, MEMBERS["X.npy"])
    assert r"got a\nb\x1b[31m, other." in refusal(tmp_path / "array.npz")


def test_an_error_of_our_own_keeps_its_traceback(tmp_path, monkeypatch):
    monkeypatch.setattr(npz, "assemble", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(write(tmp_path, "array.npz", SEEDS["array.npz"]))


def test_text_in_parquet_that_is_not_utf_8(tmp_path):
    text = pa.array([b"\xe2x", b"ab"]).view(pa.string())
    pq.write_table(pa.table({"a": [1.5, 2.5], "label": text}), tmp_path / "table.parquet")
    assert "not a readable parquet file" in refusal(tmp_path / "table.parquet")


def test_pages_that_grow_take_no_memory(tmp_path):
    """A GIF of 289 bytes may have a second frame of a hundred million pixels."""
    pages = [Image.new("L", (4, 5), 7), Image.new("L", (4, 5), 9)]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    content = bytearray((tmp_path / "a.gif").read_bytes())
    start = content.rindex(b",\0\0\0\0\4\0\5\0")
    content[start + 5 : start + 9] = struct.pack("<HH", 8000, 8000)
    (tmp_path / "a.gif").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.gif: its pages differ in size"):
        read(tmp_path)
