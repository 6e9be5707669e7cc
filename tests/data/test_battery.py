"""Datasets of benchmark batteries: samples, several labellings, noise, descriptions, and what is refused."""

import gzip
import os
from pathlib import Path

import pytest

from harness import DataError
from harness.data import read

SAMPLES = "0 1\n2\t3\n4 5.5\n6 7\n"
REAL = Path(os.environ.get("HARNESS_DATA") or "nowhere") / "batteries"


@pytest.fixture
def battery(tmp_path):
    """A folder with one dataset of two labellings, the second with noise, and one of a single labelling."""
    tmp_path /= "toys"
    tmp_path.mkdir()
    (tmp_path / "two.data.gz").write_bytes(gzip.compress(SAMPLES.encode()))
    (tmp_path / "two.labels0.gz").write_bytes(gzip.compress(b"1\n1\n2\n2\n"))
    (tmp_path / "two.labels1.gz").write_bytes(gzip.compress(b"0\n3\n3\n1\n"))
    about = "Source: A. Author, A paper,\nA journal, 2001.\n\nMore.\nLicensed under the CC0 License.\n"
    (tmp_path / "two.txt").write_text(about)
    (tmp_path / "one.data").write_text(SAMPLES)
    (tmp_path / "one.labels0").write_text("2\n1\n1\n2\n")
    return tmp_path


def test_samples_are_as_the_file_has_them(battery):
    data = read(battery / "one.data")
    assert data.samples.tolist() == [[0, 1], [2, 3], [4, 5.5], [6, 7]]
    assert (data.name, data.truth.tolist(), data.class_names) == ("one", [1, 0, 0, 1], ("1", "2"))
    assert data.label == "one.labels0"
    assert (data.notes, data.licence, data.source) == ((), "unknown", str(battery / "one.data"))


def test_the_first_of_several_references_is_read_and_this_is_told(battery):
    data = read(battery / "two.data.gz")
    assert (data.name, data.truth.tolist()) == ("two.0", [0, 0, 1, 1])
    assert data.notes == ("2 references; this is reference 0: choose with reference=1",)
    assert (data.source, data.licence) == ("A. Author, A paper, A journal, 2001.", "CC0 License")


def test_noise_has_no_class(battery):
    data = read(battery / "two.data.gz", reference=1)
    assert (data.name, data.truth.tolist(), data.n_classes) == ("two.1", [-1, 1, 1, 0], 2)
    assert data.notes == (
        "2 references; this is reference 1: choose with reference=0",
        "1 noise point (label 0): clustered, left out of scores",
    )
    assert read(battery / "two.data.gz", reference=1, unlabelled=None).n_classes == 3


def test_references_share_their_samples(battery):
    first, second = (read(battery / "two.data.gz", reference=number) for number in (0, 1))
    assert first.digest == second.digest
    assert first.truth_digest != second.truth_digest


def test_no_labels_are_read_if_none_are_wanted(battery):
    data = read(battery / "two.data.gz", label=None)
    assert (data.name, data.truth, data.n_samples) == ("two", None, 4)


def test_a_table_without_such_labels_is_read_as_ever(battery):
    (battery / "plain.data").write_text("a b label\n1 2 x\n3 4 y\n5 6 x\n")
    assert read(battery / "plain.data").label == "label"


@pytest.mark.parametrize(
    ("file", "options", "message"),
    [
        ("two.data.gz", {"reference": 2}, r"no reference 2\. References: 0, 1\. Give \".*reference=0"),
        ("two.data.gz", {"reference": "x"}, "no reference 'x'"),
        ("two.data.gz", {"reference": True}, "no reference True"),
        ("two.data.gz", {"sep": ","}, "'sep' is not for data with labels in files beside them"),
        ("two.data.gz", {"reference": 0, "label": 1}, "'label' is not for data with labels in files"),
        ("plain.data", {"reference": 0}, "plain.labels0.gz.* there are none. Leave it out"),
    ],
)
def test_wrong_options_are_refused(battery, file, options, message):
    (battery / "plain.data").write_text("1 2\n3 4\n")
    with pytest.raises(DataError, match=message):
        read(battery / file, **options)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("one.labels0", "1\n2\n1\n", r"one label for each of the 4 samples of one.data, got 3\."),
        ("one.labels0", "1\n2\n1.5\n1\n", r"one whole number per line, 0 for noise, got 1.5 in row 2"),
        ("one.labels0", "1\n2\n-1\n1\n", "got -1 in row 2"),
        ("one.labels0", "1\n2\nrose\n1\n", "one whole number per line, 0 for noise: could not convert"),
        ("one.labels0", "1 1\n2 1\n1 1\n1 1\n", "got 2 numbers per line"),
        ("one.labels0", "nan\n2\n1\n1\n", "got nan in row 0"),
        ("one.labels0", "0\n0\n0\n0\n", "no sample has a label"),
        ("one.labels0", "", "the file is empty"),
        ("one.labels0", "# nothing\n", "for each of the 4 samples of one.data, got 0"),
        ("one.data", "", "the file is empty"),
        ("one.data", "1 2\n3\n", "expected rows of numbers, separated by blanks: the number of columns"),
        ("one.data", "1,2\n3,4\n", "expected rows of numbers, separated by blanks: could not convert"),
    ],
)
def test_wrong_files_are_refused_in_one_line(battery, file, content, message):
    (battery / file).write_text(content)
    with pytest.raises(DataError, match=message) as error:
        read(battery / "one.data")
    assert "\n" not in str(error.value)
    assert file in str(error.value)


def test_damaged_compression_is_refused(battery):
    whole = gzip.compress(SAMPLES.encode() * 100)
    (battery / "two.data.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"two\.data\.gz: corrupt gzip data"):
        read(battery / "two.data.gz")


@pytest.mark.parametrize("above", [False, True])
def test_a_folder_of_them_is_a_suite(battery, above):
    folder = battery.parent if above else battery
    with pytest.raises(DataError, match=f"2 datasets .* harness bench --suite {folder}; or give one"):
        read(folder)


@pytest.mark.skipif(not (REAL / "fcps").is_dir(), reason="the batteries are not in $HARNESS_DATA")
def test_real_files():
    data = read(REAL / "fcps" / "target.data.gz", reference=1)
    assert (data.name, data.n_samples, data.n_classes, (data.truth < 0).sum()) == ("target.1", 770, 2, 12)
    assert data.source.startswith("Ultsch A., Clustering with SOM")
