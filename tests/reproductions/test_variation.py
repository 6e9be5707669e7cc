"""What one thing does to a score by itself."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from harness.reproductions.disagreement_page import draw, explanation
from harness.reproductions.measurements import COMMON, Measured, Pool
from harness.reproductions.variation import (
    DOUBLE,
    SAME_CENTRES,
    SINGLE,
    Varied,
    by_inertia,
    other_solutions,
    shares,
    vary,
)

STARTS = [0.45, 0.5, 0.55, 0.6]


def cells(matching: float = 0.0, part: float = 0.0, precision: float = 0.0) -> Pool:
    """Return runs of four starts, to which each thing adds so much."""
    found = []
    for protocol in (COMMON, "train", "test", "full"):
        for clusterer in (SINGLE, DOUBLE, SAME_CENTRES):
            for seed, start in enumerate(STARTS):
                accuracy = start + (protocol == "train") * part + (clusterer == SAME_CENTRES) * precision
                numbers = {"accuracy": accuracy, "purity": accuracy + matching, "inertia": 1000 * (1 + start)}
                found.append(Measured(protocol, "identity", clusterer, (None, seed), "10 given", numbers))
    return Pool(tuple(found))


def test_shares_are_those_of_what_was_varied() -> None:
    alone = shares(cells(matching=0.1))
    assert alone["rows scored"] == pytest.approx(0)
    assert alone["precision"] == pytest.approx(0)
    # Starts have variance 0.003125, a step of 0.1 between halves 0.0025.
    assert alone["initialisation"] == pytest.approx(0.003125 / 0.005625)
    assert alone["matching"] == pytest.approx(0.0025 / 0.005625)
    assert sum(alone.values()) == pytest.approx(1)
    assert sum(share for name, share in alone.items() if "with" in name) == pytest.approx(0)


def test_what_two_things_do_together_is_apart_from_what_each_does() -> None:
    pool = cells()
    signs = {0: 1, 1: -1, 2: 1, 3: -1}  # double precision leads half of the starts up, the others down
    turned = tuple(
        replace(each, numbers={**each.numbers, **{name: each.numbers[name] + 0.05 * signs[each.seeds[1] or 0]
                for name in ("accuracy", "purity")}}) if each.clusterer == SAME_CENTRES else each
        for each in pool.cells
    )  # fmt: skip
    found = shares(replace(pool, cells=turned))
    assert found["precision"] == pytest.approx(0)
    assert found["initialisation with precision"] > 0.1
    assert sum(found.values()) == pytest.approx(1)


def test_no_share_is_told_of_an_incomplete_design() -> None:
    pool = cells()
    assert shares(Pool(pool.cells[:-12])) != {}  # of a protocol that is not part of it
    assert shares(Pool(pool.cells[1:])) != {}  # one start less is complete all the same
    kept = [each for each in pool.cells if not (each.protocol == "train" and each.seeds[1] == 2)]
    assert shares(Pool(tuple(kept))) == {}


def test_fits_are_held_against_themselves() -> None:
    found = {each.what: each for each in vary(cells(matching=0.1, part=0.02))}
    assert found["start of k-means"].largest == pytest.approx(0.15)
    assert found["start of k-means"].typical == pytest.approx((3 * 0.05 + 2 * 0.1 + 0.15) / 6)
    assert found["matching"].typical == pytest.approx(0.1)
    assert found["matching"].largest == pytest.approx(0.1)
    assert found["rows scored"].typical == pytest.approx(0.02)
    assert found["precision"].largest == 0


def test_means_are_compared_where_fits_differ() -> None:
    varied = Varied("rows", {"a": [0.1, 0.3], "b": [0.5, 0.3]}, paired=False)
    assert varied.typical == varied.largest == pytest.approx(0.2)


def test_solutions_are_told_apart_by_inertia() -> None:
    assert other_solutions(cells()) == (0, 0, 4)
    elsewhere = {(SAME_CENTRES, 0), (DOUBLE, 0), (DOUBLE, 1)}
    moved = tuple(
        replace(each, numbers={**each.numbers, "inertia": 1.0})
        if (each.clusterer, each.seeds[1]) in elsewhere
        else each
        for each in cells().cells
    )
    assert other_solutions(Pool(moved)) == (1, 2, 4)


def test_starts_are_paired_by_their_seeds() -> None:
    pool = cells(part=0.02)
    kept = [each for each in pool.cells if not (each.protocol == "train" and each.seeds[1] == 0)]
    found = {each.what: each for each in vary(Pool(tuple(kept)))}
    assert found["rows scored"].typical == pytest.approx(0.02)
    assert len(found["rows scored"].values["test"]) == 3


def test_too_few_runs_are_no_variation() -> None:
    few = Pool(tuple(each for each in cells().cells if each.seeds[1] == 0))
    assert vary(few) == []
    for pool in (few, Pool(())):
        assert "Why the reports disagree" in explanation(pool)
        draw(pool)


def test_the_run_of_lowest_inertia_is_found() -> None:
    found = by_inertia(cells())
    assert found is not None
    low, high, correlation = found
    assert (low.seeds[1], high.seeds[1], correlation) == (0, 3, pytest.approx(1.0))


def test_the_page_is_written_without_what_was_not_run() -> None:
    page = explanation(replace(cells(matching=0.1), quick=True))
    assert "Do not use these numbers" in page
    assert "best of ten" not in page
    assert re.search(r"\| matching +\| 44% +\|", page)
