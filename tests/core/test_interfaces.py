"""What a dataset is, and what it refuses to be; how metrics and datasets are marked."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from harness import Clusterer, DatasetInfo, Encoder, MetricInfo, dataset, metric
from harness.core.errors import DataError
from harness.core.interfaces import Dataset

X = np.random.default_rng(0).random((8, 4), dtype=np.float32)


def with_value(value: float, row: int, column: int) -> Any:
    array = X.copy()
    array[row, column] = value
    return array


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "one dimension": (
        {"samples": X[0]},
        "of float32 or float64, got shape (4,) and dtype float32",
    ),
    "three dimensions": (
        {"samples": X[None]},
        "must be a 2-D array of float32 or float64, got shape (1, 8, 4)",
    ),
    "float16": ({"samples": X.astype("f2")}, "float32 or float64, got shape (8, 4) and dtype float16"),
    "uint8": ({"samples": X.astype(np.uint8)}, "got shape (8, 4) and dtype uint8"),
    "no sample": ({"samples": X[:0]}, "at least 2 samples of 1 feature, got 0 of 4"),
    "one sample": ({"samples": X[:1]}, "at least 2 samples of 1 feature, got 1 of 4"),
    "no feature": ({"samples": X[:, :0]}, "at least 2 samples of 1 feature, got 8 of 0"),
    "nan": ({"samples": with_value(np.nan, 2, 1)}, "must be finite, got nan in row 2, column 1"),
    "inf": ({"samples": with_value(np.inf, 3, 0)}, "must be finite, got inf in row 3, column 0"),
    "-inf": ({"samples": with_value(-np.inf, 7, 3)}, "must be finite, got -inf in row 7, column 3"),
    "fewer labels": ({"truth": np.zeros(7, np.int64)}, "one label per sample, got 7 labels for 8 samples"),
    "more labels": ({"truth": np.zeros(9, np.int64)}, "one label per sample, got 9 labels for 8 samples"),
    "labels in columns": (
        {"truth": np.zeros((8, 2), np.int64)},
        "1-D array of integers, got one that is 2-D",
    ),
    "labels of floats": (
        {"truth": np.zeros(8)},
        "1-D array of integers, got one that is 1-D of dtype float64",
    ),
    "single label": ({"truth": np.array(3)}, "1-D array of integers, got one that is 0-D"),
    "images": ({"image_shape": (3, 3, 1)}, "(height, width, channels) with product 4, got (3, 3, 1)"),
    "images without channels": ({"image_shape": (2, 2)}, "with product 4, got (2, 2)"),
    "no train rows": ({"n_train": 0}, "the train split must hold 1 to 7 rows, got 0"),
    "no test rows": ({"n_train": 8}, "the train split must hold 1 to 7 rows, got 8"),
    "negative split": ({"n_train": -1}, "the train split must hold 1 to 7 rows, got -1"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusals(what: str) -> None:
    options, message = REFUSED[what]
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        Dataset(**{"name": "toy", "samples": X, **options})
    assert str(caught.value).startswith("Dataset 'toy': ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", ".", "..", "../up", "/abs", "a/b", "a\\b", ".hidden", "a\nb"])
def test_a_name_is_a_file_name(name: str) -> None:
    with pytest.raises(DataError, match="a name must be usable as a file name") as caught:
        Dataset(name, X)
    assert "\n" not in str(caught.value)


def test_the_least_and_the_extreme_that_are_accepted() -> None:
    tiny = Dataset("a", np.zeros((2, 1), np.float32), n_train=1)
    assert (tiny.n_samples, tiny.n_features, tiny.n_classes, tiny.truth_digest) == (2, 1, None, None)
    ends = np.tile(np.array([-3e38, 3e38], np.float32), (8, 2))
    assert Dataset("my data.v2", ends, image_shape=(2, 1, 2)).n_samples == 8


def test_sizes() -> None:
    data = Dataset("toy", X, np.array([3, 3, 5, 5, 5, 9, 9, 9]), n_train=5)
    assert (data.n_samples, data.n_features, data.n_classes) == (8, 4, 3)
    assert [data.rows(part) for part in ("train", "test", "all")] == [slice(0, 5), slice(5, 8), slice(0, 8)]


@pytest.mark.parametrize("part", ["train", "test"])
def test_without_a_split_there_are_no_parts(part: Any) -> None:
    assert Dataset("toy", X).rows("all") == slice(0, 8)
    with pytest.raises(
        DataError, match=f"no official train/test split, so it has no '{part}' rows. Use --pro"
    ):
        Dataset("toy", X).rows(part)


def test_digest_is_of_samples_shape_and_split_alone() -> None:
    truth = np.arange(8)
    base = Dataset("toy", X, truth, (2, 2, 1), 4)
    words: Any = {"class_names": ["a"], "licence": "MIT", "source": "here", "scaling": "min-max"}
    for other in (
        Dataset("other", X.copy(), truth[::-1].copy(), (2, 2, 1), 4, **words),
        Dataset("toy", X, None, (2, 2, 1), 4),
        Dataset("toy", np.asfortranarray(X), truth, (2, 2, 1), 4),
        Dataset("toy", np.repeat(X, 2, axis=0)[::2], truth, (2, 2, 1), 4),
    ):
        assert other.digest == base.digest
    digests = {
        base.digest,
        Dataset("toy", X, truth, (2, 2, 1), 5).digest,
        Dataset("toy", X, truth, (2, 2, 1)).digest,
        Dataset("toy", X, truth, (4, 1, 1), 4).digest,
        Dataset("toy", X, truth, None, 4).digest,
        Dataset("toy", X[::-1], truth, (2, 2, 1), 4).digest,
        Dataset("toy", with_value(0.5, 7, 3), truth, (2, 2, 1), 4).digest,
        Dataset("toy", X.reshape(4, 8), None, None, 3).digest,
        Dataset("toy", X.reshape(16, 2), None, None, 3).digest,
    }
    assert len(digests) == 9


def test_labels_have_a_digest_of_their_own() -> None:
    truth = np.arange(8)
    base = Dataset("toy", X, truth)
    assert base.truth_digest == Dataset("other", X * 0, truth.copy()).truth_digest
    assert base.truth_digest == Dataset("toy", X, np.repeat(truth, 2)[::2]).truth_digest
    assert base.truth_digest != Dataset("toy", X, truth[::-1].copy()).truth_digest


def test_samples_are_read_only_and_the_callers_array_is_left_alone() -> None:
    mine = X.copy()
    data = Dataset("toy", mine)
    with pytest.raises(ValueError, match="read-only"):
        data.samples[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        data.samples[data.rows("all")] *= 2
    assert mine.flags.writeable
    mine[0, 0] = 1
    assert np.shares_memory(data.samples, mine), "nothing is copied"


def test_marks_leave_functions_as_they_are() -> None:
    @metric(direction="lower", low=0, high=2, needs=["embedding"], source="paper")
    def ours(truth: Any, labels: Any, embedding: Any) -> float:
        return 1.5

    info = DatasetInfo(10, 4, 2, "MIT", find=lambda: None)

    @dataset(info)
    def data() -> Dataset:
        return Dataset("toy", X)

    assert ours(None, None, None) == 1.5
    assert ours.info == MetricInfo("lower", 0, 2, ("embedding",), "paper")  # type: ignore[attr-defined]
    assert data().name == "toy"
    assert data.info is info  # type: ignore[attr-defined]


def test_contracts_are_plain_methods_and_no_base_class() -> None:
    class Works:
        labels_ = np.zeros(8, np.int64)

        def fit(self, X: Any) -> Any:
            return self

        def transform(self, X: Any) -> Any:
            return X

    class Lacks:
        def fit(self, X: Any) -> Any:
            return self

    assert isinstance(Works(), Encoder)
    assert isinstance(Works(), Clusterer)
    assert not isinstance(Lacks(), Encoder)
    assert not isinstance(Lacks(), Clusterer)
