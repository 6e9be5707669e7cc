"""Read an untrusted published folder, within limits."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..core.errors import HarnessError
from ..core.protocols import PROTOCOLS
from .bundle import Bundle, Published, digest_of
from .findings import MOST, Findings
from .jsonl import cell_of, record_of, with_numbers
from .npz import TRUTH, Unreadable, read_npz, shown
from .published_suites import read_suites
from .schema import LINES, proper_name
from .strict_json import NO_LINE, strict_json

RECORDS, LABELS = "records", "labels"
LONGEST_LINE = 2**20
LARGEST = {".jsonl": 2**28, ".npz": 2**31, ".md": 2**27, ".csv": 2**27, ".html": 2**27}
FILES = 10_000  # maximum number of files


def files(folder: Path, findings: Findings) -> list[Path]:
    """Return the plain files of a folder, relative to it; links and oversized files are findings.

    Raises
    ------
    HarnessError
        If the folder does not exist, or holds too many files.
    """
    if not folder.is_dir():
        raise HarnessError(f"No folder {str(folder)!r}. Name one written by 'harness publish'.")
    found = []
    for base, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(base) / name
            relative = path.relative_to(folder)
            mode = path.lstat()
            if stat.S_ISLNK(mode.st_mode):
                findings.wrong(shown(str(relative)), "is a link, which is not followed")
            elif stat.S_ISREG(mode.st_mode) and mode.st_size <= LARGEST.get(path.suffix, 2**27):
                found.append(relative)
            elif stat.S_ISREG(mode.st_mode):
                findings.wrong(shown(str(relative)), f"is too large: {mode.st_size:,} bytes")
            elif not stat.S_ISDIR(mode.st_mode):
                findings.wrong(shown(str(relative)), "is neither a file nor a folder")
        folders[:] = sorted(each for each in folders if not (Path(base) / each).is_symlink())
        if len(found) > FILES:
            raise HarnessError(
                f"Folder {str(folder)!r} has more than {FILES:,} files, too many for published leaderboards."
            )
    return sorted(found)


def read_folder(folder: Path, findings: Findings) -> Published:
    """Read the well-formed content of a published folder; the rest becomes findings.

    Parameters
    ----------
    folder : Path
    findings : Findings
        Is added to.

    Raises
    ------
    HarnessError
        If there is no such folder, or no board in it.
    """
    here = set(files(folder, findings))
    found = sorted(path.stem for path in here if path.parent == Path(RECORDS) and path.suffix == ".jsonl")
    names = [name for name in found if proper(name)]
    for name in found:
        if name not in names:
            findings.wrong(shown(f"{RECORDS}/{name}.jsonl"), "is not a valid leaderboard name")
    if not names:
        raise HarnessError(
            f"Folder {str(folder)!r} holds no published leaderboard, records/*.jsonl. Create one with "
            "'harness publish'."
        )
    bundles = {}
    for name in names:
        bundle = _records(folder / RECORDS / f"{name}.jsonl", name, findings)
        if Path(LABELS, f"{name}.npz") in here:
            bundle = _with_labels(folder / LABELS / f"{name}.npz", bundle, findings)
        bundles[name] = bundle
    return Published(folder, bundles, read_suites(folder, here, bundles, findings))


def proper(board: str) -> bool:
    """Return whether a file name is a valid board name."""
    try:
        return proper_name(board).rpartition(".")[2] in PROTOCOLS
    except ValueError:
        return False


def _records(path: Path, name: str, findings: Findings) -> Bundle:
    """Read the cells and records of a board."""
    bundle = Bundle(name)
    shared: dict[str, tuple[str, Any]] = {}
    where = f"{RECORDS}/{path.name}"
    for number, line in _lines(path, findings):
        place = f"{where}:{number}"
        if "id" in line:
            kind = "board" if "dataset" in line["shared"] else "stages"
            known = line["id"] not in shared
            shared[line["id"]] = (kind, line["shared"])
        elif shared.get(line["shared"], ("",))[0] != ("board" if "cell" in line else "stages"):
            findings.wrong(place, f"references shared line {line['shared']}, which is not above it")
            continue
        elif "cell" in line:
            known = _add_cell(line, shared[line["shared"]][1], bundle, place, findings)
        else:
            known = line["key"] not in bundle.records
            record = record_of(line, shared[line["shared"]][1])
            if record.facts.get("params") is None:
                findings.wrong(place, "has no parameters")
                continue
            bundle.records.setdefault(record.key, record)
        if not known:
            findings.wrong(place, "repeats the key of an earlier line")
        else:
            findings.ok("lines")
    return bundle


def _add_cell(
    line: dict[str, Any], common: dict[str, Any], bundle: Bundle, place: str, findings: Findings
) -> bool:
    """Add a cell, and return whether it is new."""
    if len(line["cell"]["scores"]) != len(common["metrics"]):
        findings.wrong(
            place, f"has {len(line['cell']['scores'])} scores for {len(common['metrics'])} metrics"
        )
        return True
    cell = cell_of(line["cell"], common)
    board = cell.board
    if board != bundle.name:
        findings.wrong(place, f"is a cell of leaderboard {shown(board)} in the file of {shown(bundle.name)}")
        return True
    return bundle.cells.setdefault(cell.identity, cell) is cell


def _lines(path: Path, findings: Findings) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the valid lines of a file with their numbers."""
    where = f"{RECORDS}/{path.name}"
    with path.open("rb") as file:
        number = bad = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                findings.wrong(f"{where}:{number}", f"is over {LONGEST_LINE:,} bytes; the rest is not read")
                return
            if bad > MOST:
                findings.wrong(f"{where}:{number}", "is not read, since too many lines above it are wrong")
                return
            try:
                line = strict_json(raw)
                kind = next(name for name in ("id", "cell", "key") if name in line)
                LINES[kind].validate_json(raw)
                yield number, with_numbers(line)
            except ValidationError as error:
                bad += 1
                first = error.errors(include_url=False, include_context=False)[0]
                field = ".".join(map(str, first["loc"]))
                got = shown(str(first["input"]), 60)
                findings.wrong(f"{where}:{number}", f"{shown(field)}: {first['msg'].lower()}, got {got}")
            except NO_LINE as error:
                bad += 1
                findings.wrong(f"{where}:{number}", f"is not a valid line: {shown(str(error))}")


def _with_labels(path: Path, bundle: Bundle, findings: Findings) -> Bundle:
    """Add the labels of a board, each of which must match the digest in its name."""
    where = f"{LABELS}/{path.name}"
    rows = max((cell.data.samples for cell in bundle.cells.values()), default=0)
    wanted = bundle.wanted
    labels, truth = {}, None
    try:
        for name, content in read_npz(path, rows, len(wanted) + 1):
            if isinstance(content, Unreadable):
                findings.wrong(where, str(content))
            elif name == TRUTH:
                truth = content
            elif digest_of(content) != name:
                findings.wrong(where, f"{name}.npy was changed: its SHA-256 is {digest_of(content)}")
            elif name not in wanted:
                findings.wrong(where, f"{name}.npy belongs to no row")
            else:
                labels[name] = content
                findings.ok("labels by their digest")
    except Unreadable as error:
        findings.wrong(where, str(error))
    return Bundle(bundle.name, bundle.cells, bundle.records, labels, truth)
