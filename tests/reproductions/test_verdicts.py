"""What the program says of printed numbers, from matrices, inertia and the place among runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from harness.reproductions.evidence import matrix_scorer
from harness.reproductions.measurements import Measured, Pool
from harness.reproductions.reports import Reported, load_reports
from harness.reproductions.verdicts import Judged, judge, tally

Score = Callable[[str, list[list[int]]], float]


@pytest.fixture(scope="module")
def score() -> Score:
    return matrix_scorer()


def reported(**changes: object) -> Reported:
    run = {"encoders": ["code"], "clusterers": ["kmeans"], "protocol": "train"}
    made = {"report": "r", "title": "t", "run": run, "says": {"accuracy": "0.55"}, "matching": "?", **changes}
    return Reported.model_validate(made)


def runs(encoder: str = "code", **numbers: list[float]) -> list[Measured]:
    columns = [dict(zip(numbers, values, strict=True)) for values in zip(*numbers.values(), strict=True)]
    return [
        Measured("train", encoder, "kmeans", (None, n), "10 given", each) for n, each in enumerate(columns)
    ]


def one(result: Reported, cells: list[Measured], score: Score) -> Judged:
    return judge(result, Pool(tuple(cells)), score)[0]


def printed(report: str, title: str) -> Reported:
    return next(each for each in load_reports() if (each.report, each.title) == (report, title))


def test_that_of_r4_is_purity_by_its_own_matrix(score: Score) -> None:
    result = printed("r4-akula", "dense autoencoder, k-means")
    line = judge(result, Pool(()), score)[0]
    assert line.verdict == "contradicted"
    assert line.reason == (
        "the reported confusion matrix has accuracy 0.5546 and purity 0.5713: the number is purity"
    )


def test_the_matrices_of_r1_and_the_mixture_of_r4_give_what_is_printed(score: Score) -> None:
    for result in load_reports():
        if result.matrix and result.title != "dense autoencoder, k-means":
            assert abs(score("accuracy", result.matrix) - float(result.says["accuracy"])) < 5e-5
            assert judge(result, Pool(()), score)[0].verdict == "not measured"


def test_every_printed_matrix_counts_every_class_alike() -> None:
    for result in load_reports():
        if result.matrix:
            assert len({sum(row) for row in result.matrix}) == 1


def test_an_inertia_of_other_data_is_found_out(score: Score) -> None:
    says = {"purity": "0.5537", "inertia": "1906652.5", "loss": "0.29"}
    codes = runs(inertia=[700.0, 720.0], purity=[0.55, 0.56], loss=[0.29, 0.29])
    pixels = runs("identity", inertia=[1906650.0, 1956878.0], purity=[0.5533, 0.58])
    found = judge(reported(says=says), Pool((*codes, *pixels)), score)
    assert [each.verdict for each in found] == [
        "contradicted",
        "contradicted",
        "reproduced",
    ]
    assert "is that of identity + kmeans, seed 0: 1,906,650.0, purity 0.5533" in found[0].reason
    assert "on the codes of code it is 700 to 720" in found[0].reason


@pytest.mark.parametrize("pixels", [[1.5e6, 1.6e6], []])
def test_an_inertia_that_is_nobodys_is_no_evidence(score: Score, pixels: list[float]) -> None:
    says = {"purity": "0.5537", "inertia": "1906652.5"}
    cells = [*runs(inertia=[700.0], purity=[0.555]), *runs("identity", inertia=pixels)]
    assert one(reported(says=says), cells, score).verdict == "reproduced"


def test_an_inertia_near_that_of_its_own_runs_is_no_evidence(score: Score) -> None:
    says = {"purity": "0.5537", "inertia": "1906652.5"}
    cells = [*runs(inertia=[1.9e6], purity=[0.7]), *runs("identity", inertia=[1906652.0])]
    assert one(reported(says=says), cells, score).verdict == "not reproduced"


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.545, 0.56], "reproduced"),  # 0.0025 from the mean
        ([0.45, 0.58], "within range"),
        ([0.45, 0.52], "not reproduced"),
        ([0.57, 0.58], "not reproduced"),
        ([0.45, 0.546], "within range"),  # 0.546 is 0.55 as it is printed
        ([], "not measured"),
    ],
)
def test_a_number_has_its_place_among_the_runs(score: Score, values: list[float], verdict: str) -> None:
    line = one(reported(), runs(accuracy=values), score)
    assert line.verdict == verdict
    assert line.lower == sum(value < 0.55 for value in values)


def test_what_it_may_be_instead_is_told(score: Score) -> None:
    cells = runs(accuracy=[0.45, 0.5], purity=[0.53, 0.57])
    line = one(reported(perhaps=["purity"]), cells, score)
    assert line.verdict == "not reproduced"
    assert (
        line.reason
        == "above all 2 runs, 0.4500 to 0.5000; as purity it lies within the runs, 0.5300 to 0.5700"
    )


def test_an_accuracy_without_matching_is_chance(score: Score) -> None:
    says = {"accuracy without matching": "0.5143"}
    cells = [
        Measured("train", "code", "kmeans", (0, n), "", {"accuracy without matching": low, "accuracy": high})
        for n, (low, high) in enumerate([(0.05, 0.48), (0.2, 0.54)])
    ]
    line = one(reported(says=says, perhaps=["accuracy"]), cells, score)
    assert line.verdict == "not reproduced"
    assert "are arbitrary; as accuracy it lies within the runs, 0.4800 to 0.5400" in line.reason


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"k": "16 given"}, "reproduced"),
        ({"protocol": "test"}, "reproduced"),
        ({"encoder": "code", "clusterer": "other"}, "reproduced"),  # of the same codes
        ({}, "contradicted"),
    ],
)
def test_only_a_like_pipeline_is_evidence(score: Score, other: dict[str, str], verdict: str) -> None:
    says = {"purity": "0.5537", "inertia": "1906652.5"}
    (cell,) = runs("identity", inertia=[1906650.0], purity=[0.5533])
    cells = [*runs(inertia=[700.0], purity=[0.555]), replace(cell, **other)]
    assert one(reported(says=says), cells, score).verdict == verdict


def test_of_runs_with_that_inertia_the_one_that_agrees_is_named(score: Score) -> None:
    says = {"purity": "0.5537", "inertia": "1906652.5"}
    pixels = runs("identity", inertia=[1906652.0, 1906648.0], purity=[0.551, 0.5537])
    line = one(reported(says=says), [*runs(inertia=[700.0], purity=[0.555]), *pixels], score)
    assert "is that of identity + kmeans, seed 1: 1,906,648.0, purity 0.5537" in line.reason


@pytest.mark.parametrize(("inertia", "verdict"), [(1906700.0, "reproduced"), (1910000.0, "within range")])
def test_an_inertia_is_reproduced_by_a_solution_alone(score: Score, inertia: float, verdict: str) -> None:
    cells = runs(inertia=[1.8e6, inertia, 2.0e6])
    assert one(reported(says={"inertia": "1906652.5"}), cells, score).verdict == verdict


@pytest.mark.parametrize(("loss", "verdict"), [("0.0101", "reproduced"), ("0.0103", "not reproduced")])
def test_a_loss_is_reproduced_within_a_hundredth_of_itself(score: Score, loss: str, verdict: str) -> None:
    cells = [Measured("train", "code", "kmeans", (n, 0), "", {"loss": 0.01}) for n in range(3)]
    assert one(reported(says={"loss": loss}), cells, score).verdict == verdict


def test_a_single_run_is_said_to_be_one(score: Score) -> None:
    assert one(reported(), runs(accuracy=[0.551]), score).reason == "by a single run"


def test_each_number_is_counted_once_by_its_best_reading(score: Score) -> None:
    run = {"encoders": ["code", "other"], "clusterers": ["kmeans"], "protocol": "train"}
    pool = Pool((*runs(accuracy=[0.3, 0.4]), *runs("other", accuracy=[0.5, 0.6])))
    judged = judge(reported(run=run), pool, score)
    assert [each.verdict for each in judged] == ["not reproduced", "reproduced"]
    assert tally(judged) == {"reproduced": 1}


def test_losses_count_once_for_each_training(score: Score) -> None:
    cells = [
        Measured("train", "code", "kmeans", (seed, start), "", {"loss": 0.01 + seed / 100})
        for seed in range(3)
        for start in range(5)
    ]
    assert one(reported(says={"loss": "0.02"}), cells, score).values == (0.01, 0.02, 0.03)


def test_why_runs_have_no_number_is_kept(score: Score) -> None:
    failed = Measured("train", "code", "kmeans", (0, 0), "", {}, failed="timeout: over 60 s")
    line = one(reported(), [failed], score)
    assert (line.verdict, line.failed) == ("not measured", "timeout: over 60 s")


@pytest.mark.parametrize(
    ("inertia", "purity", "verdict"),
    [
        (1_914_602.0, 0.5747, "reproduced"),
        (1_914_602.0, 0.5807, "within range"),  # the inertia alone is no solution
        (1_915_602.0, 0.5747, "within range"),
    ],
)
def test_a_run_that_ends_in_the_printed_solution_reproduces_it(
    score: Score, inertia: float, purity: float, verdict: str
) -> None:
    says = {"purity": "0.57478", "inertia": "1914601.199"}
    cells = runs(inertia=[1_906_648.0, inertia, 1_956_880.0], purity=[0.5537, purity, 0.66])
    line = one(reported(says=says), cells, score)
    assert line.verdict == verdict
    if verdict == "reproduced":
        assert line.reason == (
            "code + kmeans, seed 1 ends in the reported solution: inertia 1,914,602, purity 0.5747"
        )
