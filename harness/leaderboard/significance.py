"""Texts on the statistics of the ranking metric: intervals, and answers."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.counts import counted
from .statistics.intervals import LEAST, OTHER, Interval
from .statistics.versus_best import BEST_UNKNOWN, MOST, Versus
from .text import number


def answer_text(versus: Versus | None, digits: int = 4, *, interval: bool = True) -> str:
    """Format the comparison of a row with the best, the answer first.

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
    between = f" {ends(versus.interval, digits)}" if interval and versus.interval else ""
    return f"{versus.answer} {versus.estimate.mean:+.{digits}f}{between}"


def ends(interval: Interval | None, digits: int = 4) -> str:
    """Format an interval, or a dash if there is none.

    Examples
    --------
    >>> ends(Interval(-0.31, 0.5), 2), ends(None)
    ('[-0.31, 0.50]', '–')
    """
    return f"[{number(interval.low, digits)}, {number(interval.high, digits)}]" if interval else "–"


def seeds_needed(versus: Versus) -> str:
    """Format how many seeds would decide a row, or a dash if it is decided.

    Examples
    --------
    >>> seeds_needed(Versus("?", seeds=1200)), seeds_needed(Versus("best"))
    ('1,200', '–')
    """
    if versus.answer != "?":
        return "–"
    return f"over {MOST:,}" if versus.seeds is None else f"{versus.seeds:,}"


def legend(metric: str, answers: Sequence[Versus] | None, margin: float, board: str) -> list[str]:
    """Explain intervals and answers, and name rows without.

    Parameters
    ----------
    metric : str
        The ranking metric; empty if there is none.
    answers : sequence of Versus or None
        One for each row.
    margin : float
    board : str
        Its name.
    """
    if not metric or answers is None:
        return []
    lines = [
        f"95% interval of the mean {metric}: Student's t over at least {LEAST} seeds ({LEAST} of one kind "
        f"and {OTHER} of the other if both vary independently); ends are not clipped to the range of the "
        "metric"
    ]
    if any(each.answer == "best" for each in answers):
        lines.append(
            f"vs best: mean {metric} minus that of the best row, with the 95% interval of the difference. "
            "*worse*: by more than chance, 5% for all rows together; *equal*: the whole interval lies within "
            f"±{margin:g}; *?*: undecided, needs more seeds; `harness compare {board}` prints how many"
        )
    lines += [text for text in [unanswered(answers)] if text]
    return [*lines, "Numbers are over finished runs; a row with an unfinished run is never best"]


def unanswered(answers: Sequence[Versus]) -> str:
    """Report rows without an answer, and why."""
    count = sum(not each.answer for each in answers)
    if not count:
        return ""
    if count == len(answers):
        whys = {each.why for each in answers}
        why = (
            BEST_UNKNOWN
            if BEST_UNKNOWN in whys
            else f"that needs two rows with at least {LEAST} seeds or deterministic"
        )
        return f"Rows are not compared with the best: {why}"
    rows = f"{counted(count, 'row')} {'has' if count == 1 else 'have'}"
    return f"{rows} no answer: fewer than {LEAST} seeds, or a run that did not finish"
