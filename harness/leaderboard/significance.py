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
    """Marks of rows, by the rows' places on the board, for the metric that ranks them."""

    metric: str
    marked: list[bool]
    best: bool = field(default=False)


def marks_of(board: Board) -> Marks:
    """Return the marks of a board, without any where no metric ranks it."""
    metric = ranking(board.metrics)
    if metric is None:
        return Marks("", [False] * len(board.rows))
    marks = standings(board, metric) or []
    return Marks(metric.name, [standing == "like best" for standing in marks], "best" in marks)


def metric_intervals(board: Board, metric: str) -> list[Interval | None]:
    """Return the interval of each row by a metric."""
    return intervals([Sample(row.values.get(metric, ())) for row in board.rows])


def legend(marks: Marks) -> list[str]:
    """Say how intervals are made, what the mark means, and how failures are treated."""
    if not marks.metric:
        return []
    lines = [
        f"95% interval of the mean {marks.metric}: studentized bootstrap over the seeds, from {LEAST} on "
        f"({LEAST} of one kind and {OTHER} of the other where both vary by themselves); ends may lie beyond "
        "what the metric can be, as they are not clipped"
    ]
    if marks.best:
        lines.append(
            f"{MARK}: not distinguishable from the best mean {marks.metric}, by {METHOD}; single runs are "
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
