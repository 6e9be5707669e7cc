"""Benchmarks that a program runs: what it may give, what it gets, and where it may run them."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import DBSCAN, Birch, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import rand_score
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from waiting import PATIENCE

import harness
from harness import BadParameter, Dataset, HarnessError, Result
from harness.core.events import Progress
from harness.data.raw import Raw
from harness.data.summary import summary
from harness.data.to_dataset import to_dataset
from harness.execution.dask.executor import DaskExecutor
from harness.leaderboard.build import load_board
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry
from harness.store.store import Store

Bench = Callable[..., Result]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return partial(harness.bench, seeds=2, jobs=0, store=tmp_path / "store", progress=False)


class Strange:
    """Does not keep what it is given."""

    def __init__(self, power: int) -> None:
        pass

    def fit(self, X: Any) -> None: ...


class Unreadable:
    """Does not tell what it was given."""

    def get_params(self, deep: bool = True) -> Any:
        raise AttributeError("no")

    def fit(self, X: Any) -> None: ...


def in_main(monkeypatch: pytest.MonkeyPatch, code: str) -> Any:
    """Run code as that of a script, and return the module."""
    main = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    exec(code, vars(main))
    return main


def test_tables_hold_what_the_store_has(bench: Bench, toy: Dataset) -> None:
    result = bench(toy, ["pca(n_components=2)", "identity"], ["kmeans", "agglomerative"], ["accuracy", "ari"])
    cells, board = result.to_pandas(), result.leaderboard()
    assert list(cells.columns[:8]) == [
        *("dataset", "protocol", "encoder", "clusterer", "k", "encoder_seed", "clusterer_seed", "status")
    ]
    assert len(cells) == 6
    assert set(cells.status) == {"ok"}
    assert list(board.clusterer) == [row.clusterer for row in result.boards[0].rows]
    means = cells.groupby(["encoder", "clusterer"]).ari.mean()
    for _, row in board.iterrows():
        assert means[row.encoder, row.clusterer] == pytest.approx(row.ari_mean)
    assert repr(result).startswith("toy, protocol full: 6 runs, 6 ok\nencoder")
    assert "<table>" in result._repr_html_()
    assert "<h4>toy, protocol full" in result._repr_html_()


def test_a_result_is_of_this_call_alone(bench: Bench, toy: Dataset) -> None:
    first = bench(toy, "identity", ["kmeans", "gmm"], ["ari", "nmi"], seeds=5)
    assert first.boards[0] == load_board(Store(first.store), "toy.full"), "nothing else is there yet"
    again = bench(toy, "identity", "kmeans", ["ari"], seeds=2)
    (row,) = again.leaderboard().to_dict("records")
    assert (row["ari_n"], row["runs"]) == (2, 2)
    assert row["ari_mean"] == pytest.approx(again.to_pandas().ari.mean())
    assert [metric.name for metric in again.boards[0].metrics] == ["ari"]
    assert load_board(Store(first.store), "toy.full").rows[0].scores["ari"].n == 5, "the store keeps all"


@pytest.mark.parametrize("protocol", ["full", "train", "test", "train-test"])
def test_labels_and_embeddings_are_those_of_the_scored_rows(
    bench: Bench, toy: Dataset, protocol: str
) -> None:
    result = bench(toy, ["identity", "pca(n_components=2)"], "kmeans", "n-clusters", protocols=protocol)
    scored = toy.samples[{"full": slice(60), "train": slice(40)}.get(protocol, slice(40, 60))]
    for number, cell in enumerate(result.cells):
        labels, embedding = result.labels(number), result.embedding(cell)
        assert len(labels) == len(embedding) == len(scored)
        assert len(np.unique(labels)) == result.to_pandas()["n-clusters"][number]
        if cell.encoder == "identity":
            assert np.array_equal(embedding, scored)
            assert np.array_equal(result.labels(cell), result.labels(number))
    with pytest.raises(BadParameter, match=r"No cell 99. Give a row of to_pandas\(\), 0 to 3."):
        result.labels(99)


def test_failures_are_rows(bench: Bench, toy: Dataset) -> None:
    result = bench(toy, ["pca(n_components=9)", "identity"], ["kmeans"], ["ari"], seeds=1)
    cells = result.to_pandas()
    assert list(cells.status) == ["failed", "ok"]
    assert "n_components" in cells.reason[0]
    assert "n_components" in result.traceback(0).splitlines()[-1]
    assert result.traceback(1) == ""
    assert np.isnan(cells.ari[0])
    assert "1 failed, 1 ok" in repr(result)
    with pytest.raises(HarnessError, match=r"pca\(n_components=9\) \+ kmeans has none: failed: "):
        result.labels(0)


GIVEN: dict[str, tuple[str, Any, str]] = {
    "class": ("clusterers", Birch, "sklearn.cluster:Birch"),
    "estimator": ("clusterers", Birch(threshold=0.25), "sklearn.cluster:Birch(threshold=0.25)"),
    "defaults written": ("clusterers", Birch(n_clusters=3), "sklearn.cluster:Birch"),
    "encoder": ("encoders", PCA(2, whiten=True), "sklearn.decomposition:PCA(n_components=2, whiten=True)"),
    "chain": ("encoders", [(StandardScaler(), "pca(2)")], "sklearn.preprocessing:StandardScaler+pca(2)"),
    "name": ("encoders", {"mine": PCA(2)}, "mine=sklearn.decomposition:PCA(n_components=2)"),
    "names": ("encoders", {"mine": ("pca", PCA)}, "mine=pca+sklearn.decomposition:PCA"),
    "function": ("metrics", rand_score, "sklearn.metrics:rand_score"),
    "several": ("clusterers", [KMeans(n_init=3), "kmeans"], "sklearn.cluster:KMeans(n_init=3) kmeans"),
}


@pytest.mark.parametrize("what", GIVEN)
def test_objects_are_what_the_command_line_names(bench: Bench, toy: Dataset, what: str) -> None:
    kind, given, text = GIVEN[what]
    asked = {"encoders": ["identity"], "clusterers": ["kmeans"], "metrics": ["ari"], kind: given}
    named = {"encoders": ["identity"], "clusterers": ["kmeans"], "metrics": ["ari"]}
    named[kind] = text.split() if what == "several" else [text]
    plan = make_plan(toy, "full", Request(**named, seeds=2), load_registry())
    result = bench(toy, **asked)
    assert [*result.runs[0].plan.stages] == [*plan.stages]
    assert result.runs[0].plan.cells == plan.cells


def test_a_class_with_a_name_goes_by_it(bench: Bench, toy: Dataset) -> None:
    kmeans = load_plugin(load_registry().find("clusterer", "kmeans"))
    assert {cell.clusterer for cell in bench(toy, "pca", kmeans(n_init=2), "ari").cells} == {
        "kmeans(n_init=2)"
    }


def test_parameters_may_be_objects_where_they_have_a_name(bench: Bench, toy: Dataset) -> None:
    with pytest.raises(BadParameter, match="'func' is an object, which leaderboards cannot show"):
        bench(toy, FunctionTransformer(np.sqrt), "kmeans", "ari")
    result = bench(toy, {"root": FunctionTransformer(np.sqrt)}, "kmeans", "ari", seeds=1)
    assert np.allclose(result.embedding(0), np.sqrt(toy.samples))
    assert result.cells[0].encoder == "root"
    other = bench(toy, {"root": FunctionTransformer(np.square)}, "kmeans", "ari", seeds=1)
    assert other.cells[0].encode != result.cells[0].encode


def test_numbers_may_be_numpy_s(bench: Bench, toy: Dataset) -> None:
    cells = bench(
        toy,
        PCA(np.int64(2), whiten=np.bool_(True)),
        [DBSCAN(eps=eps) for eps in np.linspace(0.1, 0.5, 2)],
        "n-clusters",
        seeds=np.int64(1),
    ).cells
    assert [cell.clusterer for cell in cells] == ["sklearn.cluster:DBSCAN(eps=0.1)", "sklearn.cluster:DBSCAN"]
    assert cells[0].encoder == "sklearn.decomposition:PCA(n_components=2, whiten=True)"


def test_a_function_of_main_stands_for_no_plugin_of_its_name(
    bench: Bench, toy: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = in_main(
        monkeypatch, "def accuracy(truth, labels): return 0.123\ndef mine(truth, labels): return 0.5"
    )
    reason = (
        "Metric accuracy is defined in __main__, but a metric of this name already exists, from built-in."
    )
    for metrics in ([main.accuracy, "accuracy", "ari"], ["accuracy", main.accuracy], main.accuracy):
        with pytest.raises(BadParameter, match=reason):
            bench(toy, "pca", "kmeans", metrics)
    assert set(bench(toy, "pca", "kmeans", [main.mine, "ari"]).to_pandas().mine) == {0.5}


def test_a_mapping_names_data_of_any_kind(bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    for folder, samples in (("a", toy.samples), ("b", toy.samples[:30])):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "t.npy", samples)
    same = {"one": tmp_path / "a/t.npy", "two": str(tmp_path / "b/t.npy"), "three": toy, "four": "digits"}
    result = bench(same, "identity", "kmeans(3)", "n-clusters", seeds=1)
    assert list(result.to_pandas().dataset) == [board.dataset for board in result.boards] == list(same)
    with pytest.raises(HarnessError, match=r"Two datasets are named 't'\. Rename them with a mapping\."):
        bench([same["one"], same["two"]], "identity", "kmeans(3)", "n-clusters")


def test_data_of_any_kind(bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    X, y = toy.samples * 7 - 2, np.array(list("abc"))[toy.truth]
    np.savez(tmp_path / "file.npz", X=X, y=y)
    given = [(X, y), X, pd.DataFrame(X), (pd.DataFrame(X), pd.Series(y)), toy, tmp_path / "file.npz"]
    result = bench(given, "identity", "kmeans", ["ari", "n-clusters"], seeds=1, n_clusters=3)
    cells = result.to_pandas().set_index("dataset")
    assert list(cells.index) == ["data", "data-2", "data-3", "data-4", "toy", "file"]
    assert cells.ari["data"] == cells.ari["data-4"] == cells.ari["file"]
    assert cells["ari"].isna()["data-2"]
    assert [note.partition(" has")[0] for note in result.notes[6:]] == ["'data-2'", "'data-3'"]
    assert result.notes[0] == summary(to_dataset(Raw(X, y), name="data", where="here"))
    assert bench((X, y), "pca", "kmeans", "ari").boards[0].data.classes == 3
    assert bench({"mine": (X, y)}, "pca", "kmeans", "ari").boards[0].name == "mine.full"
    images = bench(
        (np.zeros((5, 4, 4)) + np.arange(5)[:, None, None], None), "identity", "kmeans(2)", "n-clusters"
    )
    assert images.boards[0].data.image_shape == (4, 4, 1)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing named": ({"encoders": ()}, "Name encoders and clusterers, or use all with all=True"),
    "unknown": ({"encoders": "pcaa"}, "Did you mean 'pca'"),
    "no estimator": ({"encoders": 3}, "Encoder: must be a name, class, function or estimator, got 3"),
    "local": ({"metrics": lambda truth, labels: 0}, "is defined within a function, so worker processes"),
    "does not keep": (
        {"clusterers": Strange(3)},
        "does not keep its parameter 'power'. Its constructor must",
    ),
    "protocol": (
        {"protocols": "ful"},
        "protocols[0] must be 'full', 'train-test', 'train' or 'test', got 'ful'. Did you mean 'full'?",
    ),
    "device": ({"device": "gpu"}, "device must be 'auto', 'cpu', 'cuda' or 'mps', got 'gpu'"),
    "retry": (
        {"retry": ["failed", "ok"]},
        "retry[1] must be 'failed', 'crashed', 'timeout', 'out-of-memory' or 'not-applicable', got 'ok'",
    ),
    "seeds": ({"seeds": 0}, "seeds must be a whole number, at least 1, got 0."),
    "limits here": ({"timeout": 5}, "timeout and memory need worker processes"),
    "time": (
        {"timeout": {"fit": 5}, "jobs": 1},
        "timeout['fit']: unknown key 'fit' here. Keys: encode, cluster, score.",
    ),
    "data": ({"datasets": [3]}, "A dataset must be a name, a path, an array X, a frame"),
    "metrics with names": ({"metrics": {"a": "ari"}}, "metrics cannot be renamed"),
    "same name": ({"datasets": [("x"), "digits"], "plugins": "none.py"}, "No plugin file 'none.py'"),
    "an empty chain": ({"encoders": [()]}, "Encoder: a tuple is a chain and must not be empty"),
    "a partial": (
        {"metrics": partial(rand_score)},
        "Metric: leaderboards cannot show the arguments of a functools.partial.",
    ),
    "unreadable": ({"clusterers": Unreadable()}, "Clusterer Unreadable does not return its parameters: no"),
    "a number for a name": ({"encoders": {1: "pca"}}, "encoders: a name must be text, got 1. Use '1'."),
    "a number for data": ({"datasets": {1: np.eye(3)}}, "datasets: a name must be text, got 1. Use '1'."),
    "no data": ({"datasets": []}, "datasets must not be empty: give a name such as 'digits', a path, X or ("),
    "X, y": ({"datasets": [np.eye(3), np.arange(3)]}, "Give samples and classes as a tuple (X, y)."),
    "X, y listed": ({"datasets": [np.eye(3), [0, 1, 2]]}, "Give samples and classes as a tuple (X, y)."),
    "ragged": (
        {"datasets": (np.eye(2), [[1], [1, 2]])},
        "dataset 'data': cannot convert the labels to a NumPy array",
    ),
    "no encoder": ({"encoders": frozenset()}, "Name encoders and clusterers"),
    "no alias": ({"encoders": {"kmeans": "pca", "a|b": "identity"}}, "Invalid encoder alias 'a|b'"),
}


KEYWORDS: list[tuple[str, Any, str]] = [
    ("seeds", 2.0, "seeds must be a whole number, got 2.0."),
    ("seeds", "2", "seeds must be a whole number, got '2'."),
    ("seeds", True, "seeds must be a whole number, got True."),
    ("n_clusters", 0, "n_clusters must be a whole number, at least 1, got 0."),
    ("n_clusters", "2", "n_clusters must be a whole number, got '2'."),
    ("jobs", -1, "jobs must be a whole number, at least 0, got -1."),
    ("threads", 0, "threads must be a whole number, at least 1, got 0."),
    ("memory", 0, "memory must be bytes, a whole number of at least 1, or text, e.g. '4G', got 0."),
    ("memory", -10, "memory must be bytes, a whole number of at least 1, or text, e.g. '4G', got -10."),
    ("memory", "much", "memory: 'much' is not a memory size. Give a number"),
    ("timeout", {}, "timeout must name encode, cluster or score, e.g. {'encode': 3600}, got {}."),
    ("timeout", 0, "timeout must be more than 0 seconds, got 0."),
    (
        "protocols",
        [],
        "protocols must have at least one entry, got [].",
    ),
    ("protocols", [[]], "protocols[0] must be 'full', 'train-test', 'train' or 'test', got []."),
    ("retry", 3, "retry must be one or several in a list, got 3."),
    ("device", None, "device must be 'auto', 'cpu', 'cuda' or 'mps', got None."),
    ("plugins", None, "plugins must be one or several in a list, got None."),
    ("plugins", [3], "plugins[0] must be text or a path, got 3."),
    ("store", 3, "store must be text or a path, got 3."),
    ("arrays", 3, "arrays must be text or a path, got 3."),
    ("settings", "best", "settings must be 'none', 'internal' or 'oracle', got 'best'"),
    ("soft", "no", "soft must be True or False, got 'no'."),
    ("all", None, "all must be True or False, got None."),
    ("progress", "no", "progress must be True, False or a function of one argument, got 'no'."),
    ("dask", "", 'dask must not be empty, e.g. "tcp://host:8786" or "local", got \'\'.'),
    (
        "dask",
        " ",
        "dask must be an address, e.g. 'tcp://host:8786', or 'local', with jobs=1 or more, got ' '",
    ),
    ("dask", 3, 'dask must be text or a path, e.g. "tcp://host:8786" or "local", got 3.'),
]


@pytest.mark.parametrize(("name", "value", "reason"), KEYWORDS)
def test_wrong_keywords(name: str, value: Any, reason: str, bench: Bench, toy: Dataset) -> None:
    with pytest.raises(BadParameter, match=re.escape(reason)):
        bench(toy, "pca", "kmeans", "ari", **{"jobs": 1, name: value})


def test_stages_run_on_workers_of_dask(
    bench: Bench, toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    sent, submit = [], DaskExecutor.submit
    monkeypatch.setattr(DaskExecutor, "submit", lambda *call: sent.append(call) or submit(*call))
    there = bench(toy, "pca", "kmeans", "ari", dask="local", jobs=1, store=tmp_path / "there", seeds=1)
    here = bench(toy, "pca", "kmeans", "ari", seeds=1)
    assert there.to_pandas().ari.tolist() == here.to_pandas().ari.tolist()
    assert np.array_equal(there.labels(0), here.labels(0))
    assert len(sent) == 3


def test_dask_needs_processes(bench: Bench, toy: Dataset) -> None:
    with pytest.raises(BadParameter, match="with jobs=1 or more, got 'local' and jobs=0"):
        bench(toy, "pca", "kmeans", "ari", dask="local")


@pytest.mark.parametrize("what", WRONG)
def test_wrong_calls(what: str, bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    given, reason = WRONG[what]
    with pytest.raises(HarnessError, match=re.escape(reason)):
        bench(**{"datasets": toy, "encoders": "pca", "clusterers": "kmeans", "metrics": "ari", **given})
    assert not (tmp_path / "store").exists()


def test_progress_is_told_as_it_is_asked_for(
    bench: Bench, toy: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Progress] = []
    bench(toy, "pca", "kmeans", "ari", progress=told.append)
    assert [each.done for each in told] == [1, 2, 3, 4, 5]
    assert capsys.readouterr() == ("", "")
    bench(toy, "pca", "kmeans", "ari", progress=True, seeds=3)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "toy, full: 3 runs" in captured.err
    assert "cluster pca by kmeans seed 2: ok" in captured.err


def test_all_and_the_store_of_the_environment(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_STORE", str(tmp_path / "there"))
    few, names = load_registry(), ("identity", "kmeans", "gmm", "hdbscan", "ari")
    few.plugins = {key: plugin for key, plugin in few.plugins.items() if plugin.name in names}
    monkeypatch.setattr("harness.api.bench.load_registry", lambda files: few)
    result = harness.bench(toy, ["identity"], metrics="ari", all=True, seeds=1, jobs=0, progress=False)
    assert set(result.leaderboard().clusterer) == {"kmeans", "gmm", "hdbscan"}
    assert result.store == tmp_path / "there"


@pytest.mark.parametrize("store", ["", None])
def test_an_empty_name_is_no_store(
    store: str | None, bench: Bench, toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_STORE", "")
    result = bench(toy, "pca", "kmeans", "ari", store=store)
    assert result.store == tmp_path / ".harness"
    assert [path.name for path in tmp_path.iterdir()] == [".harness"]


def test_from_a_thread_and_from_a_loop(bench: Bench, toy: Dataset) -> None:
    found: list[Result] = []
    thread = threading.Thread(target=lambda: found.append(bench(toy, "pca", "kmeans", "ari", jobs=1)))
    thread.start()
    thread.join()

    async def inside() -> tuple[Result, Result]:
        return bench(toy, "pca", "kmeans", "ari"), await asyncio.to_thread(bench, toy, "pca", "kmeans", "ari")

    found += asyncio.run(inside())
    assert len(found) == 3
    for each in found:
        pd.testing.assert_frame_equal(each.to_pandas(), found[0].to_pandas())
        assert len(each.labels(0)) == 60


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(text)
    return subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE
    )


HEAD = "import numpy as np, harness\nX = np.random.default_rng(0).random((40, 3))\n"
CALL = "harness.bench(X, 'pca', {}, 'n-clusters', n_clusters=2, seeds=2, jobs={}, progress=False)\n"
PARTS = """import numpy as np
class Parts:
    def __init__(self, n_clusters=2, shift=0): self.n_clusters, self.shift = n_clusters, shift
    def fit(self, X): self.labels_ = (np.arange(len(X)) + self.shift) % self.n_clusters
"""


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    done = script(
        tmp_path, HEAD + "print('once')\nprint(len(" + CALL.format("'kmeans'", 1).strip() + ".cells))\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "once\n2\n", "")


def test_code_that_was_edited_is_run_again(
    bench: Bench, toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "edited_parts.py"
    file.write_text(PARTS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    twos = partial(bench, toy, "pca", metrics="n-clusters", n_clusters=2, jobs=1)
    first = twos(import_module("edited_parts").Parts)
    file.write_text(PARTS.replace("%", "//"))
    again = twos("edited_parts:Parts")
    assert list(first.labels(0)[:3]) == [0, 1, 0]
    assert list(again.labels(0)[:3]) == [0, 0, 1]
    assert first.cells != again.cells


def test_importing_harness_loads_no_more_for_it() -> None:
    code = "import sys, harness; print([name for name in sys.argv[1:] if name in sys.modules]); harness.bench"
    names = ["numpy", "pandas", "pydantic", "click", "pluggy", "sklearn"]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_hooks_of_plugins_are_told(toy: Dataset, bench: Bench, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    (tmp_path / "told.py").write_text(
        "from pathlib import Path\nfrom harness import hookimpl\n"
        "def note(text):\n"
        f"    with Path({str(log)!r}).open('a') as file: file.write(text + ' ')\n"
        "@hookimpl\ndef run_started(plan): note('started')\n"
        "@hookimpl\ndef cell_finished(cell): note('cell')\n"
        "@hookimpl\ndef run_finished(board): note('finished')\n"
    )
    bench(toy, "pca", "kmeans", "ari", plugins=tmp_path / "told.py")
    assert log.read_text().split() == ["started", "cell", "cell", "finished"]


def test_limits_and_processes(bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(
        "import time\nfrom harness import hookimpl\n"
        "class Slow:\n    def fit(self, X): time.sleep(3600)\n"
        "@hookimpl\ndef clusterers(): return {'slow': Slow}\n"
    )
    slow = partial(bench, toy, "identity", "slow", "ari", plugins=[tmp_path / "slow.py"], jobs=1)
    assert list(slow(timeout={"cluster": 0.5}, memory="4G").to_pandas().status) == ["timeout"] * 2
    assert list(slow(timeout=0.5).to_pandas().status) == ["timeout"] * 2
    record = Store(tmp_path / "store").get(slow(timeout=0.4).cells[0].cluster)
    assert record is not None
    assert record.limits["seconds"] == 0.5, "less time is no reason to try again"


def test_a_suite_gives_datasets_and_defaults(bench: Bench) -> None:
    result = bench(suite="toy", clusterers="kmeans", max_samples=160)
    table = result.to_pandas()
    assert {*table["dataset"]} == {"iris"}
    assert {*table["encoder"]} == {"identity"}
    assert {"ari", "ami", "nmi", "accuracy"} <= {*table.columns}
    assert "toy 1: 1 of 9 datasets, 1 leaderboard" in result.notes
    with pytest.raises(BadParameter, match="either datasets or a suite"):
        bench("iris", suite="toy", clusterers="kmeans")
