"""The picture that is shown beside a link to a leaderboard: its name and its first rows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ...core.board import Board
from ...core.counts import counted
from ...leaderboard.columns import leading
from ...leaderboard.table_cells import BoardTable, TableCell
from ...leaderboard.text import number
from ..figures.style import ACCENT, DIM, INK, LINE, short, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEFT = 0.06
DIGITS = 3
SIZE = (1200, 630)  # pixels, as services that show links ask for
DPI = 100
ROWS = 5


def card(board: Board) -> bytes:
    """Return the picture as the bytes of a PNG file; the same leaderboard gives the same bytes.

    Parameters
    ----------
    board : Board
    """
    from matplotlib.figure import Figure

    metric = leading(board)
    cells = BoardTable(board, DIGITS).cells(metric) if metric else []
    shown = [(cell, cell.summary) for cell in cells if cell.summary][:ROWS]
    bars = all(0 <= summary.mean <= 1 for _, summary in shown)
    facts = [f"protocol {board.protocol}", counted(len(board.rows), "row")]
    facts += [f"mean {metric.name}"] if metric else []
    with style():
        figure = Figure(figsize=(SIZE[0] / DPI, SIZE[1] / DPI), dpi=DPI)
        _text(figure, LEFT, 0.88, short(board.dataset, 34), 34, weight="bold")
        _text(figure, LEFT, 0.785, ", ".join(facts), 17, color=DIM)
        for place, (cell, summary) in enumerate(shown):
            _row(figure, 0.66 - 0.118 * place, cell, summary.mean, bars)
        _text(figure, LEFT, 0.05, "clustering-harness", 14, color=DIM)
        file = io.BytesIO()
        figure.savefig(file, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return file.getvalue()


def _text(figure: Figure, x: float, y: float, text: str, size: int, color: str = INK, **options: Any) -> None:
    figure.text(x, y, text, fontsize=size, color=color, va="center", **options)


def _row(figure: Figure, height: float, cell: TableCell, mean: float, bars: bool) -> None:
    from matplotlib.patches import Rectangle

    weight = "bold" if cell.best else "normal"
    _text(figure, LEFT, height, short(f"{cell.row.encoder} + {cell.row.clusterer}", 36), 19, weight=weight)
    _text(figure, 0.63, height, number(mean, DIGITS), 19, weight=weight, ha="right")
    for colour, share in ((LINE, 1.0), (ACCENT, mean)) if bars else ():
        figure.add_artist(Rectangle((0.65, height - 0.022), 0.29 * share, 0.044, color=colour, linewidth=0))
