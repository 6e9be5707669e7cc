"""Batches of scores: of one fit, or of one embedding by a metric that shares work among fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..core.plan import Stage
from ..core.record import Record
from .scoring import score_together
from .task import Task


class Batches:
    """The stages of a plan that are sent to one process together.

    Parameters
    ----------
    stages : iterable of Stage
    """

    def __init__(self, stages: Iterable[Stage]) -> None:
        self._members: defaultdict[str, list[Stage]] = defaultdict(list)
        for stage in stages:
            if stage.batch and (stage.shares or not stage.accelerated):
                self._members[stage.batch].append(stage)
        self._alone: set[str] = set()

    def needs(self, stage: Stage) -> set[str]:
        """Return the keys of the stages that must finish before this one can start."""
        members = self._members[stage.batch] if stage.shares else [stage]
        return {key for member in members for key in member.parents}

    def beside(self, stage: Stage) -> list[Stage]:
        """Return the other stages of its batch, none if it is computed alone."""
        members = [each for each in self._members.get(stage.batch, ()) if each.key not in self._alone]
        others = [each for each in members if each.key != stage.key]
        return others if len(others) < len(members) else []

    def split(self, stages: Iterable[Stage]) -> None:
        """Compute each of these stages alone."""
        self._alone |= {stage.key for stage in stages}


def together(task: Task) -> dict[str, dict[str, Any]]:
    """Score the stages of a batch, and return the available values by key."""
    name = "fitted" if task.stage.fitted == task.stage.scored else "other"
    labels = {stage.key: task.read(stage.parents[0], name) for stage in (task.stage, *task.beside)}
    labelled = {key: found for key, found in labels.items() if found is not None}
    embedding = task.read(task.stage.parents[1], name)
    if embedding is None:
        return {}
    scored = score_together(task.plugin, task.stage.params, [*labelled.values()], embedding)
    return {key: values for key, values in zip(labelled, scored, strict=True) if values is not None}


def shared_out(record: Record, task: Task, found: Mapping[str, dict[str, Any]]) -> Record:
    """Return the record of a batch's first stage with those of the others, each with a share of the time."""
    if not found:
        return record
    share = 1 / len(found)
    record = replace(
        record,
        seconds=record.seconds * share,
        cpu_seconds=record.cpu_seconds * share,
        operations=record.operations * share,
    )
    well = replace(record, status="ok", error="", place="")
    beside = [
        replace(well, key=stage.key, facts=dict(stage.facts), values=found[stage.key])
        for stage in task.beside
        if stage.key in found
    ]
    return replace(record, beside=tuple(beside))
