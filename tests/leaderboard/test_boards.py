"""Boards say what is in the store: means and spreads, failures, and nothing mixed that must not be."""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import Dataset
from harness.core.board import Board
from harness.core.cell import CellRecord
from harness.core.errors import HarnessError
from harness.core.events import Outcome
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.leaderboard.formats import FORMATS
from harness.leaderboard.formats import flat as flatten
from harness.leaderboard.markdown import markdown
from harness.leaderboard.significance import answer_text
from harness.leaderboard.table_cells import BoardTable
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

METRICS = ("accuracy", "ari", "silhouette", "n-clusters")


class Bench:
    """Runs requests on one store, and draws the board."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")

    def run(self, data: Dataset, encoders: str, clusterers: str, files: Any = (), **options: Any) -> Outcome:
        request = Request(encoders.split(), clusterers.split(), options.pop("metrics", METRICS), **options)
        return run(make_plan(data, "full", request, load_registry(files)), self.store)

    def board(self, name: str = "toy.full") -> Board:
        return load_board(self.store, name)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_summaries_are_those_of_the_records(bench: Bench, toy: Dataset) -> None:
    outcome = bench.run(toy, "identity", "kmeans(init=random)", seeds=4)
    values = [
        record.values["score"]
        for record in outcome.records.values()
        if record.kind == "score" and record.facts["code"]["plugin"].endswith(":accuracy")
    ]
    summary = bench.board().rows[0].scores["accuracy"]
    assert summary.n == len(values) == 4
    assert summary.mean == pytest.approx(np.mean(values))
    assert summary.std == pytest.approx(statistics.stdev(values))
    assert (summary.min, summary.max) == (min(values), max(values))


def test_rows_are_ranked_and_the_best_complete_one_is_bold(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity pca(n_components=1)", "kmeans gmm kmeans(n_clusters=99)", seeds=2)
    board = bench.board()
    means = [row.scores["accuracy"].mean for row in board.rows if "accuracy" in row.scores]
    assert means == sorted(means, reverse=True)
    assert [row.complete for row in board.rows] == [True] * 4 + [False] * 2
    metrics = {metric.name: metric for metric in board.metrics}
    assert board.best.get(metrics["accuracy"].name) == means[0]
    assert board.best.get(metrics["silhouette"].name) is None, "another space is another ruler"
    assert board.best.get(metrics["n-clusters"].name) is None, "no direction"


def test_each_row_is_compared_with_the_best(bench: Bench, toy: Dataset) -> None:
    bench.run(
        toy,
        "identity",
        "kmeans(init=random,n_init=1) gmm kmeans(n_clusters=7) kmeans(n_clusters=99)",
        seeds=5,
    )
    board = bench.board()
    table_of = BoardTable(board)
    answers = table_of.versus("accuracy") or []
    assert [each.answer for each in answers].count("best") == 1
    text = markdown(board)
    assert "vs best: mean accuracy minus that of the best row" in text
    assert "1 row has no answer: fewer than 5 seeds, or a run that did not finish" in text
    table = [line for line in text.split("## Agreement")[1].splitlines() if line.startswith("|")]
    assert table[0].count("95% interval") == 1
    accuracy = next(each for each in board.metrics if each.name == "accuracy")
    for each, cell, line in zip(
        answers, table_of.cells(accuracy), table[2 : 2 + len(board.rows)], strict=True
    ):
        assert answer_text(each) in line
        assert cell.interval is None or f"{cell.interval.low:.4f} – {cell.interval.high:.4f}" in line
    failed = next(line for line in table if "n_clusters=99" in line)
    assert not any(word in failed for word in ("worse", "equal", "?")), "what failed has no answer"


def test_exports_have_medians_and_intervals(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity", "kmeans(init=random,n_init=1) agglomerative", seeds=5)
    board = bench.board()
    (whole,) = json.loads(FORMATS["json"](board))
    for row, line, flat in zip(board.rows, whole["rows"], flatten(board), strict=True):
        scores = [each.value for each in row.values["ari"]]
        assert flat["ari_median"] == line["medians"]["ari"] == np.median(scores)
        if row.deterministic:
            assert line["intervals"] == {}
            assert flat["ari_low"] is None
        else:
            assert line["intervals"]["ari"] == [flat["ari_low"], flat["ari_high"]]
            assert flat["ari_low"] - 1e-9 <= np.mean(scores) <= flat["ari_high"] + 1e-9


def test_failures_stand_in_the_table_never_as_zero(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity", "kmeans kmeans(n_clusters=99)", seeds=2)
    text = markdown(bench.board())
    lines = [line for line in text.splitlines() if "n_clusters=99" in line and line.startswith("|")]
    assert all("0.0000" not in line for line in lines)
    assert lines[0].count("failed") >= 2
    assert "0 of 2" in lines[0]
    assert "n_samples=60 should be &gt;= n_clusters=99" in text


def test_half_failed_row_tells_how_many_and_is_never_best(bench: Bench, toy: Dataset) -> None:
    plugin = bench.folder / "half.py"
    plugin.write_text(
        "import numpy as np\nfrom harness import hookimpl\n"
        "class Half:\n    def __init__(self, random_state=None): self.random_state = random_state\n"
        "    def fit(self, X):\n        if self.random_state == 1: raise RuntimeError('unlucky')\n"
        "        self.labels_ = (X[:, 0] * 3).astype(int)\n"
        "@hookimpl\ndef clusterers(): return {'half': Half}\n"
    )
    bench.run(toy, "identity", "half kmeans", [plugin], seeds=3)
    board = bench.board()
    half = next(row for row in board.rows if row.clusterer == "half")
    assert half.scores["accuracy"].mean == 1.0
    assert (half.runs, half.statuses) == (2, {"ok": 2, "failed": 1})
    accuracy = next(metric for metric in board.metrics if metric.name == "accuracy")
    assert board.best.get(accuracy.name) is None, "one complete row has nothing to beat"
    assert "2 of 3" in markdown(board)


def test_other_data_of_the_same_name_never_mixes(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity", "kmeans", seeds=2)
    other = Dataset("toy", toy.samples[::-1].copy(), toy.truth, n_train=40)
    bench.run(other, "identity", "gmm", seeds=2)
    board = bench.board()
    assert [row.clusterer for row in board.rows] == ["gmm"]
    assert board.digest == other.digest


def test_versions_of_a_plugin_never_mix(bench: Bench, toy: Dataset) -> None:
    code = (
        "from harness import hookimpl\n"
        "class Mine:\n    def __init__(self, random_state=None): self.random_state = random_state\n"
        "    def fit(self, X): self.labels_ = (X[:, 0] > CUT).astype(int)\n"
        "@hookimpl\ndef clusterers(): return {'mine': Mine}\n"
    )
    for version, seeds in (("one", 4), ("two", 2)):
        plugin = bench.folder / version / "mine.py"
        plugin.parent.mkdir()
        plugin.write_text(code.replace("CUT", "0.2" if version == "one" else "0.6"))
        bench.run(toy, "identity", "mine", [plugin], seeds=seeds)
    (row,) = bench.board().rows
    assert row.scores["accuracy"].n == 2
    assert row.scores["accuracy"].std == 0


def test_row_of_what_was_unavailable_goes_when_it_has_run(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity", "kmeans", seeds=2)
    known = bench.store.cells("toy.full")[0]
    names = (known.dataset, known.digest, known.protocol, known.data, known.encoder, known.clusterer)
    for when, rows in (("2000-01-01", 1), ("2999-01-01", 2)):
        bench.store.put_cells([CellRecord(*names, blocked=("unavailable", "needs x"), noted=when)])
        assert len(bench.board().rows) == rows


def test_without_labels(bench: Bench, toy: Dataset) -> None:
    bench.run(Dataset("toy", toy.samples), "identity pca", "kmeans", seeds=2, n_clusters=3)
    board = bench.board()
    assert {metric.name for metric in board.metrics} == {"silhouette", "n-clusters"}
    assert [row.encoder for row in board.rows] == ["identity", "pca"]
    assert "no labels" in markdown(board)


def test_single_seed_and_no_seed_are_marked(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity", "kmeans sklearn.cluster:Birch", seeds=1)
    text = markdown(bench.board())
    assert "One seed only" in text
    assert "| deterministic |" in text
    assert "±" not in text.split("## Agreement")[1]


def test_sample_is_told(bench: Bench) -> None:
    rng = np.random.default_rng(0)
    data = Dataset("toy", rng.random((20_500, 2), dtype=np.float32), rng.integers(0, 2, 20_500))
    metrics = ["davies-bouldin", "sklearn.metrics:davies_bouldin_score"]
    bench.run(data, "identity", "kmeans", metrics=metrics, seeds=1)
    text = markdown(bench.board())
    assert "Computed on a seeded sample of 20,000 rows: sklearn.metrics:davies_bouldin_score." in text


def test_names_and_errors_are_harmless_in_every_format(bench: Bench, toy: Dataset) -> None:
    plugin = bench.folder / "evil.py"
    plugin.write_text(
        "from harness import hookimpl\n"
        "class Evil:\n"
        "    def fit(self, X): raise ValueError('<script>alert(1)</script> | a | `b`\\n# title')\n"
        "@hookimpl\ndef clusterers(): return {'<b>evil</b>': Evil}\n"
    )
    bench.run(toy, "identity", "<b>evil</b> kmeans kmeans(init='a|b')", [plugin], seeds=2)
    board = bench.board()
    for name in ("markdown", "html"):
        text = FORMATS[name](board)
        assert "<script>" not in text
        assert "<b>evil" not in text
        assert "\n# title" not in text
    table = [line for line in markdown(board).splitlines() if line.startswith("|")][:5]
    assert len(table) == 5
    assert {line.replace("\\|", "").count("|") for line in table} == {table[0].count("|")}


def test_unknown_board_lists_the_known(bench: Bench, toy: Dataset) -> None:
    with pytest.raises(HarnessError, match="empty"):
        bench.board()
    bench.run(toy, "identity", "kmeans", seeds=1)
    with pytest.raises(HarnessError, match=r"Did you mean 'toy\.full'"):
        bench.board("toy.ful")


def test_drawing_twice_gives_the_same_bytes(bench: Bench, toy: Dataset) -> None:
    bench.run(toy, "identity pca", "kmeans gmm", seeds=2)
    first = {name: render(bench.board()) for name, render in FORMATS.items()}
    bench.run(toy, "pca identity", "gmm kmeans", seeds=2)
    assert {name: render(bench.board()) for name, render in FORMATS.items()} == first


def test_scores_of_two_versions_of_a_metric_are_no_column(bench: Bench, toy: Dataset) -> None:
    code = (
        "from harness import hookimpl, metric\n"
        "@metric(direction='higher', low=0, high=9, needs=('truth',), source='a test')\n"
        "def share(truth, labels, embedding): return VALUE\n"
        "@hookimpl\ndef metrics(): return {'share': share}\n"
    )
    for value, encoder in (("1.0", "identity"), ("2.0", "pca")):
        plugin = bench.folder / value / "share.py"
        plugin.parent.mkdir()
        plugin.write_text(code.replace("VALUE", value))
        bench.run(toy, encoder, "kmeans", [plugin], metrics=("share", "ari"), seeds=2)
    rows = {row.encoder: row for row in bench.board().rows}
    assert rows["pca"].scores["share"].mean == 2.0
    assert "share" not in rows["identity"].scores
    assert rows["identity"].scores["ari"].n == 2
    assert "not shown, since another version of the metric computed it: share" in rows["identity"].notes
