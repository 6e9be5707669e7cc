"""Reuse of scores for equal labels: a metric scores the same labels once, even from several fits."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from ..core import hashing
from ..core.plan import Stage
from ..core.record import Record

Get = Callable[[str], Record | None]


class EqualLabels:
    """The scores of a run, by metric and input.

    Methods of K selection often choose the same fit, and deterministic clusterers often give equal labels.

    Parameters
    ----------
    get : callable
        Returns the record of a finished stage.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._found: dict[Hashable, Record] = {}

    def note(self, stage: Stage, record: Record) -> None:
        """Remember a score for equal labels."""
        if stage.kind == "score" and record.ok:
            self._found.setdefault(self._given(stage), record)

    def score(self, stage: Stage) -> Record | None:
        """Return the record of a score from one with equal labels, if any."""
        if stage.kind != "score":
            return None
        found = self._found.get(self._given(stage))
        return None if found is None else replace(found, key=stage.key, facts=dict(stage.facts))

    def _given(self, stage: Stage) -> Hashable:
        facts = hashing.digest({name: value for name, value in stage.facts.items() if name != "after"})
        records = map(self._get, stage.parents)
        return facts, *(tuple(sorted(each.arrays.items())) if each is not None else () for each in records)
