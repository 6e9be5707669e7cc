"""What boards say of the statistics of the metric that they are ranked by: intervals, and answers."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.counts import counted
from .statistics.intervals import LEAST, OTHER
from .statistics.versus_best import BEST_UNKNOWN, Versus
from .text import number


def answer_text(versus: Versus | None, digits: int = 4, *, interval: bool = True) -> str:
    """Write how a row stands to the best one, the answer first.

    Examples
    --------
    >>> from harness.leaderboard.statistics.samples import Estimate
    >>> from harness.leaderboard.statistics.intervals import Interval
    >>> versus = Versus("worse", Estimate(-0.2, 0.001, 8), Interval(-0.31, -0.09), "unpaired")
    >>> answer_text(versus), answer_text(versus, 3, interval=False), answer_text(Versus("best"))
    ('worse -0.2000 [-0.3100, -0.0900]', 'worse -0.200', 'best')
    """
    if versus is None or not versus.answer:
        return "–"
    if versus.estimate is None:
        return versus.answer
    ends = versus.interval if interval else None
    between = f" [{', '.join(number(end, digits) for end in ends)}]" if ends else ""
    return f"{versus.answer} {versus.estimate.mean:+.{digits}f}{between}"


def legend(metric: str, answers: Sequence[Versus] | None, margin: float, board: str) -> list[str]:
    """Say how intervals are made, what the answers mean, and which rows have none.

    Parameters
    ----------
    metric : str
        The one that ranks the rows; empty where none does.
    answers : sequence of Versus or None
        One for each row.
    margin : float
    board : str
        Its name.
    """
    if not metric or answers is None:
        return []
    lines = [
        f"95% interval of the mean {metric}: Student's t over the seeds, from {LEAST} on "
        f"({LEAST} of one kind and {OTHER} of the other where both vary by themselves); ends may lie beyond "
        "what the metric can be, as they are not clipped"
    ]
    if any(each.answer == "best" for each in answers):
        lines.append(
            f"vs best: the mean {metric} less that of the best row, with the 95% interval of the difference. "
            "*worse*: by more than chance, 5% for all rows together; *equal*: the whole interval lies within "
            f"±{margin:g}; *?*: neither is known, more seeds would tell, `harness compare {board}` how many"
        )
    lines += [text for text in [unanswered(answers)] if text]
    return [*lines, "Numbers are over the runs that finished; a row with a run that did not is never best"]


def unanswered(answers: Sequence[Versus]) -> str:
    """Say which rows have no answer, and why."""
    count = sum(not each.answer for each in answers)
    if not count:
        return ""
    if count == len(answers):
        whys = {each.why for each in answers}
        why = (
            BEST_UNKNOWN
            if BEST_UNKNOWN in whys
            else f"that needs two rows with {LEAST} seeds, or without any"
        )
        return f"No row is compared with the best: {why}"
    rows = f"{counted(count, 'row')} {'has' if count == 1 else 'have'}"
    return f"{rows} no answer: fewer than {LEAST} seeds, or a run that did not finish"
