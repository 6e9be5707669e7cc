"""NumPy files: Keras keys, plain keys, shapes, and pickles that are never loaded."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from harness import DataError
from harness.data import read


def images(n=5, shape=(2, 3)):
    return np.random.default_rng(n).integers(2, 256, (n, *shape), dtype=np.uint8)


@settings(max_examples=20, deadline=None)
@given(
    array=hnp.arrays(np.uint8, st.tuples(*[st.integers(2, 4)] * 3)), suffix=st.sampled_from(["npz", "npy"])
)
def test_any_images_come_back(tmp_path_factory, array, suffix):
    array[0, 0, 0] = 255
    path = tmp_path_factory.mktemp("npz") / f"a.{suffix}"
    np.save(path, array) if suffix == "npy" else np.savez(path, X=array)
    data = read(path)
    assert np.array_equal(data.samples, array.reshape(len(array), -1).astype(np.float32) / np.float32(255))
    assert data.image_shape == (*array.shape[1:], 1)


def test_keras_keys_are_an_official_split(tmp_path):
    train, test = images(5), images(3)
    np.savez_compressed(
        tmp_path / "m.npz", x_train=train, y_train=np.arange(5), x_test=test, y_test=np.arange(3)
    )
    data = read(tmp_path / "m.npz")
    assert (data.n_train, data.n_samples, data.image_shape, data.name) == (5, 8, (2, 3, 1), "m")
    assert data.truth.tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    assert np.array_equal(np.rint(data.samples[5:] * 255), test.reshape(3, -1))


def test_train_rows_come_first(tmp_path):
    np.savez(tmp_path / "m.npz", x_train=np.array([[0.0], [1.0]]), x_test=np.array([[3.0], [4.0]]))
    assert read(tmp_path / "m.npz").samples.ravel().tolist() == [0, 1, 3, 4]


@pytest.mark.parametrize("x", ["X", "x", "data"])
@pytest.mark.parametrize("y", ["y", "labels", "target", None])
def test_plain_keys(tmp_path, x, y):
    np.savez(tmp_path / "m.npz", **{x: np.eye(3)}, **({y: np.array(["b", "a", "b"])} if y else {}))
    data = read(tmp_path / "m.npz")
    assert data.samples.tolist() == np.eye(3).tolist()
    assert data.class_names == (("a", "b") if y else ())
    assert read(tmp_path / "m.npz", label=None).truth is None


def test_a_key_can_be_chosen(tmp_path):
    np.savez(tmp_path / "m.npz", X=np.eye(3), y=np.arange(3), coarse=np.array([0, 0, 1]))
    assert read(tmp_path / "m.npz", label="coarse").n_classes == 2
    with pytest.raises(DataError, match=r"no array \'fine\' to take labels from\. Arrays: X, coarse, y"):
        read(tmp_path / "m.npz", label="fine")


@pytest.mark.parametrize(
    ("shape", "expected"), [((4, 6), None), ((4, 2, 3), (2, 3, 1)), ((4, 2, 3, 3), (2, 3, 3))]
)
def test_npy_shapes(tmp_path, shape, expected):
    np.save(tmp_path / "m.npy", np.random.default_rng(0).random(shape))
    data = read(tmp_path / "m.npy")
    assert (data.image_shape, data.truth) == (expected, None)


def test_a_split_with_the_labels_of_one_part_is_refused(tmp_path):
    np.savez(tmp_path / "m.npz", x_train=images(), y_train=np.arange(5), x_test=images())
    with pytest.raises(DataError, match="the test part has no labels"):
        read(tmp_path / "m.npz")


@pytest.mark.parametrize("name", ["m.npz", "m.npy"])
def test_objects_are_never_loaded(tmp_path, name):
    array = np.array([[{}, 1]] * 3, dtype=object)
    path = tmp_path / name
    np.save(path, array, allow_pickle=True) if name == "m.npy" else np.savez(path, X=array)
    with pytest.raises(DataError, match=r"contains Python objects.*never loaded"):
        read(path)


def test_object_labels_are_never_loaded(tmp_path):
    np.savez(tmp_path / "m.npz", X=np.eye(3), y=np.array(["a", 1, None], dtype=object))
    with pytest.raises(DataError, match=r"m\.npz: array 'y': contains Python objects"):
        read(tmp_path / "m.npz")


@pytest.mark.parametrize("name", ["m.npz", "m.npy"])
@pytest.mark.parametrize("keep", [0, 8, 0.5, -3])
def test_truncated_files(tmp_path, name, keep):
    path = tmp_path / name
    np.save(path, images(50)) if name == "m.npy" else np.savez(path, X=images(50))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep) if isinstance(keep, float) else keep])
    with pytest.raises(DataError, match=rf"{name}: (truncated or damaged|array 'X'|holds)") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "m.npz"
    np.savez(path, X=images(50))
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"array 'X': truncated or damaged: .*CRC"):
        read(path)
