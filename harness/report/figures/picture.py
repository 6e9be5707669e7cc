"""What a picture is: a figure, and in words what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Picture:
    """A figure, and in words what it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Never one of pyplot's, so that nothing has to be closed.
    title : str
        A few words.
    alt : str
        What is seen, with its numbers, for who cannot see it: one or two sentences.
    caption : str
        How to read it, and what not to conclude from it.
    key : str
        Kind and cell, as in ``confusion-95ad02c4b1f7``: what tells it from every other on a page.
    subject : str
        Of which board and cell it is.
    """

    figure: Figure
    title: str
    alt: str
    caption: str = ""
    key: str = ""
    subject: str = ""
