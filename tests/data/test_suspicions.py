"""Notes on columns and classes that may not be meant as such."""

import numpy as np
import pandas as pd
import pytest

from harness.api.data_objects import data
from harness.data import read
from harness.data.raw import Raw
from harness.data.to_dataset import to_dataset
from harness.registry.registry import load_registry

N = 30
RNG = np.random.default_rng(0)
WIDTH = RNG.random(N).round(4)
KINDS = np.array(["red", "blue", "green"])[np.arange(N) % 3]


def notes(folder, **columns):
    path = folder / "toy.csv"
    pd.DataFrame({"width": WIDTH, **columns}).to_csv(path, index=False)
    return read(path).notes


@pytest.mark.parametrize(
    "name", ["PatientID", "sample_id", "id sample", "rowid", "Nr.", "UUID", "item_key", "unix_timestamp"]
)
def test_whole_numbers_with_the_name_of_an_identifier(tmp_path, name):
    (note,) = notes(tmp_path, **{name: RNG.permutation(N) * 7 + 1000, "species": KINDS})
    assert note.startswith(f"{name!r} looks like an identifier and is a feature: drop=")


def test_whole_numbers_that_count_the_rows_in_any_order(tmp_path):
    (note,) = notes(tmp_path, thing=RNG.permutation(N) + 5, species=KINDS)
    assert note == "'thing' looks like an identifier and is a feature: drop=thing leaves it out"


@pytest.mark.parametrize("name", ["paid", "grid", "humid"])
def test_other_whole_numbers_are_features(tmp_path, name):
    assert notes(tmp_path, **{name: RNG.permutation(N) * 7, "species": KINDS}) == ()


def test_the_first_column_without_a_header(tmp_path):
    path = tmp_path / "toy.data"
    numbers = RNG.permutation(N) * 7 + 1000
    pd.DataFrame({0: numbers, 1: WIDTH, 2: KINDS}).to_csv(path, index=False, header=False)
    assert "0 looks like an identifier and is a feature: drop=0 leaves it out" in read(path).notes
    pd.DataFrame({0: numbers, 1: numbers[::-1]}).to_csv(path, index=False, header=False)
    assert not any("identifier" in note for note in read(path).notes)


@pytest.mark.parametrize(("name", "told"), [("Outcome", True), ("ground_truth", True), ("rooms", False)])
def test_few_whole_numbers_between_others(tmp_path, name, told):
    found = notes(tmp_path, **{name: np.arange(N) // 5 % 3, "height": WIDTH * 2})
    assert any(f"{name!r} looks like a label (3 distinct whole numbers)" in note for note in found) == told


def test_few_whole_numbers_in_the_last_column_unless_most_are_such(tmp_path):
    few = np.arange(N) // 5 % 3
    assert any("'last' looks like a label" in note for note in notes(tmp_path, last=few))
    assert not any("looks like a label" in note for note in notes(tmp_path, p=few, q=few[::-1], last=few))
    assert not any("looks like a label" in note for note in notes(tmp_path, last=few, species=KINDS, w=WIDTH))


def test_the_name_of_a_label_counts_more_than_y_beside_x(tmp_path):
    few = np.arange(N) // 5 % 3
    found = notes(tmp_path, x=few, y=few[::-1], cluster=few)
    assert (
        "'cluster' looks like a label (3 distinct whole numbers) and is a feature: label=cluster uses it, "
        "drop=cluster leaves it out" in found
    )


def test_all_columns_with_the_name_of_a_label_are_named(tmp_path):
    few = np.arange(N) // 5 % 3
    found = notes(tmp_path, species_a=few == 0, species_b=few == 1, species_c=few == 2)
    assert (
        "'species_a', 'species_b', 'species_c' look like labels (few distinct whole numbers) and are "
        "features: label= uses one of them, drop=[species_a, species_b, species_c] leaves them out"
    ) in found


@pytest.mark.parametrize("place", [0, 3])
def test_few_whole_numbers_at_the_end_of_an_array_without_labels(tmp_path, place):
    rows = np.insert(RNG.random((N, 3)), place, np.arange(N) // 5 % 3, axis=1)
    np.save(tmp_path / "toy.npy", rows)
    (dataset,) = data(rows, load_registry(()))
    for notes in (read(tmp_path / "toy.npy").notes, dataset.notes):
        assert (
            f"column {place} looks like a label (3 distinct whole numbers) and is a feature: use it as the "
            "label, or leave it out" in notes
        )
    assert read_arrays(tmp_path, rows[:, 1:3]) == ()
    assert read_arrays(tmp_path, (rows > 0.5).astype(int)) == ()


def read_arrays(folder, rows):
    np.save(folder / "other.npy", rows)
    return read(folder / "other.npy").notes


def test_a_column_that_is_the_label_under_another_name():
    samples = np.column_stack([WIDTH, np.arange(N) % 3, np.arange(N) % 3 % 2])
    data = to_dataset(Raw(samples, KINDS, feature_names=("w", "code", "two")), name="toy", where="toy")
    assert data.notes == ("'code' has one value per class, like the label: drop=code leaves it out",)
    samples[-1, 1] = 7
    assert to_dataset(Raw(samples, KINDS), name="toy", where="toy").notes == ()


@pytest.mark.parametrize(("value", "told"), [(-999, True), (-9999, True), (99999, True), (-998, False)])
def test_numbers_that_stand_for_missing_values(tmp_path, value, told):
    found = notes(tmp_path, depth=np.where(np.arange(N) % 10, WIDTH, value), species=KINDS)
    assert any(f"'depth' is {value} in 3 rows" in note for note in found) == told


def test_a_usual_value_is_no_mark(tmp_path):
    found = notes(tmp_path, price=np.array([999, 250.5, 40, 700, 1.5] * 6), species=KINDS)
    assert not any("stands for" in note for note in found)


@pytest.mark.parametrize(
    ("first", "note"),
    [
        ("?", "the label '?' counts as a class; write unlabelled='?' if it is not one"),
        ("NA", "the label 'NA' counts as a class; write unlabelled='NA' if it is not one"),
        ("n.a.", "the label 'n.a.' counts as a class; write unlabelled='n.a.' if it is not one"),
        ("#N/A", "the label '#N/A' counts as a class; write unlabelled='#N/A' if it is not one"),
        ("-", "the label '-' counts as a class; write unlabelled='-' if it is not one"),
        ("-999", "the label '-999' counts as a class; write unlabelled='-999' if it is not one"),
        ("Blue", "the classes 'Blue' and 'blue' differ only in capitals or blanks"),
    ],
)
def test_names_of_classes(tmp_path, first, note):
    assert note in notes(tmp_path, species=np.where(KINDS == "green", first, KINDS))


def test_a_class_of_one_sample_as_of_a_row_of_totals(tmp_path):
    assert "only one sample in class 'Total'" in notes(tmp_path, species=[*KINDS[:-1], "Total"])


def test_notes_on_arrays_and_objects_name_no_option_of_tables():
    frame = pd.DataFrame({"PatientID": RNG.permutation(N), "code": np.arange(N) % 3, "width": WIDTH})
    for given in ((frame, KINDS), (frame.to_numpy(), KINDS), frame):
        (dataset,) = data(given, load_registry(()))
        assert dataset.notes
        assert not any("drop=" in note or "label=" in note for note in dataset.notes)
