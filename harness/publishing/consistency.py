"""Whether published records fit together: keys, chains of stages, names, seeds and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import HarnessError
from ..fingerprint import digest
from ..plan import PROTOCOLS
from ..record import Record
from ..registry import Kind, Registry
from ..spec import Spec, parse, split_chain
from .bundle import Bundle, scored_part
from .findings import Findings
from .npz import shown


def check_consistency(bundle: Bundle, registry: Registry, findings: Findings) -> None:
    """Check what can be checked without computing a score.

    Parameters
    ----------
    bundle : Bundle
    registry : Registry
        Plugins that are known here, to tell whether names are those of the code that ran.
    findings : Findings
        Is added to.
    """
    for key, record in bundle.records.items():
        if digest(record.facts) != key:
            findings.wrong(
                f"{bundle.name}: {record.kind} {key}", "its facts give another key: they were changed"
            )
        elif record.kind != record.facts["stage"]:
            findings.wrong(
                f"{bundle.name}: {record.kind} {key}", f"is a {record.facts['stage']} by its facts"
            )
        else:
            findings.ok("keys by their facts")
    used: set[str] = set()
    for body in bundle.cells.values():
        where = row_name(bundle, body)
        problems = list(_problems(body, bundle, registry, used))
        for problem in problems:
            findings.wrong(where, problem)
        if not problems:
            findings.ok("cells and the stages that they are made of")
    for key in bundle.records.keys() - used:
        findings.wrong(f"{bundle.name}: {bundle.records[key].kind} {key}", "belongs to no cell")


def row_name(bundle: Bundle, body: Mapping[str, Any]) -> str:
    """Name a cell in a finding."""
    return f"{bundle.name}: {body['encoder']} + {body['clusterer']}, seeds {body['seeds']}"


def _problems(body: Mapping[str, Any], bundle: Bundle, registry: Registry, used: set[str]) -> Iterator[str]:
    """Say what is wrong with a cell."""
    if body["blocked"]:
        return
    fits = [*body["steps"], body["cluster"]]
    used.update(fits, (score["key"] for score in body["scores"].values()))
    records = [bundle.records.get(key) for key in fits]
    chain = [record for record in records if record is not None]
    done = len(chain) == len(records) and all(record.ok for record in chain)
    if not all(record.ok for record in chain[:-1]) or (
        len(chain) < len(records) and all(e.ok for e in chain)
    ):
        yield "a stage of it is missing"
    yield from _chain(body, chain)
    yield from _scores(body, bundle, done)
    yield from _names(body, chain, registry)
    cluster = bundle.records.get(body["cluster"])
    if cluster is not None and cluster.ok:
        digest = cluster.arrays.get(scored_part(body["protocol"]))
        if digest is not None and digest not in bundle.labels:
            yield f"its labels, {digest}.npy, are not there"


def _chain(body: Mapping[str, Any], chain: list[Record]) -> Iterator[str]:
    """Say where stages do not follow each other, or are of other data, rows or seeds."""
    fitted = PROTOCOLS[body["protocol"]][0]
    before: list[str] = []
    for record in chain:
        facts = record.facts
        if facts["after"][: len(before)] != before or (record.kind == "encode" and facts["after"] != before):
            yield f"its {record.kind} stage does not follow the one before it"
        expected = {"dataset": body["digest"], "rows": fitted} if record.kind == "encode" else {}
        for name, value in expected.items():
            if facts.get(name) != value:
                yield f"its {record.kind} stage is of other {name}: {shown(str(facts.get(name)))}"
        seed = dict(facts["params"]["mapping"]).get("random_state")
        allowed = (None, body["seeds"][1 if record.kind == "cluster" else 0])
        written = "random_state" in body["encoder"] + body["clusterer"] + "".join(body.get("specs") or ())
        if seed not in allowed and not written:
            yield f"its {record.kind} stage has seed {shown(str(seed))}, the row says {allowed[1]}"
        before = [record.key]


def _scores(body: Mapping[str, Any], bundle: Bundle, done: bool) -> Iterator[str]:
    """Say which scores are of another cell, other rows or classes, or missing."""
    for name, score in body["scores"].items():
        record = bundle.records.get(score["key"])
        if record is None:
            if done:
                yield f"{name} is missing"
            continue
        facts = record.facts
        own = {field: facts[field] for field in ("code", "engine", "params", "device")}
        if facts["after"] != [body["cluster"]] or facts.get("rows") != PROTOCOLS[body["protocol"]][1]:
            yield f"{name} is a score of other labels or rows"
        if digest(own) != score["code"]:
            yield f"{name} is by other code than the row says"
        if ("truth" in score["needs"]) != ("truth" in facts) or facts.get("truth", body["data"]["truth"]) != (
            body["data"]["truth"]
        ):
            yield f"{name} is of other classes"
        value = record.values.get("score")
        if record.ok and (not isinstance(value, int | float) or isinstance(value, bool)):
            yield f"{name} has no number"


def _names(body: Mapping[str, Any], chain: list[Record], registry: Registry) -> Iterator[str]:
    """Say where a name is not that of the plugin and the parameters that ran."""
    specs = body.get("specs") or (body["encoder"], body["clusterer"])
    specs = specs if all(specs) else (body["encoder"], body["clusterer"])
    labels = [*split_chain(specs[0]), specs[1]]
    kinds: list[Kind] = [*["encoder"] * (len(labels) - 1), "clusterer"]  # type: ignore[list-item]
    for label, kind, record in zip(labels, kinds, chain, strict=False):
        try:
            spec = parse(label)
        except HarnessError as error:
            yield f"{shown(label)} is no name of {kind}: {error}"
            continue
        target = record.facts["code"]["plugin"]
        known = registry.plugins.get((kind, spec.name))
        expected = known.target if known is not None else spec.name if ":" in spec.name else None
        if expected is not None and not _same_code(expected, target):
            yield f"it says {kind} {spec.name}, but {shown(target)} ran"
        yield from _parameters(spec, record)


def _same_code(expected: str, target: str) -> bool:
    """Whether a record's plugin is what a name stands for here; one of a file is named by its class alone."""
    return expected == target or (target.startswith("file:") and expected.endswith(target.partition(":")[2]))


def _parameters(spec: Spec, record: Record) -> Iterator[str]:
    """Say which parameters that stand in the name are others in the record."""
    from ..fingerprint import canonical

    ran = dict(record.facts["params"]["mapping"])
    for name, value in spec.kwargs:
        if name in ran and ran[name] != canonical(value) and not isinstance(value, dict):
            yield f"it says {name}={shown(str(value))}, but {shown(str(ran[name]))} ran"
