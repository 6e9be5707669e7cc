"""Comparing pages in a browser, and what they must show, by numpy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from report_cases import BOARD
from scipy.optimize import linear_sum_assignment

from harness.report.cell_data import StoredCell
from harness.report.figures.matching import match
from harness.report.find_cell import find_cell
from harness.report.pages import file_names
from harness.store.store import Store

Labels = NDArray[np.int64]
MINUS = "\u2212"
NOISY = "identity + dbscan(eps=1.0)"


@dataclass(frozen=True)
class Site:
    """A report with maps, images and scripts."""

    folder: Path
    store: Store

    def cell(self, name: str, seed: int | None = None, board: str = BOARD) -> StoredCell:
        return find_cell(self.store, name, board, seed)

    def url(self, *cells: StoredCell) -> str:
        page = self.folder / file_names.compare_file(cells[0].board)
        return f"{page.as_uri()}#runs={','.join(cell.id for cell in cells)}"


def opened(page: Any, url: str) -> Any:
    page.goto(url)
    page.locator(".notes").wait_for()
    return page


def stays(one: Labels, two: Labels) -> Labels:
    """Whether each sample stays: its clusters are matched, or it is noise in both."""
    counts = np.zeros((one.max() + 1, two.max() + 1), dtype=int)
    both = (one >= 0) & (two >= 0)
    np.add.at(counts, (one[both], two[both]), 1)
    partner = dict(zip(*linear_sum_assignment(counts, maximize=True), strict=True))
    return np.array([b == partner.get(a, -9) if a >= 0 else b < 0 for a, b in zip(one, two, strict=True)])


def labels_of(cell: StoredCell) -> Labels:
    assert cell.labels is not None
    return np.asarray(cell.labels)


def classes_mislead(first: StoredCell, other: StoredCell) -> bool:
    """Whether clusters of two runs that are matched with one another are so with different classes."""
    one, two, truth = labels_of(first), labels_of(other), np.asarray(first.truth)
    stayed, by_class = stays(one, two), [match(truth, labels).class_of for labels in (one, two)]
    pairs = {(int(a), int(b)) for a, b in zip(one[stayed], two[stayed], strict=True) if a >= 0}
    return len(pairs) > 3 and any(by_class[0].get(a, -1) != by_class[1].get(b, -2) for a, b in pairs)


def right(cell: StoredCell) -> Labels:
    """Whether each sample is in the cluster that its class is matched to."""
    labels, truth = labels_of(cell), np.asarray(cell.truth)
    counts = np.zeros((truth.max() + 1, labels.max() + 1), dtype=int)
    np.add.at(counts, (truth[labels >= 0], labels[labels >= 0]), 1)
    partner = dict(zip(*linear_sum_assignment(counts, maximize=True), strict=True))
    return np.array([partner.get(c) == k for c, k in zip(truth, labels, strict=True)])


def facts(page: Any, place: int = 0) -> dict[str, str]:
    section = page.locator(".against").nth(place)
    names = section.locator("dt").all_inner_texts()
    return dict(zip(names, section.locator("dd").all_inner_texts(), strict=True))
