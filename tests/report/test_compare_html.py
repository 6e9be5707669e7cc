"""The command that writes runs side by side to one page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from compared_runs import facts, labels_of, opened, stays
from report_cases import BOARD, digits, small, watched, whole

import harness
from harness.core.errors import HarnessError
from harness.report.figures.projections import Maps
from harness.report.find_cell import find_cell, find_named
from harness.report.pages import compare_page
from harness.report.pages.compare_page import comparison
from harness.store.store import Store


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    yield from watched(browser)


ONE, TWO = "identity + kmeans", "pca(n_components=4) + kmeans"
ON = ("--board", BOARD)
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def benched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare-html")
    small(folder / "store", seeds=2).close()
    bare = {"other": digits().samples}
    harness.bench(
        bare,
        "identity",
        "kmeans",
        n_clusters=3,
        seeds=1,
        store=folder / "store",
        progress=False,
        device="cpu",
    )
    return folder / "store"


def test_the_command_writes_one_page_that_needs_nothing_else(
    benched: Path, tmp_path: Path, command_line: Call, page: Any
) -> None:
    out = tmp_path / "two.html"
    names = ["identity + kmeans", "pca(n_components=4) + kmeans, seed 1"]
    call = ("compare", "--html", *names, "--board", BOARD, "--store", str(benched), "--out", str(out))
    code, said, _ = command_line(*call)
    assert (code, said) == (0, f"Wrote {out}. Open it in a browser: {out.as_uri()}\n")
    assert "replacing what was there" in command_line(*call)[1]
    opened(page, out.as_uri())
    store = Store(benched)
    one, two = find_cell(store, "identity + kmeans", BOARD), find_named(store, names[1], BOARD)
    assert two.seeds[1] == 1
    moved = (~stays(labels_of(one), labels_of(two))).sum()
    assert f"{moved} of 200 samples" in facts(page)["moved to another cluster"]
    assert page.locator("a[href]:not(.skip)").count() == 0, "nothing that a lone page could lead to"
    assert "All 200 scored rows are compared." in page.locator(".notes").inner_text()
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", out.read_text())


def test_kept_maps_are_shown_too(benched: Path, tmp_path: Path) -> None:
    store = Store(benched)
    cells = [find_cell(store, "identity + kmeans", BOARD, seed) for seed in (0, 1)]
    maps = Maps(tmp_path / "maps")

    def shown() -> list[str]:
        found = re.search(r"Compare\.samples\((.+?)\);\n", comparison(cells, maps))
        assert found is not None
        return [each["name"] for each in json.loads(found[1])["maps"]]

    assert shown() == ["PCA"]
    assert cells[0].embedding is not None
    pytest.importorskip("openTSNE")
    maps.project("tsne", cells[0].embedding, cells[0].embedding_digest)
    assert shown() == ["PCA", "t-SNE"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["--html", ONE, *ON], "Give at least two runs"),
        (["--html"], "Give at least two runs"),
        (["--html", *[f"{ONE}, seed 0"] * 7, *ON], "A page compares at most 6 runs, got 7."),
        (["--html", ONE, "identity + kmeanz", *ON], f"Did you mean '{ONE}'?"),
        (["--html", ONE, ONE, *ON], f"is named twice. Name another run. For another seed write '{ONE}"),
        (["--html", ONE, TWO], "is on several leaderboards. Name one with --board"),
        (["--html", f"{ONE}, seed 7", TWO, *ON], "has no run of seed 7. Seeds: 0, 1."),
        (["--html", ONE, TWO, *ON, "--margin", "1"], "--margin is not for --html. Leave --margin out."),
        (["--html", ONE, TWO, *ON, "--format", "csv"], "--format is not for --html"),
        (["--html", ONE, TWO, *ON, "--out", "taken/x.html"], "taken/x.html"),
        ([BOARD, "--out", "x.html"], "--out needs --html. Leave --out out, or add --html."),
        ([BOARD, "--seed", "1"], "--seed needs --html"),
    ],
)  # fmt: skip
def test_wrong_calls_are_one_clear_line(
    words: list[str],
    error: str,
    benched: Path,
    tmp_path: Path,
    command_line: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file")
    code, out, err = command_line("compare", *words, "--store", str(benched))
    assert (code, out) == (2, "")
    assert error in err
    assert len(err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_runs_of_two_leaderboards_are_not_compared(benched: Path) -> None:
    store = Store(benched)
    cells = [find_cell(store, "identity + kmeans", board) for board in store.boards()]
    with pytest.raises(
        HarnessError, match=r"Only runs of one leaderboard can be compared, got runs of other\.full"
    ):
        compare_page.check_comparable(cells)


def test_a_run_without_clusters_is_refused_with_its_reason(tmp_path: Path) -> None:
    store = whole(tmp_path / "store")
    cells = [find_cell(store, name, BOARD) for name in (ONE, "identity + unlucky")]
    why = r"identity \+ unlucky, .+, has no clusters to compare \(failed: .*no luck.*\)\. Name another"
    with pytest.raises(HarnessError, match=why):
        compare_page.check_comparable(cells)
