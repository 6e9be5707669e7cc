"""Check published reproductions: numbers against the boards in the folder, and the pages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from harness.core.cell import seeds_text
from harness.core.errors import DataError
from harness.leaderboard.text import printable
from harness.publishing.bundle import Published
from harness.publishing.findings import Findings

from .measurements import Measured, Pool, Row, read_pool
from .page import pages_of
from .reports import names
from .runs import DATASET, measure

DATA, PICTURE = "reproductions.json", "disagreement.svg"
LARGEST, LONGEST = 8 * 2**20, 200  # limits on the size of that file, and on text shown from it


def check_reproductions(folder: Path, published: Published, findings: Findings) -> set[Path]:
    """Check the reproductions of a folder, if any, and return their files.

    The runs of each pipeline must be on a board in the folder, with the same numbers, and the pages
    must follow from these numbers. Cells on no board are reported as such.
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
            findings.wrong(name, "differs from the measured numbers")
        else:
            findings.ok("regenerated pages of reproductions, byte for byte")
    findings.unverified(DATA, "versions and hardware are only claims")
    if (folder / PICTURE).exists():
        findings.unverified(PICTURE, "figures are not redrawn")
    for protocol in sorted({each.protocol for each in pool.cells}):
        _check_cells([each for each in pool.cells if each.protocol == protocol], published, findings)
    return {*map(Path, pages), Path(PICTURE)}


def _read(path: Path) -> Pool:
    if path.stat().st_size > LARGEST:
        raise DataError(f"it has more than {LARGEST:,} bytes")
    pool = read_pool(path.read_text(encoding="utf-8", errors="replace"))
    if pool.quick or {*pool.reports} != {*names()}:
        raise DataError("it does not cover all reports, run completely")
    return pool


def _check_cells(cells: list[Measured], published: Published, findings: Findings) -> None:
    """Check the cells of one protocol, pipeline by pipeline."""
    board = f"{DATASET}.{cells[0].protocol}"
    there = {cell.row for cell in published.cells(board)}
    absent = Counter(each.row for each in cells if each.row not in there)
    if absent:
        said = f"{absent.total()} cells of {_plain(cells[0].protocol)} are on no leaderboard here"
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
        said = f"it has {len(here)} runs, its leaderboard {len(there)}; {len(here & there)} are the same"
        findings.wrong(where, said)
    for name in sorted(here & there, key=str):
        one, other = mine[name], known[name]
        if one == other:
            findings.ok("reproduced cells as on their leaderboards")
            continue
        both = one.numbers.keys() | other.numbers.keys()
        differ = sorted(each for each in both if one.numbers.get(each) != other.numbers.get(each))
        what = _plain(differ[0]) if differ else "its status"
        findings.wrong(where, f"{seeds_text(one.seeds)}: {what} differs from its record")


def _plain(text: str) -> str:
    """Escape an untrusted text for a terminal."""
    return printable(text)[:LONGEST]
