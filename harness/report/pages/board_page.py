"""Pages of boards, with links to the pages of cells and encoders, and the index."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ...core.board import Board
from ...leaderboard.suite.suite_board import SuiteBoard
from ..cell_data import StoredCell
from ..site.board_pages import About, entry_of, index_values, values_of
from ..site.render import render_page
from ..site.suite_page import suite_entry, suite_page
from . import file_names, score_tables
from .cell_page import PACKAGE

PURPOSE = (
    "Runs of clustering pipelines, each an encoder and a clusterer: scores over several seeds, and for every "
    "run which classes were confused. It is drawn from a store; nothing is recomputed."
)
SHARE = """\
$ harness leaderboard NAME --format csv   # the numbers
$ harness publish NAME                    # a folder that others can check and cite; --site adds web pages"""


def board_pages(
    boards: Mapping[str, Board],
    cells: Mapping[str, Sequence[StoredCell]],
    site: str,
    marked: str,
    suites: Sequence[Mapping[str, Any]] = (),
) -> dict[str, str]:
    """Return the index and the page of each board, by file.

    Parameters
    ----------
    boards : mapping
        By name; all of them are in the index.
    cells : mapping
        The cells of the boards to draw, by board name.
    site : str
        The title of the report.
    marked : str
        The digest in the marks of these pages.
    suites : sequence of mapping
        The entries of the suites in the index; see `suite_pages`.
    """
    entries = {name: entry_of(board, file_names.board_file(name)) for name, board in boards.items()}
    about = About(site, PURPOSE, {"How to share": SHARE}, files=False)
    common = {"site": site, "boards": list(entries.values()), "about": about}
    mark = f"{file_names.INDEX} {marked}"
    values = index_values(list(boards.values()), entries, about) | {"suites": suites}
    pages = {file_names.INDEX: _page("report-index.html.j2", **common | values, mark=mark)}
    for name, some in cells.items():
        file = file_names.board_file(name)
        values = values_of(boards[name], False) | {"entry": entries[name], "board": boards[name]}
        links = {"links": links_of(boards[name], some), "encoders": encoders_of(name, some)}
        pages[file] = _page("report-board.html.j2", **common, **values, **links, mark=f"{file} {marked}")
    return pages


def suite_pages(
    suites: Sequence[Sequence[SuiteBoard]],
    boards: Collection[str],
    kept: Collection[str],
    site: str,
    marked: str,
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the page of each suite by file, and the entries of the index.

    Parameters
    ----------
    suites : sequence of sequences of SuiteBoard
        Each by one or several metrics.
    boards : collection of str
        Names of the boards that have a page.
    kept : collection of str
        Files of pages of other suites, which stay as they are.
    site, marked : str
        See `board_pages`.
    """
    urls = {name: quote(file_names.board_file(name)) for name in boards}
    pages, entries = {}, []
    for each in suites:
        file = file_names.suite_file(each[0].suite.name)
        options: dict[str, Any] = {"site": site, "home": file_names.INDEX, "urls": urls, "extending": PACKAGE}
        pages[file] = suite_page(each, "report-suite.html.j2", **options, mark=f"{file} {marked}")
        entries.append(suite_entry(each) | {"file": file, "url": quote(file)})
    for file in sorted({*kept} - pages.keys()):
        title = file.removeprefix(file_names.SUITE).removesuffix(".html")
        entries.append(
            {"file": file, "url": quote(file), "title": title, "lines": ["As of an earlier report."]}
        )
    return pages, entries


def _page(template: str, **values: Any) -> str:
    return render_page(template, extending=PACKAGE, **values)


def links_of(board: Board, cells: Sequence[StoredCell]) -> dict[str, Any]:
    """Return the link targets of a board's rows, as plain values in the order of the rows."""
    found: dict[tuple[str, str, str], list[StoredCell]] = {}
    for cell in cells:
        found.setdefault((cell.record.encoder, cell.record.clusterer, cell.record.k), []).append(cell)
    rows = [found.get((row.encoder, row.clusterer, row.k), []) for row in board.rows]
    used = list(dict.fromkeys(row.encoder for row in board.rows))
    urls = [[quote(file_names.encoder_file(board.name, encoder)), encoder] for encoder in used]
    return {
        "folder": quote(file_names.plain(board.name)),
        "encoders": urls,
        "rows": [
            [
                used.index(row.encoder),
                [[each.id, score_tables.seeds_text(each), each.status[0], each.clustered] for each in some],
            ]
            for row, some in zip(board.rows, rows, strict=True)
        ],
    }


def encoders_of(board: str, cells: Sequence[StoredCell]) -> list[dict[str, str]]:
    """Return the names of a board's encoders, with the addresses of their pages."""
    used = sorted({cell.record.encoder for cell in cells})
    return [{"name": name, "url": quote(file_names.encoder_file(board, name))} for name in used]
