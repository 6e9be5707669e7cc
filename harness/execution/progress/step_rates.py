"""Time left of a long stage, from its own reports of progress."""

from __future__ import annotations

from ..time_left import time_left

LEAST = 2.0  # seconds of reports from which their rate says something


class StepRates:
    """The rates at which stages that report progress advance.

    Examples
    --------
    >>> rates = StepRates()
    >>> rates.left("silhouette: rows", 1000, 70000, now=20.0)
    ''
    >>> rates.left("silhouette: rows", 11000, 70000, now=30.0)
    'about 59 s left'
    """

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], tuple[float, int]] = {}
        self._last: dict[tuple[str, int], int] = {}

    def left(self, note: str, done: int, total: int, now: float) -> str:
        """Return how long the steps of a stage that are left will take, as text; empty while unknown.

        Parameters
        ----------
        note : str
            What is reported, its own words after the last colon: they may have changed, as a loss does.
        done, total : int
            Steps; a total of 0 is unknown.
        now : float
            In seconds.
        """
        what = (note.rpartition(": ")[0] or note, total)
        begun, first = self._first.get(what, (now, done))
        if what not in self._first or done < self._last[what]:  # a new stage, or new steps of it
            self._first[what] = begun, first = now, done
        self._last[what] = done
        if not first < done < total or now - begun < LEAST:
            return ""
        return time_left((now - begun) / (done - first) * (total - done))
