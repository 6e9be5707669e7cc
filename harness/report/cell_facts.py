"""Everything stored about a cell, as plain values."""

from __future__ import annotations

from typing import Any

from ..core.record import Record, scored_as
from ..leaderboard.data_facts import data_facts
from .cell_data import StoredCell
from .pages import provenance


def cell_facts(cell: StoredCell) -> dict[str, Any]:
    """Return the facts of a cell and of the runs of its row, in JSON types.

    Parameters
    ----------
    cell : StoredCell
    """
    facts, end = cell.record, cell.record.ending(cell.records)
    source = provenance.provenance_of(cell)
    return {
        "id": cell.id,
        "board": cell.board,
        "dataset": facts.dataset,
        "data": list(data_facts(facts.data)),
        "digest": facts.digest,
        "truth_digest": facts.data.truth,
        "protocol": facts.protocol,
        "encoder": facts.encoder,
        "clusterer": facts.clusterer,
        "expanded": list(facts.expanded),
        "k": facts.k,
        "encoder_seed": facts.encoder_seed,
        "clusterer_seed": facts.clusterer_seed,
        "settings": facts.settings,
        "prior": list(facts.prior),
        "status": end.status,
        "failed_in": end.kind,
        "reason": end.error,
        "advice": provenance.ADVICE.get(end.status, ""),
        "scores": cell.scores,
        "without_value": _without_value(cell),
        "runs": [_run(each) for each in cell.row],
        "stages": _stages(cell),
        "failures": provenance.failures_of(cell),
        "code": facts.variant,
        "versions": source["versions"],
        "hardware": source["hardware"],
        "command": source["command"],
    }


def _run(cell: StoredCell) -> dict[str, Any]:
    """Return a summary of a run of the row."""
    known = {"id": cell.id, "status": cell.status[0], "scores": cell.scores}
    return {"encoder_seed": cell.seeds[0], "clusterer_seed": cell.seeds[1], **known}


def _without_value(cell: StoredCell) -> dict[str, str]:
    """Return why metrics have no value, if known."""
    scores = cell.record.scores.items()
    ends = {name: scored_as(cell.records.get(score.key), score.unavailable) for name, score in scores}
    return {name: f"{end.status}: {end.error}" for name, end in ends.items() if end and end.status != "ok"}


def _stages(cell: StoredCell) -> list[dict[str, Any]]:
    """Return the facts of each stage with a record: fits in order, then scores."""
    scored = [(name, score.key) for name, score in cell.record.scores.items()]
    named = [*provenance.named_fits(cell), *scored]
    return [_stage(name, cell.records[key]) for name, key in named if key in cell.records]


def _stage(name: str, record: Record) -> dict[str, Any]:
    known = ("key", "kind", "status", "seconds", "memory", "created", "limits", "values", "warnings")
    return {
        "name": name,
        **{each: getattr(record, each) for each in known},
        "parameters": dict((record.facts.get("params") or {}).get("mapping", ())),
        "plugin": provenance.code_of(record),
        "threads": record.facts.get("threads"),
        "device": record.facts.get("device"),
        "arrays": record.arrays,
        "output": record.output,
    }
