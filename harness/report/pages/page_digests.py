"""Digest of a page's inputs: a page is regenerated only if it changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import metadata, resources
from importlib.util import find_spec
from typing import Any

from ...core.cell import cell_to_json
from ...registry.source_code import closure
from ..cell_data import Data, StoredCell

DRAWS = "harness.report"  # all its files, templates and styles too
LIBRARIES = ("clustering-harness", "matplotlib", "jinja2", "numpy", "scipy", "scikit-learn")
OPTIONAL = ("openTSNE", "umap")


@cache
def code() -> str:
    """Return a digest of the drawing code: code, templates, style, and versions of libraries."""
    found = hashlib.sha256(closure("harness.report.pages.page_jobs").digest.encode())
    for path in _files(resources.files(DRAWS)):
        found.update(path.name.encode() + b"\n" + path.read_bytes())
    found.update(" ".join(metadata.version(name) for name in LIBRARIES).encode())
    found.update(" ".join(name for name in OPTIONAL if find_spec(name) is not None).encode())
    return found.hexdigest()


def _files(folder: Any) -> Iterable[Any]:
    for path in sorted(folder.iterdir(), key=lambda each: str(each.name)):
        if path.is_dir() and path.name != "__pycache__":
            yield from _files(path)
        elif path.is_file():
            yield path


def cell_digest(cell: StoredCell, kinds: Sequence[str]) -> str:
    """Return a digest of the content of a cell's page."""
    facts = cell_to_json(replace(cell.record, noted=""))
    records = [_record(cell, key) for key in sorted(cell.records)]
    row = [(each.id, each.seeds, each.status[0], each.scores) for each in cell.row]
    return _digest(code(), list(kinds), facts, records, row, _data(cell.data), str(cell.store.folder))


def encoder_digest(cells: Sequence[StoredCell], kinds: Sequence[str]) -> str:
    """Return a digest of the content of an encoder's page, from all its cells."""
    keys = sorted({key for cell in cells for key in cell.record.steps if key in cell.records})
    owner = {key: cell for cell in cells for key in cell.record.steps if key in cell.records}
    records = [_record(owner[key], key) for key in keys]
    lines = [(cell.id, cell.seeds, cell.status, cell.scores, cell.record.k) for cell in cells]
    data = [_data(cells[0].data), vars(cells[0].record.data), cells[0].record.digest]
    return _digest(code(), list(kinds), records, lines, data)


def compare_digest(cells: Sequence[StoredCell], kinds: Sequence[str]) -> str:
    """Return a digest of what the runs of a board share on its comparing page; all its cells are given."""
    lines = [(cell.id, cell.seeds, cell.status[0], cell.name, cell.record.k) for cell in cells]
    data = [_data(cells[0].data), vars(cells[0].record.data), cells[0].record.digest]
    return _digest(code(), list(kinds), lines, data)


def _record(cell: StoredCell, key: str) -> dict[str, Any]:
    return {name: value for name, value in vars(cell.records[key]).items() if name != "beside"}


def _data(data: Data) -> list[Any]:
    return [data.samples is not None, data.truth is not None, list(data.class_names), data.image_shape]


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
