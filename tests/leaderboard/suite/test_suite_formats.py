"""Formats of a suite's leaderboard: the same numbers everywhere, the best marked, failures by reason."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from suites import board_of, many, suite_of, sure
from test_suite_board import three

from harness.leaderboard.suite.build_suite import suite_board
from harness.leaderboard.suite.suite_formats import SUITE_FORMATS

BOARD = suite_board(suite_of("a", "b", "c"), three())


def test_csv_is_long_and_whole() -> None:
    lines = list(csv.DictReader(io.StringIO(SUITE_FORMATS["csv"](BOARD))))
    assert len(lines) == 9
    last = next(each for each in lines if each["clusterer"] == "dbscan" and each["dataset"] == "c")
    assert (last["value"], last["state"], last["reason"]) == ("", "failed", "timeout")
    kmeans = next(each for each in lines if each["clusterer"] == "kmeans" and each["dataset"] == "b")
    assert (float(kmeans["value"]), kmeans["seeds"], kmeans["k"], kmeans["clusters"]) == (
        0.6,
        "2",
        "10 given",
        "10.0",
    )
    assert kmeans["metric"] == "accuracy"


def test_json_is_strict_and_has_the_pairs() -> None:
    (found,) = json.loads(SUITE_FORMATS["json"](BOARD))
    assert found["methods"][0]["name"] == "identity + ward"
    assert found["methods"][0]["profile"]["1.0"] == found["methods"][0]["profile"]["1.1"]
    assert found["methods"][2]["cells"][2] | {"k": ""} == {
        "state": "failed", "reason": "timeout", "board": "c", "value": None, "std": None, "seeds": 0, "k": "",
        "clusters": None, "seconds": None,
    }  # fmt: skip
    assert found["win_tie_loss"][0][2] == [3, 0, 0]


def test_markdown_has_the_summary_before_the_batteries() -> None:
    suite, boards = many(30, 4)
    text = SUITE_FORMATS["markdown"](suite_board(suite, boards))
    places = [text.index(each) for each in ("## Methods\n", "## Ranks", "### fcps", "### wut")]
    assert places == sorted(places)
    assert "The encoder of every method is identity." in text
    assert "Friedman: chi-squared" in text
    assert "identity +" not in text.partition("## Methods\n")[2]
    three_text = SUITE_FORMATS["markdown"](BOARD)
    assert "| a         | 60  | 4   | 10  | **0.900** | 0.500     | 0.300    |" in three_text
    assert "| dbscan   | timeout  | c          |" in three_text
    assert "| timeout  |" in three_text.partition("## Methods by datasets")[2]


def test_markdown_of_several_metrics_has_their_means() -> None:
    more = suite_board(suite_of("a", "b", "c"), three(), "ari")
    text = SUITE_FORMATS["markdown"](BOARD, more).partition("## Other metrics")[2]
    assert text.split("\n")[4].split() == ["|", "method", "|", "accuracy", "|", "ari", "|"]
    assert "| ward     | **0.700**  | **1.700** |" in text


def test_latex_is_booktabs_with_the_best_in_bold() -> None:
    text = SUITE_FORMATS["latex"](BOARD)
    assert text.count("\\begin{tabular}") == text.count("\\end{tabular}") == 2
    assert "a & 60 & 4 & 10 & \\textbf{0.900} & 0.500 & 0.300 \\\\" in text
    assert text.count("\\toprule") == 2
    assert "67\\%" in text


def test_odd_names_are_escaped() -> None:
    odd = replace(BOARD, suite=replace(BOARD.suite, title="<b>|x", citation="A_b & **c**"))
    assert "# &lt;b&gt;\\|x" in SUITE_FORMATS["markdown"](odd)
    assert "A\\_b \\& **c**" in SUITE_FORMATS["latex"](odd)


def test_clusters_found_are_shown_where_k_was_not_given() -> None:
    boards = three()
    boards[0] = replace(boards[0], rows=[replace(boards[0].rows[0], k="estimated"), *boards[0].rows[1:]])
    text = SUITE_FORMATS["markdown"](suite_board(suite_of("a", "b", "c"), boards))
    assert "**0.900 (10)**" in text
    assert "In brackets: clusters found" in text


@pytest.mark.parametrize("name", SUITE_FORMATS)
def test_a_board_on_which_no_dataset_counts_still_has_its_rows(name: str) -> None:
    boards = [board_of(each, [sure("identity", f"{each}-method", 0.5)]) for each in ("one", "two", "three")]
    found = suite_board(suite_of("one", "two", "three"), boards)
    assert [each.counted for each in found.columns] == [False] * 3
    assert found.untested == "No method was run on every dataset, so there are no means and ranks."
    assert [(each.name, each.mean, each.mean_rank) for each in found.methods] == [
        (f"identity + {each}-method", None, None) for each in ("one", "three", "two")
    ]
    assert "three-method" in SUITE_FORMATS[name](found)
