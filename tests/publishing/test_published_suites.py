"""Suites are published with their leaderboards, drawn again by verify and merge, and grow by what is new."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from press import METRICS, Press

import harness
from harness import Dataset
from harness.core.errors import HarnessError
from harness.core.suite import Suite, SuiteDataset
from harness.leaderboard.suite.build_suite import suite_board
from harness.leaderboard.suite.load_suite import load_suite, suite_names
from harness.publishing.bundle import Published, gather
from harness.publishing.findings import Findings
from harness.publishing.published_suites import description, merged_suites, suite_from, to_publish
from harness.publishing.read import read_folder
from harness.publishing.verify.options import How
from harness.publishing.verify.verify import verify
from harness.publishing.write import combine, read_own, write_folder
from harness.store.store import Store

SUITE = Suite(
    "small", "1", "Small suite", "CC0", "", "full", ("ari", "accuracy"), "mean",
    (
        SuiteDataset("one", "a", ("one.npz",), ("one",)),
        SuiteDataset("two", "b", ("two.npz", "two.npz"), ("two.0", "two.1")),
    ),
)  # fmt: skip


def datasets() -> list[Dataset]:
    """Two datasets, one of them with two references of one K."""
    rng = np.random.default_rng(0)
    one, two = (rng.random((60, 2), dtype=np.float32) for _ in range(2))
    truths = [(each[:, axis] * 3).astype(np.int64) for each, axis in ((one, 0), (two, 0), (two, 1))]
    names = ("one", "two.0", "two.1")
    return [Dataset(n, x, t) for n, x, t in zip(names, (one, two, two), truths, strict=True)]


def computed(folder: Path, clusterers: list[str]) -> tuple[Store, Counter[str]]:
    """Run the suite into a store, and count the stages that were computed."""
    counts: Counter[str] = Counter()
    for data in datasets():
        result = harness.bench(
            data, "identity", clusterers, METRICS[:2], seeds=2, store=folder, progress=False, device="cpu"
        )
        counts.update(result.computed)
    return Store(folder), counts


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    return Press(tmp_path_factory.mktemp("suite"))


@pytest.fixture(scope="module")
def store(press: Press) -> Iterator[Store]:
    found, _ = computed(press.folder / "store", ["kmeans"])
    yield found
    found.close()


def published(store: Store, folder: Path, suite: Suite = SUITE, by: str = "me") -> Path:
    bundles = {name: gather(store, name, by) for name in suite_names(store, suite)}
    list(write_folder(Published(folder, bundles, {suite.name: suite}), folder))
    return folder


def test_one_more_method_computes_its_own_column_and_references_share_fits(tmp_path: Path) -> None:
    store, first = computed(tmp_path / "store", ["kmeans"])
    store.close()
    assert first["cluster"] == 4, "two seeds on two datasets: the references of one share them"
    store, more = computed(tmp_path / "store", ["kmeans", "gmm"])
    assert (more["encode"], more["cluster"]) == (0, 4)
    board = suite_board(SUITE, load_suite(store, SUITE))
    assert sorted(method.clusterer for method in board.methods) == ["gmm", "kmeans"]
    store.close()


def test_what_is_published_is_verified_without_the_store(press: Press, store: Store, tmp_path: Path) -> None:
    folder = published(store, tmp_path / "board")
    assert {path.name for path in (folder / "suites").iterdir()} == {"small.csv", "small.json", "small.md"}
    assert "[Small suite](<suites/small.md>)" in (folder / "README.md").read_text()
    assert ".npz" not in (folder / "suites" / "small.json").read_text()
    found = verify(folder, press.registry, How())
    assert found.clean, found.found
    assert found.checked["descriptions of suites"] == 1
    again = read_folder(folder, Findings())
    assert [each.boards for each in again.suites["small"].datasets] == [("one",), ("two.0", "two.1")]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("small.md", "kmeans", "kmeens", "differs from the records: line"),
        ("small.csv", "kmeans", "kmeens", "differs from the records: line"),
        ("small.json", '"mean"', '"best"', "input should be 'mean' or 'median', got 'best'"),
        ("small.json", '"small"', '"other"', "is named 'other' within"),
        ("small.json", '"full"', '"train"', "has no leaderboard that is published here"),
        ("small.json", "{", "[", "is not a description of a suite"),
        ("small.json", '"version"', '"name"', "duplicate name"),
    ],
)
def test_changes_are_told_in_a_line(
    press: Press, store: Store, tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    folder = published(store, tmp_path / "board")
    path = folder / "suites" / file
    path.write_text(path.read_text().replace(old, new, 1))
    wrong = verify(folder, press.registry, How()).of("wrong")
    assert [each.where.strip("'") for each in wrong] == [f"suites/{file}"]
    assert told in wrong[0].what
    assert "\n" not in wrong[0].what


def test_a_missing_page_is_told_and_one_of_another_suite_is_named(
    press: Press, store: Store, tmp_path: Path
) -> None:
    folder = published(store, tmp_path / "board")
    (folder / "suites" / "small.md").rename(folder / "suites" / "mine.md")
    found = verify(folder, press.registry, How())
    assert [(each.where, each.what) for each in found.of("wrong")] == [("suites/small.md", "is missing")]
    assert [each.strip("'") for each in found.unpublished] == ["suites/mine.md"]


def test_merged_folders_draw_the_suite_again(press: Press, store: Store, tmp_path: Path) -> None:
    first = published(store, tmp_path / "first")
    other, _ = computed(tmp_path / "store", ["gmm"])
    second = published(other, tmp_path / "second", by="another")
    other.close()
    both, _ = combine(read_own(first), read_own(second))
    list(write_folder(replace(both, folder=first), first))
    text = (first / "suites" / "small.md").read_text()
    assert "| kmeans" in text
    assert "| gmm" in text
    assert verify(first, press.registry, How()).clean


def test_two_descriptions_of_one_suite_are_a_contradiction(tmp_path: Path) -> None:
    newer = replace(SUITE, version="2")
    one, two = (Published(tmp_path / each.version, {}, {"small": each}) for each in (SUITE, newer))
    with pytest.raises(HarnessError, match=r"described differently in .* version '1' and '2'"):
        merged_suites(one, two)
    assert merged_suites(one, two, "second")["small"].version == "2"
    assert merged_suites(one, two, "first")["small"].version == "1"
    less = Published(tmp_path, {}, {"small": replace(SUITE, datasets=SUITE.datasets[:1])})
    with pytest.raises(HarnessError, match="only one has two"):
        merged_suites(one, less)


def test_a_description_is_read_as_written() -> None:
    text = description(SUITE)
    found = suite_from(text.encode())
    assert description(found) == text
    assert json.loads(text)["datasets"][1] == {"name": "two", "group": "b", "boards": ["two.0", "two.1"]}
    with pytest.raises(HarnessError, match=r"Cannot publish suite '\.\./x'"):
        description(replace(SUITE, name="../x"))


def test_a_suite_is_published_with_the_protocol_that_was_run(store: Store, tmp_path: Path) -> None:
    bundles = {name: gather(store, name, "me") for name in suite_names(store, SUITE)}
    found = to_publish(Published(tmp_path, bundles), replace(SUITE, protocol="train"))
    assert found.protocol == "full"
