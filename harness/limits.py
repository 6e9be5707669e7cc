"""How long a stage may take, and how much memory it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .record import Record


@dataclass(frozen=True)
class Limits:
    """Limits of each stage.

    Parameters
    ----------
    seconds : mapping
        Wall-clock seconds by kind of stage; a kind that is not there has no limit.
    memory : int, optional
        Most resident bytes of its process and the children of that.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    memory: int | None = None

    def of(self, kind: str) -> dict[str, float]:
        """Return what a record of this kind keeps of them.

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
        """Whether a stage that a limit ended would have more room now."""
        name = {"timeout": "seconds", "out-of-memory": "memory"}.get(record.status)
        if name is None or name not in record.limits:
            return False
        now = self.of(record.kind).get(name)
        return now is None or now > record.limits[name]
