"""Write the pages of leaderboards to a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...core.board import Board, protocol_text
from ...core.counts import counted
from ...core.errors import HarnessError
from ...core.files import write_whole
from ...leaderboard.flags import MEANINGS, explained, flags
from ...leaderboard.formats import to_csv
from ...leaderboard.published_results import GRADES, HEADERS, WARNING, Reference, beside
from ...leaderboard.significance import legend
from ...leaderboard.suite.suite_board import SuiteBoard
from ...leaderboard.table_cells import BoardTable
from .answer import answer_of
from .card import card
from .columns import failed, page_columns
from .filters import filters_of
from .overview import overview_of
from .render import css_text, render_page
from .row_details import details_of, packed
from .score_plot import score_plot
from .suite_page import suite_entry, suite_page

DIGITS = 3  # of tables; what a row opens to has four
PURPOSE = (
    "Clustering pipelines, each an encoder and a clusterer, compared over several seeds with their spread, "
    "cost and failures. Every score can be recomputed from the stored labels."
)


@dataclass(frozen=True)
class About:
    """Texts of an index beside its leaderboards.

    Parameters
    ----------
    title : str
    purpose : str
        A sentence or two.
    sections : mapping
        Text by heading: how to check, how to cite.
    source : str
        Where the records are.
    files : bool
        Whether CSV files and pictures for links to the pages are written beside them.
    """

    title: str
    purpose: str = PURPOSE
    sections: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    files: bool = True


def write_site(
    boards: Sequence[Board],
    folder: Path,
    *,
    title: str,
    extra: Mapping[str, str] | None = None,
    source: str = "",
    reference: bool = False,
    suites: Sequence[Sequence[SuiteBoard]] = (),
) -> list[Path]:
    """Write ``index.html`` and for each leaderboard a page, a CSV file and a picture for links to it.

    The pages need no server and no network. The same leaderboards give the same bytes.

    Parameters
    ----------
    boards : sequence of Board
        Of different names.
    folder : Path
        Created if missing; other files in it stay.
    title : str
    extra : mapping, optional
        Sections of plain text for the index, by heading: how to cite, how to contribute.
    source : str
        Where the records that the leaderboards were made from are.
    reference : bool
        Whether to include results from the literature, apart from the rows.
    suites : sequence of sequences of SuiteBoard
        Suites of these leaderboards, each by one or several metrics; each has a page.

    Returns
    -------
    list of Path
        The pages, ``index.html`` first.

    Raises
    ------
    HarnessError
        If two leaderboards have one name, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> [path.name for path in write_site([], Path(tempfile.mkdtemp()), title="Mine")]
    ['index.html']
    """
    twice = [name for name, count in Counter(board.name for board in boards).items() if count > 1]
    if twice:
        raise HarnessError(f"Two leaderboards are named {twice[0]!r}. Give each leaderboard of a site once.")
    about = About(title, sections=dict(extra or {}), source=source)
    entries = {board.name: entry_of(board) for board in boards}
    common: dict[str, Any] = {"site": title, "boards": list(entries.values())}
    listed = [suite_entry(each) for each in suites]
    values = index_values(boards, entries, about) | {"suites": listed}
    files: dict[str, str | bytes] = {"index.html": render_page("index.html.j2", **common, **values)}
    urls = {name: entry["url"] for name, entry in entries.items()}
    for each, entry in zip(suites, listed, strict=True):
        files[entry["file"]] = suite_page(each, site=title, home="index.html", urls=urls)
    for board in boards:
        entry = entries[board.name]
        files[entry["file"]] = render_page(
            "board.html.j2", **common, **values_of(board, reference), entry=entry, board=board, about=about
        )
        files |= {f"{board.name}.csv": to_csv(board), f"{board.name}.png": card(board)}
    for name, content in files.items():
        write_whole(folder / name, content, "Name a folder that can.")
    return [folder / name for name in files if name.endswith(".html")]


def index_values(
    boards: Sequence[Board], entries: Mapping[str, Mapping[str, Any]], about: About
) -> dict[str, Any]:
    """Return what the index shows, beside the entry of each leaderboard."""
    rows, runs = (sum(each[name] for each in entries.values()) for name in ("rows", "runs"))
    return {
        "about": about,
        "by": sorted({name for board in boards for name in board.contributors}),
        "date": max((board.date for board in boards), default=""),
        "counts": [counted(len(boards), "leaderboard"), counted(rows, "row"), counted(runs, "run")],
        "overview": overview_of(boards),
        "plots": [score_plot(BoardTable(board, DIGITS), runs=False) for board in boards],
        "prefix": "",
        "suites": [],
    }


def entry_of(board: Board, file: str = "") -> dict[str, Any]:
    """Return the index entry of a leaderboard; its page is named after the leaderboard by default."""
    file = file or f"{board.name}.html"
    return {
        "file": file,
        "name": board.name,
        "url": quote(file),
        "csv": quote(f"{board.name}.csv"),
        "card": quote(f"{board.name}.png"),
        "dataset": board.dataset,
        "protocol": board.protocol,
        "about": protocol_text(board),
        "rows": len(board.rows),
        "runs": sum(row.runs for row in board.rows),
        "failed": sum(failed(row) for row in board.rows),
        "answer": answer_of(BoardTable(board, DIGITS)),
        "date": board.date,
    }


def values_of(board: Board, reference: bool) -> dict[str, Any]:
    """Return the content of a leaderboard's page."""
    every, some = explained(board.rows)
    full = BoardTable(board)
    table = replace(full, digits=DIGITS)  # the same statistics, written shorter
    columns = page_columns(table)
    values: tuple[list[Reference], str] = beside(board) if reference else ([], "")
    present = {flag.partition(":")[0] for row in board.rows for flag in flags(row)}
    return {
        "columns": columns,
        "shown": [(n, each) for n, each in enumerate(columns) if not each.hidden],
        "labels": [
            (n, css_text(each.title)) for n, each in enumerate(columns) if n > 1 and each.title != "vs best"
        ],
        "picked": {n: each.plain for n, each in enumerate(columns) if each.hidden},  # made when picked
        "details": packed(details_of(full)),
        "filters": filters_of(board),
        "plot": score_plot(table),
        "protocol_text": protocol_text(board),
        "shared": every,
        "legend": some,
        "statistics": legend(table.ranking, table.versus(table.ranking), table.margin, board.name),
        "flag_names": [name for name in MEANINGS if name in present],
        "row_flags": [sorted({flag.partition(":")[0] for flag in flags(row)}) for row in board.rows],
        "statuses": sorted({name for row in board.rows for name in row.statuses}),
        "failed": [failed(row) for row in board.rows],
        "reference": values[0],
        "reference_note": values[1],
        "warning": WARNING,
        "headers": HEADERS,
        "grades": {grade: GRADES[grade] for grade in GRADES if grade in {each.grade for each in values[0]}},
    }
