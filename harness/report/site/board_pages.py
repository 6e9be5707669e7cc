"""Write the pages of boards to a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ...core.board import Board, protocol_text
from ...core.errors import HarnessError
from ...core.files import write_whole
from ...leaderboard.columns import leading
from ...leaderboard.flags import MEANINGS, explained, flags
from ...leaderboard.published_results import GRADES, HEADERS, WARNING, Reference, beside
from ...leaderboard.significance import legend
from ...leaderboard.table_cells import BoardTable
from ...leaderboard.text import number
from .columns import failed, page_columns
from .render import render_page
from .row_details import details_of


def write_site(
    boards: Sequence[Board],
    folder: Path,
    *,
    title: str,
    extra: Mapping[str, str] | None = None,
    reference: bool = False,
) -> list[Path]:
    """Write ``index.html`` and a page per board: self-contained files that need no server.

    The same boards give the same bytes.

    Parameters
    ----------
    boards : sequence of Board
        Of different names.
    folder : Path
        Created if missing; other files in it stay.
    title : str
    extra : mapping, optional
        Sections of plain text for the index, by heading: how to cite, how to contribute.
    reference : bool
        Whether to include results from the literature, apart from the rows.

    Returns
    -------
    list of Path
        The files, ``index.html`` first.

    Raises
    ------
    HarnessError
        When two boards have one name, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> [path.name for path in write_site([], Path(tempfile.mkdtemp()), title="Mine")]
    ['index.html']
    """
    twice = [name for name, count in Counter(board.name for board in boards).items() if count > 1]
    if twice:
        raise HarnessError(f"Two leaderboards are named {twice[0]!r}. Give each leaderboard once.")
    listed = [entry_of(board) for board in boards]
    common: dict[str, Any] = {"site": title, "boards": listed}
    pages = {"index.html": render_page("index.html.j2", **common, extra=dict(extra or {}))}
    for board, entry in zip(boards, listed, strict=True):
        pages[entry["file"]] = render_page(
            "board.html.j2", **common, **values_of(board, reference), entry=entry, board=board
        )
    for name, text in pages.items():
        write_whole(folder / name, text, "Name another folder.")
    return [folder / name for name in pages]


def entry_of(board: Board, file: str = "") -> dict[str, Any]:
    """Return the index entry of a board, whose page is by default named like the board."""
    file = file or f"{board.name}.html"
    first = leading(board)
    best = board.best.get(first.name) if first else None
    scores = [(row, row.scores.get(first.name)) for row in board.rows if first and row.complete]
    lead = [row for row, summary in scores if best is not None and summary and summary.mean == best]
    return {
        "file": file,
        "url": quote(file),
        "dataset": board.dataset,
        "protocol": board.protocol,
        "about": protocol_text(board),
        "rows": len(board.rows),
        "runs": sum(row.runs for row in board.rows),
        "failed": sum(failed(row) for row in board.rows),
        "metric": first.name if first else "",
        "best": number(best) if best is not None and lead else "–",
        "lead": ", ".join(f"{row.encoder} + {row.clusterer}" for row in lead[:2])
        + (f" and {len(lead) - 2} more" if len(lead) > 2 else ""),
        "date": board.date,
    }


def values_of(board: Board, reference: bool) -> dict[str, Any]:
    """Return the content of a board's page."""
    every, some = explained(board.rows)
    table = BoardTable(board)
    values: tuple[list[Reference], str] = beside(board) if reference else ([], "")
    present = {flag.partition(":")[0] for row in board.rows for flag in flags(row)}
    return {
        "columns": page_columns(table),
        "details": details_of(table),
        "about": protocol_text(board),
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
