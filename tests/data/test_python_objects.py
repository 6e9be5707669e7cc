"""Objects of other libraries: frames, sparse and masked arrays, Bunches, lists, memory maps."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.datasets import load_iris

import harness
from harness import DataError, Dataset
from harness.api.data_objects import data
from harness.data.python_objects import from_object
from harness.data.table_options import TableOptions
from harness.registry.registry import load_registry

RNG = np.random.default_rng(0)
Y = np.repeat([0, 1, 2], 10)
X = np.round(RNG.normal(size=(30, 2)) + 5 * np.eye(3)[Y][:, :2], 3)
FRAME = pd.DataFrame(X, columns=["a", "b"])


def read(given: Any) -> Dataset:
    (found,) = data(given, load_registry())
    return found


@pytest.mark.parametrize(
    "samples",
    [
        X,
        X.astype(object),
        X.tolist(),
        FRAME,
        FRAME.astype(object),
        FRAME.convert_dtypes(),
        scipy.sparse.csr_matrix(X),
        scipy.sparse.coo_array(X),
        np.ma.masked_array(X),
    ],
    ids=lambda each: type(each).__name__,
)
@pytest.mark.parametrize("labels", [Y, Y.tolist(), Y.astype(object), pd.Series(Y), pd.DataFrame({"kind": Y})])
def test_samples_and_labels_of_any_kind(samples: Any, labels: Any) -> None:
    found = read((samples, labels))
    assert np.allclose(found.samples, X, rtol=1e-6)
    assert list(found.truth) == Y.tolist()


def test_a_frame_is_read_as_a_table_is() -> None:
    frame = FRAME.assign(id=RNG.permutation(30), species=np.array(list("xyz"))[Y])
    found = read(frame)
    assert (found.label, found.n_features, found.class_names) == ("species", 2, ("x", "y", "z"))
    assert found.left_out == ("'id' (distinct in every row)",)
    assert read(FRAME).notes == ()
    assert read((FRAME, pd.Series(Y, name="kind"))).label == "kind"


def test_bunches_and_mappings_of_one_dataset() -> None:
    iris = read(load_iris())
    assert (iris.samples.shape, iris.class_names[:2], iris.label) == (
        (150, 4),
        ("setosa", "versicolor"),
        "target",
    )
    assert read({"X": X, "y": Y}).n_classes == 3
    assert [each.name for each in data({"one": X, "two": (X, Y)}, load_registry())] == ["one", "two"]
    assert read(load_iris(as_frame=True)).samples.tolist() == iris.samples.tolist()


def test_memory_maps_are_read_in_place(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X.astype(np.float32))
    found = read(np.load(tmp_path / "x.npy", mmap_mode="r"))
    assert np.array_equal(found.samples, X.astype(np.float32))


def test_a_mask_that_hides_values_is_refused() -> None:
    hidden = np.ma.masked_greater(X, 4)
    with pytest.raises(DataError, match=r"a mask hides \d+ values of the samples.*filled\(0\)"):
        read(hidden)
    with pytest.raises(DataError, match="a mask hides 10 values of the labels"):
        read((X, np.ma.masked_equal(Y, 2)))


def test_too_large_a_sparse_matrix_is_refused() -> None:
    with pytest.raises(DataError, match=r"100,000 x 100,000 takes 74\.5 GiB as a dense array"):
        read(scipy.sparse.csr_matrix((100_000, 100_000)))


def test_warnings_of_stages_and_how_data_was_read_are_in_the_result(tmp_path: Path) -> None:
    found = harness.bench(
        (np.ones((20, 2)), np.repeat([0, 1], 10)),
        "identity",
        "kmeans",
        "ari",
        seeds=1,
        jobs=0,
        store=tmp_path,
        progress=False,
    )
    warned = (
        "identity + kmeans: cluster warned: Number of distinct clusters (1) found smaller than n_clusters"
    )
    assert found.notes[0] == "data: 20 samples x 2 features, 2 classes (10 each)"
    assert any(note.startswith(warned) for note in found.notes)
    assert warned in repr(found)


TEXT = FRAME.assign(hue=["red", "blue"] * 15, size=["small", "large"] * 15)
REFUSED: dict[str, Any] = {
    "two of text": TEXT,
    "two labels": FRAME.assign(label=Y, target=Y),
    "text besides labels": (TEXT.drop(columns="size"), Y),
    "positions": TEXT.set_axis(range(4), axis=1),
    "large numbers": FRAME.assign(id_number=2**62 + np.arange(30)),
}


def refusal(given: Any) -> str:
    with pytest.raises(DataError) as refused:
        read(given)
    assert "'data'(" not in str(refused.value)
    assert not re.search(r"\b(label|drop|missing|unlabelled|one_hot)=", str(refused.value))
    return str(refused.value)


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_advice_on_a_frame_is_python_that_works(given: Any) -> None:
    frame, labels = given if isinstance(given, tuple) else (given, None)
    advice = re.findall(r"(?:: |; )(\(?(?:frame|pd)\..+?)(?=; |\.$)", refusal(given))
    assert advice
    for text in advice:
        other = eval(text, {"frame": frame, "pd": pd})
        found = read(other if labels is None or isinstance(other, tuple) else (other, labels))
        assert found.n_samples == 30


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ((FRAME.where(FRAME > 0), Y), "Fill them, e.g. with sklearn.impute.SimpleImputer"),
        ((X, np.where(Y == 1, np.nan, Y)), "give -1 as the label if they have no class"),
        ((X, np.arange(30)), "or give only the samples."),
        ((X, X[:, 0]), "or give only the samples."),
        (np.c_[2**62 + np.arange(30), np.arange(30)], "Leave out such columns, or subtract an offset."),
    ],
)
def test_advice_names_no_option_of_files(given: Any, advice: str) -> None:
    assert advice in refusal(given)


def test_advice_on_a_frame_of_another_library_makes_it_one_of_pandas() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    assert "(frame.to_pandas().drop(columns=['hue', 'size']), frame.to_pandas()['hue'])" in refusal(
        pyarrow.table(dict(TEXT))
    )


def test_labels_with_the_index_of_the_samples_in_another_order_are_refused():
    frame = pd.DataFrame({"a": np.arange(12) / 7, "b": np.arange(12) / 3})
    labels = pd.Series([0, 1] * 6, name="kind").sample(frac=1, random_state=0)
    with pytest.raises(
        DataError,
        match=r"index of the labels has another order than that of the samples. Give y.loc\[X.index\]",
    ):
        from_object(frame, labels, TableOptions(), where="dataset 'data'")
    for fine in (labels.loc[frame.index], labels.to_numpy(), labels.reset_index(drop=True)):
        assert from_object(frame, fine, TableOptions(), where="dataset 'data'").labels.shape == (12,)


@pytest.mark.parametrize("index", [pd.Index(list("abcdefghijkl")), pd.Index(range(12), name="cell")])
def test_an_index_that_holds_more_than_positions_is_named(index):
    frame = pd.DataFrame({"a": np.arange(12) / 7, "b": np.arange(12) / 3}, index=index)
    raw = from_object(frame, None, TableOptions(), where="toy")
    assert len(raw.left_out) == 1
    assert raw.left_out[0].endswith("(the index)")
    assert from_object(frame.reset_index(drop=True), None, TableOptions(), where="toy").left_out == ()
