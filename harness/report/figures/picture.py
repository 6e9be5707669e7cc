"""A picture: a figure and its description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A figure and its description.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Never from pyplot, so that nothing has to be closed.
    title : str
        A few words.
    alt : str
        Alternative text with numbers: one or two sentences.
    caption : str
        How to read it, and what not to conclude from it.
    key : str
        Kind and cell, e.g. ``confusion-95ad02c4b1f7``: unique on a page.
    subject : str
        Its board and cell.
    panels : int
        How many panels of one width stand side by side: a narrow page shows them one below the other.
    """

    figure: Figure
    title: str
    alt: str
    caption: str = ""
    key: str = ""
    subject: str = ""
    panels: int = 1
