"""The digest of code that lies in no file: the same for the same code, another for every other."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.base
import sklearn.cluster

from harness.registry.own_code import CodeReader

CODE = """
SIZE, TABLE = 3, np.arange(4)
def helper(x):
    return x * SIZE
class Base:
    scale = 2.0
class Mine(Base, sklearn.base.ClusterMixin, sklearn.base.BaseEstimator):
    words = {"a", "b", "c"}
    def __init__(self, n_clusters=3):
        self.n_clusters = n_clusters
    def fit(self, X, y=None, sample_weight=None):
        from scipy.spatial import distance
        inner = lambda t: helper(t) + TABLE.sum()
        self.labels_ = sklearn.cluster.KMeans(self.n_clusters).fit(inner(X)).labels_
        return self
"""


def read(code: str, name: str = "Mine", *, edited: bool = False, **more: Any) -> CodeReader:
    names = {"__name__": "__main__", "np": np, "sklearn": sklearn, **more}
    exec(code, names)
    reader = CodeReader(edited)
    reader.read(names[name], name)
    return reader


def test_comments_formatting_and_place_are_no_other_code() -> None:
    again = CODE.replace("return x * SIZE", "return (x *\n            SIZE)  # as it was").replace(
        ": ", ":  "
    )
    assert read(CODE).digest == read("\n\n\n" + again).digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("n_clusters=3", "n_clusters=4"),
        ("x * SIZE", "x + SIZE"),
        ("SIZE, TABLE = 3", "SIZE, TABLE = 4"),
        ("np.arange(4)", "np.arange(5)"),
        ("scale = 2.0", "scale = 2.5"),
        ('"a", "b"', '"a", "d"'),
        ("helper(t) +", "helper(t) -"),
        ("distance", "cKDTree"),
        ("(Base, ", "("),
        ("TABLE.sum", "TABLE.min"),
    ],
)
def test_every_part_counts(before: str, after: str) -> None:
    assert before in CODE
    assert read(CODE).digest != read(CODE.replace(before, after)).digest


def test_libraries_are_those_that_it_uses() -> None:
    reader = read(CODE)
    assert reader.libraries == {"scipy", "sklearn"}
    assert (reader.unread, reader.own) == ([], True)


def test_what_a_library_defines_is_not_own_code() -> None:
    reader = CodeReader()
    reader.read([sklearn.cluster.KMeans(3), np.sqrt, len, np.random.default_rng(0), {1, 2}], "objects")
    assert (reader.own, reader.unread) == (False, [])


@pytest.mark.parametrize(
    ("code", "unread"),
    [
        ("def f(x): return lock", "the global lock (lock)"),
        ("def f(x):\n    global count\n    count = 1", "the global count, which it changes"),
        ("import __main__\ndef f(x): return __main__.x", "the module __main__ (module)"),
    ],
)
def test_what_cannot_be_read_is_named(code: str, unread: str) -> None:
    assert read(code, "f", lock=threading.Lock()).unread == [unread]


def test_modules_of_the_working_folder_count_by_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own_helper_module.py"
    file.write_text("import scipy\ndef double(x): return 2 * x\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "own_helper_module", raising=False)
    code = "from own_helper_module import double\ndef f(x): return double(x)"
    first = read(code, "f")
    assert "scipy" in first.libraries
    assert "own_helper_module" in read(code, "f", edited=True).unread[0]
    file.write_text("import scipy\ndef double(x): return 3 * x\n")
    from harness.planning.cache_keys import look_again

    look_again()
    assert read(code, "f").digest != first.digest


def test_recursive_code_ends() -> None:
    code = "def f(n): return g(n)\ndef g(n): return f(n - 1)\nf.me = f"
    assert read(code, "f").digest == read(code, "f").digest
