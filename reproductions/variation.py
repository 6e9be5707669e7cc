"""Variation of the baselines: k-means on the pixels, varied in one factor at a time."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from .measurements import COMMON, Measured, Pool
from .reports import CLASSES, Reported, load_reports

SINGLE, DOUBLE, SAME_CENTRES = "kmeans", "kmeans-float64", "kmeans-float64-same-centres"
BEST = "kmeans-best-of-10"
FACTORS = ("initialisation", "matching", "rows scored", "precision")
APART = 1e-5  # relative gap of inertia between two solutions
CLOSE = 0.005  # of a reported baseline: half a point


@dataclass(frozen=True)
class Varied:
    """The effect of varying one factor on the score.

    Parameters
    ----------
    what : str
    values : mapping
        Scores by setting.
    paired : bool
        Whether the values of the settings are from the same fits, in the same order.
    """

    what: str
    values: Mapping[str, Sequence[float]]
    paired: bool = True

    @property
    def typical(self) -> float:
        """The typical difference: mean over fits or pairs of starts, or between means."""
        columns = list(self.values.values())
        if not self.paired:
            means = [statistics.fmean(each) for each in columns]
            return max(means) - min(means)
        if len(columns) == 1:
            return statistics.fmean(abs(one - other) for one, other in combinations(columns[0], 2))
        return float(np.ptp(np.array(columns), axis=0).mean())

    @property
    def largest(self) -> float:
        """The largest difference."""
        columns = list(self.values.values())
        if not self.paired:
            return self.typical
        return float(np.ptp(columns[0]) if len(columns) == 1 else np.ptp(np.array(columns), axis=0).max())


def vary(pool: Pool) -> list[Varied]:
    """Return the effect of each factor on the score of k-means on the pixels, others at their first setting.

    That is one start in single precision, fitted on the train images, scored on the test images, clusters and
    classes matched one to one. What has not been run at least twice is left out.
    """
    test, train = (COMMON, SINGLE, "accuracy"), ("train", SINGLE, "accuracy")
    pairs = {
        "matching": {"one-to-one": test, "most frequent class": (COMMON, SINGLE, "purity")},
        "rows scored": {"test": test, "train": train},
        "precision": {"float32": test, "float64, same centres": (COMMON, SAME_CENTRES, "accuracy")},
    }
    found = [Varied("start of k-means", {"one start": list(_scores(pool, *test).values())})]
    for what, settings in pairs.items():
        columns = [_scores(pool, *each) for each in settings.values()]
        seeds = sorted(columns[0].keys() & columns[1].keys())
        values = [[column[seed] for seed in seeds] for column in columns]
        found.append(Varied(what, dict(zip(settings, values, strict=True))))
    fitted = {"train": test, "test": ("test", SINGLE, "accuracy")}
    values = [list(_scores(pool, *each).values()) for each in fitted.values()]
    found.append(Varied("rows fitted", dict(zip(fitted, values, strict=True)), paired=False))
    best = list(_scores(pool, COMMON, BEST, "accuracy").values())
    found.append(Varied("start, best of ten", {"best of ten": best}))
    return [each for each in found if all(len(values) > 1 for values in each.values.values())]


def shares(pool: Pool) -> dict[str, float]:
    """Return the shares of variance explained by each factor, and by each interaction of two.

    The design is full: every start with both matchings, both parts scored and both precisions; so that the
    sums of squares of main effects and interactions add up to the whole.
    """
    seeds = sorted({each.seeds[1] for each in pool.of(COMMON, "identity", SINGLE)}, key=str)
    table = np.full((len(seeds), 2, 2, 2), np.nan)
    for part, protocol in enumerate((COMMON, "train")):
        for precision, clusterer in enumerate((SINGLE, SAME_CENTRES)):
            for each in pool.of(protocol, "identity", clusterer):
                for matching, metric in enumerate(("accuracy", "purity")):
                    if each.seeds[1] in seeds and metric in each.numbers:
                        place = (seeds.index(each.seeds[1]), matching, part, precision)
                        table[place] = each.numbers[metric]
    if not table.size or not np.isfinite(table).all():
        return {}
    total = float(((table - table.mean()) ** 2).sum())
    found: dict[str, float] = {}
    for count in (1, 2):
        for axes in combinations(range(table.ndim), count):
            name = " with ".join(FACTORS[axis] for axis in axes)
            found[name] = float((_effect(table, axes) ** 2).mean() * table.size / total)
    return {**found, "three or more of these": max(0.0, 1.0 - sum(found.values()))}


def _effect(table: NDArray[np.float64], axes: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the interaction of some axes beyond their separate effects; it sums to zero along each."""
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    means: NDArray[np.float64] = table.mean(axis=others, keepdims=True)
    for axis in axes:
        means = means - means.mean(axis=axis, keepdims=True)
    return means


def baselines(pool: Pool) -> list[tuple[Reported, str, str, list[Measured]]]:
    """Return each reported baseline with a score it may be, and the runs within half a point of it.

    Returns
    -------
    list of (Reported, number, score, runs)
    """
    found: list[tuple[Reported, str, str, list[Measured]]] = []
    for each in load_reports():
        if (each.run.encoders, each.k) != (["identity"], CLASSES) or not {"accuracy", "purity"} & {
            *each.says
        }:
            continue
        said = next(name for name in each.says if name in ("accuracy", "purity"))
        for score in (said, *(name for name in each.perhaps if name != said)):
            cells = pool.of(each.run.protocol, "identity", [SINGLE, BEST])
            near = [
                run for run in cells if abs(run.numbers.get(score, np.inf) - float(each.says[said])) <= CLOSE
            ]
            found.append((each, each.says[said], score, near))
    return found


def by_inertia(pool: Pool) -> tuple[Measured, Measured, float] | None:
    """Return the runs of lowest and highest inertia, and the rank correlation of inertia with accuracy."""
    from scipy.stats import spearmanr

    known = [
        each for each in pool.of(COMMON, "identity", SINGLE) if {"inertia", "accuracy"} <= {*each.numbers}
    ]
    if len(known) < 3:
        return None
    inertia = [each.numbers["inertia"] for each in known]
    accuracy = [each.numbers["accuracy"] for each in known]
    ordered = sorted(known, key=lambda each: each.numbers["inertia"])
    return ordered[0], ordered[-1], float(spearmanr(inertia, accuracy).statistic)


def other_solutions(pool: Pool) -> tuple[int, int, int]:
    """Return in how many starts double precision ends in another solution, and the number of starts.

    Returns
    -------
    same, anew, starts : int
        From the same initial centres; from those drawn by the same seed in double precision; in total.
    """
    single, same, anew = (_scores(pool, COMMON, each, "inertia") for each in (SINGLE, SAME_CENTRES, DOUBLE))
    starts = single.keys() & same.keys() & anew.keys()

    def apart(other: Mapping[int, float]) -> int:
        return sum(abs(single[seed] - other[seed]) > APART * abs(single[seed]) for seed in starts)

    return apart(same), apart(anew), len(starts)


def spread(values: Sequence[float]) -> str:
    """Format mean, lowest and highest.

    Examples
    --------
    >>> spread([0.5, 0.6])
    '0.5500 (0.5000 – 0.6000)'
    """
    return f"{statistics.fmean(values):.4f} ({min(values):.4f} – {max(values):.4f})"


def _scores(pool: Pool, protocol: str, clusterer: str, name: str) -> dict[int, float]:
    """Return a number of each run on the pixels, by its seed."""
    cells = pool.of(protocol, "identity", clusterer)
    scores = {each.seeds[1]: each.numbers[name] for each in cells if name in each.numbers}
    return {seed: scores[seed] for seed in sorted(seed for seed in scores if seed is not None)}
