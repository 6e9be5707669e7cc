"""What rows are to the best one: the tests are scipy's, false answers are few, failures are never best."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest
from samples import board, by_clusterer, by_encoder, constant, crossed, paired, row
from scipy import stats

from harness.core.board import Board
from harness.core.cell import CellRecord, DataFacts, Score
from harness.leaderboard.build import _codes, _metrics
from harness.leaderboard.statistics.contrasts import p_value
from harness.leaderboard.statistics.samples import Estimate, Sample
from harness.leaderboard.statistics.versus_best import Versus, seeds_needed, versus_best


def versus(found: Board, margin: float = 0.01) -> list[Versus]:
    answers = versus_best(found, found.metrics[0], margin)
    assert answers is not None
    return answers


def answers(found: Board, margin: float = 0.01) -> list[str]:
    return [each.answer for each in versus(found, margin)]


@pytest.mark.parametrize("n", [2, 5, 9])
def test_p_values_are_those_of_scipy(n: int) -> None:
    rng = np.random.default_rng(n)
    best, other = rng.normal(0.8, 0.05, 5), rng.normal(0.75, 0.1, n)
    first, second = (Sample(paired(each)).estimate() for each in (best, other))
    assert first is not None
    assert second is not None
    expected = stats.ttest_ind(other, best, equal_var=False, alternative="less").pvalue
    assert p_value(second.minus(first)) == pytest.approx(expected)
    expected = stats.ttest_1samp(other, 0.9, alternative="less").pvalue
    assert p_value(second.minus(Estimate(0.9, 0, inf))) == pytest.approx(expected)


def test_two_rows_without_seeds_are_larger_or_smaller_or_the_same() -> None:
    found = board({"a + b": constant(0.8), "c + d": constant(0.7999), "e + f": constant(0.8)})
    assert answers(found) == ["best", "worse", "equal"]
    assert [each.how for each in versus(found)] == ["", "exact", "exact"]
    assert versus(found)[1].interval is None


def test_worse_equal_and_not_known() -> None:
    spread = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])
    rows = {
        "a + best": by_clusterer(0.9 + spread / 20),
        "b + worse": by_clusterer(0.5 + spread),
        "c + equal": by_clusterer(0.8995 + spread / 20),
        "d + unsure": by_clusterer(0.885 + 3 * spread),
    }
    found = versus(board(rows))
    assert [each.answer for each in found] == ["best", "worse", "equal", "?"]
    for each in found[1:]:
        assert each.interval is not None
    assert found[2].interval is not None
    assert max(map(abs, found[2].interval)) < 0.01
    assert found[3].seeds is not None
    assert found[3].seeds > 5
    assert found[1].seeds is found[2].seeds is None
    assert answers(board(rows), margin=0.0001)[2] == "?"


def test_numbers_of_seeds_give_the_answer_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    difference = Estimate(-0.03, 2 * 0.03**2 / 5, 8)
    seeds = seeds_needed(difference, 5, 0.02, 0.01)
    assert seeds is not None
    p = stats.ttest_ind(
        rng.normal(0.77, 0.03, (2000, seeds)), rng.normal(0.8, 0.03, (2000, seeds)), axis=1,
        equal_var=False, alternative="less",
    ).pvalue  # fmt: skip
    assert 0.75 <= np.mean(p <= 0.02) <= 0.88


def test_a_row_with_few_seeds_has_no_answer_and_a_best_one_leaves_all_without() -> None:
    few = {"a + b": paired([0.5] * 4), "c + d": paired([0.6, 0.7, 0.8, 0.6, 0.7]), "e + f": constant(0.1)}
    assert answers(board(few)) == ["", "best", "worse"]
    assert versus(board(few))[0].why == "4 runs, 5 are needed"
    high = {**few, "a + b": paired([0.9, 0.91, 0.92])}
    assert answers(board(high)) == ["", "", ""]
    assert {each.why for each in versus(board(high))} == {"the best row has fewer than 5 seeds"}
    single = {**few, "a + b": paired([0.9])}
    assert answers(board(single)) == ["", "best", "worse"], "a single run is never best beside several"


def test_how_means_are_rounded_takes_no_answer_away() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        assert "best" in answers(board({f"{n} + a": by_encoder(rng.normal(0.7, 0.01, 5)) for n in range(2)}))


def test_what_is_not_complete_has_no_answer() -> None:
    rows = [
        row("best + a", paired([0.80, 0.81, 0.82, 0.81, 0.80])),
        row("failed + a", paired([0.95, 0.96]), failed=1),
        row("uneven + a", crossed(np.full((3, 3), 0.9))[:-1]),
        row("nothing + a", [], failed=3),
        row("worse + a", by_clusterer([0.10, 0.11, 0.12, 0.11, 0.1])),
    ]
    found = board(rows)
    found = replace(found, rows=[each for each in found.rows if each.encoder != "uneven"])
    assert answers(found) == ["best", "", "", "worse"]
    lacking = replace(row("a + b", paired([0.9, 0.91])), statuses={"ok": 3})
    rows = [lacking, row("c + d", constant(0.5)), row("e + f", constant(0.4))]
    assert answers(board(rows)) == ["", "best", "worse"]


def test_a_seed_that_was_written_is_a_single_run() -> None:
    written = replace(row("a + b", constant(0.9)), deterministic=False)
    found = board([written, row("c + d", constant(0.5)), row("e + f", constant(0.4))])
    assert answers(found) == ["", "best", "worse"]
    assert versus(found)[0].why == "a single seed"


def test_lower_may_be_better_and_some_metrics_rank_nothing() -> None:
    rows = {"a + b": by_clusterer([0.8, 0.81, 0.8, 0.79, 0.8]), "c + d": constant(0.5)}
    found = versus(board(rows, direction="lower"))
    assert [each.answer for each in found] == ["worse", "best"]
    assert found[0].estimate is not None
    assert found[0].estimate.mean == pytest.approx(0.3)
    assert versus_best(board(rows, direction=None), board(rows, direction=None).metrics[0]) is None
    assert versus_best(board(rows, own_space=True), board(rows, own_space=True).metrics[0]) is None


def test_equal_runs_are_certain_only_where_no_row_shows_chance() -> None:
    equal = {"a + b": by_clusterer([0.5] * 5), "c + d": by_clusterer([0.49] * 5)}
    assert answers(board(equal)) == ["best", "worse"]
    spread = {**equal, "e + f": by_clusterer([0.48, 0.49, 0.5, 0.51, 0.51])}
    assert answers(board(spread)) == ["best", "?", "?"], "one that differs tells of chance"


def test_rows_of_the_same_embeddings_are_paired() -> None:
    networks = np.array([0.60, 0.80, 0.70, 0.65, 0.75])
    near = networks - 0.02 + np.array([0.001, -0.001, 0.0005, -0.0005, 0.0])
    same = board({"ae + a": by_encoder(networks), "ae + b": paired(near)})
    assert answers(same) == ["best", "worse"]
    assert versus(same)[1].how == "paired"
    apart = board({"ae + a": by_encoder(networks), "other + b": paired(near)})
    assert answers(apart) == ["best", "?"]
    assert versus(apart)[1].how == "unpaired"


def test_some_rows_are_compared_as_all_are() -> None:
    rng = np.random.default_rng(0)
    whole = board({f"e{n} + c": by_clusterer(rng.normal(0.7 + n / 50, 0.03, 5)) for n in range(9)})
    part = replace(whole, rows=whole.rows[3:5], among=whole.rows)
    assert answers(part) == answers(whole)


def test_another_metric_of_fewer_runs_takes_no_mark_away() -> None:
    data = DataFacts(60, 4, 3, None, None, None, "none", "unknown")

    def cells(seeds: int, *metrics: str) -> list[CellRecord]:
        scores = [
            {name: Score(f"{name} {seed}", "1", "higher", ("truth",)) for name in metrics}
            for seed in range(seeds)
        ]
        return [CellRecord("toy", "0", "full", data, "a", "b", scores=each) for each in scores]

    merged = [*cells(3, "nmi", "accuracy"), *cells(5, "accuracy")[3:]]
    assert [each.name for each in _metrics([merged], {}, _codes([merged]))] == ["accuracy", "nmi"]
    alike = cells(5, "nmi", "accuracy")
    assert [each.name for each in _metrics([alike], {}, _codes([alike]))] == ["nmi", "accuracy"]


def optima(rng: np.random.Generator, size: tuple[int, ...]) -> Any:
    """Scores of pipelines that end in one of two local optima."""
    return np.where(rng.random(size) < 0.5, 0.79, 0.71) + rng.normal(0, 0.005, size)


def shares(scores: Any, encoder: str = "") -> tuple[float, float]:
    """How often any row is called worse, and how often the second is called equal."""
    found = [
        answers(board({f"{encoder or n} + c{n}": by_encoder(each) for n, each in enumerate(rows)}))
        for rows in scores
    ]
    return float(np.mean(["worse" in each for each in found])), float(
        np.mean([each[1] == "equal" for each in found])
    )


@pytest.mark.parametrize("encoder", ["", "ae"])
@pytest.mark.parametrize(
    ("m", "n", "kind"),
    [(2, 5, "beta"), (8, 5, "beta"), (2, 10, "optima"), (12, 10, "optima"), (12, 5, "normal")],
)
def test_worse_is_rare_where_all_are_equal(m: int, n: int, kind: str, encoder: str) -> None:
    rng, size = np.random.default_rng(1), (200, m, n)
    drawn = {"beta": lambda: rng.beta(8, 2, size), "optima": lambda: optima(rng, size)}
    scores = drawn.get(kind, lambda: rng.normal(0.7, 0.03, size))()
    assert shares(scores, encoder)[0] <= 0.085, "5%, and 2.3 standard errors of 200 boards"


@pytest.mark.parametrize("std", [0.002, 0.01, 0.03])
def test_equal_is_rare_where_the_truth_is_lower(std: float) -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal([[[0.8], [0.75], [0.3]]], std, (200, 3, 5))
    assert shares(scores)[1] <= 0.01


def test_real_differences_are_found() -> None:
    rng = np.random.default_rng(0)
    rows = {f"{n} + a": paired(rng.normal(0.8 if n else 0.9, 0.03, 5)) for n in range(12)}
    found = answers(board(rows))
    assert found[0] == "best"
    assert found.count("worse") >= 9
