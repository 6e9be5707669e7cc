"""The page of a suite: readable numbers, sorted and filtered by a browser, small, in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from axe import axe
from report_cases import watched
from suites import board_of, many, suite_of, sure

from harness.core.suite import SuiteDataset
from harness.leaderboard.suite.build_suite import suite_board, suite_boards
from harness.leaderboard.suite.suite_board import SuiteBoard
from harness.report.site.board_pages import write_site
from harness.report.site.profile_plot import profile_plot
from harness.report.site.rank_plot import rank_plot
from harness.report.site.suite_page import suite_page

SUITE, BOARDS = many()
LARGE = suite_boards(SUITE, BOARDS)


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "suite.html").write_text(suite_page(LARGE), encoding="utf-8")
    for found in watched(browser):
        found.goto((tmp_path / "suite.html").as_uri())
        yield found


def names(page: Any) -> list[str]:
    rows = "rows => rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent)"
    return list(page.locator("#pivot tbody tr").evaluate_all(rows))


def test_a_large_page_is_small_and_asks_nobody() -> None:
    text = suite_page(LARGE)
    assert len(text) < 250_000
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("<td class=") > 76 * 20


def test_scores_sort_with_failures_last(page: Any) -> None:
    failing = next(n for n, method in enumerate(LARGE[0].methods) if method.failed)
    head = page.locator("#pivot thead th").nth(4 + failing)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    known = {
        column.name: LARGE[0].methods[failing].cells[n].value for n, column in enumerate(LARGE[0].columns)
    }
    shown = [known[name] for name in names(page)]
    scored = [value for value in shown if value is not None]
    assert scored == sorted(scored, reverse=True)
    assert None not in shown[: len(scored)]
    head.get_by_role("button").click()
    assert names(page)[0] == min((v, k) for k, v in known.items() if v is not None)[1]


def test_filters_narrow_and_the_last_lines_follow(page: Any) -> None:
    board = LARGE[0]
    means = page.locator("#pivot tfoot tr").nth(0).locator("td")
    ranks = page.locator("#pivot tfoot tr").nth(1).locator("td")
    assert means.nth(3).inner_text() == f"{board.methods[0].mean:.3f}"
    assert ranks.nth(3).inner_text() == f"{board.methods[0].mean_rank:.2f}"
    last = len(board.methods) - 1
    assert means.nth(3 + last).inner_text() == f"{board.methods[last].mean:.3f}"
    assert ranks.nth(3 + last).inner_text() == f"{board.methods[last].mean_rank:.2f}"
    page.get_by_label("Battery").select_option("uci")
    page.get_by_label("Samples").select_option("1000")
    some = [c.group == "uci" and c.samples <= 1000 for c in board.columns]
    assert page.locator("#count").inner_text() == f"{sum(some)} of 76 datasets"
    values = [board.methods[0].cells[n].value or 0.0 for n, kept in enumerate(some) if kept]
    assert means.nth(3).inner_text() == f"{fmean(values):.3f}"
    page.get_by_role("searchbox", name="Dataset").fill("no such")
    assert names(page) == []
    assert means.nth(3).inner_text() == "–"


def test_a_score_tells_its_spread_and_a_failure_its_reason(page: Any) -> None:
    page.locator("#pivot tbody tr").nth(1).locator("td").nth(3).click()
    text = page.locator("#cell").inner_text()
    cell = LARGE[0].methods[0].cells[1]
    name, facts = f"{LARGE[0].columns[1].name}, identity + kmeans", "5 runs, K 10 given, 2.5 s"
    assert text == f"{name}: {cell.value:.4f} ± {cell.std:.4f}, {facts}"
    page.locator("#pivot td.bad").first.click()
    assert page.locator("#cell").inner_text().endswith(": timeout")


def test_methods_sort_by_any_column(page: Any) -> None:
    page.locator("#methods thead th").nth(3).get_by_role("button").click()
    page.locator("#methods thead th").nth(3).get_by_role("button").click()
    ranks = [float(text) for text in page.locator("#methods tbody tr td:nth-child(4)").all_inner_texts()]
    assert ranks == sorted(ranks)


def test_a_name_of_the_legend_highlights_its_line(page: Any) -> None:
    key = page.locator(".keys button").nth(7)
    line = page.locator('.profile path[data-p="7"]')
    assert line.locator("title").text_content() == key.inner_text()
    key.click()
    page.mouse.move(0, 0)
    assert key.get_attribute("aria-pressed") == "true"
    assert line.get_attribute("class") == "other lit"
    assert line.evaluate("each => each === each.parentElement.lastElementChild"), "it is on top"
    key.press("Enter")
    assert line.get_attribute("class") == "other"


def test_captions_have_runs_protocol_and_the_rule_for_failures() -> None:
    visible = suite_page(LARGE).partition("How to read this")[0]
    for text in (
        "(1 to 5 runs), on the reference labelling where this mean is best",
        "this counts as 0 in means, and ranks last",
        "Share of 76 datasets on which the accuracy of a method",
        "Protocol full; n samples of d dimensions, K classes.",
    ):
        assert text in visible
    assert visible.count('<i class="h') == 11
    wide = [replace(each, metric=replace(each.metric, direction="lower")) for each in LARGE]
    assert suite_page(wide).index('class="h10"></i>') < suite_page(wide).index('class="h0"></i>')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_it_fits_and_axe_finds_nothing(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    (tmp_path / "suite.html").write_text(suite_page(LARGE), encoding="utf-8")
    size = {"width": width, "height": 900}
    context = browser.new_context(bypass_csp=True, color_scheme=scheme, viewport=size)
    page = context.new_page()
    page.goto((tmp_path / "suite.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".heat").first.evaluate("each => { each.scrollLeft = 500; each.scrollTop = 500 }")
    box = page.locator("#pivot tbody th").nth(30).bounding_box()
    outer = page.locator(".heat").first.bounding_box()
    assert abs(box["x"] - outer["x"]) < 3, "the names of datasets stay in sight"
    assert box["width"] < 150
    page.evaluate(axe())
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    context.close()


def test_references_of_a_dataset_have_a_link_each(tmp_path: Path) -> None:
    suite = suite_of(SuiteDataset("s", "g", ("s0", "s1"), ("s.0", "s.1")))
    boards = [replace(each, dataset=f"s.{n}") for n, each in enumerate(BOARDS[:2])]
    pages = write_site(boards, tmp_path, title="Mine", suites=[suite_boards(suite, boards)])
    text = (tmp_path / "suite-some.html").read_text()
    assert 's <a href="s.0.full.html" aria-label="s.0">0</a> <a href="s.1.full.html"' in text
    assert "suite-some.html" in (tmp_path / "index.html").read_text()
    assert tmp_path / "suite-some.html" in pages


def test_odd_names_are_escaped_and_small_suites_have_no_plots() -> None:
    evil = "<script>x</script>"
    suite = suite_of(SuiteDataset(evil, evil, ("a",), (BOARDS[1].dataset,)), title=evil)
    one = replace(BOARDS[1], rows=[replace(BOARDS[1].rows[0], clusterer=evil)])
    board = suite_board(suite, [one])
    text = suite_page([board])
    assert evil not in text
    assert "<svg" not in text
    assert rank_plot(board) is None
    assert profile_plot(board) is None


def test_plots_have_a_mark_for_each_method_and_no_test_no_bars() -> None:
    svg = str(rank_plot(LARGE[0]))
    assert svg.count("<circle") == 20
    assert svg.count('class="bar"') == len(LARGE[0].groups) + 1
    assert f"critical difference {LARGE[0].critical_difference:.2f}" in svg
    few = suite_board(suite_of(*[each.name for each in SUITE.datasets[1:5]]), BOARDS)
    assert isinstance(few, SuiteBoard)
    assert str(rank_plot(few)).count('class="bar"') == 0
    found = profile_plot(LARGE[0])
    assert found is not None
    assert str(found.svg).count("<path class=") == 20
    assert (len(found.coloured), len(found.others)) == (5, 15)


def test_a_board_on_which_no_dataset_counts_is_drawn() -> None:
    boards = [board_of(each, [sure("identity", f"{each}-method", 0.5)]) for each in ("one", "two", "three")]
    text = suite_page([suite_board(suite_of("one", "two", "three"), boards)])
    assert "identity + three-method" in text
    assert "No method was run on every dataset" in text
