"""Scores of equal labels: a metric that has scored some need not score them again for another fit."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from ..core import hashing
from ..core.plan import Stage
from ..core.record import Record

Get = Callable[[str], Record | None]


class EqualLabels:
    """The scores of a run, by the metric and by what it was given.

    Choosers of K often choose the same fit, and clusterers without a seed often end in the same labels.

    Parameters
    ----------
    get : callable
        Returns the record of a stage that has ended.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._found: dict[Hashable, Record] = {}

    def note(self, stage: Stage, record: Record) -> None:
        """Keep a score for others of the same labels."""
        if stage.kind == "score" and record.ok:
            self._found.setdefault(self._given(stage), record)

    def score(self, stage: Stage) -> Record | None:
        """Return the record of a score from that of the same labels, if there is one."""
        if stage.kind != "score":
            return None
        found = self._found.get(self._given(stage))
        return None if found is None else replace(found, key=stage.key, facts=dict(stage.facts))

    def _given(self, stage: Stage) -> Hashable:
        facts = hashing.digest({name: value for name, value in stage.facts.items() if name != "after"})
        records = map(self._get, stage.parents)
        return facts, *(tuple(sorted(each.arrays.items())) if each is not None else () for each in records)
