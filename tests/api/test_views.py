"""What can be looked at in a result: tables in a notebook, figures, the best run, comparisons, a report."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

import harness
from harness import BadParameter, Dataset, HarnessError, Result
from harness.leaderboard.table_cells import BoardTable

METRICS = ["accuracy", "ari", "nmi", "silhouette"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("views")


@pytest.fixture(scope="module")
def result(folder: Path) -> Result:
    clusterers = {"a<b": "kmeans(n_init=3)", "agglomerative": "agglomerative", "elbow": "kmeans-elbow"}
    options = {"seeds": 3, "jobs": 0, "store": folder / "store", "progress": False}
    return harness.bench("iris", ["identity", "pca(n_components=2)"], clusterers, METRICS, **options)


def cells_of(text: str, row: int) -> list[str]:
    rows = re.findall("<tr>(.+?)</tr>", text)
    return re.findall("<t[dh]>(.*?)</t[dh]>", rows[row])


def test_a_notebook_shows_six_columns_escaped_with_the_best_in_bold(result: Result) -> None:
    text = result._repr_html_()
    assert cells_of(text, 0) == [*("encoder", "clusterer", "K (3 classes)", "accuracy ↑", "vs best", "runs")]
    board = result.boards[0]
    answers = BoardTable(board).versus("accuracy") or []
    for place, (row, versus) in enumerate(zip(board.rows, answers, strict=True)):
        cells = cells_of(text, place + 1)
        assert cells[1] == row.clusterer.replace("<", "&lt;")
        assert cells[4].split(" ")[0] == (versus.answer or "–")
        assert cells[3].startswith("<b>") == (versus.answer == "best")
        assert f"{row.scores['accuracy'].mean:.3f}" in cells[3]
    assert "Not shown: ari, nmi, silhouette." in text
    assert "Note: iris: 150 samples" in text
    assert "prefers-color-scheme" not in text, "colours are those of the text around it"


def test_what_is_the_same_in_each_row_is_said_once(folder: Path, toy: Dataset) -> None:
    options = {"seeds": 5, "jobs": 0, "store": folder / "other", "progress": False}
    found = harness.bench(toy, ["identity", "pca(n_components=1)"], "kmeans", METRICS, **options)
    assert cells_of(found._repr_html_(), 0) == [
        *("encoder", "clusterer", "accuracy ↑", "vs best", "ari ↑", "nmi ↑")
    ]
    assert "K = 3 given, 5 runs per row" in found._repr_html_()
    assert repr(found).startswith("toy, protocol full: 10 runs, 10 ok\nencoder")


def test_too_few_seeds_are_told(folder: Path, toy: Dataset) -> None:
    options = {"seeds": 1, "jobs": 0, "store": folder / "other", "progress": False}
    text = harness.bench(toy, ["identity", "pca(n_components=1)"], "kmeans", "ari", **options)._repr_html_()
    assert cells_of(text, 0) == ["encoder", "clusterer", "ari ↑"]
    assert "Rows are not compared with the best" in text


def test_long_boards_are_cut_and_it_is_told(folder: Path, toy: Dataset) -> None:
    named = {f"kmeans {n}": f"kmeans({n})" for n in range(2, 24)}
    options = {"seeds": 1, "jobs": 0, "store": folder / "other", "progress": False}
    text = harness.bench(toy, "identity", named, "ari", **options)._repr_html_()
    assert text.count("<tr>") == 21
    assert "2 more rows: leaderboard() has all." in text


def test_a_tidy_leaderboard_has_a_row_for_each_metric(result: Result) -> None:
    wide, tidy = result.leaderboard(), result.leaderboard(metrics=["ari", "nmi"])
    assert len(tidy) == 2 * len(wide)
    assert list(tidy.columns[11:]) == [
        *("metric", "mean", "std", "n", "min", "median", "max", "low", "high"),
        *("vs_best", "minus_best", "minus_best_low", "minus_best_high"),
    ]
    assert {str(tidy[name].dtype) for name in ("mean", "std", "low", "minus_best")} == {"float64"}
    for name in ("ari", "nmi"):
        own = tidy[tidy.metric == name]
        assert own["mean"].tolist() == wide[f"{name}_mean"].tolist()
        assert own["n"].tolist() == wide[f"{name}_n"].tolist()
    assert len(result.leaderboard(metrics="ari")) == len(wide)
    with pytest.raises(
        BadParameter, match=r"Unknown metric 'arri'\. Did you mean 'ari'\? Metrics: accuracy, ari,"
    ):
        result.leaderboard(metrics="arri")


def test_the_best_run_is_of_the_row_with_the_best_mean(result: Result) -> None:
    wide, cells = result.leaderboard(), result.to_pandas()
    for metric in (None, "nmi"):
        best, name = result.best(metric), metric or "accuracy"
        row = wide.loc[wide[f"{name}_mean"].idxmax()]
        assert (best.cell.encoder, best.cell.clusterer) == (row.encoder, row.clusterer)
        own = cells[(cells.encoder == row.encoder) & (cells.clusterer == row.clusterer)]
        assert best.scores[name] == own[name].max()
        assert np.array_equal(best.labels, result.labels(best.cell))
        assert len(best.embedding) == 150
        assert f"of this pipeline: {name}" in repr(best)
    with pytest.raises(
        BadParameter, match=r"silhouette cannot rank these rows\. Metrics that can: accuracy,"
    ):
        result.best("silhouette")
    with pytest.raises(BadParameter, match=r"has no metric 'acuracy'\. Did you mean 'accuracy'"):
        result.best("acuracy")
    with pytest.raises(BadParameter, match=r"Unknown leaderboard 'wine'\. Give dataset as one of iris"):
        result.best(dataset="wine")


def test_the_best_row_is_the_bold_one(folder: Path) -> None:
    clusterers = {"one seed": "kmeans(random_state=3)", "several": "kmeans(n_clusters=2)"}
    options = {"seeds": 2, "jobs": 0, "store": folder / "bold", "progress": False}
    found = harness.bench("iris", "identity", clusterers, "accuracy", **options)
    single, several = (row.scores["accuracy"].mean for row in found.boards[0].rows)
    assert single > several == found.boards[0].best["accuracy"]
    assert found.best().cell.clusterer == "several", "a single run is never best beside rows of several"
    fewer = harness.bench("iris", "identity", clusterers, "accuracy", **{**options, "seeds": 1})
    assert fewer.best().cell in fewer.cells, "of this call, though the store has more"
    alone = harness.bench("iris", ["identity", "pca"], "kmeans(random_state=3)", "accuracy", **options)
    assert alone.best().scores["accuracy"] == single, "its seed is written, and no seed of the run"


@pytest.mark.parametrize("kind", ["map", "confusion", "curves", "seeds", "silhouette", "classes", "cost"])
def test_figures(result: Result, kind: str) -> None:
    figure = result.plot(kind)
    assert isinstance(figure, Figure)
    assert figure.get_suptitle().endswith(("deterministic", "seed 0", "seed 1", "seed 2"))
    assert figure.get_facecolor()[:3] > (0.9, 0.9, 0.9), "readable in a dark notebook"
    data, size = figure._repr_png_()  # type: ignore[attr-defined]
    assert data[1:4] == b"PNG"
    assert size["width"] == 768


def test_figures_that_cannot_be_drawn(result: Result) -> None:
    with pytest.raises(
        HarnessError, match=r"Unknown figure 'maps'\. Did you mean 'map'\? Kinds: map, confusion, "
    ):
        result.plot("maps")
    with pytest.raises(BadParameter, match=r"identity \+ a<b, .* has no figure 'curves': a<b chose no K"):
        result.plot("curves", 0)
    with pytest.raises(BadParameter, match="No cell 99"):
        result.plot("map", 99)


def test_figures_of_a_result_are_of_its_own_runs(folder: Path, toy: Dataset) -> None:
    options = {"jobs": 0, "store": folder / "few", "progress": False}
    few = harness.bench(toy, "identity", "kmeans", "ari", seeds=2, **options)
    harness.bench(toy, "identity", "kmeans", "ari", seeds=7, **options)
    assert sum(len(each.get_offsets()) for each in few.plot("seeds").axes[0].collections) in (2, 3)


def test_a_comparison_has_the_answers_of_the_board(result: Result) -> None:
    found = result.compare("accuracy", "identity + agglomerative")
    answers = [each.answer or None for each in BoardTable(result.boards[0]).versus("accuracy") or []]
    assert [row["vs_best"] for row in found.rows] == answers
    assert "minus identity + agglomerative" in found.to_pandas()
    assert "vs best" in repr(found)
    assert "a&lt;b" in found._repr_html_()
    with pytest.raises(HarnessError, match="has no metric 'x'"):
        result.compare("x")


def test_several_datasets_are_ranked(folder: Path) -> None:
    options = {"seeds": 1, "jobs": 0, "store": folder / "store", "progress": False}
    several = harness.bench(["iris", "wine"], "identity", ["kmeans", "agglomerative"], ["ari"], **options)
    frame = several.compare("ari").to_pandas()
    assert list(frame.columns) == ["pipeline", "metric", "mean_rank", "iris", "wine"]
    assert frame.mean_rank.is_monotonic_increasing
    assert "ari on 2 datasets" in repr(several.compare())
    with pytest.raises(
        BadParameter, match=r"There are several leaderboards\. Give dataset as one of iris\.full, wine"
    ):
        several.best()


def test_a_report_is_linked_once_it_is_there(
    result: Result, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert "Report:" not in result._repr_html_()
    page = result.report("pages", pictures=False)
    assert page == Path("pages/iris.full.html")
    assert page.exists()
    assert '<a href="pages/iris.full.html">iris.full.html</a>' in result._repr_html_()


def test_names_are_offered_without_loading_them() -> None:
    assert dir(harness) == sorted(harness.__all__)
    assert {"bench", "Result", "hookimpl"} <= set(dir(harness))
