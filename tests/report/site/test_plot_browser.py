"""Filters of rows and the plot of score against seconds, by mouse and keys, in the dark and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from boards import board, many_rows, row

from harness.core.board import Board, Summary
from harness.report.site import write_site


def timed() -> Board:
    """Rows of two encoders and three origins of K, quick and slow, one of which failed."""
    rows = [
        row("pca", "kmeans", [0.8, 0.9], cluster_seconds=Summary.of([20.0])),
        row(
            "small",
            "kmeans",
            [0.7, 0.8],
            cluster_seconds=Summary.of([0.02]),
            encode_seconds=Summary.of([0.0]),
        ),
        row("identity", "gmm-bic", [0.4, 0.6], k="estimated", cluster_seconds=Summary.of([3.0])),
        row("identity", "dbscan", [], k="8 default", cluster_seconds=None),
    ]
    return board(rows, parameters={"small": "identity+umap(n_neighbors=5)", "pca": "n_components=8"})


def choose(page: Any, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).select_option(label=option)


def lit(page: Any) -> list[str]:
    found: list[str] = page.locator("#rows tr.lit").evaluate_all("all => all.map((each) => each.dataset.n)")
    return found


def test_each_filter_narrows_rows_and_points(tab: Any, tmp_path: Path) -> None:
    page = tab.show(timed(), tmp_path)
    options = page.get_by_label("Encoder", exact=True).locator("option").all_inner_texts()
    assert options == ["any", "identity", "pca", "umap"], "plugins, those of an alias too"
    choose(page, "Encoder", "umap")
    assert page.locator("#rows tr[data-n]:visible .c0").all_inner_texts() == ["small"]
    assert page.locator(".plot g[data-p]:visible").count() == 1
    assert page.locator("#count").inner_text() == "1 of 4 rows"
    choose(page, "Encoder", "any")
    for origin, names in {
        "default": ["dbscan"],
        "estimated": ["gmm-bic"],
        "given": ["kmeans", "kmeans"],
    }.items():
        choose(page, "K", origin)
        assert tab.names() == names
    choose(page, "K", "any")
    choose(page, "Seconds", "up to 10")
    assert tab.names() == ["kmeans", "gmm-bic"], "what has no seconds is not within any"
    choose(page, "Seconds", "up to 0.1")
    assert tab.names() == ["kmeans"]
    choose(page, "Encoder", "pca")
    page.get_by_role("button", name="Clear the filters").click()
    assert len(tab.names()) == 4
    assert page.locator(".plot g[data-p]:visible").count() == 3


def test_points_lead_to_rows_by_keys_and_by_mouse(tab: Any, tmp_path: Path) -> None:
    page = tab.show(timed(), tmp_path)
    assert page.locator(".plot g[tabindex]").count() == 1, "one stop of the Tab key"
    page.locator(".plot g[tabindex='0']").focus()
    label = page.locator(".plot g:focus").get_attribute("aria-label")
    assert label == "small + kmeans, accuracy 0.750 ± 0.071, seconds 0.020"
    assert lit(page) == ["1"], "the quickest"
    page.keyboard.press("ArrowRight")
    assert lit(page) == ["2"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert lit(page) == ["0"], "the last stays"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert page.locator("#detail-2").is_visible()
    assert page.evaluate("document.activeElement.closest('tr').dataset.n") == "2"
    page.locator("#rows tr[data-n='1']").hover()
    assert page.locator(".plot g.lit").get_attribute("data-p") == "1"
    assert "small + kmeans" in page.locator("#point").inner_text()
    front = page.locator("ol.lead button")
    assert front.all_inner_texts() == ["small + kmeans", "pca + kmeans"], "none quicker is as good"
    front.last.click()
    assert page.locator("#detail-0").is_visible()


def test_a_point_of_a_row_far_down_shows_it(tab: Any, tmp_path: Path) -> None:
    page = tab.show(many_rows(400), tmp_path)
    assert page.locator("#rows tr[data-n]:visible").count() < 400, "the first are laid out"
    page.locator(".plot g[data-p='399']").dispatch_event("click")
    assert page.locator("#detail-399").is_visible()
    page.get_by_label("Search").fill("clusterer-39")
    assert page.locator("#rows tr[data-n]:visible").count() == 11
    page.emulate_media(media="print")
    page.get_by_label("Search", exact=True).evaluate(
        "(e) => { e.value = ''; e.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    assert page.locator("#rows tr[data-n]:visible").count() == 400, "on paper all are"


def test_more_rows_come_by_scrolling(tab: Any, tmp_path: Path) -> None:
    page = tab.show(many_rows(400), tmp_path)
    before = page.locator("#rows tr[data-n]:visible").count()
    page.locator("#more").scroll_into_view_if_needed()
    page.locator("#rows tr[data-n]:visible").nth(before).wait_for()


def test_hidden_columns_are_made_when_picked_and_sort(tab: Any, tmp_path: Path) -> None:
    page = tab.show(timed(), tmp_path)
    titles = page.locator("#board > thead button").all_inner_texts()
    assert "davies-bouldin" not in titles
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("davies-bouldin").check()
    titles = page.locator("#board > thead button:visible").all_inner_texts()
    assert titles.index("davies-bouldin") == titles.index("ari") + 1, "in its place"
    page.get_by_label("encode s").check()
    page.keyboard.press("Escape")
    page.locator("#board > thead button", has_text="davies-bouldin").click()
    assert tab.names() == ["gmm-bic", "kmeans", "kmeans", "dbscan"], "lower is better"
    page.locator(".open").first.click()
    assert (
        page.locator(".opened > td").evaluate("(e) => e.colSpan") == page.locator("#board > thead th").count()
    )


@pytest.mark.parametrize("width", [1280, 1680])
def test_nothing_of_the_table_is_cut(width: int, tab: Any, tmp_path: Path) -> None:
    page = tab.show(many_rows(30), tmp_path)
    page.set_viewport_size({"width": width, "height": 900})
    inside, whole = page.locator(".wrap:has(#board)").evaluate("(e) => [e.clientWidth, e.scrollWidth]")
    assert whole <= inside
    head = page.locator("#board > thead th").first
    top = head.bounding_box()["y"]
    page.locator(".wrap:has(#board)").evaluate("(e) => { e.scrollTop = 300; }")
    assert head.bounding_box()["y"] == top, "the head stays in sight"


def test_on_paper_details_are_open_and_controls_are_not_there(tab: Any, tmp_path: Path) -> None:
    page = tab.show(timed(), tmp_path)
    reading = page.get_by_text("sample standard deviation")
    assert not reading.is_visible()
    page.get_by_text("How to read this").click()
    assert reading.is_visible()
    page.get_by_text("How to read this").click()
    page.emulate_media(media="print")
    assert reading.is_visible()
    assert not page.locator("#controls").is_visible()
    assert page.locator(".plot").is_visible()


def test_cards_of_a_narrow_page_have_two_lines(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto(write_site([timed()], tmp_path, title="Mine")[1].as_uri())
    card = page.locator("tr[data-n='0']")
    assert card.bounding_box()["height"] < 80
    shown = page.locator("tr[data-n='0'] > *:visible").all_inner_texts()
    assert [" ".join(text.split()) for text in shown] == ["pca", "kmeans", "0.850 ± 0.071 best", "20"]
    label = card.locator("td").last.evaluate("(e) => getComputedStyle(e, '::before').content")
    assert label
    card.locator(".open").click()
    assert "10 given" in page.locator("#detail-0").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    context.close()


def test_dots_of_the_plot_are_seen_in_the_dark(browser: Any, tmp_path: Path) -> None:
    fills = []
    index, path = write_site([timed()], tmp_path, title="Mine")
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        for each in (path, index):
            page.goto(each.as_uri())
            fills.append(
                page.locator(".plot g[data-p] circle").first.evaluate("(e) => getComputedStyle(e).fill")
            )
        context.close()
    assert fills[0] == fills[1] != fills[2] == fills[3]
