"""The best run of a result: of the row with the best mean, the run with the best score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.board import Board, Metric, Row
from ..core.cell import CellRecord
from ..core.counts import counted
from ..core.errors import BadParameter, HarnessError, suggest
from ..core.interfaces import Floats, Labels
from ..core.record import Record
from ..leaderboard.columns import leading
from ..leaderboard.text import number, spread

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, repr=False)
class BestRun:
    """Result of `Result.best`.

    Parameters
    ----------
    cell : CellRecord
        With dataset, encoder, clusterer, K and seeds.
    metric : str
        The metric by which it is the best.
    scores : mapping
        Its own score of each metric.
    row : Row
        All runs of its encoder and clusterer: one run has no spread.
    """

    cell: CellRecord
    metric: str
    scores: Mapping[str, float]
    row: Row
    _result: Any

    @property
    def labels(self) -> Labels:
        """The cluster of each scored row, from 0, and -1 for noise."""
        found: Labels = self._result.labels(self.cell)
        return found

    @property
    def embedding(self) -> Floats:
        """The embedding of each scored row, of shape (n, k)."""
        found: Floats = self._result.embedding(self.cell)
        return found

    def plot(self, kind: str = "map") -> Figure:
        """Return a figure of it; see `Result.plot`."""
        found: Figure = self._result.plot(kind, self.cell)
        return found

    def __repr__(self) -> str:
        summary = self.row.scores[self.metric]
        errors = self.row.standard_errors
        scores = {name: number(value, 3) for name, value in self.scores.items()}
        others = ", ".join(f"{name} {text}{' est.' * (name in errors)}" for name, text in scores.items())
        score = spread(summary, digits=3, error=errors.get(self.metric))
        runs = f"{counted(summary.n, 'run')} of this pipeline: {self.metric} {score}"
        return f"{self.cell.name} on {self.cell.dataset}, {self.cell.seed_text}\n{others}\n{runs}"


def find_best(
    board: Board, cells: Sequence[CellRecord], records: Mapping[str, Record], metric: str | None
) -> tuple[CellRecord, str, Row]:
    """Return the best run among some cells of a board, the metric by which it is, and its row.

    Raises
    ------
    HarnessError
        If the board has no such metric, it cannot rank these rows, or no row has a score.
    """
    chosen = _metric(board, metric)
    name, better = chosen.name, max if chosen.direction == "higher" else min
    rows = board.rankable(name) or [row for row in board.rows if name in row.scores and not row.imported]
    scored: defaultdict[tuple[str, str, str], list[tuple[float, CellRecord]]] = defaultdict(list)
    for cell in cells:
        record = records.get(cell.scores[name].key) if name in cell.scores else None
        if record is not None and record.ok:
            scored[cell.row].append((record.values["score"], cell))
    rows = [row for row in rows if (row.encoder, row.clusterer, row.k) in scored]
    if not rows:
        raise HarnessError(f"{board.name}: no run has a score of {name}; its rows give the reasons.")
    row = better(rows, key=lambda each: each.scores[name].mean)
    runs = scored[row.encoder, row.clusterer, row.k]
    return better(runs, key=lambda each: each[0])[1], name, row


def _metric(board: Board, name: str | None) -> Metric:
    names = [metric.name for metric in board.metrics]
    chosen = leading(board) if name is None else next((m for m in board.metrics if m.name == name), None)
    if name is not None and chosen is None:
        raise BadParameter(
            f"{board.name} has no metric {name!r}.{suggest(name, names)} Metrics: {', '.join(names)}."
        )
    spaces = {row.encoder for row in board.rows}
    if chosen is None or chosen.direction is None or (chosen.own_space and len(spaces) > 1):
        able = [m.name for m in board.metrics if m.direction and not (m.own_space and len(spaces) > 1)]
        why = f"{name} cannot rank these rows" if name else "none of its metrics ranks its rows"
        raise BadParameter(f"{board.name}: {why}. Metrics that can: {', '.join(able) or 'none'}.")
    return chosen
