"""The parts of a site: the answer, the front of score and seconds, methods by dataset, the card."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from boards import METRICS, board, many_rows, row, some_board
from PIL import Image

from harness.core.board import Metric, Summary
from harness.leaderboard.table_cells import BoardTable
from harness.report.site import write_site
from harness.report.site.answer import answer_of
from harness.report.site.card import SIZE, card
from harness.report.site.columns import page_columns
from harness.report.site.filters import encoder_plugins
from harness.report.site.overview import overview_of
from harness.report.site.score_plot import score_plot, ticks


def timed(name: str, values: list[float], seconds: float | None, **changes: Any) -> Any:
    found = None if seconds is None else Summary.of([seconds])
    none = Summary.of([0.0])
    return row("pca", name, values, cluster_seconds=found, encode_seconds=none, **changes)


def test_the_answer_names_the_best_row_and_the_quickest_that_is_not_worse() -> None:
    rows = [
        timed("best", [0.80, 0.90, 0.85, 0.82, 0.88], 9.0),
        timed("near", [0.79, 0.91, 0.84, 0.83, 0.87], 4.0),
        timed("quick", [0.80, 0.90, 0.84, 0.81, 0.88], 0.25),
        timed("poor", [0.10, 0.11, 0.10, 0.11, 0.10], 0.01),
    ]
    answer = answer_of(BoardTable(board(rows), 3))
    assert answer is not None
    assert (answer.lead, answer.score, answer.seconds) == ("pca + best", "0.850", "9.0")
    assert answer.rest == "2 other rows are not significantly worse, the fastest pca + quick (0.25 s)"


def test_the_answer_says_so_where_all_others_are_worse() -> None:
    def near(name: str, value: float) -> Any:
        return timed(name, [value + 0.001 * seed for seed in range(5)], 1.0)

    best, others = near("best", 0.9), [near("x", 0.5), near("y", 0.4)]
    some = (others, others[:1], [*others, timed("single", [0.3], 1.0)])
    found = [answer_of(BoardTable(board([best, *each]))) for each in some]
    assert [each and each.rest for each in found] == [
        "All 2 other rows are significantly worse",
        "The other row is significantly worse",
        "",
    ], "not where a row was not compared"


def test_there_is_no_answer_where_nothing_is_best() -> None:
    assert answer_of(BoardTable(board([timed("one", [0.5, 0.6], 1.0)]))) is None
    assert answer_of(BoardTable(board([timed("x", [0.5], 1.0), timed("y", [0.6], 1.0)], metrics=[]))) is None


def test_the_front_leaves_out_rows_that_did_not_finish_and_single_runs() -> None:
    rows = [
        timed("slow", [0.9, 0.9], 100.0),
        timed("single", [0.95], 1.0),
        timed("partial", [0.94, 0.94], 1.0, statuses={"ok": 2, "failed": 1}),
        timed("quick", [0.5, 0.6], 0.1),
        timed("beaten", [0.4, 0.5], 0.2),
        timed("untimed", [0.99, 0.99], None),
        timed("failed", [], 3.0),
    ]
    plot = score_plot(BoardTable(board(rows), 3))
    assert plot is not None
    assert [each.name for each in plot.front] == ["pca + quick", "pca + slow"]
    assert "Not drawn, without a score or seconds: 2 rows." in plot.caption
    assert plot.svg.count("<circle") == 5
    runs = re.findall(r'<path d="(M\d+ \d+h0[^"]*)"', plot.svg)
    assert sum(path.count("M") for path in runs) == 8, "every run of each row of several"


def test_the_front_of_a_lower_is_better_metric_goes_down() -> None:
    metrics = [Metric("accuracy", "lower", False, True)]
    rows = [timed("low", [0.1, 0.1], 5.0), timed("high", [0.8, 0.8], 1.0), timed("worst", [0.9, 0.9], 7.0)]
    plot = score_plot(BoardTable(board(rows, metrics=metrics), 3))
    assert plot is not None
    assert [each.name for each in plot.front] == ["pca + high", "pca + low"]


def test_a_plot_needs_two_rows_and_bears_equal_ones() -> None:
    assert score_plot(BoardTable(board([timed("a", [0.5], 1.0)]))) is None
    plot = score_plot(BoardTable(board([timed("a", [0.5], 0.0), timed("b", [0.5], 0.0)])))
    assert plot is not None
    assert "nan" not in plot.svg
    assert "Less than a millisecond is drawn as one." in plot.caption


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-3.0, 250.0), (0.5321, 0.5398)])
def test_ticks_are_few_and_round(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 2 <= len(found) <= 7
    assert all(low <= each <= high for each in found)


def test_methods_stand_beside_each_other_and_the_best_of_each_dataset_is_bold() -> None:
    first = board([timed("a", [0.8, 0.9], 1.0), timed("b", [0.5, 0.6], 1.0)])
    second = board([timed("b", [0.7, 0.7], 1.0), timed("c", [0.2, 0.3], 1.0, k="estimated")], dataset="other")
    found = overview_of([first, second])
    lines = {name: [mean and (mean.text, mean.best) for mean in means] for name, means in found.lines}
    assert lines == {
        "pca + b": [("0.550", False), ("0.700", True)],
        "pca + a": [("0.850", True), None],
        "pca + c, K estimated": [None, ("0.250", False)],
    }
    assert next(iter(lines)) == "pca + b", "that on most leaderboards is first"
    assert (found.metrics, found.methods) == (["accuracy", "accuracy"], 3)
    assert len(overview_of([many_rows(50)]).lines) == 10


def test_rows_of_one_method_with_another_k_stay_apart() -> None:
    rows = [timed("a", [0.8, 0.9], 1.0, k="10 given"), timed("a", [0.6, 0.7], 1.0, k="12 given")]
    names = [name for name, _ in overview_of([board(rows)]).lines]
    assert names == ["pca + a, K 10 given", "pca + a, K 12 given"]


def test_columns_in_which_nothing_is_told_are_left_out() -> None:
    titles = [each.title for each in page_columns(BoardTable(some_board()))]
    assert "vs best" not in titles, "all dashes"
    assert "status" in titles, "a row failed"
    fine = board([timed("a", [0.5, 0.6], 1.0), timed("b", [0.6, 0.7], 1.0)])
    assert "status" not in [each.title for each in page_columns(BoardTable(fine))], "all ok"


def test_plugins_of_an_encoder_are_those_of_its_chain_or_alias() -> None:
    known = {"mine": "dense-ae-torch(latent=4, layers=(8,))+umap", "pca": "n_components=8"}
    rows = [row(name, "kmeans", [0.5]) for name in ("mine", "pca", "standardize+pca(n_components=2)")]
    found = board(rows, parameters=known)
    assert [encoder_plugins(found, each) for each in rows] == [
        ["dense-ae-torch", "umap"],
        ["pca"],
        ["standardize", "pca"],
    ]


def test_the_card_is_a_picture_of_the_first_rows_and_the_same_each_time(tmp_path: Path) -> None:
    picture = Image.open(io.BytesIO(card(some_board())))
    assert picture.size == SIZE
    assert len(picture.convert("L").getcolors(256) or []) > 10
    assert card(some_board()) == card(some_board())
    assert card(some_board()) != card(some_board(dataset="other"))
    odd = replace(METRICS[0], direction="lower")
    assert card(board([row("a", "$b$ <i>", [5.0, 7.0])], metrics=[odd]))
    assert card(board([], metrics=[]))


def test_pages_say_to_others_what_they_are(tmp_path: Path) -> None:
    extra = {"How to check": "harness verify here"}
    index, path = write_site([some_board()], tmp_path, title="Mine", extra=extra, source="here/")
    for page, title in ((index, "Mine"), (path, "toy, protocol full – Mine")):
        html = page.read_text()
        meta = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))
        assert meta["og:title"] == title
        assert meta["description"] == meta["og:description"]
        assert len(meta["description"]) > 50
        assert meta["twitter:card"] == "summary_large_image"
        assert (tmp_path / meta["og:image"]).read_bytes() == card(some_board())
        assert re.search(r"<footer.*clustering-harness \d+\.\d+.*2026-01-01", html, re.DOTALL)
    assert "0.850 ± 0.071 by pca + kmeans" in path.read_text()
    assert "harness verify here/" in path.read_text()
    html = index.read_text()
    assert all(
        part in html for part in ("How to check", "<code>here/</code>", "1 leaderboard, 4 rows, 5 runs")
    )


def test_contributors_are_named(tmp_path: Path) -> None:
    index, _ = write_site([some_board(contributors=["Bob", "Ada"])], tmp_path, title="Mine")
    assert "Computed by Ada, Bob." in index.read_text()
