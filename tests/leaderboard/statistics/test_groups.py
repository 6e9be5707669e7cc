"""What cannot be told from the best: the tests are scipy's, false alarms are few, failures are never best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from samples import board, by_clusterer, by_encoder, constant, crossed, paired, row
from scipy import stats

from harness.core.board import Board
from harness.core.cell import CellRecord, DataFacts, Score
from harness.leaderboard.build import _codes, _metrics
from harness.leaderboard.statistics.groups import p_values, standings, told_apart
from harness.leaderboard.statistics.samples import Estimate, Sample


def groups(found: Board) -> list[str] | None:
    marks = standings(found, found.metrics[0])
    return None if marks is None else list(marks)


@pytest.mark.parametrize("n", [2, 5, 9])
def test_p_values_are_those_of_scipy(n: int) -> None:
    rng = np.random.default_rng(n)
    best, other = rng.normal(0.8, 0.05, 5), rng.normal(0.75, 0.1, n)
    estimates = [Sample(paired(each)).estimate() for each in (best, other)]
    assert estimates[0] is not None
    assert estimates[1] is not None
    (p,) = p_values(estimates[0], [estimates[1]])
    assert p == pytest.approx(stats.ttest_ind(other, best, equal_var=False, alternative="less").pvalue)
    (p,) = p_values(Estimate(0.9, 0, float("inf")), [estimates[1]])
    assert p == pytest.approx(stats.ttest_1samp(other, 0.9, alternative="less").pvalue)


def test_two_rows_without_seeds_are_told_apart_by_any_difference() -> None:
    assert groups(board({"a + b": constant(0.8), "c + d": constant(0.7999), "e + f": constant(0.8)})) == [
        "best",
        "worse",
        "like best",
    ]


def test_the_correction_is_for_ordered_pairs_of_what_is_still_in() -> None:
    best = Estimate(0.9, 0.0, float("inf"))
    far = {1: Estimate(0.1, 0.0, float("inf"))}
    at = {p: Estimate(0.9 + float(stats.t.ppf(p, 4)) * 0.01, 1e-4, 4) for p in (0.008, 0.009, 0.024, 0.026)}
    assert told_apart(best, {0: at[0.024]}) == {0}  # 2 ordered pairs of 2 rows
    assert told_apart(best, {0: at[0.026]}) == set()
    assert told_apart(best, {0: at[0.008], 2: at[0.026]}) == {0}  # 6 of 3, and 2 of the 2 that are left
    assert told_apart(best, {0: at[0.009], 2: at[0.026]}) == set()
    assert told_apart(best, {0: at[0.024], **far}) == {0, 1}, "what is out is paid for no more"


def test_what_cannot_be_tested_is_neither_in_nor_out() -> None:
    rows = [
        row("best + a", paired([0.80, 0.81, 0.82])),
        row("failed + a", paired([0.95, 0.96]), failed=1),
        row("single + a", paired([0.99])),
        row("alike + a", by_encoder([0.80, 0.82, 0.81])),
        row("uneven + a", crossed(np.full((3, 3), 0.9))[:-1]),
        row("nothing + a", [], failed=3),
        row("worse + a", by_clusterer([0.10, 0.11, 0.12])),
    ]
    expected = ["best", "incomplete", "not tested", "like best", "not tested", "incomplete", "worse"]
    assert groups(board(rows)) == expected


def test_lower_may_be_better_and_some_metrics_rank_nothing() -> None:
    rows = {"a + b": constant(0.8), "c + d": constant(0.7)}
    assert groups(board(rows, direction="lower")) == ["worse", "best"]
    assert groups(board(rows, direction=None)) is None
    assert groups(board(rows, own_space=True)) is None


def test_a_score_that_some_runs_lack_is_incomplete() -> None:
    lacking = row("a + b", paired([0.9, 0.91]))
    lacking = replace(lacking, statuses={"ok": 3})
    rows = [lacking, row("c + d", constant(0.5)), row("e + f", constant(0.4))]
    assert groups(board(rows)) == ["incomplete", "best", "worse"]


def test_equal_runs_alone_make_no_row_certain() -> None:
    equal = {"a + b": by_clusterer([0.5] * 5), "c + d": by_clusterer([0.50001] * 5)}
    assert groups(board(equal)) == ["not tested", "not tested"]
    both = {**equal, "e + f": constant(0.4), "g + h": constant(0.3)}
    assert groups(board(both)) == ["not tested", "not tested", "best", "worse"]
    spread = {**equal, "e + f": by_clusterer([0.48, 0.49, 0.5, 0.51, 0.52])}
    assert groups(board(spread)) == ["like best", "best", "like best"], "one that differs tells of chance"


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


@pytest.mark.parametrize("n", [5, 10])
@pytest.mark.parametrize(("m", "kind"), [(2, "beta"), (4, "beta"), (2, "optima"), (12, "optima")])
def test_false_alarms_are_rare(n: int, m: int, kind: str) -> None:
    rng = np.random.default_rng(1)
    alarms = 0
    size = (1500, m, n)
    for scores in optima(rng, size) if kind == "optima" else rng.beta(8, 2, size):
        means, variances = scores.mean(1), scores.var(1, ddof=1) / n
        rows = [Estimate(float(m), float(v), n - 1) for m, v in zip(means, variances, strict=True)]
        best = int(means.argmax())
        alarms += bool(told_apart(rows[best], {k: each for k, each in enumerate(rows) if k != best}))
    assert alarms / 1500 <= 0.06


def test_real_differences_are_found() -> None:
    rng = np.random.default_rng(0)
    rows = {f"{name} + a": paired(rng.normal(mean, 0.01, 5)) for name, mean in (("a", 0.9), ("b", 0.8))}
    assert groups(board(rows)) == ["best", "worse"]
