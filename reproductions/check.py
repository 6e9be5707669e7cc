"""Checking published reproductions: every number against the boards beside them, and the pages anew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from harness.core.errors import DataError
from harness.leaderboard.text import printable
from harness.publishing.bundle import Published
from harness.publishing.findings import Findings

from .measurements import Measured, Pool, Row, read_pool
from .page import pages_of
from .reports import names
from .runs import DATASET, measure

DATA, PICTURE = "reproductions.json", "disagreement.svg"
LARGEST, LONGEST = 8 * 2**20, 200  # bytes of that file, and letters of it that are shown


def check_reproductions(folder: Path, published: Published, findings: Findings) -> set[Path]:
    """Check the reproductions of a folder, if it has any, and return the files that are of them.

    The runs of each pipeline must be those that a board in the folder has, with the same numbers; the pages
    must be what these numbers give. Of what is on no board there no more can be told than that.
    """
    path = folder / DATA
    if not path.is_file() or path.is_symlink():
        return set()
    try:
        pool = _read(path)
        pages = pages_of(pool)
    except (DataError, ValueError) as error:
        findings.wrong(DATA, _plain(str(error)))
        return {Path(DATA)}
    for name, text in pages.items():
        if not (folder / name).is_file() or (folder / name).is_symlink():
            findings.wrong(name, "is missing")
        elif (folder / name).read_bytes() != text.encode():
            findings.wrong(name, "is not what the measured numbers give")
        else:
            findings.ok("pages of reproductions made again, byte for byte")
    findings.unverified(DATA, "what it says of versions and hardware is a claim")
    if (folder / PICTURE).exists():
        findings.unverified(PICTURE, "a figure is not drawn again")
    for protocol in sorted({each.protocol for each in pool.cells}):
        _check_cells([each for each in pool.cells if each.protocol == protocol], published, findings)
    return {*map(Path, pages), Path(PICTURE)}


def _read(path: Path) -> Pool:
    if path.stat().st_size > LARGEST:
        raise DataError(f"it has more than {LARGEST:,} bytes")
    pool = read_pool(path.read_text(encoding="utf-8", errors="replace"))
    if pool.quick or {*pool.reports} != {*names()}:
        raise DataError("it is not of all reports, run whole")
    return pool


def _check_cells(cells: list[Measured], published: Published, findings: Findings) -> None:
    """Check the cells of one protocol, pipeline by pipeline."""
    board = f"{DATASET}.{cells[0].protocol}"
    there = {cell.row for cell in published.cells(board)}
    absent = Counter(each.row for each in cells if each.row not in there)
    if absent:
        said = f"{absent.total()} cells of {_plain(cells[0].protocol)} are of no row of a board here"
        findings.unverified(DATA, said)
    rows = {each.row for each in cells} & there
    if not rows:
        return
    known = {each.name: each for each in measure(published, board, rows)}
    mine = {each.name: each for each in cells if each.row in rows}
    for row in sorted(rows):
        _check_row(row, mine, known, findings)


def _check_row(
    row: Row,
    mine: dict[tuple[object, ...], Measured],
    known: dict[tuple[object, ...], Measured],
    findings: Findings,
) -> None:
    here = {name for name, each in mine.items() if each.row == row}
    there = {name for name, each in known.items() if each.row == row}
    where = _plain(f"{DATA}: {row[0]} + {row[1]}")
    if here != there:
        said = f"it has {len(here)} runs, its board {len(there)}; {len(here & there)} are the same"
        findings.wrong(where, said)
    for name in sorted(here & there, key=str):
        one, other = mine[name], known[name]
        if one == other:
            findings.ok("reproduced cells as their boards have them")
            continue
        both = one.numbers.keys() | other.numbers.keys()
        differ = sorted(each for each in both if one.numbers.get(each) != other.numbers.get(each))
        what = _plain(differ[0]) if differ else "how it ended"
        findings.wrong(where, f"seeds {list(one.seeds)}: {what} is not what its record has")


def _plain(text: str) -> str:
    """Return a stranger's text as a terminal can show it."""
    return printable(text)[:LONGEST]
