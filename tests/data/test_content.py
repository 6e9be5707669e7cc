"""Containers: gzip, bzip2, xz and zip, told by their first bytes from formats that are zips too."""

import bz2
import gzip
import lzma
import shlex
import subprocess
import zipfile

import numpy as np
import pytest

from harness import DataError
from harness.data import read

TEXT = b"a,label\n1,x\n2,y\n3,x\n4,y\n"


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


@pytest.mark.parametrize("suffix", ["csv", "TXT", "data", "Csv"])
@pytest.mark.parametrize(
    ("end", "pack"), [("", bytes), (".gz", gzip.compress), (".GZ", gzip.compress), (".bz2", bz2.compress)]
)
def test_text_tables_are_read_packed(tmp_path, suffix, end, pack):
    path = tmp_path / f"toy.{suffix}{end}"
    path.write_bytes(pack(TEXT))
    data = read(path)
    assert (data.samples.ravel().tolist(), data.class_names, data.name) == ([1, 2, 3, 4], ("x", "y"), "toy")


def test_xz_and_a_wrong_suffix(tmp_path):
    (tmp_path / "toy.csv").write_bytes(lzma.compress(TEXT))
    assert read(tmp_path / "toy.csv").n_samples == 4


@pytest.mark.parametrize("name", ["toy.zip", "toy.csv.zip", "toy.csv"])
def test_a_zip_of_one_table_is_that_table(tmp_path, name):
    path = zipped(tmp_path / name, toy__csv=TEXT, __DS_Store=b"junk")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/._toy.csv", b"junk")
    data = read(path)
    assert (data.n_samples, data.class_names, data.name, data.left_out) == (4, ("x", "y"), "toy", ())


def test_other_files_of_a_zip_are_named(tmp_path):
    path = zipped(tmp_path / "toy.zip", toy__TSV=TEXT.replace(b",", b"\t"), README__md=b"hello")
    assert read(path).left_out == ("'README.md' (another file in the zip)",)


def test_several_tables_are_refused_with_a_line_that_works(tmp_path):
    path = zipped(tmp_path / "my $data (1).zip", a__csv=TEXT, b__csv=b"u,label\n1,x\n1,x\n", c__txt=b"?")
    with pytest.raises(DataError, match=r"several tables: a\.csv, b\.csv, c\.txt\. Name one: ") as caught:
        read(path)
    line = str(caught.value).rpartition("Name one: ")[2].removesuffix(".")
    typed = subprocess.check_output(["bash", "-c", f"printf %s {line}"], text=True)  # as a shell takes it
    assert typed == f"{path}(member='a.csv')"
    data = read(path, member="b.csv")
    assert (data.samples.tolist(), len(data.left_out)) == ([[1], [1]], 2)
    with pytest.raises(
        DataError, match=r"no file 'd\.csv' in the zip\. Files: a\.csv, b\.csv, c\.txt\. Did you mean"
    ):
        read(path, member="d.csv")


def test_a_zip_without_a_table_is_refused_with_what_it_holds(tmp_path):
    path = zipped(tmp_path / "toy.zip", cat__png=b"?", x__parquet=b"?")
    with pytest.raises(DataError, match=r"no text table .*only cat\.png, x\.parquet\. Unpack it") as caught:
        read(path)
    assert shlex.join(["unzip", str(path)]) in str(caught.value)


def test_an_npz_is_no_zip_of_tables_whatever_its_name(tmp_path):
    np.savez(tmp_path / "toy.npz", X=np.eye(3), y=[0, 1, 1])
    (tmp_path / "toy.npz").rename(tmp_path / "toy.zip")
    assert read(tmp_path / "toy.zip").n_classes == 2
    with pytest.raises(DataError, match="member='a' is only for zip files of tables"):
        read(tmp_path / "toy.zip", member="a")


@pytest.mark.parametrize("keep", [5, 60, 0.5, -30])
def test_damage_is_one_line(tmp_path, keep):
    path = zipped(tmp_path / "toy.zip", toy__csv=TEXT * 30)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(DataError, match=r"toy\.zip: ") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_flipped_byte_in_a_zip_is_noticed(tmp_path):
    path = zipped(tmp_path / "toy.zip", toy__csv=TEXT)
    content = bytearray(path.read_bytes())
    content[content.index(b"label") + 1] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"toy\.csv: corrupt zip data: Bad CRC-32"):
        read(path)


@pytest.mark.parametrize(("end", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress)])
def test_arrays_are_not_read_packed_and_the_command_is_told(tmp_path, end, pack):
    np.save(tmp_path / "toy.npy", np.eye(3))
    path = tmp_path / f"toy 1.npy.{end}"
    path.write_bytes(pack((tmp_path / "toy.npy").read_bytes()))
    with pytest.raises(DataError, match=r"cannot read npy from .*Unpack it first: (gunzip|bunzip2) '"):
        read(path)
