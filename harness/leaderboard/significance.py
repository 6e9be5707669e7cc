"""What boards show of the statistics of the metric that they are ranked by: intervals, and a mark."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core.board import Board, ranking
from .statistics.groups import METHOD, standings
from .statistics.intervals import LEAST, OTHER, Interval, intervals
from .statistics.samples import Sample

MARK = "≈"


@dataclass(frozen=True)
class Marks:
    """Intervals of a metric and marks of rows, by the rows' places on the board."""

    metric: str
    intervals: list[Interval | None]
    marked: list[bool]
    best: bool = field(default=False)

    def interval(self, place: int) -> str:
        """Write the interval of a row, or a dash."""
        found = self.intervals[place]
        return f"{found.low:.4f} – {found.high:.4f}" if found else "–"

    def mark(self, metric: str, place: int) -> str:
        """Return the mark of rows that cannot be told from the best, where the metric is this one."""
        return f" {MARK}" if metric == self.metric and self.marked[place] else ""


def marks_of(board: Board) -> Marks:
    """Return the intervals and marks of a board, without any where no metric ranks it."""
    metric = ranking(board.metrics)
    if metric is None:
        return Marks("", [None] * len(board.rows), [False] * len(board.rows))
    found = standings(board, metric) or []
    marked = [standing == "like best" for standing in found]
    return Marks(metric.name, metric_intervals(board, metric.name), marked, "best" in found)


def metric_intervals(board: Board, *metrics: str) -> list[Interval | None]:
    """Return the interval of each row by each metric, row by row."""
    return intervals([Sample(row.values.get(name, ())) for row in board.rows for name in metrics])


def legend(found: Marks) -> list[str]:
    """Say how intervals are made, what the mark means, and how failures are treated."""
    if not found.metric:
        return []
    lines = [
        f"95% interval of the mean {found.metric}: studentized bootstrap over the seeds, from {LEAST} on "
        f"({LEAST} of one kind and {OTHER} of the other where both vary by themselves); ends may lie beyond "
        "what the metric can be, as they are not clipped"
    ]
    if found.best:
        lines.append(
            f"{MARK}: not distinguishable from the best mean {found.metric}, by {METHOD}; single runs are "
            "not tested, and rows whose runs are all equal only where runs of another row differ"
        )
    else:
        lines.append(
            "No row is tested against the best: that needs two rows with several runs, not all of them "
            "equal, or two without seeds"
        )
    return [
        *lines,
        "Numbers are over the runs that finished; a row with a run that did not is never best and never "
        "marked",
    ]
