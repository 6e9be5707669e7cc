"""File names of a report's pages: plain letters only, for any names of boards and encoders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.hashing import digest

if TYPE_CHECKING:
    from ..cell_data import StoredCell

INDEX = "index.html"
SUITE = "suite-"  # begins the file of a suite's page
PLAIN = re.compile(r"[^a-z0-9.]+|\.{2,}")
LONGEST, DIGITS = 60, 8


def plain(name: str) -> str:
    """Return a portable name for a file or folder; different names give different ones.

    Examples
    --------
    >>> plain("digits.full")
    'digits.full'
    >>> plain("<b>Odd</b>.full"), plain("../x.full")
    ('b-odd-b-.full-83011027', 'x.full-3ceb657a')
    """
    found = PLAIN.sub("-", name.lower()).strip("-.")[:LONGEST]
    return found if found == name else f"{found}-{digest({'name': name})[:DIGITS]}"


def board_file(board: str) -> str:
    """Return the file of a board's page.

    Examples
    --------
    >>> board_file("digits.full")
    'digits.full.html'
    """
    return f"{plain(board)}.html"


def suite_file(suite: str) -> str:
    """Return the file of a suite's page.

    Examples
    --------
    >>> suite_file("toy")
    'suite-toy.html'
    """
    return f"{SUITE}{plain(suite)}.html"


def cell_file(cell: StoredCell) -> str:
    """Return the file of a cell's page, within the folder of the report."""
    return f"{plain(cell.board)}/cell-{cell.id}.html"


def encoder_file(board: str, encoder: str) -> str:
    """Return the file of an encoder's page, within the folder of the report.

    Examples
    --------
    >>> encoder_file("digits.full", "pca+umap")
    'digits.full/encoder-pca-umap-fa260491.html'
    """
    return f"{plain(board)}/encoder-{plain(encoder)}.html"


def compare_file(board: str) -> str:
    """Return the file of the page that compares runs of a board.

    Examples
    --------
    >>> compare_file("digits.full")
    'digits.full/compare.html'
    """
    return f"{plain(board)}/compare.html"


def script_of(file: str) -> str:
    """Return the file of the script beside a page, which brings its values to the comparing page.

    Examples
    --------
    >>> script_of("digits.full/cell-0123456789ab.html")
    'digits.full/cell-0123456789ab.js'
    """
    return f"{file.removesuffix('.html')}.js"
