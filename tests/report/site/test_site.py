"""A site is plain files that work by themselves: the same boards give the same bytes, and names are text."""

from __future__ import annotations

import json
import math
import re
import zlib
from base64 import b64decode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from boards import board, many_rows, row, some_board

from harness.core.board import Board, Metric
from harness.core.errors import HarnessError
from harness.leaderboard.formats import to_csv
from harness.leaderboard.significance import legend
from harness.leaderboard.table_cells import BoardTable
from harness.report.site import write_site

VOID = {"meta", "input", "br", "link", "circle", "path"}
EVIL = "</script><script>alert(1)</script> <b>&\"'`"


class Page(HTMLParser):
    """The elements of a page, with their attributes and texts; that they are well nested is checked."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.stack: list[int] = []
        self.feed(path.read_text(encoding="utf-8"))
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(tag)
            self.stack.append(len(self.found) - 1)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        for number in self.stack:
            self.found[number][2].append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str | None], str]]:
        return [
            (attributes, "".join(texts).strip())
            for name, attributes, texts in self.found
            if name == tag
            and all(
                value in (attributes.get(each.strip("_")) or "").split() for each, value in wanted.items()
            )
        ]


def written(folder: Path, *boards: Board, **options: Any) -> list[Page]:
    return [Page(path) for path in write_site(boards, folder, title="My boards", **options)]


def details(page: Page) -> Any:
    ((_, text),) = page.all("script", id="details")
    return json.loads(zlib.decompress(b64decode(text)))


def test_index_names_every_board(tmp_path: Path) -> None:
    extra = {"How to cite": "@software{x,\n  <b>\n}"}
    index, *_ = written(tmp_path, some_board(), some_board(dataset="odd #1 %"), extra=extra)
    assert [text for _, text in index.all("h1")] == ["My boards"]
    links = [attributes["href"] for attributes, text in index.all("a") if "full" in text]
    assert links == ["toy.full.html", "odd%20%231%20%25.full.html"] * 2
    assert (tmp_path / "odd #1 %.full.html").exists()
    assert "Best mean accuracy 0.850 ± 0.071, pca + kmeans." in [text for _, text in index.all("p")]
    csv = [attributes["href"] for attributes, text in index.all("a") if text == "CSV"]
    assert csv == ["toy.full.csv", "odd%20%231%20%25.full.csv"]
    assert (tmp_path / "toy.full.csv").read_text() == to_csv(some_board())
    assert [text for _, text in index.all("pre")] == ["@software{x,\n  <b>\n}"]


def test_rows_stand_in_the_table_with_spread_and_failures_as_such(tmp_path: Path) -> None:
    _, page = written(tmp_path, some_board())
    heads = [text for attributes, text in page.all("th", scope="col") if attributes.get("aria-sort")]
    assert heads[:5] == ["encoder", "clusterer", "K", "runs", "accuracy"]
    assert [a["aria-sort"] for a, _ in page.all("th", scope="col")].count("descending") == 1
    rows = [a for a, _ in page.all("tr") if "data-n" in a]
    assert [a.get("data-status") for a in rows] == [None, None, None, "failed"]
    assert ["data-failed" in a for a in rows] == [False, False, False, True]
    assert rows[2]["data-flags"] == "internal K|oracle settings|single seed"
    cells = [text for _, text in page.all("td", class_="c4")]
    assert cells == ["0.850 ± 0.071 best", "0.800 ± 0.071", "0.500", "failed"]
    assert [a.get("data-v") for a, _ in page.all("td", class_="c4")] == ["0.85", "0.8", "0.5", None]
    labels = [a["aria-label"] for a, _ in page.all("svg", class_="dots")]
    assert labels[0] == "accuracy of 2 runs: 0.800 to 0.900"
    assert len(labels) == 3


def test_intervals_and_marks_are_those_of_the_metric_that_ranks(tmp_path: Path) -> None:
    values = [0.5, 0.6, 0.7, 0.6, 0.6]
    found = board([row("a", "b", values), row("a", "c", [0.55])])
    _, page = written(tmp_path, found)
    heads = [text for attributes, text in page.all("th", scope="col") if attributes.get("aria-sort")]
    assert heads[4:7] == ["accuracy", "each run0.50 – 0.70", "ari"], "no row is compared with the best"
    table = BoardTable(found)
    low, high = table.cells(found.metrics[0])[0].interval or (0, 0)
    ((_, text),) = page.all("script", id="picked")
    assert [f"{low:.3f} – {high:.3f}", "–"] in [each["texts"] for each in json.loads(text).values()]
    text = " ".join(text for _, text in page.all("li"))
    assert all(f"{line}." in text for line in legend("accuracy", table.versus("accuracy"), 0.01, found.name))


def test_a_board_that_nothing_ranks_is_sorted_by_nothing(tmp_path: Path) -> None:
    metrics = [Metric("n-clusters", None, False, False), Metric("accuracy", None, False, True)]
    _, page = written(tmp_path, board([row("a", "b", [0.5, 0.6])], metrics=metrics))
    assert {a["aria-sort"] for a, _ in page.all("th", scope="col")} == {"none"}


def test_header_says_what_was_measured(tmp_path: Path) -> None:
    _, page = written(tmp_path, some_board())
    text = " ".join(text for _, text in page.all("main"))
    for fact in ("60 of 4 features, images of 2 x 2 x 1", "sha256:" + "ab" * 32, "2026-01-01", "one core"):
        assert fact in text
    assert "fit and scored on all 60 rows." in text
    assert "numpy\xa02.4.6" in text


def test_details_hold_every_run(tmp_path: Path) -> None:
    _, page = written(tmp_path, some_board())
    known = details(page)
    assert known["metrics"] == ["accuracy", "ari", "davies-bouldin"]
    first, _, third, last = known["rows"]
    assert known["parts"][:5] == [
        ["n", "count"],
        ["mean", "score"],
        *([each, "number"] for each in ("std", "min", "max")),
    ]
    assert first["scores"][0][:6] == [0, 2, 0.85, 0.0707, 0.8, 0.9]
    assert dict(zip(known["facts"], first["facts"], strict=False))["K"] == "10 given"
    assert first["runs"] == [[None, 0, 0.8, 1.8, 2.8], [None, 1, 0.9, 1.9, 2.9]]
    params = [(name, known["params"][name]) for name in first["params"]]
    assert params == [("pca", "n_components=8"), ("kmeans, K 10 given", "n_init=10")]
    encode, cluster = first["seconds"]
    assert encode[:6] == ["encode", 1, 0.5, None, 0.5, 0.5]
    assert cluster[:6] == ["cluster", 2, 2.0, 0.7071, 1.5, 2.5]
    assert third["curves"] == [["bic", "2 – 4", "4 (1 run, edge)"]]
    assert [name for name, _ in third["flags"]] == ["internal K", "oracle settings", "single seed"]
    assert all(text for _, text in third["flags"])
    assert "scores" not in last
    assert last["notes"] == ["failed in cluster: unlucky"]


def test_parameters_of_chains_and_aliases_are_found(tmp_path: Path) -> None:
    known = {
        **{"small": "pca(n_components=8)+identity", "pca(n_components=8)": "n_components=8"},
        **{"mine": "kmeans", "kmeans, K 10 given": "n_init=10", "other": "x=1"},
    }
    _, page = written(tmp_path, board([row("small", "mine", [0.5])], parameters=known))
    assert details(page)["rows"][0]["params"] == [
        "small",
        "pca(n_components=8)",
        "mine",
        "kmeans, K 10 given",
    ]


def test_names_are_text_everywhere(tmp_path: Path) -> None:
    odd = row(EVIL, EVIL, [0.5, 0.6], notes=[EVIL], prior=[f"pretrained: {EVIL}"])
    data = replace(some_board().data, licence=EVIL, scaling=EVIL)
    evil = board(
        [odd, row("a", "b", [])], dataset="<i>toy<", data=data, parameters={EVIL: EVIL}, hardware=[EVIL]
    )
    site = written(tmp_path, evil, extra={EVIL: EVIL})
    for page in site:
        assert "alert(1)" not in [text for _, text in page.all("script")]
        assert not page.all("b", class_="") or all(text != "&\"'`" for _, text in page.all("b"))
    index, page = site
    assert len(index.all("script")) == 0
    assert len(page.all("script")) == 3, "two of data, one of code"
    assert details(page)["rows"][0]["notes"] == [EVIL]
    assert EVIL in [text for _, text in page.all("span", class_="name")]


def test_same_boards_same_bytes(tmp_path: Path) -> None:
    one, two = (
        [path.read_bytes() for path in write_site([some_board()], tmp_path / each, title="x")]
        for each in "ab"
    )
    assert one == two


def test_nothing_is_fetched_and_all_ids_are_single(tmp_path: Path) -> None:
    for page in written(tmp_path, some_board(), some_board(dataset="other")):
        links = [a.get(name) for _, a, _ in page.found for name in ("href", "src") if a.get(name)]
        assert all(re.search(r"^#|\.(html(#\w+)?|csv)$", str(link)) for link in links)
        ids = [a["id"] for _, a, _ in page.found if a.get("id")]
        assert len(ids) == len(set(ids))
    for path in tmp_path.glob("*.html"):
        assert not re.search(r"https?://|@import|url\(", path.read_text())


def test_every_control_has_a_label(tmp_path: Path) -> None:
    _, page = written(tmp_path, some_board())
    text = (tmp_path / "toy.full.html").read_text()
    named = {attributes["for"] for attributes, _ in page.all("label") if "for" in attributes}
    within = "".join(re.findall(r"<label.*?</label>", text, re.DOTALL)).count("<input")
    controls = [a for tag in ("input", "select") for a, _ in page.all(tag)]
    assert named == {a["id"] for a in controls if a.get("type") != "checkbox"}
    assert within == sum(a.get("type") == "checkbox" for a in controls) > 5
    assert [a["lang"] for a, _ in page.all("html")] == ["en"]


def test_flags_of_every_row_are_said_once_above(tmp_path: Path) -> None:
    rows = [row("a", "b", [0.5, 0.6], settings="oracle"), row("a", "c", [0.5, 0.7], settings="oracle")]
    _, page = written(tmp_path, board(rows))
    assert [text.split(":")[0] for _, text in page.all("p", class_="notice")] == ["Every row"]


def test_published_results_stand_apart(tmp_path: Path) -> None:
    data = replace(some_board().data, samples=70_000)
    _, page, other = written(tmp_path, some_board(dataset="mnist", data=data), some_board(), reference=True)
    text = " ".join(text for _, text in page.all("details"))
    assert "GDL graph linkage" in text
    assert "B, the author's readme" in text
    assert "No published results for 'toy'" in " ".join(text for _, text in other.all("details"))
    assert "GDL" not in " ".join(text for _, text in page.all("tbody", id="rows"))


@pytest.mark.parametrize("change", ["no rows", "no labels", "not finite"])
def test_odd_boards_are_drawn(change: str, tmp_path: Path) -> None:
    found = some_board()
    if change == "no rows":
        found = board([])
    elif change == "no labels":
        found = board(
            [row("a", "b", [0.1])], metrics=[], data=replace(found.data, classes=None, image_shape=None)
        )
    else:
        found = board([row("a", "b", [math.inf]), row("a", "c", [math.nan])])
    written(tmp_path, found)


def test_two_boards_of_one_name_and_a_folder_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"Two leaderboards are named 'toy\.full'"):
        written(tmp_path, some_board(), some_board())
    (tmp_path / "file").write_text("")
    with pytest.raises(HarnessError, match="Cannot write"):
        written(tmp_path / "file", some_board())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_thousand_rows_are_about_a_megabyte(tmp_path: Path) -> None:
    _, path = write_site([many_rows(1000)], tmp_path, title="x")
    assert path.stat().st_size < 1_200_000
    assert path.read_text().count("data-n=") == 1000
