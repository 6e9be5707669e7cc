"""Style of all figures, independent of the user's matplotlib settings."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ...leaderboard.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 8.0  # inches, of every figure: side by side on a page their letters are of one size

# Each ink is a colour that nothing else has, so that a page can put a variable of its own in its place.
INK = "#1c2025"
DIM = "#5b646f"
LINE = "#d9dde1"
PAPER = "#fefefe"
ACCENT = "#0a5a9d"

SETTINGS: Any = {
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that figures are the same everywhere
    "font.size": 8.5,
    "text.color": INK,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": DIM,
    "axes.linewidth": 0.7,
    "axes.labelcolor": DIM,
    "axes.titlecolor": INK,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": DIM,
    "ytick.color": DIM,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "svg.fonttype": "none",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save with only these settings."""
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # browsers have more fonts
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def new_figure(height: float, **options: Any) -> Figure:
    """Return an empty figure of the width of all.

    Parameters
    ----------
    height : float
        In inches.

    Examples
    --------
    >>> new_figure(3).get_size_inches().tolist()
    [8.0, 3.0]
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), layout="constrained", **options)


def entitle(figure: Figure, title: str, caption: str) -> None:
    """Put a title above and a caption below a figure that stands by itself, and make it as much higher."""
    above, below = textwrap.wrap(title, 92), textwrap.wrap(caption, 132)
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + 0.2 * len(above) + 0.15 * len(below))
    figure.suptitle("\n".join(above), x=0.01, ha="left", fontsize=10.5, weight="bold", color=INK)
    if below:
        figure.supxlabel("\n".join(below), x=0.01, ha="left", fontsize=8, color=DIM)
    figure.set_facecolor(PAPER)


def settle(figure: Figure) -> None:
    """Fix the layout, so that saving the same figure twice gives the same bytes."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def short(name: object, most: int = 24) -> str:
    """Shorten a name to one line of bounded length.

    Examples
    --------
    >>> short("T-shirt" + chr(10) + "or top"), short("a" * 30, 5)
    ('T-shirt or top', 'aaaa…')
    """
    text = printable(" ".join(str(name).split()))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def bare(axes: Axes) -> None:
    """Remove ticks and frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
