"""Leaderboards of suites: whose score counts, what a failure costs, what is left out and said."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from statistics import fmean, median
from typing import Any

import numpy as np
import pytest
from boards import row
from scipy.stats import friedmanchisquare, rankdata
from suites import board_of, many, suite_of, sure

from harness.core.board import Board, Metric
from harness.core.errors import HarnessError
from harness.core.suite import SuiteDataset
from harness.leaderboard.statistics.differences import difference
from harness.leaderboard.statistics.intervals import ends
from harness.leaderboard.statistics.samples import Sample
from harness.leaderboard.suite.build_suite import suite_board
from harness.leaderboard.suite.suite_board import SuiteBoard, SuiteMethod


def method(board: SuiteBoard, name: str) -> SuiteMethod:
    return next(each for each in board.methods if each.name == f"identity + {name}")


def three(**more: Any) -> list[Board]:
    """Three datasets: ward is best on two, k-means on one; dbscan fails on the last."""
    scores = {"a": (0.9, 0.5, 0.3), "b": (0.8, 0.6, 0.2), "c": (0.4, 0.7, None)}
    return [
        board_of(
            name,
            [
                sure("identity", "ward", ward),
                row("identity", "kmeans", [kmeans - 0.1, kmeans + 0.1], **more),
                sure("identity", "dbscan", last)
                if last is not None
                else row("identity", "dbscan", [], statuses={"timeout": 1}),
            ],
        )
        for name, (ward, kmeans, last) in scores.items()
    ]


def test_means_and_ranks_over_datasets() -> None:
    found = suite_board(suite_of("a", "b", "c"), three())
    assert [each.clusterer for each in found.methods] == ["ward", "kmeans", "dbscan"]
    ward, kmeans, dbscan = found.methods
    assert ward.mean == pytest.approx(0.7)
    assert ward.median == pytest.approx(0.8)
    assert kmeans.mean_rank == pytest.approx((2 + 2 + 1) / 3)
    assert [cell.value for cell in kmeans.cells] == pytest.approx([0.5, 0.6, 0.7])
    assert dbscan.mean == pytest.approx(fmean([0.3, 0.2, 0.0]))  # failed counts as 0
    assert (dbscan.failed, dbscan.mean_rank, dbscan.cells[2].reason) == (1, 3.0, "timeout")
    assert ward.profile == pytest.approx((2 / 3, 2 / 3, 2 / 3, 2 / 3, 1.0))
    assert kmeans.profile[-1] == 1.0  # 0.5 >= 0.9 / 2, 0.6 >= 0.8 / 2
    assert (ward.seconds_median, ward.seconds_sum) == (2.5, 7.5)
    assert dbscan.seconds_sum == 5.0  # of the two that finished
    assert "at least 5 datasets" in found.untested


def test_the_best_reference_gives_the_score_and_each_can_be_asked_for() -> None:
    suite = suite_of(SuiteDataset("s", "g", ("s0", "s1"), ("s.0", "s.1")))
    boards = [
        board_of("s.0", [sure("identity", "ward", 0.5), sure("identity", "gmm", 0.9)], classes=2),
        board_of("s.1", [sure("identity", "ward", 0.7), sure("identity", "gmm", 0.1)], classes=3),
    ]
    best = suite_board(suite, boards)
    assert [(each.cells[0].value, each.cells[0].board) for each in best.methods] == [
        (0.9, "s.0"),
        (0.7, "s.1"),
    ]
    assert best.columns[0].classes == (2, 3)
    assert "reference labelling where this mean is best: 1 dataset has several" in best.notes[0]
    each = suite_board(suite, boards, references="each")
    assert [column.name for column in each.columns] == ["s.0", "s.1"]
    assert method(each, "ward").mean == pytest.approx(0.6)
    assert "not independent" in each.notes[0]


@pytest.mark.parametrize("other", ["failed", "missing"])
def test_a_score_on_one_reference_alone_is_no_score(other: str) -> None:
    suite = suite_of(SuiteDataset("s", "g", ("s0", "s1"), ("s.0", "s.1")))
    gone = [row("identity", "gmm", [], statuses={"crashed": 1})] if other == "failed" else []
    boards = [
        board_of("s.0", [sure("identity", "ward", 0.5), sure("identity", "gmm", 0.9)]),
        board_of("s.1", [sure("identity", "ward", 0.7), *gone]),
    ]
    cell = method(suite_board(suite, boards), "gmm").cells[0]
    assert (cell.state, cell.reason) == (("failed", "crashed") if gone else ("gap", "not run"))


def test_a_run_that_did_not_finish_fails_the_dataset() -> None:
    boards = three()
    half = row("identity", "kmeans", [0.99], statuses={"ok": 1, "timeout": 1})
    boards[0] = replace(boards[0], rows=[boards[0].rows[0], half, boards[0].rows[2]])
    found = method(suite_board(suite_of("a", "b", "c"), boards), "kmeans")
    assert (found.failed, found.cells[0].value, found.cells[0].reason) == (1, None, "1 ok, 1 timeout")


def test_methods_with_gaps_have_no_ranks_and_are_named() -> None:
    boards = three()
    boards[0] = replace(boards[0], rows=boards[0].rows[:2])
    found = suite_board(suite_of("a", "b", "c"), boards)
    last = found.methods[-1]
    assert (last.clusterer, last.ranked, last.mean, last.missing) == ("dbscan", False, None, 1)
    assert any("identity + dbscan (2 of 3)" in note for note in found.notes)
    assert found.ranking is not None
    assert len(found.ranking.pipelines) == 2


def test_not_applicable_is_no_failure() -> None:
    boards = three()
    barred = row("identity", "dbscan", [], statuses={"not-applicable": 1})
    boards[2] = replace(boards[2], rows=[*boards[2].rows[:2], barred])
    found = method(suite_board(suite_of("a", "b", "c"), boards), "dbscan")
    assert (found.failed, found.missing, found.cells[2].reason) == (0, 1, "not-applicable")


def test_datasets_of_few_methods_do_not_count_and_those_without_runs_are_named() -> None:
    boards = [*three(), board_of("d", [sure("identity", "ward", 0.0)])]
    found = suite_board(suite_of("a", "b", "c", "d", "e"), boards)
    assert [column.counted for column in found.columns] == [True, True, True, False]
    assert method(found, "ward").mean == pytest.approx(0.7)
    assert found.without_runs == ("e",)
    assert any("fewer than half of the methods: d." in note for note in found.notes)
    assert any("Without runs, so left out: e." in note for note in found.notes)


def test_k_given_by_hand_is_another_method_or_noted() -> None:
    boards = three()
    more = replace(sure("identity", "ward", 0.95), k="4 given")
    boards[0] = replace(boards[0], rows=[*boards[0].rows, more])
    found = suite_board(suite_of("a", "b", "c"), boards)
    assert method(found, "ward").cells[0].value == 0.9
    assert method(found, "ward, K 4 given").cells[0].value == 0.95
    alone = [replace(each, data=replace(each.data, classes=4)) for each in three()]
    notes = suite_board(suite_of("a", "b", "c"), alone).notes
    assert any("not the number of classes in 9 cells" in note for note in notes)


def test_lower_is_better_turns_all_around() -> None:
    boards = [replace(each, metrics=[Metric("accuracy", "lower", False, True)]) for each in three()]
    found = suite_board(suite_of("a", "b", "c"), boards)
    assert [each.clusterer for each in found.methods] == ["dbscan", "kmeans", "ward"]
    assert found.methods[0].mean == pytest.approx(fmean([0.3, 0.2, 0.7]))  # failed: the worst there
    assert found.methods[0].cells[2].value is None
    assert found.methods[0].profile[0] == pytest.approx(2 / 3)
    assert "the worst score on its dataset" in found.notes[1]


def test_the_suite_may_order_by_median() -> None:
    boards = three()
    found = suite_board(suite_of("a", "b", "c", aggregate="median"), boards)
    medians = [each.median for each in found.methods]
    assert medians == sorted(medians, reverse=True) == pytest.approx([0.8, 0.6, 0.2])
    assert median([0.9, 0.8, 0.4]) == medians[0]


def test_wins_are_those_of_the_scalar_difference() -> None:
    suite, boards = many(12, 6)
    found = suite_board(suite, boards, references="each")
    rows = {board.dataset: {f"{r.encoder} + {r.clusterer}": r for r in board.rows} for board in boards}
    for first, second in permutations(range(len(found.methods)), 2):
        expected = [0, 0, 0]
        for column in found.columns:
            one, two = (
                Sample(rows[column.name][found.methods[place].name].values["accuracy"])
                for place in (first, second)
            )
            apart = difference(one, two)
            assert apart is not None
            if apart.how == "exact":
                expected[1 - int(np.sign(apart.mean))] += 1
                continue
            assert apart.interval is not None or not (one.kinds[1] and two.kinds[1])
            estimate = one.estimate().minus(two.estimate())  # type: ignore[union-attr, arg-type]
            low, high = ends(estimate)
            expected[0 if low > 0 else 2 if high < 0 else 1] += 1
        assert list(found.pairs[first][second]) == expected
        assert sum(expected) == len(found.columns)


def test_a_single_seed_ties_with_all_and_failures_lose() -> None:
    boards = [
        board_of(
            name,
            [
                sure("identity", "ward", 0.9),
                row("identity", "kmeans", [0.1]),
                row("identity", "gmm", [], statuses={"timeout": 1}),
            ],
        )
        for name in "ab"
    ]
    found = suite_board(suite_of("a", "b"), boards)
    assert tuple(method(found, "kmeans").versus_best or ()) == (0, 2, 0)
    assert tuple(method(found, "gmm").versus_best or ()) == (0, 0, 2)
    assert any("One seed only" in note for note in found.notes)


def test_friedman_and_groups_are_those_of_the_mean_ranks() -> None:
    suite, boards = many(30, 5)
    found = suite_board(suite, boards)
    scores = np.array([[cell.value for cell in each.cells] for each in found.methods])
    ranks = rankdata(-scores, axis=0)
    assert [each.mean_rank for each in found.methods] == pytest.approx(ranks.mean(1).tolist())
    assert found.friedman is not None
    assert found.friedman.p == pytest.approx(friedmanchisquare(*scores).pvalue)
    assert found.critical_difference is not None
    assert found.ranking is not None
    means = found.ranking.mean_ranks
    for first, last in found.groups:
        assert means[last] - means[first] < found.critical_difference


def test_several_encoders_keep_their_names_and_flags_are_gathered() -> None:
    boards = [
        board_of("a", [row("pca", "kmeans", [0.5]), row("identity", "kmeans", [0.4], settings="oracle")])
    ]
    found = suite_board(suite_of("a"), boards)
    assert [each.name for each in found.methods] == ["pca + kmeans", "identity + kmeans"]
    assert "oracle settings" in found.methods[1].flags
    assert any(note.startswith("oracle settings:") for note in found.notes)


@pytest.mark.parametrize(
    ("metric", "told"),
    [("acuracy", "no metric 'acuracy'. Did you mean"), ("davies-bouldin", "embedding-dependent")],
)
def test_metrics_that_cannot_rank_are_refused(metric: str, told: str) -> None:
    with pytest.raises(HarnessError, match=told):
        suite_board(suite_of("a", "b", "c"), three(), metric)


def test_wrong_boards_are_refused() -> None:
    boards = three()
    with pytest.raises(HarnessError, match=r"no leaderboard yet\. Run 'harness bench --suite"):
        suite_board(suite_of("x"), boards)
    with pytest.raises(HarnessError, match="different protocols never mix, got full, train"):
        suite_board(suite_of("a", "b"), [boards[0], replace(boards[1], protocol="train")])


def test_scores_that_were_not_asked_for_are_gaps_and_lost_ones_failures() -> None:
    boards = three()
    ward, *others = boards[0].rows
    bare = replace(ward, scores={}, values={})
    for told, state in (([], "gap"), (["accuracy failed: no luck"], "failed")):
        some = [replace(boards[0], rows=[replace(bare, notes=told), *others]), *boards[1:]]
        assert method(suite_board(suite_of("a", "b", "c"), some), "ward").cells[0].state == state
    nan = replace(ward, scores={"accuracy": replace(ward.scores["accuracy"], mean=float("nan"))})
    some = [replace(boards[0], rows=[nan, *others]), *boards[1:]]
    cell = method(suite_board(suite_of("a", "b", "c"), some), "ward").cells[0]
    assert (cell.state, cell.reason) == ("failed", "the score is not a finite number")
