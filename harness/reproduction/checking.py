"""Checking published reproductions: every number against the boards beside them, and the pages anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import DataError
from ..publishing.bundle import Published
from ..publishing.findings import Findings
from ..publishing.npz import shown
from ..rows import by_seeds, keys_of
from .page import pages_of
from .pool import Measured, Pool, read_pool
from .runs import DATASET, numbers_of

DATA, PICTURE = "reproductions.json", "disagreement.svg"
MOST = 64 * 2**20  # bytes of that file


def check_reproductions(folder: Path, published: Published, findings: Findings) -> set[Path]:
    """Check the reproductions of a folder, if it has any, and return the files that are of them.

    Each number must be what the records of a board in the folder give for the same pipeline and seeds; the
    pages must be what these numbers give. Of what is on no board there no more can be told than that.
    """
    path = folder / DATA
    if not path.is_file() or path.is_symlink() or path.stat().st_size > MOST:
        return set()
    try:
        pool = read_pool(path.read_text(encoding="utf-8", errors="replace"))
        pages = pages_of(pool)
    except (DataError, ValueError, KeyError, IndexError) as error:
        findings.wrong(DATA, shown(str(error)))
        return {Path(DATA)}
    for name, text in pages.items():
        if not (folder / name).is_file() or (folder / name).is_symlink():
            findings.wrong(name, "is missing")
        elif (folder / name).read_bytes() != text.encode():
            findings.wrong(name, "is not what the measured numbers give")
        else:
            findings.ok("pages of reproductions made again, byte for byte")
    if (folder / PICTURE).exists():
        findings.unverified(PICTURE, "a figure is not drawn again")
    _check_cells(pool, published, findings)
    return {*map(Path, pages), Path(PICTURE)}


def _check_cells(pool: Pool, published: Published, findings: Findings) -> None:
    boards = {each.protocol for each in pool.cells}
    known = {protocol: dict(_on_board(published, protocol)) for protocol in boards}
    absent: dict[str, int] = {}
    for each in pool.cells:
        there = known[each.protocol].get(_name(each))
        if there is None:
            absent[each.protocol] = absent.get(each.protocol, 0) + 1
            continue
        wrong = [name for name, value in each.numbers.items() if there.get(name, value) != value]
        missing = [name for name in each.numbers if name not in there]
        where = f"{DATA}: {each.encoder} + {each.clusterer}, seeds {list(each.seeds)}, {each.protocol}"
        if wrong:
            name = wrong[0]
            findings.wrong(shown(where, 200), f"{name} is {each.numbers[name]}, its record has {there[name]}")
        elif missing:
            findings.unverified(shown(where, 200), f"its board has no {', '.join(missing)}")
        else:
            findings.ok("reproduced cells as their boards have them")
    for protocol, count in sorted(absent.items()):
        findings.unverified(DATA, f"{count} cells of {shown(protocol)} are on no board here")


def _on_board(published: Published, protocol: str) -> Iterator[tuple[tuple[object, ...], dict[str, float]]]:
    """Yield the numbers of each cell of a board, by what names the cell."""
    bundle = published.bundles.get(f"{DATASET}.{protocol}")
    for body in sorted(bundle.cells.values(), key=by_seeds) if bundle else ():
        records = {key: bundle.records[key] for key in keys_of(body) if key in bundle.records}  # type: ignore[union-attr]
        scores = {name: score["key"] for name, score in body["scores"].items()}
        numbers = numbers_of(records, scores, body["steps"], body["cluster"])
        yield (body["encoder"], body["clusterer"], body["k"], *body["seeds"]), numbers


def _name(cell: Measured) -> tuple[object, ...]:
    return (cell.encoder, cell.clusterer, cell.k, *cell.seeds)
