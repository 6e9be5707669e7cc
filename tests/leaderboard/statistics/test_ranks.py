"""Ranks and tests over datasets: published values, scipy's, failures last, and refusals with reasons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from numpy.typing import NDArray
from samples import board, by_clusterer, constant, row
from scipy import stats

from harness.core.errors import HarnessError
from harness.leaderboard.statistics import ranks
from harness.leaderboard.statistics.diagram import check_path, draw, joined
from harness.leaderboard.statistics.ranks import Ranking, rank, ranked, refusal

# Rounding first base (Hollander & Wolfe, 1973, p. 140), as in R's help page of friedman.test.
ROUNDING = """
5.40 5.50 5.55 5.85 5.70 5.75 5.20 5.60 5.50 5.55 5.50 5.40 5.90 5.85 5.70 5.45 5.55 5.60 5.40 5.40 5.35
5.45 5.50 5.35 5.25 5.15 5.00 5.85 5.80 5.70 5.25 5.20 5.10 5.65 5.55 5.45 5.60 5.35 5.45 5.05 5.00 4.95
5.50 5.50 5.40 5.45 5.55 5.50 5.55 5.55 5.35 5.45 5.50 5.55 5.50 5.45 5.25 5.65 5.60 5.40 5.70 5.65 5.55
6.30 6.30 6.25
"""
# Demšar (2006), table 6: AUC of C4.5, with cross-validated m, cf, and both, on 14 datasets. In
# the row of voting the third and fourth are equal as printed, and by their ranks the third is larger.
DEMSAR = """
.763 .768 .771 .798 .599 .591 .590 .569 .954 .971 .968 .967 .628 .661 .654 .657 .882 .888 .886 .898 .936
.931 .916 .931 .661 .668 .609 .685 .583 .583 .563 .625 .775 .838 .866 .875 1 1 1 1 .940 .962 .965 .962
.619 .666 .614 .669 .972 .981 .9751 .975 .957 .978 .946 .970
"""

# What scikit-posthocs 0.17.1 gives for each pair of these, 0 and 1, 0 and 2, and so on:
# posthoc_nemenyi_friedman of the ranks, posthoc_wilcoxon of the scores with Holm's correction and zsplit.
NEMENYI = [0.088673, 0.956177, 0.074185, 0.259228, 0.999859, 0.226697]
WILCOXON = [0.065811, 0.864117, 0.071649, 0.154248, 0.864117, 0.141678]


def ranking(scores: NDArray[np.float64], higher: bool = True) -> Ranking:
    names = [f"{n} + c" for n in range(scores.shape[1])]
    return Ranking([str(n) for n in range(len(scores))], names, scores, ranked(scores, higher), [], higher)


def numbers(text: str, columns: int) -> NDArray[np.float64]:
    return np.array(text.split(), dtype=float).reshape(-1, columns)


def test_friedman_is_that_of_r() -> None:
    found = ranks.friedman(ranking(numbers(ROUNDING, 3), higher=False))
    assert (round(found.chi2, 3), found.df, round(found.p, 6)) == (11.143, 2, 0.003805)


def test_mean_ranks_and_critical_difference_are_demsar_s() -> None:
    found = ranking(numbers(DEMSAR, 4))
    assert found.mean_ranks.round(3).tolist() == [3.143, 2.0, 2.893, 1.964]
    assert round(ranks.critical_difference(found), 2) == 1.25
    untied = 12 * 14 / (4 * 5) * (np.sum(found.mean_ranks**2) - 4 * 25 / 4)
    assert untied == pytest.approx(9.28, abs=0.005)
    # With q = 2.569 no pair differs by 1.25: the paper says so of 3.143 - 1.964 too.
    p = ranks.nemenyi(found)
    assert p[0, 3] == pytest.approx(
        stats.studentized_range.sf((3.143 - 1.964) / np.sqrt(20 / (6 * 14)) * np.sqrt(2), 4, np.inf), abs=2e-3
    )
    assert p.min() > 0.05


def test_wilcoxon_is_scipy_s_with_holm_by_hand() -> None:
    scores = numbers(ROUNDING, 3)
    pairs = [(0, 1), (0, 2), (1, 2)]
    alone = np.array(
        [stats.wilcoxon(scores[:, i], scores[:, j], zero_method="zsplit").pvalue for i, j in pairs]
    )
    order = np.argsort(alone)
    holm = np.empty(3)
    holm[order] = np.maximum.accumulate(alone[order] * [3, 2, 1]).clip(max=1)
    found = ranks.wilcoxon(ranking(scores, higher=False))
    assert [found[i, j] for i, j in pairs] == pytest.approx(holm)


def test_p_values_of_pairs_are_those_of_scikit_posthocs() -> None:
    found, pairs = ranking(numbers(DEMSAR, 4)), np.triu_indices(4, 1)
    for p, expected in ((ranks.nemenyi(found), NEMENYI), (ranks.wilcoxon(found), WILCOXON)):
        assert p[pairs] == pytest.approx(expected, abs=1e-6)
        assert (p == p.T).all()
        assert (p.diagonal() == 1).all()


def test_a_failure_counts_as_worse_than_anything_for_wilcoxon() -> None:
    scores = np.array([[0.5 + n / 100, 0.5 - n / 50] for n in range(1, 9)])
    whole = ranks.wilcoxon(ranking(scores))[0, 1]
    scores[0, 1] = np.nan
    assert ranks.wilcoxon(ranking(scores))[0, 1] == pytest.approx(whole) == pytest.approx(2 / 2**8)
    scores[0] = [np.nan, 0.4]
    assert ranks.wilcoxon(ranking(scores))[0, 1] > whole, "one large difference the other way"


def test_failures_share_the_last_rank_or_are_left_out() -> None:
    names = ("a + x", "b + x", "c + x", "d + x")
    boards = []
    for dataset in ("one", "two"):
        rows = [row(name, by_clusterer([0.9 - n / 10] * 2)) for n, name in enumerate(names)]
        if dataset == "two":
            rows[0] = row("a + x", by_clusterer([0.99]), failed=1)
            rows[3] = row("d + x", [], failed=2)
        boards.append(board(rows, dataset))
    found = rank(boards, "accuracy")
    assert dict(zip(found.pipelines, found.ranks.T.tolist(), strict=True)) == {
        "b + x": [2, 1],
        "a + x": [1, 3.5],
        "c + x": [3, 2],
        "d + x": [4, 3.5],
    }
    assert dict(zip(found.pipelines, found.failures, strict=True))["a + x"] == 1
    left = rank(boards, "accuracy", "leave-out")
    assert left.pipelines == ["b + x", "c + x"]
    assert left.left_out == ["a + x: failed on a dataset", "d + x: failed on a dataset"]


def test_only_what_stands_on_every_board_is_ranked() -> None:
    first = board({"a + x": constant(0.1), "b + x": constant(0.2)}, "one")
    second = board({"a + x": constant(0.1), "c + x": constant(0.2)}, "two")
    found = rank([first, second], "accuracy")
    assert found.pipelines == ["a + x"]
    assert found.left_out == ["b + x: not on every leaderboard", "c + x: not on every leaderboard"]
    with pytest.raises(HarnessError, match=r"every leaderboard of one\.full, three\.full"):
        rank([first, board({"z + x": constant(0.2)}, "three")], "accuracy")


def test_wrong_boards_are_refused() -> None:
    rows = {"a + x": constant(0.1)}
    with pytest.raises(HarnessError, match="Leaderboards of different protocols never mix, got full, test"):
        rank([board(rows), board(rows, protocol="test")], "accuracy")
    with pytest.raises(HarnessError, match="Did you mean 'accuracy'"):
        rank([board(rows), board(rows, "b")], "acuracy")
    with pytest.raises(HarnessError, match="embedding-dependent"):
        rank([board(rows, own_space=True), board(rows, "b", own_space=True)], "accuracy")


@pytest.mark.parametrize(
    ("datasets", "pipelines", "friedman", "wilcoxon"),
    [
        (4, 3, "at least 5 datasets, got 4.", "at least 6 datasets: with fewer no p-value can be below 0.05"),
        (5, 3, "", "at least 6 datasets"),
        (6, 3, "", ""),
        (6, 2, "at least 3 pipelines, got 2.", ""),
        (6, 1, "at least 3 pipelines", "at least 2 pipelines"),
    ],
)
def test_tests_are_refused_with_a_reason(datasets: int, pipelines: int, friedman: str, wilcoxon: str) -> None:
    found = ranking(np.random.default_rng(0).random((datasets, pipelines)))
    for test, expected in (("friedman", friedman), ("wilcoxon", wilcoxon)):
        told = refusal(found, test)  # type: ignore[arg-type]
        assert expected in told
        assert bool(expected) == bool(told)


def test_fewer_datasets_could_never_give_a_small_p() -> None:
    assert stats.wilcoxon(np.arange(1.0, 6)).pvalue > 0.05 > stats.wilcoxon(np.arange(1.0, 7)).pvalue


@pytest.mark.filterwarnings("error")
def test_pipelines_that_are_all_alike_do_not_differ() -> None:
    found = ranking(np.full((7, 3), 0.5))
    assert ranks.friedman(found).p == 1
    assert ranks.nemenyi(found).min() == pytest.approx(1)
    assert ranks.wilcoxon(found).min() == pytest.approx(1)


def test_false_alarms_of_friedman_are_rare() -> None:
    rng = np.random.default_rng(0)
    alarms = [ranks.friedman(ranking(scores)).p < 0.05 for scores in rng.random((1000, 8, 4))]
    assert np.mean(alarms) <= 0.06


def test_the_diagram_is_drawn_the_same_each_time(tmp_path: Path) -> None:
    found = ranking(np.random.default_rng(0).random((9, 6)) + np.arange(6) / 4)
    for name in ("a.svg", "b.svg", "c.png"):
        draw(found, tmp_path / name, "accuracy")
    text = (tmp_path / "a.svg").read_text()
    assert text == (tmp_path / "b.svg").read_text()
    picture = imread(tmp_path / "c.png")
    assert picture.shape[1] > 600
    assert picture.std() > 0.05
    for name in found.pipelines:
        assert f"{name} " in text
    bars = joined(ranks.nemenyi(found))
    assert text.count("stroke: #555555") == len(bars) > 1
    with pytest.raises(HarnessError, match=r"must end in .svg or .png, e.g. ranks.svg"):
        check_path(tmp_path / "a.pdf")
    with pytest.raises(HarnessError, match="no folder"):
        check_path(tmp_path / "none" / "a.svg")
