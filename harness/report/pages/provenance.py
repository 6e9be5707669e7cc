"""Provenance of a cell: stages with time and memory, keys, parameters, versions, and the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...core.counts import counted
from ...core.record import Record
from ...core.spec import step_names
from ..cell_data import StoredCell
from .rerun_command import bench_line

MIB = 2**20
ADVICE = {
    "failed": "The plugin raised this error. Fix the cause and repeat the command below: stages of a "
    "changed plugin are recomputed, others with --retry failed. Test the plugin with harness check.",
    "crashed": "The process ended, e.g. because native code crashed; the traceback, if available, has the "
    "Python code that called it. Add --retry crashed to the command below, and --jobs 1 to see if it "
    "crashes alone.",
    "timeout": "It exceeded --timeout; the traceback shows where it was. Raise the limit, and add --retry "
    "timeout to the command below.",
    "out-of-memory": "It exceeded --memory, or the machine ran out of memory. Raise the limit, or use fewer "
    "--jobs, and add --retry out-of-memory to the command below. Some clusterers take max_samples.",
    "not-applicable": "It does not apply to this input, which is not a failure.",
    "unavailable": "A required package is not installed. Install it, and repeat the command below.",
    "unfinished": "The run ended before all stages were computed. Continue with the command below.",
}


def stages_of(cell: StoredCell) -> list[dict[str, Any]]:
    """Return a line per stage: what ran, status, seconds, peak memory, time, and key."""
    stages = [_stage(cell, key, name) for name, key in named_fits(cell)]
    scored = {name: score.key for name, score in cell.record.scores.items()}
    stages += [_stage(cell, key, name) for name, key in scored.items() if key in cell.records]
    left = [name for name, key in scored.items() if key not in cell.records]
    return [*stages, _not_computed("", counted(len(left), "score"))] if left else stages


def named_fits(cell: StoredCell) -> list[tuple[str, str]]:
    """Return name and key of each step of the encoder and of the clusterer; none if it could not run."""
    facts = cell.record
    specs = facts.expanded
    keys = facts.fits if facts.steps or facts.cluster else []
    names = [*step_names(specs[0])[: len(facts.steps)], specs[1]]
    return list(zip(names, keys, strict=False))


def _stage(cell: StoredCell, key: str, name: str) -> dict[str, Any]:
    record = cell.records.get(key)
    if record is None:
        return _not_computed(key, name)
    return {
        "name": name,
        "kind": record.kind,
        "status": record.status,
        "seconds": f"{record.seconds:.3f}" if record.seconds < 10 else f"{record.seconds:,.1f}",
        "memory": f"{record.memory / MIB:,.0f} MiB" if record.memory else "–",
        "created": record.created[:19].replace("T", " "),
        "key": key,
        "fit": record.kind != "score",
        "params": parameters_of(record),
        "code": code_of(record),
        "limits": limits_text(record.limits),
    }


def _not_computed(key: str, name: str) -> dict[str, Any]:
    blank = dict.fromkeys(("kind", "seconds", "memory", "created"), "")
    return {"name": name, "status": "not computed", "key": key, "fit": False, **blank}


def parameters_of(record: Record) -> list[tuple[str, str]]:
    """Return the parameters of a stage, seeds among them, as names and texts."""
    params = record.facts.get("params") or {}
    return [(str(name), plain(value)) for name, value in params.get("mapping", ())]


def plain(value: Any) -> str:
    """Format the value of a parameter as in Python."""
    if isinstance(value, dict) and list(value) == ["tuple"]:
        return f"({', '.join(map(plain, value['tuple']))})"
    return repr(value)


def code_of(record: Record) -> str:
    """Return the plugin that computed a stage, and its distribution."""
    code = record.facts.get("code") or {}
    return ", ".join(str(part) for part in (code.get("plugin"), code.get("distribution")) if part)


def limits_text(limits: Mapping[str, float]) -> str:
    """Format the limits of a stage; empty if there were none."""
    said = [f"{limits['seconds']:g} s"] if limits.get("seconds") else []
    said += [f"{limits['memory'] / MIB:,.0f} MiB"] if limits.get("memory") else []
    return " and ".join(said)


def failures_of(cell: StoredCell) -> list[dict[str, str]]:
    """Return error, place, traceback and output of each failed stage."""
    bad = [record for record in cell.records.values() if not record.ok]
    failures = [
        {
            "title": f"{record.status} in {record.kind}: {code_of(record).partition(',')[0]}",
            "error": record.error,
            "place": record.place,
            "traceback": record.traceback,
            "output": record.output,
            "limits": limits_text(record.limits),
        }
        for record in bad
    ]
    return failures if failures or not cell.record.blocked else [_blocked(cell)]


def _blocked(cell: StoredCell) -> dict[str, str]:
    status, reason = cell.record.blocked or ("", "")
    blank = dict.fromkeys(("place", "output", "limits"), "")
    title = f"{status} before it began"
    return {"title": title, "error": reason, "traceback": cell.record.traceback, **blank}


def provenance_of(cell: StoredCell) -> dict[str, Any]:
    """Return the facts needed to repeat and identify the cell."""
    records = list(cell.records.values())
    device = str(cell.encode.facts.get("device", "cpu")) if cell.encode else "cpu"
    loose = any(code_of(record).startswith("file:") for record in records)
    own = any(code_of(record).startswith("__main__:") for record in records)  # of a notebook or script
    soft = cell.cluster is not None and any(name.endswith("_soft") for name in cell.cluster.arrays)
    return {
        "command": "" if own else bench_line(cell.record, device, soft, loose, cell.store.folder),
        "digest": cell.record.digest,
        "truth": cell.record.data.truth,
        "variant": cell.record.variant,
        "versions": versions_of(records),
        "hardware": sorted({record.hardware for record in records}),
        "first": min((record.created for record in records), default="")[:10],
        "last": max((record.created for record in records), default="")[:10],
    }


def versions_of(records: Iterable[Record]) -> str:
    """Format the versions of all libraries that computed some records."""
    versions: dict[str, set[str]] = {}
    for record in records:
        for library, version in record.versions.items():
            versions.setdefault(library, set()).add(version)
    return ", ".join(f"{library} {'/'.join(sorted(versions[library]))}" for library in sorted(versions))
