"""Runs side by side: what the page shows is what the program computes, from ticks and by links."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe import axe
from compared_runs import MINUS, NOISY, Site, classes_mislead, facts, labels_of, opened, right, stays
from pages import ALL_ROWS_ANEW, TIMED
from report_cases import BOARD, EVIL, EVIL_CLASS, multiply, small, watched, whole
from sklearn.metrics import adjusted_rand_score

from harness.core.files import write_whole
from harness.leaderboard.build import load_board
from harness.report.cell_data import stored_cells
from harness.report.figures.projections import Maps
from harness.report.find_cell import find_cell
from harness.report.pages import compare_runs, file_names, write_report
from harness.report.pages.board_page import board_pages
from harness.report.pages.compare_page import comparison


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = tmp_path_factory.mktemp("compared")
    store = whole(base / "store")
    report = write_report(store, base / "report", maps=["pca"])
    assert report.wrong == []
    return Site(base / "report", store)


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    yield from watched(browser, "http://127.0.0.1")


def test_matching_and_index_are_those_of_scipy_and_scikit_learn(page: Any, site: Site) -> None:
    opened(page, site.url(site.cell("identity + kmeans", 0), site.cell("identity + kmeans", 1)))
    rng = np.random.default_rng(0)
    for number in range(40):
        first, second = rng.integers(1, 9, 2)
        one, two = rng.integers(-(number % 2), first, 60), rng.integers(-(number % 3 == 0), second, 60)
        one[:first], two[:second] = np.arange(first), np.arange(second)
        run = [{"labels": x.tolist(), "names": list(range(k))} for x, k in ((one, first), (two, second))]
        found = page.evaluate("([one, two]) => Matching.between(one, two)", run)
        assert found["count"] == int((~stays(one, two)).sum())
        assert sum(found["moved"]) == found["count"]
        assert found["rand"] == pytest.approx(adjusted_rand_score(one, two), abs=1e-12)
        assert np.sum(found["counts"]) == 60


def test_numbers_of_the_page_are_those_of_the_program(page: Any, site: Site) -> None:
    first, other = site.cell("identity + kmeans", 0), site.cell(NOISY)
    opened(page, site.url(first, other))
    found = facts(page)
    moved = ~stays(labels_of(first), labels_of(other))
    assert found["moved to another cluster"].split("\n")[0] == f"{moved.mean():.1%}"
    assert f"{moved.sum()} of 200 samples" in found["moved to another cluster"]
    index = adjusted_rand_score(labels_of(first), labels_of(other))
    assert found["adjusted Rand index"].startswith(f"{index:.4f}".replace("-", MINUS))
    one, two = right(first), right(other)
    assert found["right in B alone"].split("\n") == [
        f"{(two & ~one).sum()}",
        f"{(one & ~two).sum()} in A alone",
    ]
    means = [np.mean([each.scores["accuracy"] for each in cell.row]) for cell in (first, other)]
    gap = means[1] - means[0]
    assert found["mean accuracy of the row"].startswith(f"{gap:+.4f}".replace("-", MINUS))
    row = page.locator("#scores .scores tbody tr").first.locator("td").all_inner_texts()
    spread = np.std([each.scores["accuracy"] for each in first.row], ddof=1)
    assert row[0].startswith(f"{means[0]:.4f}")
    assert f"± {spread:.4f}" in row[0]
    assert f"2 runs; this {first.scores['accuracy']:.4f}" in row[0]
    assert row[1].startswith(f"{means[1]:.4f}")
    assert row[2].startswith(f"{gap:+.4f}".replace("-", MINUS))
    assert ("better" in row[2]) == (gap > 0)
    crossing = page.locator("#moved .confusion")
    own = [int(text.replace(",", "") or 0) for text in crossing.locator("td.own").all_inner_texts()]
    assert sum(own) == 200 - moved.sum()
    cells = crossing.locator("tbody td:not(:last-child)").all_inner_texts()
    assert sum(int(text or 0) for text in cells) == 200
    matrices = page.locator("#confusion .confusion")
    for place, cell in enumerate((first, other)):
        framed = [int(text or 0) for text in matrices.nth(place).locator("td.own").all_inner_texts()]
        assert sum(framed) / 200 == pytest.approx(cell.scores["accuracy"])


def test_a_sample_changes_its_colour_exactly_where_it_moved(page: Any, site: Site) -> None:
    cells = [cell for cell in stored_cells(site.store, BOARD) if cell.clustered]
    first, other = next(pair for pair in permutations(cells, 2) if classes_mislead(*pair))
    opened(page, site.url(first, other))
    moved = ~stays(labels_of(first), labels_of(other))
    maps = page.locator("#maps svg")
    assert maps.count() == 3
    drawn = """(svg, kind) => [...svg.querySelectorAll(kind)]
        .map((path) => path.getAttribute('d').split('M').length - 1).reduce((a, b) => a + b, 0)"""
    assert [maps.nth(n).evaluate(drawn, ".points.moved:not(.hole)") for n in (1, 2)] == [moved.sum()] * 2
    assert [maps.nth(n).evaluate(drawn, ".points.stayed:not(.hole)") for n in (1, 2)] == [(~moved).sum()] * 2
    at = """(svg) => Object.fromEntries([...svg.querySelectorAll('.points:not(.hole)')].flatMap((path) =>
        path.getAttribute('d').split('M').slice(1)
            .map((point) => [point.split(/[hl]/)[0], path.style.stroke])))"""
    one, two = (maps.nth(n).evaluate(at) for n in (1, 2))
    assert one.keys() == two.keys(), "the same samples at the same places"
    changed = sum(one[point] != two[point] for point in one)
    assert changed <= moved.sum()
    assert changed >= len(one) - 200 + moved.sum() - 2, "but for samples at one place"
    page.get_by_label("Fade the samples that stayed").uncheck()
    assert page.locator("#maps .stayed").count() == 0
    assert page.evaluate("document.activeElement.id") == "fade"


def test_rows_are_ticked_sorted_filtered_and_compared_by_keys_alone(page: Any, site: Site) -> None:
    page.goto((site.folder / file_names.board_file(BOARD)).as_uri())
    bar = page.locator("#ticked")
    assert not bar.is_visible()
    page.get_by_label("Compare identity + kmeans", exact=True).focus()
    page.keyboard.press("Space")
    assert page.locator(".opened").count() == 0, "a tick does not open the row"
    assert bar.inner_text().startswith("Tick another row to compare.")
    page.get_by_label("Search").fill("dbscan identity")
    page.locator("tr[data-n]:visible .tick input").check()
    page.get_by_label("Search").fill("")
    page.locator("#board > thead button", has_text="clusterer").click()
    assert page.locator(".tick input:checked").count() == 2
    link = page.get_by_role("link", name="Compare 2 runs")
    link.focus()
    page.keyboard.press("Enter")
    page.locator(".notes").wait_for()
    names = page.locator(".runs .who").all_inner_texts()
    assert [name.split(" K ")[0] for name in names] == ["identity + kmeans", NOISY], (
        "in the order of the ticks"
    )
    page.go_back()
    assert page.locator(".tick input:checked").count() == 2
    page.get_by_role("button", name="Untick all").click()
    assert not bar.is_visible()
    failed = page.locator("tr[data-n]", has_text="unlucky")
    assert failed.locator(".tick input").count() == 0, "it has no clusters to compare"


def test_seeds_runs_and_the_first_of_them_are_chosen(page: Any, site: Site) -> None:
    first, other = site.cell("identity + kmeans", 0), site.cell(NOISY)
    opened(page, site.url(first, other))
    page.get_by_label("Seed of A").focus()
    page.get_by_label("Seed of A").select_option("seed 1")
    page.wait_for_function("document.querySelector('#scores').innerText.includes('seed 1')")
    second = site.cell("identity + kmeans", 1)
    assert page.url.endswith(f"#runs={second.id},{other.id}")
    assert page.evaluate("document.activeElement.id") == "seed-A"
    moved = int((~stays(labels_of(second), labels_of(other))).sum())
    assert f"{moved} of 200 samples" in facts(page)["moved to another cluster"]
    page.get_by_label("Add a run").select_option(label="identity + kmeans, K 10 given")
    page.locator(".against").nth(1).wait_for()
    assert "accuracy of these runs" in facts(page, 1) or "mean accuracy of the row" in facts(page, 1)
    assert page.locator("h2", has_text="Agreement of all runs").is_visible()
    page.get_by_role("button", name=re.compile("Compare the others with C")).click()
    page.wait_for_function(f"location.hash.startsWith('#runs={first.id},')")
    same = facts(page)["accuracy of these runs"]
    gap = second.scores["accuracy"] - first.scores["accuracy"]
    assert same.startswith(f"{gap:+.4f}".replace("-", MINUS)), "of two runs of one row, not of its mean"
    page.get_by_role("button", name=re.compile("Remove C")).click()
    page.wait_for_function("document.querySelectorAll('.runs li').length === 2")


def test_scores_that_cannot_be_compared_have_no_difference(page: Any, site: Site) -> None:
    other = next(
        cell
        for cell in stored_cells(site.store, BOARD)
        if cell.record.encoder != "identity" and cell.labels is not None
    )
    opened(page, site.url(site.cell("identity + kmeans", 0), other))
    line = page.locator("#scores .scores tbody tr", has_text="silhouette").first
    assert line.locator("td").nth(2).inner_text() == "another embedding"
    assert line.locator(".best").count() == 0


def test_addresses_that_are_wrong_are_told(page: Any, site: Site) -> None:
    first = site.cell("identity + kmeans", 0)
    page.goto(f"{site.url(first)},0123456789ab,<b>")
    message = page.locator("#message")
    page.wait_for_function("document.getElementById('message').textContent")
    assert "Run 0123456789ab is not on this leaderboard." in message.inner_text()
    assert "<b>" in message.inner_text()
    assert "Choose two runs or more" in page.locator("#compared").inner_text()


def test_without_an_address_the_first_two_rows_are_compared(page: Any, site: Site) -> None:
    opened(page, site.url(site.cell("identity + kmeans")).partition("#")[0])
    assert page.locator(".runs li").count() == 2


def test_data_without_classes_or_images_are_compared(page: Any, site: Site) -> None:
    runs = [site.cell("identity + kmeans", seed, "bare.full") for seed in (0, 1)]
    opened(page, site.url(*runs))
    assert page.locator("#confusion").count() == 0
    assert page.locator("#maps svg").count() == 2
    assert page.locator(".thumb").count() == 0
    moved = np.flatnonzero(~stays(labels_of(runs[0]), labels_of(runs[1])))
    assert f"{len(moved)} of 200" in facts(page)["moved to another cluster"]
    if len(moved):
        assert f"{moved[0]}" in page.locator("#moved .moves").inner_text()


def test_images_are_those_of_the_samples_that_moved(page: Any, site: Site) -> None:
    first, other = site.cell("identity + kmeans", 0), site.cell("identity + kmeans-elbow(k_max=12)", 0)
    opened(page, site.url(first, other))
    names = page.locator("#moved .thumb").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label'))"
    )
    rows = [int(re.findall(r"sample (\d+)", name)[0]) for name in names]
    assert rows
    moved = ~stays(labels_of(first), labels_of(other))
    assert moved[rows].all()
    sheet = page.evaluate("""async () => {
        const uri = [...document.querySelectorAll('style')].pop().textContent.match(/url\\("(.*)"\\)/)[1];
        const image = new Image(); image.src = uri; await image.decode();
        const canvas = document.createElement('canvas');
        Object.assign(canvas, {width: image.width, height: image.height});
        const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
        return [image.width, image.height, [...context.getImageData(0, 0, image.width, image.height).data]];
    }""")
    width, height, values = sheet
    pixels = np.array(values).reshape(height, width, 4)[..., 0]
    position = page.locator("#moved .thumb").first.evaluate(
        "(e) => [e.style.backgroundPosition, e.style.width]"
    )
    left, top = (-int(float(part)) for part in re.findall(r"(-?\d+)px", position[0]))
    scale = int(position[1].removesuffix("px")) // 8
    tile = pixels[top // scale : top // scale + 8, left // scale : left // scale + 8]
    assert first.samples is not None
    assert np.abs(tile - first.samples[rows[0]].reshape(8, 8) * 255).max() <= 1


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(width: int, scheme: str, browser: Any, site: Site) -> None:
    script = axe()
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    runs = [site.cell("identity + kmeans", 0), site.cell(NOISY), site.cell("identity + kmeans", 1)]
    board = (site.folder / file_names.board_file(BOARD)).as_uri()
    for url in (site.url(*runs[:2]), site.url(*runs), board):
        page.goto(url)
        if url == board:
            for box in page.locator(".tick input").all()[:2]:
                box.check()
        else:
            page.locator(".notes").wait_for()
            page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width or url == board
        page.evaluate(script)
        found = page.evaluate("async () => (await axe.run()).violations")
        assert not [
            (each["id"], each["help"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found
        ]
        page.goto("about:blank")
    context.close()


def test_dark_and_paper(page: Any, site: Site) -> None:
    opened(page, site.url(site.cell("identity + kmeans", 0), site.cell(NOISY)))
    ink = "getComputedStyle(document.querySelector('#maps .name-of')).fill"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ink) != light
    page.emulate_media(media="print")
    assert not page.locator(".choose").first.is_visible()
    assert page.locator("#maps svg").first.is_visible()
    assert page.locator(".thumb").first.evaluate("(e) => getComputedStyle(e).printColorAdjust") == "exact"
    page.goto((site.folder / file_names.board_file(BOARD)).as_uri())
    page.emulate_media(media="screen")
    page.locator(".tick input").first.check()
    assert page.locator("#ticked").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("#ticked").is_visible()
    assert not page.locator(".tick").first.is_visible()


def test_it_works_from_a_server_too(page: Any, site: Site) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site.folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = site.url(site.cell("identity + kmeans", 0), site.cell(NOISY)).removeprefix(site.folder.as_uri())
    try:
        opened(page, f"http://127.0.0.1:{server.server_port}{place}")
        assert page.locator("#maps svg").count() == 3
    finally:
        server.shutdown()
        server.server_close()


def test_names_of_html_are_text(page: Any, site: Site) -> None:
    cell = site.cell(f"{EVIL} + kmeans", board=f"{EVIL}.full")
    page.goto(site.url(cell))
    page.locator(".runs li").wait_for()
    assert EVIL in page.locator(".runs").inner_text()
    opened(page, site.url(site.cell("identity + kmeans", 0), site.cell(NOISY)))
    assert EVIL_CLASS in page.locator("#confusion").inner_text()
    assert page.locator("main img, main b[onclick]").count() == 0
    assert "1" not in page.title()


def test_without_pictures_there_are_tables_alone(
    page: Any, site: Site, tmp_path: Path, one_process: None
) -> None:
    write_report(site.store, tmp_path, [BOARD], pictures=False)
    bare = Site(tmp_path, site.store)
    opened(page, bare.url(site.cell("identity + kmeans", 0), site.cell(NOISY)))
    assert "the report was written without maps" in page.locator("#maps").inner_text()
    assert page.locator(".thumb, #maps svg").count() == 0
    assert "Samples" in page.locator("#moved").inner_text()


def test_scripts_are_small_and_large_data_are_sampled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Any
) -> None:
    store = small(tmp_path / "store", seeds=2)
    monkeypatch.setattr(compare_runs, "MOST", 50)
    write_report(store, tmp_path / "report", maps=["pca"], pictures=True)
    one, two = (find_cell(store, "identity + kmeans", BOARD, seed) for seed in (0, 1))
    script = tmp_path / "report" / file_names.script_of(file_names.cell_file(one))
    assert script.stat().st_size < 8_000
    rows = compare_runs.sampled(200)
    assert len(rows) == 50
    opened(page, Site(tmp_path / "report", store).url(one, two))
    counts = np.flatnonzero(~stays(labels_of(one)[rows], labels_of(two)[rows]))
    assert f"{len(counts)} of 50 samples" in facts(page)["moved to another cluster"]
    assert "a fixed sample of 50 of 200 rows" in page.locator(".notes").inner_text()
    whole_page = tmp_path / "all.html"
    whole_page.write_text(comparison([one, two], Maps(tmp_path / "maps")))
    opened(page, whole_page.as_uri())
    moved = (~stays(labels_of(one), labels_of(two))).sum()
    assert f"{moved} of 200 samples" in facts(page)["moved to another cluster"], "all rows"
    assert "maps and images show a fixed sample of 50" in page.locator(".notes").inner_text()


def test_a_thousand_rows_are_ticked_at_once(tmp_path: Path, page: Any) -> None:
    store = small(tmp_path / "store")
    (name,) = store.boards()
    multiply(store, name, 1000, seeds=1)
    cells = {name: stored_cells(store, name)}
    for file, text in board_pages({name: load_board(store, name)}, cells, "Many", "0").items():
        write_whole(tmp_path / file, text)
    page.goto((tmp_path / file_names.board_file(name)).as_uri())
    boxes = page.locator(".tick input")
    assert boxes.count() == 1000
    took = page.evaluate(TIMED % "document.querySelectorAll('.tick input')[500].click()")
    anew = page.evaluate(TIMED % ALL_ROWS_ANEW)
    assert took < anew, "a tick costs less than the rows themselves"
    for place in range(5):
        boxes.nth(place).check()
    assert boxes.nth(5).is_disabled(), "six are the most"
    boxes.nth(0).uncheck()
    assert boxes.nth(5).is_enabled()
