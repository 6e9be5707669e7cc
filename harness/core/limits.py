"""Time and memory limits of stages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import get_args

from .choices import STAGE_KINDS, RetriedStatus
from .errors import BadParameter, suggest
from .record import Record

RETRIED: tuple[RetriedStatus, ...] = get_args(RetriedStatus)
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def read_times(text: str) -> dict[str, float]:
    """Parse seconds for every kind of stage, or for some.

    Raises
    ------
    BadParameter
        If a time is invalid, or there is no such kind of stage.

    Examples
    --------
    >>> read_times("60")
    {'encode': 60.0, 'cluster': 60.0, 'score': 60.0}
    >>> read_times("encode=3600,cluster=60")
    {'encode': 3600.0, 'cluster': 60.0}
    """
    times: dict[str, float] = {}
    for part in text.split(","):
        kind, equals, number = part.rpartition("=")
        try:
            seconds = float(number)
        except ValueError:
            seconds = 0.0
        if not seconds > 0 or (equals and kind not in STAGE_KINDS):
            raise BadParameter(
                f"Invalid time {text!r}. Give seconds, e.g. 600, or encode=3600,cluster=600,score=60."
            )
        times |= {kind: seconds} if equals else dict.fromkeys(STAGE_KINDS, seconds)
    return times


BUDGET = 60  # seconds per stage above which a metric is estimated


def read_budget(text: str) -> float:
    """Parse the seconds of a stage above which a metric is estimated; 0 or none for no such limit.

    Raises
    ------
    BadParameter
        If it is neither.

    Examples
    --------
    >>> read_budget("600"), read_budget("none")
    (600.0, 0.0)
    """
    with suppress(ValueError):
        seconds = 0.0 if text.strip().lower() == "none" else float(text)
        if 0 <= seconds < math.inf:
            return seconds
    raise BadParameter(
        f"Invalid metric budget {text!r}. Give seconds per stage, e.g. 600, or 0 for exact metrics."
    )


def read_size(text: str) -> int:
    """Parse a memory size, in bytes.

    Raises
    ------
    BadParameter
        If it is not a memory size.

    Examples
    --------
    >>> read_size("500M"), read_size("1.5 GiB")
    (524288000, 1610612736)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])i?B?", text, re.IGNORECASE)
    if not found or not float(found[1]):
        raise BadParameter(f"{text!r} is not a memory size. Give a number and K, M, G or T, e.g. 4G.")
    return int(float(found[1]) * UNITS[found[2].upper()])


def read_statuses(text: str) -> tuple[RetriedStatus, ...]:
    """Parse statuses whose stages are recomputed, joined by commas.

    Raises
    ------
    BadParameter
        If a status cannot be retried.

    Examples
    --------
    >>> read_statuses("failed, timeout,failed")
    ('failed', 'timeout')
    """
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in RETRIED:
            raise BadParameter(
                f"Cannot retry status {name!r}.{suggest(name, RETRIED)} "
                f"Give one or more of {', '.join(RETRIED)}, joined by commas."
            )
    return tuple(status for status in dict.fromkeys(names) if status in RETRIED)


def write_size(size: int) -> str:
    """Format bytes so that `read_size` parses the same value.

    Examples
    --------
    >>> write_size(4 * 2**30), write_size(1500)
    ('4G', '1.46484375K')
    """
    whole = [unit for unit, bytes_ in UNITS.items() if size % bytes_ == 0]
    return f"{size // UNITS[whole[-1]]}{whole[-1]}" if whole else f"{size / UNITS['K']!r}K"


@dataclass(frozen=True)
class Limits:
    """Limits of each stage.

    Parameters
    ----------
    seconds : mapping
        Wall-clock seconds by kind of stage; other kinds have no limit.
    memory : int, optional
        Resident bytes of its process and the process's children.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    memory: int | None = None

    def of(self, kind: str) -> dict[str, float]:
        """Return the limits stored in a record of this kind.

        Examples
        --------
        >>> Limits({"encode": 60.0}, 2**30).of("cluster")
        {'memory': 1073741824}
        """
        found: dict[str, float] = {}
        if kind in self.seconds:
            found["seconds"] = self.seconds[kind]
        return found if self.memory is None else {**found, "memory": self.memory}

    def allow_more(self, record: Record) -> bool:
        """Return whether a stage stopped by a limit would now have a higher limit."""
        name = {"timeout": "seconds", "out-of-memory": "memory"}.get(record.status)
        if name is None or name not in record.limits:
            return False
        now = self.of(record.kind).get(name)
        return now is None or now > record.limits[name]
