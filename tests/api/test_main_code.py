"""Classes and functions that a notebook or script itself defines, in worker processes and in this one."""

from __future__ import annotations

import linecache
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from waiting import PATIENCE

import harness
from harness import BadParameter, Dataset, Result

Bench = Callable[..., Result]

PARTS = """
import numpy as np
def place(x): return np.arange(len(x))
class Parts:
    def __init__(self, n_clusters=2, shift=0):
        self.n_clusters, self.shift = n_clusters, shift
    def fit(self, X):
        self.labels_ = (place(X) + self.shift) % self.n_clusters
        return self
class Half:
    def fit(self, X, y=None):
        return self
    def transform(self, X):
        return X / 2
def mine(truth, labels):
    return 0.5
"""


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module of a notebook, in which a cell has been run."""
    module = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", module)
    exec(PARTS, vars(module))
    return module


@pytest.fixture(params=[0, 1])
def bench(request: pytest.FixtureRequest, tmp_path: Path, toy: Dataset) -> Bench:
    options = {"seeds": 2, "n_clusters": 2, "store": tmp_path / "store", "progress": False}
    return partial(
        harness.bench, datasets=toy, encoders="identity", metrics="n-clusters", jobs=request.param, **options
    )


def computed(result: Result) -> set[str]:
    """When the labels of a result were computed."""
    return {run.records[cell.cluster].created for run in result.runs for cell in run.plan.cells}


def labels(result: Result) -> list[int]:
    return list(result.labels(0)[:3])


def test_an_edited_cell_gives_a_new_result_and_an_unchanged_one_is_reused(bench: Bench, main: Any) -> None:
    first = bench(clusterers=main.Parts(shift=1))
    assert labels(first) == [1, 0, 1]
    exec(PARTS, vars(main))
    again = bench(clusterers=[main.Parts(shift=1)])
    assert again.cells == first.cells
    assert computed(again) == computed(first)
    for before, after in (("%", "//"), ("np.arange(len(x))", "np.ones(len(x), int)")):
        exec(PARTS.replace(before, after), vars(main))
        assert labels(bench(clusterers=main.Parts(shift=1))) == ([0, 1, 1] if before == "%" else [0, 0, 0])


def test_both_ways_to_run_share_their_results(bench: Bench, main: Any) -> None:
    here, there = bench(clusterers=main.Parts, jobs=0), bench(clusterers=main.Parts, jobs=1)
    assert here.cells == there.cells
    assert computed(here) == computed(there)


def test_an_old_object_is_refused(bench: Bench, main: Any) -> None:
    old = main.Parts
    exec(PARTS, vars(main))
    with pytest.raises(BadParameter, match=r"Parts differs from the current __main__:Parts"):
        bench(clusterers=old())


def test_encoders_metrics_and_objects_within_others(bench: Bench, main: Any, toy: Dataset) -> None:
    chain = {"halved": make_pipeline(main.Half(), FunctionTransformer(main.np.sqrt))}
    result = bench(encoders=chain, clusterers={"mine": main.Parts()}, metrics=[main.mine, "ari"], seeds=1)
    assert set(result.to_pandas().mine) == {0.5}
    assert np.allclose(result.embedding(0), np.sqrt(toy.samples / 2))
    exec(PARTS.replace("X / 2", "X / 3").replace("0.5", "0.25"), vars(main))
    chain = {"halved": make_pipeline(main.Half(), FunctionTransformer(main.np.sqrt))}
    again = bench(encoders=chain, clusterers={"mine": main.Parts()}, metrics=[main.mine, "ari"], seeds=1)
    assert set(again.to_pandas().mine) == {0.25}
    assert np.allclose(again.embedding(0), np.sqrt(toy.samples / 3))


def test_functions_among_parameters_count_by_their_code(bench: Bench, main: Any, toy: Dataset) -> None:
    for factor in (2, 3):
        exec(f"def scaled(X): return X * {factor}\nunnamed = lambda X: X * {factor + 2}", vars(main))
        for function, expected in ((main.scaled, factor), (main.unnamed, factor + 2)):
            result = bench(encoders={"by": FunctionTransformer(function)}, clusterers="kmeans", seeds=1)
            assert np.allclose(result.embedding(0), toy.samples * expected)


def test_what_has_no_digest_is_run_again_and_a_note_tells(bench: Bench, main: Any) -> None:
    main.lock = threading.Lock()
    exec(PARTS.replace("return np.arange", "lock; return np.arange"), vars(main))
    here = bench(clusterers=main.Parts, jobs=0)
    assert here.notes[-1] == (
        "Clusterer 'Parts': results are not reused, as its code refers to the global lock (lock), "
        "which has no digest"
    )
    assert bench(clusterers=main.Parts, jobs=0).cells[0].cluster != here.cells[0].cluster
    with pytest.raises(BadParameter, match=r"Clusterer Parts cannot be sent to worker processes: .*lock"):
        bench(clusterers=main.Parts, jobs=1)


def test_errors_keep_their_traceback(bench: Bench, main: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PARTS.replace("return np.arange", "return np.arrange")
    monkeypatch.setitem(linecache.cache, "<a cell>", (len(text), None, text.splitlines(True), "<a cell>"))
    exec(compile(text, "<a cell>", "exec"), vars(main))
    result = bench(clusterers=main.Parts, seeds=1)
    assert result.to_pandas().status[0] == "failed"
    assert 'File "<a cell>", line 3, in place' in result.traceback(0)
    assert "def place(x): return np.arrange(len(x))" in result.traceback(0)
    assert "no attribute 'arrange'" in result.traceback(0).splitlines()[-1]


def test_a_script_may_bench_what_it_defines(tmp_path: Path) -> None:
    options = "n_clusters=2, seeds=2, jobs=2, progress=False"
    call = f"harness.bench(X, 'pca', Parts(shift=1), 'n-clusters', {options})"
    X = "np.random.default_rng(0).random((40, 3))"
    (tmp_path / "script.py").write_text(
        f"import harness\n{PARTS}\nX = {X}\nresult = {call}\nprint(result.labels(0)[:3])"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.stdout, done.stderr) == ("[1 0 1]\n", "")


def test_a_page_gives_no_command_that_cannot_run(bench: Bench, main: Any) -> None:
    from harness.report.cell_data import stored_cells
    from harness.report.pages.provenance import provenance_of
    from harness.store.store import Store

    result = bench(datasets="iris", clusterers=[main.Parts, "kmeans"], seeds=1)
    found = stored_cells(Store(result.store), "iris.full")
    commands = {each.record.clusterer: provenance_of(each)["command"] for each in found}
    assert commands["Parts"] == ""
    assert commands["kmeans"].startswith("harness bench -d iris")
