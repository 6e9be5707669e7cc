"""Benchmarks that a program runs: what it may give, what it gets, and where it may run them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import Birch, KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import rand_score
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import harness
from harness import BadParameter, Dataset, HarnessError, Result
from harness.leaderboard import load_board
from harness.plan import Request
from harness.planner import make_plan
from harness.registry import load_registry
from harness.run import Progress
from harness.store import Store

Bench = Callable[..., Result]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return partial(harness.bench, seeds=2, jobs=0, store=tmp_path / "store", progress=False)


class Strange:
    """Does not keep what it is given."""

    def __init__(self, power: int) -> None:
        pass

    def fit(self, X: Any) -> None: ...


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
    assert repr(result).startswith("toy, protocol full: 6 cells, 6 ok\nencoder")
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
    with pytest.raises(BadParameter, match=r"There is no cell 99. Give a row of to_pandas\(\), 0 to 3."):
        result.labels(99)


def test_failures_are_rows(bench: Bench, toy: Dataset) -> None:
    result = bench(toy, ["pca(n_components=9)", "identity"], ["kmeans"], ["ari"], seeds=1)
    cells = result.to_pandas()
    assert list(cells.status) == ["failed", "ok"]
    assert "n_components" in cells.reason[0]
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
    kmeans = load_registry().find("clusterer", "kmeans").load()
    assert {cell.clusterer for cell in bench(toy, "pca", kmeans(n_init=2), "ari").cells} == {
        "kmeans(n_init=2)"
    }


def test_parameters_may_be_objects_where_they_have_a_name(bench: Bench, toy: Dataset) -> None:
    with pytest.raises(BadParameter, match="'func' is an object, which boards cannot show"):
        bench(toy, FunctionTransformer(np.sqrt), "kmeans", "ari")
    result = bench(toy, {"root": FunctionTransformer(np.sqrt)}, "kmeans", "ari", seeds=1)
    assert np.allclose(result.embedding(0), np.sqrt(toy.samples))
    assert result.cells[0].encoder == "root"
    other = bench(toy, {"root": FunctionTransformer(np.square)}, "kmeans", "ari", seeds=1)
    assert other.cells[0].encode != result.cells[0].encode


def test_data_of_any_kind(bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    X, y = toy.samples * 7 - 2, np.array(list("abc"))[toy.truth]
    np.savez(tmp_path / "file.npz", X=X, y=y)
    given = [(X, y), X, pd.DataFrame(X), (pd.DataFrame(X), pd.Series(y)), toy, tmp_path / "file.npz"]
    result = bench(given, "identity", "kmeans", ["ari", "n-clusters"], seeds=1, n_clusters=3)
    cells = result.to_pandas().set_index("dataset")
    assert list(cells.index) == ["data", "data-2", "data-3", "data-4", "toy", "file"]
    assert cells.ari["data"] == cells.ari["data-4"] == cells.ari["file"]
    assert cells["ari"].isna()["data-2"]
    assert [note.partition(" has")[0] for note in result.notes] == ["'data-2'", "'data-3'"]
    assert bench((X, y), "pca", "kmeans", "ari").boards[0].data["classes"] == 3
    assert bench({"mine": (X, y)}, "pca", "kmeans", "ari").boards[0].name == "mine.full"
    images = bench(
        (np.zeros((5, 4, 4)) + np.arange(5)[:, None, None], None), "identity", "kmeans(2)", "n-clusters"
    )
    assert images.boards[0].data["image_shape"] == [4, 4, 1]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "nothing named": ({"encoders": ()}, "Name encoders and clusterers, or take every one with all=True"),
    "unknown": ({"encoders": "pcaa"}, "Did you mean 'pca'"),
    "no estimator": ({"encoders": 3}, "Encoder: it must be a name, class, function or estimator, got 3"),
    "local": ({"metrics": lambda truth, labels: 0}, "is defined within a function, where worker processes"),
    "does not keep": ({"clusterers": Strange(3)}, "does not keep its parameter 'power'. Let its constructor"),
    "protocol": (
        {"protocols": "ful"},
        "protocols must be among train-test, train, test, full, got 'ful'. Did",
    ),
    "device": ({"device": "gpu"}, "device must be among auto, cpu, cuda, mps, got 'gpu'"),
    "retry": ({"retry": ["failed", "ok"]}, "retry must be among failed, "),
    "seeds": ({"seeds": 0}, "seeds must be at least 1"),
    "limits here": ({"timeout": 5}, "timeout and memory need processes"),
    "time": ({"timeout": {"fit": 5}, "jobs": 1}, "is no time. Write seconds"),
    "data": ({"datasets": [3]}, "A dataset must be a name, a path, an array X, a pair"),
    "metrics with names": ({"metrics": {"a": "ari"}}, "metrics have no names of their own"),
    "same name": ({"datasets": [("x"), "digits"], "plugins": "none.py"}, "There is no plugin file 'none.py'"),
    "no alias": ({"encoders": {"kmeans": "pca", "pca": "identity"}}, "'pca' cannot be the name of another"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_calls(what: str, bench: Bench, toy: Dataset, tmp_path: Path) -> None:
    given, reason = WRONG[what]
    with pytest.raises(HarnessError, match=reason.replace("(", r"\(").replace(".", r"\.")):
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
    assert "toy, full: 3 cells" in captured.err
    assert "cluster pca by kmeans seed 2: ok" in captured.err


def test_all_and_the_store_of_the_environment(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARNESS_STORE", str(tmp_path / "there"))
    result = harness.bench(toy, ["identity"], metrics="ari", all=True, seeds=1, jobs=0, progress=False)
    assert {"kmeans", "gmm", "hdbscan"} <= set(result.leaderboard().clusterer)
    assert result.store == tmp_path / "there"


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
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=120
    )


HEAD = "import numpy as np, harness\nX = np.random.default_rng(0).random((40, 3))\n"
CALL = "harness.bench(X, 'pca', {}, 'n-clusters', n_clusters=2, seeds=2, jobs={}, progress=False)\n"
PARTS = """
class Parts:
    def __init__(self, n_clusters=2, shift=0): self.n_clusters, self.shift = n_clusters, shift
    def fit(self, X): self.labels_ = (np.arange(len(X)) + self.shift) % self.n_clusters
"""


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    done = script(
        tmp_path, HEAD + "print('once')\nprint(len(" + CALL.format("'kmeans'", 2).strip() + ".cells))\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "once\n2\n", "")


def test_what_main_defines_runs_here_alone_and_is_never_reused(tmp_path: Path) -> None:
    done = script(tmp_path, HEAD + PARTS + CALL.format("Parts", 2))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "Clusterer Parts is defined in __main__, the notebook or script that runs" in last
    assert "or run everything in this process with jobs=0." in last
    text = (
        HEAD + PARTS + "a = " + CALL.format("Parts(shift=1)", 0) + "Old = Parts\n" + PARTS.replace("%", "//")
    )
    text += "b = " + CALL.format("[Parts(shift=1), 'kmeans']", 0)
    text += "print(a.labels(0)[:3], b.labels(0)[:3], [cell.clusterer for cell in b.cells])\n"
    done = script(tmp_path, text + CALL.format("Old()", 0))
    assert done.stdout == "[1 0 1] [0 1 1] ['Parts(shift=1)', 'kmeans', 'kmeans']\n"
    assert "Clusterer Parts is not what __main__:Parts is now. Make it anew" in done.stderr.splitlines()[-1]


def test_code_that_was_edited_is_run_again(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text("import numpy as np\n" + PARTS)
    edit = "from pathlib import Path\nfile = Path('parts.py')\n"
    edit += "file.write_text(file.read_text().replace('%', '//'))\n"
    text = HEAD + "import sys\nsys.dont_write_bytecode = True\nimport parts\n"
    text += "a = " + CALL.format("parts.Parts", 1) + edit + "b = " + CALL.format("'parts:Parts'", 1)
    done = script(tmp_path, text + "print(a.labels(0)[:3], b.labels(0)[:3], a.cells == b.cells)\n")
    assert done.stdout == "[0 1 0] [0 0 1] False\n", done.stderr


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
        "class Slow:\n    def fit(self, X): time.sleep(30)\n"
        "@hookimpl\ndef clusterers(): return {'slow': Slow}\n"
    )
    slow = partial(bench, toy, "identity", "slow", "ari", plugins=[tmp_path / "slow.py"], jobs=1)
    assert list(slow(timeout={"cluster": 0.5}, memory="4G").to_pandas().status) == ["timeout"]
    assert list(slow(timeout=0.5).to_pandas().status) == ["timeout"]
    record = Store(tmp_path / "store").get(slow(timeout=0.4).cells[0].cluster)
    assert record is not None
    assert record.limits["seconds"] == 0.5, "less time is no reason to try again"
