"""Two configurations never share a key, and one configuration has one key, however it is written or held."""

from __future__ import annotations

import copy
import decimal
import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness import Dataset
from harness.core import hashing
from harness.core.hashing import canonical
from harness.core.protocols import PROTOCOLS
from harness.core.spec import display
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import Registry, load_registry

PLUGINS = """from harness import hookimpl, metric
class One:
    def __init__(self, a=1, b=None, random_state=None): pass
    def fit(self, X): pass
    def transform(self, X): pass
class Two:
    def __init__(self, a=1, b=None): pass
    def fit(self, X): pass
    def transform(self, X): pass
class Cut:
    def __init__(self, a=1, b=None, n_clusters=2, random_state=None): pass
    def fit(self, X): pass
class Halves:
    def __init__(self, a=1, b=None): pass
    def fit(self, X): pass
@metric(direction="higher", low=0, high=1, needs=(), source="test")
def share(truth, labels, embedding): pass
@hookimpl
def encoders(): return {"one": One, "two": Two}
@hookimpl
def clusterers(): return {"cut": Cut, "halves": Halves}
@hookimpl
def metrics(): return {"share": share}
"""
DEFAULTS = {"a": 1, "b": None}
SEEDED = ("one", "cut")

words = st.text(alphabet="a1+,()=' \"\\:|N", max_size=4) | st.sampled_from(
    ["1", "True", "None", "nan", "1.0"]
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.1, float("nan"), float("inf"), float("-inf"), 1e300])
    | words
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(inner, max_size=3)
    return (
        few | few.map(tuple) | st.dictionaries(words | st.integers(0, 1) | st.booleans(), inner, max_size=2)
    )


written = st.recursive(leaves, nested, max_leaves=4)  # what can be written on the command line
kinds = [np.bool_, np.int8, np.int64, np.uint8, np.float32, np.float64, np.complex64, np.str_]
scalars = st.builds(lambda kind, value: kind(value), st.sampled_from(kinds), st.integers(0, 2))
arrays = st.builds(
    lambda values, kind, shape: np.array(values, dtype=kind).reshape(shape),
    st.lists(st.integers(0, 1), min_size=2, max_size=2),
    st.sampled_from(["i4", "i8", "f4", "f8", "U1", "M8[s]", "O", ">i4"]),
    st.sampled_from([(2,), (1, 2), (2, 1)]),
)
held = st.recursive(leaves | scalars | arrays, nested, max_leaves=4)  # what a plugin's own code can give


def told(value: Any) -> Any:
    """Write a value so that what a plugin may tell apart differs, and nothing else does."""
    if isinstance(value, dict):
        return "dict", [(told(key), told(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [told(item) for item in value]
    if isinstance(value, np.ndarray):
        return "array", value.dtype.str, value.shape, told(value.ravel().tolist())
    return type(value).__name__, repr(value)


@settings(max_examples=300, deadline=None)
@given(st.lists(held, min_size=2, max_size=20))
@example([1.0, np.float64(1.0), "a", np.str_("a")])
def test_parameters_look_alike_where_they_are_alike(values: list[Any]) -> None:
    found = [hashing.digest({"params": canonical({"a": value})}) for value in values]
    meant = [repr(told(value)) for value in values]
    assert len({*zip(found, meant, strict=True)}) == len({*found}) == len({*meant})


@given(held)
def test_a_copy_is_the_same_parameter(value: Any) -> None:
    assert json.dumps(canonical(copy.deepcopy(value))) == json.dumps(canonical(value))


class Plain:
    """An object whose repr tells nothing of what it holds."""

    def __init__(self, held: Any) -> None:
        self.held = held


ODD: dict[str, tuple[Any, Any]] = {
    "generators": (np.random.RandomState(0), np.random.RandomState(1)),
    "new generators": (np.random.default_rng(0), np.random.default_rng(1)),
    "objects": (Plain(1), Plain(2)),
    "objects in objects": (Plain(Plain(1)), Plain(Plain(True))),
    "partial functions": (functools.partial(np.sum, axis=0), functools.partial(np.sum, axis=1)),
    "long arrays": (np.zeros(9999), np.eye(9999)[5000]),
    "arrays of objects": (np.array([1, "a"], dtype=object), np.array(["1", "a"], dtype=object)),
    "masked arrays": (np.ma.array([1, 2], mask=[False, True]), np.ma.array([1, 2])),
    "arrays that may be masked": (np.ma.array([1, 2]), np.array([1, 2])),
    "dates": (np.datetime64("2020"), np.datetime64("2020-01-01")),
    "long numbers": (np.longdouble(1) / 3, np.longdouble(1 / 3)),
    "decimals": (decimal.Decimal("1"), decimal.Decimal("1.0")),
    "bytes": (b"a", b"b"),
    "ranges": (range(3), range(4)),
    "paths": (Path("a"), Path("b")),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_parameters(what: str) -> None:
    one, other = (json.dumps(canonical(value)) for value in ODD[what])
    assert one != other
    assert "0x" not in one
    assert json.dumps(canonical(copy.deepcopy(ODD[what][0]))) == one


@functools.cache
def registry(folder: Path) -> Registry:
    (folder / "mine.py").write_text(PLUGINS)
    return load_registry([folder / "mine.py"])


def data(value: float, n_train: int) -> Dataset:
    samples = np.full((6, 2), value, dtype=np.float32)
    return Dataset("toy", samples, np.arange(6) % 3, n_train=n_train)


DATA = [data(0.5, 4), data(0.25, 4), data(0.5, 3)]
parameters = st.dictionaries(st.sampled_from("ab"), written, max_size=2)
configurations = st.fixed_dictionaries(
    {
        "chain": st.lists(st.tuples(st.sampled_from(["one", "two"]), parameters), min_size=1, max_size=3),
        "clusterer": st.tuples(st.sampled_from(["cut", "halves"]), parameters),
        "seeds": st.integers(1, 2),
        "k": st.sampled_from([None, 3, 4]),
        "data": st.integers(0, len(DATA) - 1),
        "protocol": st.sampled_from(["full", "train", "test"]),
    }
)


def keys(asked: dict[str, Any], folder: Path) -> tuple[str, str]:
    """Write a configuration as on the command line, plan it, and return the keys of its last cell."""
    chain = "+".join(display(*step) for step in asked["chain"])
    names = ([chain], [display(*asked["clusterer"])], ["share"])
    request = Request(*names, seeds=asked["seeds"], n_clusters=asked["k"])
    cell = make_plan(DATA[asked["data"]], asked["protocol"], request, registry(folder)).cells[-1]
    return cell.encode, cell.cluster


def meant(asked: dict[str, Any]) -> tuple[Any, Any]:
    """Say what the encoder's and the clusterer's results depend on."""

    def step(name: str, params: Any, k: int | None = None) -> Any:
        values = {name: told(value) for name, value in {**DEFAULTS, **params}.items()}
        return name, values, asked["seeds"] if name in SEEDED else None, k if name == "cut" else None

    encode = (
        [step(*each) for each in asked["chain"]],
        DATA[asked["data"]].digest,
        PROTOCOLS[asked["protocol"]][0],
    )
    name, params = asked["clusterer"]
    return encode, (encode, step(name, params, asked["k"] or 3))


@settings(max_examples=300, deadline=None)
@given(one=configurations, other=configurations, same=st.sets(st.sampled_from([*"abcdef"])))
def test_two_configurations_never_share_a_key(
    one: dict[str, Any], other: dict[str, Any], same: set[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp()
    other = {
        name: one[name] if letter in same else other[name] for letter, name in zip("abcdef", one, strict=True)
    }
    for key, key_of_other, what, what_of_other in zip(
        keys(one, folder), keys(other, folder), meant(one), meant(other), strict=True
    ):
        assert (key == key_of_other) == (what == what_of_other)
