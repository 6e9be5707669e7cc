"""Pages of a real bench: what they show, and how: by mouse and keys, in light and dark, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe import axe
from pages import opening, sorting
from report_cases import AE, BOARD, EVIL, EVIL_CLASS, multiply, small, watched, whole

from harness.core.files import write_whole
from harness.leaderboard.build import load_board
from harness.report.cell_data import StoredCell, stored_cells
from harness.report.find_cell import find_cell
from harness.report.pages import Report, file_names, write_report
from harness.report.pages.board_page import board_pages
from harness.store.store import Store

KINDS = ["index", "board", "ok", "noise", "chooser", "failed", "bare", "evil", "encoder"]


@dataclass(frozen=True)
class Site:
    """A report, and where each kind of its pages is."""

    folder: Path
    report: Report
    store: Store
    pages: dict[str, Path]

    def text(self, kind: str) -> str:
        return self.pages[kind].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = tmp_path_factory.mktemp("pages")
    store, folder = whole(base / "store"), base / "report"
    report = write_report(store, folder, maps=["pca"])
    found: dict[str, StoredCell] = {
        "ok": find_cell(store, f"{AE} + kmeans", BOARD),
        "noise": find_cell(store, "identity + dbscan(eps=1.0)", BOARD),
        "chooser": find_cell(store, f"{AE} + kmeans-elbow(k_max=12)", BOARD),
        "failed": find_cell(store, "identity + unlucky", BOARD),
        "bare": find_cell(store, "identity + kmeans", "bare.full"),
        "evil": find_cell(store, f"{EVIL} + kmeans", f"{EVIL}.full"),
    }
    pages = {kind: folder / file_names.cell_file(cell) for kind, cell in found.items()}
    pages |= {"index": folder / "index.html", "board": folder / file_names.board_file(BOARD)}
    pages["encoder"] = folder / file_names.encoder_file(BOARD, AE)
    return Site(folder, report, store, pages)


def words(html: str) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<(style|script|svg).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL))


def headings(html: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])\b", html)]


def test_every_cell_and_encoder_has_a_page(site: Site) -> None:
    cells = [cell for board in site.store.boards() for cell in stored_cells(site.store, board)]
    wanted = {file_names.cell_file(cell) for cell in cells}
    wanted |= {file_names.encoder_file(cell.board, cell.record.encoder) for cell in cells}
    wanted |= {file_names.board_file(board) for board in site.store.boards()}
    wanted |= {file_names.compare_file(board) for board in site.store.boards()}
    assert {*wanted, "index.html"} == set(site.report.made)
    assert site.report.wrong == []


def test_a_cell_s_page_shows_all_that_is_known(site: Site) -> None:
    cell, text = find_cell(site.store, f"{AE} + kmeans", BOARD), words(site.text("ok"))
    for name, score in cell.scores.items():
        assert name in text
        assert f"{score:.4f}" in text
    for key in (*cell.record.steps, cell.record.cluster, cell.record.digest, cell.record.variant):
        assert key in text
    for fact in (
        "latent 4",
        "random_state 0",
        "numpy",
        "Rows scored 200",
        "seed 0",
        "MiB",
        "mean of the row",
    ):
        assert fact in text, fact
    assert "No command can repeat this run: it was started from Python with an object." in text
    assert cell.cluster is not None
    assert cell.cluster.hardware in text
    links = re.findall(r'<a[^>]* href="([^"]+)"', site.text("ok"))
    sibling = file_names.cell_file(cell.row[1]).partition("/")[2]
    encoder = file_names.encoder_file(BOARD, AE)
    assert {"../index.html", f"../{file_names.board_file(BOARD)}", f"../{encoder}", sibling} <= set(links)
    assert all(
        (site.pages["ok"].parent / link).exists() for link in links if not link.startswith(("#", "data:"))
    )


def test_confusion_is_a_table_before_and_after_matching(site: Site) -> None:
    cell, html = find_cell(site.store, f"{AE} + kmeans", BOARD), site.text("ok")
    assert cell.truth is not None
    tables = re.findall(r'<table class="confusion">.*?</table>', html, re.DOTALL)
    assert ["After matching" in tables[0], "Before matching" in tables[1]] == [True, True]
    for table in tables:
        body = table.partition("<tbody>")[2]
        rows = [re.findall(r'<td class="number[^>]*>(\d*)</td>', row) for row in body.split("</tr>")]
        assert sum(int(each or 0) for row in rows for each in row) == len(cell.truth)
        assert body.count('<th scope="row">') == 10
    own = [int(each) for each in re.findall(r'<td class="number own"[^>]*>(\d+)</td>', tables[0])]
    assert sum(own) / len(cell.truth) == pytest.approx(cell.scores["accuracy"])
    assert "fem" in words(tables[1])
    first = [
        html.index(part) for part in ('id="map-pca"', tables[0], "What was confused most", 'id="scores"')
    ]
    assert first == sorted(first), "map, confusion and what was confused come before the metrics"
    told = re.findall(r"<li>(\d+) of (\d+) of class (.*?) are (?:in cluster (\d+)|noise)", html)
    assert told
    counts = {line[0]: line for line in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', tables[1])}
    for count, total, name, cluster in told:
        numbers = re.findall(r'<td class="number[^>]*>(\d*)</td>', counts[name][1])
        assert sum(int(each or 0) for each in numbers) == int(total)
        assert cluster == "" or numbers[int(cluster)] == count


def test_pictures_say_what_they_show_and_the_others_why_they_are_not_there(site: Site) -> None:
    shown = {kind: re.findall(r'<figure class="picture" id="([\w-]+)"', site.text(kind)) for kind in KINDS}
    assert {"classes", "map-pca", "silhouette", "examples", "losses", "layers"} <= set(shown["ok"])
    assert "reconstructions" in shown["ok"]
    assert "curves" in shown["chooser"]
    assert shown["failed"] == ["map-pca"]  # of an embedding that was not clustered, by class
    assert "map-pca" in shown["bare"]
    assert not {"classes", "examples", "losses"} & set(shown["bare"])
    for kind in KINDS:
        for svg in re.findall(r"<svg (?!viewBox)[^>]*>", site.text(kind)):  # panels repeat what is said
            assert re.search(r'role="(img|group)"', svg), "a picture, or a group of points that lead to rows"
            assert re.search(r'aria-label="[^"]{10,}"', svg)
    text = words(site.text("bare"))
    assert "classes: no classes to compare with" in text
    assert "the samples are not images" in text


def test_a_failure_is_shown_with_its_error_and_what_to_do(site: Site) -> None:
    text = words(site.text("failed"))
    for part in ("failed", "What went wrong", "RuntimeError: no luck &lt;i&gt;today", "said before the end"):
        assert part in text
    assert "report_cases.py" in text
    assert "--retry failed" in text
    assert "The plugin raised this error" in text
    assert "Scores" not in text.partition("What went wrong")[2].partition("Runs of this row")[0]


def test_an_encoder_s_page_has_its_fits_and_its_clusterers(site: Site) -> None:
    html, text = site.text("encoder"), words(site.text("encoder"))
    assert text.count("Seed 0") > 1
    for part in ("Seed 1", "validation loss", "kmeans-elbow(k_max=12)", "dbscan(eps=1.0)", "Layers"):
        assert part in text, part
    row = [cell for cell in stored_cells(site.store, BOARD) if cell.name == f"{AE} + kmeans"]
    accuracy = sum(cell.scores["accuracy"] for cell in row) / 2
    assert f"{accuracy:.4f} ±" in text
    assert all(file_names.cell_file(cell).partition("/")[2] in html for cell in row)
    assert len(re.findall("Training losses", text)) == 2
    assert len(re.findall("Map by PCA", text)) == 2


def test_headings_are_in_order_and_nothing_is_fetched(site: Site) -> None:
    for kind in KINDS:
        html = site.text(kind)
        levels = headings(html)
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), kind
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids)), kind
        assert not re.search(r"""(?:src|href)=["'](?!data:|#)[^"']*//|@import|url\((?!#)""", html), kind
        tables = html.count("<table")
        assert html.count("<caption") == tables, kind


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    yield from watched(browser)


def test_from_the_index_to_a_cell_by_keys_alone(page: Any, site: Site) -> None:
    page.goto(site.pages["index"].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("main").get_by_role("link", name="some-digits full").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/some-digits.full.html")
    page.get_by_label("Search").fill("dense kmeans")
    assert page.locator("#count").inner_text() == "2 of 7 rows"
    page.locator("tr[data-n]:visible .open").first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".opened a", has_text="Run, seed 1")
    link.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/cell-*.html")
    assert "seed 1" in page.locator("h1").inner_text()
    page.get_by_role("navigation").get_by_role("link", name=AE).click()
    page.wait_for_url("**/encoder-*.html")
    assert page.locator("h1").inner_text().startswith(AE)
    page.get_by_role("link", name="Clustering report").click()
    page.wait_for_url("**/index.html")
    assert page.locator("h1").inner_text() == "Clustering report"


def test_the_table_sorts_and_filters(page: Any, site: Site) -> None:
    page.goto(site.pages["board"].as_uri())
    page.get_by_label("Only failures").check()
    assert page.locator("#rows tr[data-n]:visible .c1").all_inner_texts() == ["unlucky"]
    page.get_by_label("Only failures").uncheck()
    page.locator("#board > thead button", has_text="clusterer").click()
    shown = page.locator("#rows tr[data-n]:visible .c1").all_inner_texts()
    assert shown == sorted(shown)
    page.locator("#rows .open").first.click()
    link = page.locator(".opened a", has_text="Encoder").first
    assert link.get_attribute("href").startswith("some-digits.full/encoder-")


@pytest.mark.parametrize("kind", ["ok", "chooser", "bare", "encoder"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pictures_have_room_and_nothing_overflows(kind: str, width: int, page: Any, site: Site) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site.pages[kind].as_uri())
    pictures = "figure .paper:not(.whole) svg:visible" if width < 600 else "figure svg:visible"
    boxes = page.locator(pictures).evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect()).map((box) => [box.width, box.height])"
    )
    assert boxes
    assert all(wide > 300 and high > 60 for wide, high in boxes)
    panels = page.locator(".panels svg")
    assert panels.count() % 2 == 0
    assert all(panels.nth(n).is_visible() == (width < 600) for n in range(panels.count())), (
        "one below the other"
    )
    images = page.locator("figure svg image").count()
    assert images > 0, "maps and images are rasters within the page"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_mode_changes_the_inks_of_pictures_too(browser: Any, site: Site) -> None:
    seen = []
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(site.pages["ok"].as_uri())
        seen.append(page.evaluate(
            "() => [getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('#losses svg text')).fill]"
        ))  # fmt: skip
        context.close()
    assert all(light != dark for light, dark in zip(*seen, strict=True))


def test_on_paper_there_are_no_controls_and_all_pictures(page: Any, site: Site) -> None:
    page.goto(site.pages["encoder"].as_uri())
    page.emulate_media(media="print")
    assert not page.locator(".trail").is_visible()
    assert not page.locator(".seed > summary").first.is_visible()
    assert page.locator("figure").last.evaluate("(each) => getComputedStyle(each).breakInside") == "avoid"
    page.goto(site.pages["board"].as_uri())
    assert not page.locator("#controls").is_visible()


def test_names_of_html_are_text(page: Any, site: Site) -> None:
    page.goto(site.pages["evil"].as_uri())
    assert EVIL in page.locator("h1").inner_text()
    assert page.locator("main b[onclick], main img, nav b[onclick]").count() == 0
    assert EVIL_CLASS in page.locator(".confusion").first.inner_text()
    page.goto(site.pages["index"].as_uri())
    page.locator("main").get_by_role("link", name=EVIL).first.click()
    page.locator(".open").first.click()
    page.locator(".opened a", has_text="Run").click()
    page.wait_for_url("**/cell-*.html")
    assert EVIL in page.locator("h1").inner_text()
    folder = site.pages["index"].parent.as_uri()
    assert re.fullmatch(r"[\w./-]+", page.url.removeprefix(folder))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, browser: Any, site: Site) -> None:
    script = axe()
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    for kind in KINDS:
        page.goto(site.pages[kind].as_uri())
        if kind == "board":
            page.locator(".open").first.click()
        page.evaluate(script)
        found = page.evaluate("async () => (await axe.run()).violations")
        told = [
            (each["id"], each["help"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found
        ]
        assert not told, kind
    context.close()


def test_a_board_of_a_thousand_cells_opens_and_sorts_at_once(page: Any, tmp_path: Path) -> None:
    store = small(tmp_path / "store")
    (name,) = store.boards()
    multiply(store, name, 1000, seeds=1)
    cells = {name: stored_cells(store, name)}
    assert len(cells[name]) == 1000
    for file, text in board_pages({name: load_board(store, name)}, cells, "Many", "0").items():
        write_whole(tmp_path / file, text)
    assert (tmp_path / file_names.board_file(name)).stat().st_size < 4_000_000
    page.goto((tmp_path / file_names.board_file(name)).as_uri())
    assert opening(page) < 8, "its scripts take long"
    assert sorting(page) < 20, "it takes long for each row"
    page.locator(".open:visible").last.click()
    assert page.locator(".opened a").count() == 2
