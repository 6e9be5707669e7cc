"""A browser sorts, filters and opens the rows of a site's pages, by mouse and keys, and asks no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from boards import many_rows, some_board
from pages import opening, sorting

from harness.report.site import write_site


def test_sorting_by_click_and_by_key(tab: Any, tmp_path: Path) -> None:
    page = tab.show(some_board(), tmp_path)
    assert tab.names() == ["kmeans", "kmeans", "gmm-bic", "broken"]
    heads = {
        text.split("\n")[0]: n for n, text in enumerate(page.locator("#board > thead th").all_inner_texts())
    }
    accuracy = page.locator("#board > thead th").nth(heads["accuracy"])
    accuracy.get_by_role("button").click()
    assert accuracy.get_attribute("aria-sort") == "ascending"
    assert tab.names() == ["gmm-bic", "kmeans", "kmeans", "broken"], (
        "what failed comes last in both directions"
    )
    button = page.locator("#board > thead th").nth(1).get_by_role("button")
    button.focus()
    page.keyboard.press("Enter")
    assert tab.names() == ["broken", "gmm-bic", "kmeans", "kmeans"]
    assert accuracy.get_attribute("aria-sort") == "none"
    page.keyboard.press("Space")
    assert tab.names() == ["kmeans", "kmeans", "gmm-bic", "broken"]


def test_filters_narrow_and_are_cleared(tab: Any, tmp_path: Path) -> None:
    page = tab.show(some_board(), tmp_path)
    page.get_by_label("Search").fill("PCA k")
    assert tab.names() == ["kmeans"]
    assert page.locator("#count").inner_text() == "1 of 4 rows"
    page.get_by_label("Search").fill("nothing like it")
    page.get_by_role("button", name="Clear the filters").click()
    assert len(tab.names()) == 4
    page.get_by_label("Flags", exact=True).select_option("oracle settings")
    assert tab.names() == ["gmm-bic"]
    page.get_by_label("Flags", exact=True).select_option("none")
    assert tab.names() == ["kmeans", "kmeans", "broken"]
    page.get_by_label("Only failures").check()
    assert tab.names() == ["broken"]
    page.get_by_label("Status", exact=True).select_option("ok")
    assert tab.names() == []


def test_a_row_opens_to_its_details_and_closes(tab: Any, tmp_path: Path) -> None:
    page = tab.show(some_board(), tmp_path)
    button = page.locator("tr[data-n='2'] .open")
    button.focus()
    page.keyboard.press("Enter")
    detail = page.locator("#detail-2")
    assert button.get_attribute("aria-expanded") == "true"
    assert button.get_attribute("aria-controls") == "detail-2"
    text = detail.inner_text()
    for part in (
        "All metrics",
        "metric\tn\tmean\tstd\tmin\tmax",
        "accuracy\t1\t0.5000\t–\t0.5000\t0.5000",
        "Each run",
        "bic",
        "4 (1 run, edge)",
        "using the true labels",
        "0.5000",
    ):
        assert part in text
    page.locator("#board > thead th").nth(1).get_by_role("button").click()
    ids = page.locator("#rows > tr").evaluate_all("rows => rows.map((row) => row.id || row.dataset.n)")
    assert ids[ids.index("2") + 1] == "detail-2", "it goes with its row"
    page.get_by_label("Search").fill("kmeans")
    assert not detail.is_visible()
    page.get_by_label("Search").fill("")
    assert detail.is_visible()
    button.click()
    assert not detail.is_visible()
    assert button.get_attribute("aria-expanded") == "false"


def test_columns_are_added_and_taken_away(tab: Any, tmp_path: Path) -> None:
    page = tab.show(some_board(), tmp_path)
    head = page.locator("#board > thead th", has_text="davies-bouldin")
    assert not head.is_visible()
    page.get_by_text("Columns", exact=True).click()
    page.get_by_label("davies-bouldin").check()
    assert head.is_visible()
    page.get_by_label("davies-bouldin").uncheck()
    assert not head.is_visible()


def test_names_run_nothing(tab: Any, tmp_path: Path) -> None:
    from boards import board, row

    evil = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    page = tab.show(board([row(evil, evil, [0.5], notes=[evil]), row("a", "b", [])], dataset="<b>"), tmp_path)
    page.locator(".open").first.click()
    assert evil in page.locator("#detail-0").inner_text()
    assert "owned" not in page.title()


@pytest.mark.parametrize("width", [1280, 400])
def test_dark_and_light_have_contrast_and_nothing_overflows(width: int, browser: Any, tmp_path: Path) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        page.goto(write_site([some_board()], tmp_path, title="Mine")[1].as_uri())
        style = "(e) => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        colour, ground = page.locator("body").evaluate(style)
        assert contrast(colour, ground) > 7
        bad, _ = page.locator(".bad").first.evaluate(style)
        assert contrast(bad, ground) > 4.5
        page.get_by_text("Columns", exact=True).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.get_by_label("Sort by").is_visible() == (width == 400), (
            "where the head of the table is not"
        )
        seen.add(ground)
        context.close()
    assert len(seen) == 2


def contrast(one: str, two: str) -> float:
    """Return the ratio of luminances, as the guidelines for accessible content reckon it."""

    def luminance(text: str) -> float:
        parts = [int(part) / 255 for part in text[text.index("(") + 1 : -1].split(",")[:3]]
        red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_a_thousand_rows_open_and_sort_quickly(tab: Any, tmp_path: Path) -> None:
    page = tab.show(many_rows(1000), tmp_path)
    assert opening(page) < 8, "its scripts take long"
    assert sorting(page) < 20, "it takes long for each row"
    assert tab.names()[:2] == ["clusterer-0", "clusterer-1"], "numbers in names count as numbers"
