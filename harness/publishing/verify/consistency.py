"""Consistency of published records: keys, chains of stages, names, seeds and rows."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.cell import CellRecord, Seeds, seeds_text
from ...core.hashing import digest
from ...core.protocols import PROTOCOLS
from ...core.record import Record
from ...core.seeds import seeds_in, unseeded
from ...core.spec import steps_after
from ..bundle import Bundle
from ..findings import Findings
from ..npz import shown


def check_consistency(bundle: Bundle, findings: Findings) -> None:
    """Check everything that needs no plugin.

    Parameters
    ----------
    bundle : Bundle
    findings : Findings
        Is added to.
    """
    for key, record in bundle.records.items():
        where = f"{bundle.name}: {record.kind} {key}"
        if digest(record.facts) != key:
            findings.wrong(where, "its facts give another key, so they were changed")
        elif record.kind != record.facts["stage"]:
            findings.wrong(where, f"is a {record.facts['stage']} stage by its facts")
        else:
            findings.ok("keys by their facts")
    used: set[str] = set()
    fits: dict[tuple[str, ...], Seeds] = {}
    for cell in bundle.cells.values():
        where = row_name(bundle, cell)
        problems = list(_problems(cell, bundle, used))
        row = (cell.encoder, cell.clusterer, cell.k, cell.variant, cell.cluster)
        if not cell.blocked and fits.setdefault(row, cell.seeds) != cell.seeds:
            problems.append(f"it is the same fit as the run with {seeds_text(fits[row])}")
        for problem in problems:
            findings.wrong(where, problem)
        if not problems:
            findings.ok("cells and the stages that they are made of")
    for key in bundle.records.keys() - used:
        findings.wrong(f"{bundle.name}: {bundle.records[key].kind} {key}", "belongs to no cell")


def row_name(bundle: Bundle, cell: CellRecord) -> str:
    """Name a cell for a finding."""
    return f"{bundle.name}: {cell.title}"


def _problems(cell: CellRecord, bundle: Bundle, used: set[str]) -> Iterator[str]:
    """Yield the problems of a cell."""
    if cell.blocked:
        if cell.blocked[0] == "ok" or cell.steps or cell.cluster or cell.scores:
            yield "it could not be run, but has stages"
        return
    used.update(cell.fits, (score.key for score in cell.scores.values()))
    records = [bundle.records.get(key) for key in cell.fits]
    chain = [record for record in records if record is not None]
    well = all(record.ok for record in chain)
    if not cell.steps or not cell.cluster:
        yield "it has no encode or no cluster stage"
    if not all(record.ok for record in chain[:-1]) or (len(chain) < len(records) and well):
        yield "one of its stages is missing"
    done = len(chain) == len(records) and well
    if not done and any(score.key in bundle.records for score in cell.scores.values()):
        yield "it has scores, although its fit failed"
    yield from _chain(cell, chain)
    yield from _scores(cell, bundle, done)
    cluster = bundle.records.get(cell.cluster)
    if cluster is not None and cluster.ok:
        digest = cluster.arrays.get(bundle.part)
        if digest is None and cell.protocol != "train-test":
            yield "its record names no labels"
        elif digest is not None and digest not in bundle.labels:
            yield f"its labels, {digest}.npy, are missing"
        if "n_clusters" not in cluster.values:
            yield "its record has no number of clusters"


def _chain(cell: CellRecord, chain: list[Record]) -> Iterator[str]:
    """Yield breaks in the chain of stages, or other data, rows or seeds."""
    fitted = PROTOCOLS[cell.protocol][0]
    after = _after(cell)
    for record in chain:
        facts = record.facts
        before = after.get(record.key, cell.steps[-1:])
        if facts["after"][: len(before)] != [*before] or (
            record.key in after and len(facts["after"]) > len(before)
        ):
            yield f"its {record.kind} stage does not follow the one before it"
        expected = {"dataset": cell.digest, "rows": fitted} if record.kind == "encode" else {}
        for name, value in expected.items():
            if facts.get(name) != value:
                yield f"its {record.kind} stage has another {name}: {shown(str(facts.get(name)))}"
    for kind, seed in zip(("encode", "cluster"), cell.seeds, strict=True):
        stages = [each.facts for each in chain if each.kind == kind]
        found = [each for facts in stages for each in seeds_in(facts)]
        found += [facts["seed"] for facts in stages if unseeded(facts)]
        chosen = any(facts.get("fits") for facts in stages)  # perhaps the seed is that of the fits alone
        if seed is not None and stages and seed not in found and (found or not chosen):
            yield (
                f"its {kind} stage has seed {shown(str(found[-1] if found else None))}, but the row has "
                f"{seed}"
            )


def _after(cell: CellRecord) -> dict[str, list[str]]:
    """Return, for each encode stage of a cell by its key, the keys of the stages whose output it gets."""
    places = [places for _, places in steps_after(cell.expanded[0])]
    if len(places) != len(cell.steps):  # told elsewhere
        places = [[], *([n] for n in range(len(cell.steps) - 1))]
    return {key: [cell.steps[n] for n in some] for key, some in zip(cell.steps, places, strict=False)}


def _scores(cell: CellRecord, bundle: Bundle, done: bool) -> Iterator[str]:
    """Yield scores that are missing, or of another cell, other rows or classes."""
    for name, score in cell.scores.items():
        record = bundle.records.get(score.key)
        if record is None:
            if done:
                yield f"{name} is missing"
            continue
        facts = record.facts
        own = {field: facts[field] for field in ("code", "engine", "params", "device")}
        if facts["after"] != [cell.cluster] or facts.get("rows") != PROTOCOLS[cell.protocol][1]:
            yield f"{name} is a score of other labels or rows"
        if digest(own) != score.code:
            yield f"{name} was computed by other code than in the row"
        if ("truth" in score.needs) != ("truth" in facts) or facts.get("truth", cell.data.truth) != (
            cell.data.truth
        ):
            yield f"{name} is of other classes"
        value = record.values.get("score")
        if record.ok and (not isinstance(value, int | float) or isinstance(value, bool)):
            yield f"{name} has no number"
