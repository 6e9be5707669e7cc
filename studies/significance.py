"""How often intervals hold the truth, and how often what is equal is called different: by simulation.

Prints the tables of docs/statistics.md as Markdown. It takes about five minutes on one core:

    python studies/significance.py [number of repetitions]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from harness.core.board import Board, Metric, Row, Summary, Value
from harness.core.cell import DataFacts
from harness.leaderboard.statistics.differences import difference
from harness.leaderboard.statistics.intervals import interval
from harness.leaderboard.statistics.ranks import Ranking, friedman, ranked
from harness.leaderboard.statistics.samples import Sample
from harness.leaderboard.statistics.versus_best import versus_best

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]
SHAPES: dict[str, tuple[Draw, float]] = {  # how scores are drawn, and their mean
    "normal": (lambda rng, size: rng.normal(0.7, 0.03, size), 0.7),
    "beta(8, 2)": (lambda rng, size: rng.beta(8, 2, size), 0.8),
    "beta(20, 2)": (lambda rng, size: rng.beta(20, 2, size), 20 / 22),
    "uniform": (lambda rng, size: rng.random(size), 0.5),
    "normal, rounded to a third of its std": (lambda rng, size: rng.normal(0.7, 0.03, size).round(2), 0.7),
    "two optima, half each": (lambda rng, size: _optima(rng, size, 0.5), 0.75),
    "two optima, one in 3 of 10 runs": (lambda rng, size: _optima(rng, size, 0.3), 0.71 + 0.3 * 0.08),
    "two optima, one in 2 of 10 runs": (lambda rng, size: _optima(rng, size, 0.2), 0.71 + 0.2 * 0.08),
}
PARTS = {  # standard deviations by encoder seed, by clusterer seed, and by both together
    "encoder 1, both 0.5": (1, 0, 0.5),
    "encoder 1": (1, 0, 0),
    "clusterer 1": (0, 1, 0),
    "encoder 1, clusterer 1": (1, 1, 0),
    "encoder 1, clusterer 0.5, both 0.5": (1, 0.5, 0.5),
    "both 1": (0, 0, 1),
}


def _optima(rng: np.random.Generator, size: tuple[int, ...], share: float) -> Floats:
    """Draw scores of two local optima of unequal frequency, with a little noise."""
    return np.where(rng.random(size) < share, 0.79, 0.71) + rng.normal(0, 0.005, size)


def runs(scores: Sequence[float] | Floats, kind: str = "clusterer") -> Sample:
    """Return a sample of runs with a seed of one kind."""
    pairs = [(None, seed) if kind == "clusterer" else (seed, None) for seed in range(len(scores))]
    return Sample([Value(e, c, float(score)) for (e, c), score in zip(pairs, scores, strict=True)])


def layout(scores: Floats) -> Sample:
    """Return a sample of every encoder seed with every clusterer seed."""
    return Sample([Value(e, c, float(x)) for e, row in enumerate(scores) for c, x in enumerate(row)])


def hits(samples: list[Sample], truth: float) -> str:
    """Return the share of samples whose interval holds the truth."""
    found = [each for each in map(interval, samples) if each is not None]
    assert len(found) == len(samples)
    return f"{np.mean([each.low <= truth + 1e-12 and truth - 1e-12 <= each.high for each in found]):.1%}"


def means(repetitions: int) -> None:
    """Print the coverage of intervals of means over one kind of seeds."""
    rng, sizes = np.random.default_rng(0), (5, 6, 7, 10, 20)
    rows = [
        [name, *(hits([runs(each) for each in draw(rng, (repetitions, n))], truth) for n in sizes)]
        for name, (draw, truth) in SHAPES.items()
    ]
    print("\n" + tabulate(rows, ["scores", *(f"n = {n}" for n in sizes)], tablefmt="github"))


def two_kinds(repetitions: int) -> None:
    """Print the coverage of intervals of means over both kinds of seeds, and over means of encoder seeds."""
    rng, sizes = np.random.default_rng(1), ((5, 5), (10, 5), (5, 3), (10, 10))
    rows = []
    for name, (encoder, clusterer, both) in PARTS.items():
        line = [name]
        for e, c in sizes:
            scores = encoder * rng.normal(size=(repetitions, e, 1)) + both * rng.normal(
                size=(repetitions, e, c)
            )
            scores = scores + clusterer * rng.normal(size=(repetitions, 1, c))
            line.append(hits([layout(each) for each in scores], 0.0))
            if (e, c) == (5, 5):
                line.append(hits([runs(each.mean(1), "encoder") for each in scores], 0.0))
        rows.append(line)
    heads = ["std by seed", "5 x 5", "5 x 5, means of encoder seeds", "10 x 5", "5 x 3", "10 x 10"]
    print("\n" + tabulate(rows, heads, tablefmt="github"))


def differences(repetitions: int) -> None:
    """Print the coverage of intervals of differences."""
    rng, rows = np.random.default_rng(2), []
    for name, n, m in (("paired", 5, 5), ("paired", 10, 10), ("unpaired", 5, 5), ("unpaired", 5, 10)):
        line = [name, n, m]
        for draw, _ in (SHAPES["normal"], SHAPES["beta(8, 2)"]):
            first, second = draw(rng, (repetitions, n)), 0.5 * draw(rng, (repetitions, m))
            truth = 0.5 * (0.7 if draw is SHAPES["normal"][0] else 0.8)
            found = [
                difference(runs(a, "encoder"), runs(b, "encoder"), same_encoder=name == "paired")
                for a, b in zip(first, second, strict=True)
            ]
            ends = [each.interval for each in found if each is not None and each.interval is not None]
            line.append(f"{np.mean([each.low <= truth <= each.high for each in ends]):.1%}")
        rows.append(line)
    scores = rng.normal(size=(repetitions, 5, 5)) - rng.normal(size=(repetitions, 5, 1))
    share = hits([layout(each) for each in scores], 0.0)
    rows.append(["paired: each seed with each, less a baseline of 5 encoder seeds", 25, 5, share, ""])
    heads = ["how", "runs of the row", "of the baseline", "normal", "beta(8, 2)"]
    print("\n" + tabulate(rows, heads, tablefmt="github"))


def board_of(scores: Floats, *, constants: int = 0, encoder: str = "") -> Board:
    """Return a board of rows of scores; the first few have no seed: their first score alone counts."""
    rows = []
    for place, each in enumerate(scores):
        if each.ndim == 2:
            values = list(layout(each).values)
        elif place < constants:
            values = [Value(None, None, float(each[0]))]
        else:
            values = list(runs(each, "encoder" if encoder else "clusterer").values)
        summary = Summary.of(value.value for value in values)
        assert summary is not None
        rows.append(
            Row(
                encoder=encoder or f"e{place}",
                clusterer=f"c{place}",
                k="10 given",
                clusters=None,
                deterministic=place < constants,
                scores={"accuracy": summary},
                values={"accuracy": values},
                encode_seconds=None,
                cluster_seconds=None,
                statuses={"ok": len(values)},
                notes=[],
            )
        )
    data = DataFacts(60, 4, 3, None, None, None, "none", "unknown")
    metrics = [Metric("accuracy", "higher", False, True)]
    return Board("toy", "full", data, "0", metrics, rows, {}, None, {}, [], "")


def share_of(answer: str, boards: Iterator[Board], row: int | None = None) -> str:
    """Return the share of boards where any row, or one of them, has an answer."""
    found = []
    for board in boards:
        standings = versus_best(board, board.metrics[0])
        assert standings is not None
        answers = [each.answer for each in standings]
        found.append(answer in answers if row is None else answers[row] == answer)
    return f"{np.mean(found):.1%}"


def worse(repetitions: int) -> None:
    """Print how often any of several rows with one and the same mean is called worse than the best."""
    rng, rows = np.random.default_rng(3), []
    counts = (2, 5, 12, 30)
    for name, (draw, _) in SHAPES.items():
        for n in (5, 10):
            boards = [map(board_of, draw(rng, (repetitions, m, n))) for m in counts]
            rows.append([name, n, *(share_of("worse", each) for each in boards)])
    for n in (5, 10):
        stds = 0.02 * np.exp(np.random.default_rng(5).normal(size=(max(counts), 1)))
        boards = [map(board_of, 0.7 + stds[:m] * rng.normal(size=(repetitions, m, n))) for m in counts]
        rows.append(["normal, each row of another std", n, *(share_of("worse", each) for each in boards)])
    for share in (0.5, 0.9):  # of the variance that rows with the same embeddings have in common
        line: list[str | int] = [f"normal, the same embeddings, {share:.0%} of the variance common", 5]
        for m in counts:
            common = np.sqrt(share) * rng.normal(0, 0.03, (repetitions, 1, 5))
            scores = 0.7 + common + np.sqrt(1 - share) * rng.normal(0, 0.03, (repetitions, m, 5))
            line.append(share_of("worse", (board_of(each, encoder="ae") for each in scores)))
        rows.append(line)
    line = ["normal, one row without a seed, at the mean of the others", 5]
    for m in counts:
        scores = rng.normal(0.7, 0.03, (repetitions, m, 5))
        scores[:, 0] = 0.7
        line.append(share_of("worse", (board_of(each, constants=1) for each in scores)))
    rows.append(line)
    for name in ("encoder 1, both 0.5", "clusterer 1", "both 1"):
        line = [f"seeds 5 x 5: {name}", 25]
        for m in counts:
            e, c, both = PARTS[name]
            scores = e * rng.normal(size=(repetitions, m, 5, 1)) + c * rng.normal(size=(repetitions, m, 1, 5))
            line.append(
                share_of("worse", map(board_of, scores + both * rng.normal(size=(*scores.shape[:3], 5))))
            )
        rows.append(line)
    heads = ["scores", "runs", *(f"{m} rows" for m in counts)]
    print("\n" + tabulate(rows, heads, tablefmt="github"))


def equal(repetitions: int) -> None:
    """Print how often a row is called equal to the best, or worse, by how far it lies below."""
    rng, rows = np.random.default_rng(5), []
    for std in (0.002, 0.005, 0.01, 0.03):
        for n in (5, 20):
            line: list[str | int | float] = [f"normal, std {std}", n]
            for gap in (0.0, 0.005, 0.02, 0.05):
                scores = rng.normal(0.7, std, (repetitions, 12, n))
                scores[:, 1] -= gap
                scores[:, 2:] -= 0.2
                boards = list(map(board_of, scores))
                line.append(" / ".join(share_of(each, iter(boards), row=1) for each in ("equal", "worse")))
            rows.append(line)
    for name in ("two optima, half each", "two optima, one in 2 of 10 runs"):
        for n in (5, 20):
            line = [name, n]
            for gap in (0.0, 0.005, 0.02, 0.05):
                scores = SHAPES[name][0](rng, (repetitions, 12, n))
                scores[:, 1] -= gap
                scores[:, 2:] -= 0.2
                boards = list(map(board_of, scores))
                line.append(" / ".join(share_of(each, iter(boards), row=1) for each in ("equal", "worse")))
            rows.append(line)
    heads = ["scores", "runs", *(f"{gap} lower" for gap in (0.0, 0.005, 0.02, 0.05))]
    print("\n" + tabulate(rows, heads, tablefmt="github"))


def over_datasets(repetitions: int) -> None:
    """Print how often Friedman's test finds a difference where pipelines are alike."""
    rng, rows = np.random.default_rng(4), []
    for datasets in (5, 8, 20):
        line = [str(datasets)]
        for count in (3, 5, 12):
            names = [str(n) for n in range(count)]
            scores = rng.random((repetitions, datasets, count))
            found = [friedman(Ranking([], names, each, ranked(each, True), [])).p < 0.05 for each in scores]
            line.append(f"{np.mean(found):.1%}")
        rows.append(line)
    heads = ["datasets", "3 pipelines", "5 pipelines", "12 pipelines"]
    print("\n" + tabulate(rows, heads, tablefmt="github"))


if __name__ == "__main__":
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    for study in (means, two_kinds, differences, worse, equal, over_datasets):
        study(max(times // (1 if study is means else 2), 1))
