"""Give published records the keys of this version, where the code of their stages is unchanged.

Keys change when it changes what they are made of, such as how a plugin's code is digested. `note` is run with
the version before that, and writes the keys that a plan made there has: those are of the code that is there.
`apply` is run after it: a cell is planned anew, and its records with such keys are kept under the keys of
that plan. Records of still older code keep their facts, but for the keys of the stages before them.

    python studies/rekey.py note keys.json leaderboard
    python studies/rekey.py apply keys.json leaderboard

Where a default has changed, a clusterer is given the name that now means what it was, on boards whose names
begin so:

    python studies/rekey.py apply keys.json leaderboard mnist 'gmm -> gmm(reg_covar=1e-06)'
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.core.cell import CellRecord
from harness.core.errors import HarnessError
from harness.core.hashing import digest
from harness.core.plan import Plan
from harness.core.record import Record
from harness.execution.pool import Workers
from harness.publishing.bundle import Bundle, Published
from harness.publishing.findings import Findings
from harness.publishing.read import read_folder
from harness.publishing.verify.replan import matched, plan_again
from harness.publishing.verify.replay import given_k
from harness.publishing.write import shows_reference, write_folder
from harness.registry.registry import load_registry

KEPT = ("stage", "params", "device", "dataset", "rows", "truth", "sample", "fits", "threads")


def planned(bundle: Bundle, host: Workers) -> Iterator[tuple[CellRecord, CellRecord | None, Plan]]:
    """Yield each cell of a bundle with the same cell in a plan that is made here, and that plan."""
    registry = load_registry()
    groups: defaultdict[int | None, list[CellRecord]] = defaultdict(list)
    for cell in bundle.cells.values():
        groups[given_k(cell)].append(cell)
    for k, cells in groups.items():
        plan = plan_again(cells, k, registry, host)
        for cell, new in matched(cells, plan):
            yield cell, new, plan


def note(published: Published, host: Workers) -> list[str]:
    """Return the keys that records have and plans made here have too."""
    found: set[str] = set()
    for bundle in published.bundles.values():
        for old, new, _ in planned(bundle, host):
            if new is not None and not new.blocked and not old.blocked:
                found |= {before for before, key in _pairs(old, new) if before == key}
    return sorted(found)


def rekeyed(bundle: Bundle, known: Collection[str], host: Workers) -> tuple[Bundle, list[str]]:
    """Return a bundle under the keys of this version, and what is wrong with cells that cannot be."""
    new, wrong = Bundle(bundle.name, labels=bundle.labels, truth=bundle.truth), []
    cells: list[tuple[CellRecord, CellRecord]] = []
    for old, cell, plan in planned(bundle, host):
        problems = [*_differences(old, cell, plan, bundle, known)]
        wrong += [f"{old.name}: {problem}" for problem in problems]
        if cell is not None and not problems:
            cells.append((old, _add(old, cell, plan, bundle, known, new)))
    codes = {  # those that the scores with a record have now
        (name, old.scores[name].code): score.code
        for old, cell in cells
        for name, score in cell.scores.items()
        if score.key in new.records
    }
    for old, cell in cells:
        scores = {
            name: replace(score, code=codes.get((name, old.scores[name].code), score.code))
            for name, score in cell.scores.items()
        }
        new.cells[cell.identity] = replace(cell, scores=scores)
    return new, wrong


def _pairs(old: CellRecord, new: CellRecord) -> Iterator[tuple[str, str]]:
    """Yield the old and the new key of each stage of a cell."""
    yield from zip(old.fits, new.fits, strict=True)
    yield from ((score.key, new.scores[name].key) for name, score in old.scores.items())


def _differences(
    old: CellRecord, new: CellRecord | None, plan: Plan, bundle: Bundle, known: Collection[str]
) -> Iterator[str]:
    """Say why a cell is not what would be computed now."""
    if new is None or new.blocked or old.blocked:
        yield "it cannot be planned"
        return
    for before, key in _pairs(old, new):
        record, facts = bundle.records.get(before), json.loads(json.dumps(plan.stages[key].facts))
        if record is None:
            continue
        if before not in known:
            continue
        for name in ("distribution", "libraries"):
            if facts["code"][name] != record.facts["code"][name]:
                yield f"{record.kind}: {name} differ"
        for name in KEPT:
            if facts.get(name) != record.facts.get(name):
                yield f"{record.kind}: {name} is {record.facts.get(name)}, not {facts.get(name)}"


def _add(
    old: CellRecord, new: CellRecord, plan: Plan, bundle: Bundle, known: Collection[str], made: Bundle
) -> CellRecord:
    """Add a cell's records to a bundle under their new keys, and return the cell.

    A record whose own code is that of the plan, though a stage before it has older code, keeps only that.
    """
    keys: dict[str, str] = {}
    codes = {_code(bundle.records[key]) for key in known if key in bundle.records}
    current: dict[str, bool] = {}  # whether the code of a record is that of the plan
    for before, key in _pairs(old, new):
        record, facts = bundle.records.get(before), plan.stages[key].facts
        keys[before], current[before] = key, before in known
        if record is not None and before not in known:
            current[before] = _code(record) in codes
            after = _after(record.facts["after"], facts["after"], keys)
            facts = {**(facts if current[before] else record.facts), "after": after}
            keys[before] = digest(facts)
        if record is not None:
            facts = json.loads(json.dumps(facts))
            made.records[keys[before]] = replace(record, key=keys[before], facts=facts)
    scores = {
        name: replace(
            score, key=keys[score.key], code=new.scores[name].code if current[score.key] else score.code
        )
        for name, score in old.scores.items()
    }
    variant = new.variant if all(key in known for key in old.fits) else old.variant
    steps = tuple(keys[key] for key in old.steps)
    return replace(
        old, steps=steps, cluster=keys[old.cluster], variant=variant, scores=scores, prior=new.prior
    )


def _code(record: Record) -> str:
    return json.dumps(record.facts["code"], sort_keys=True)


def _after(before: Sequence[str], planned: Sequence[str], keys: Mapping[str, str]) -> list[str]:
    """Return the keys of the stages before a record: as rekeyed so far, else as planned."""
    return [keys.get(old, new) for old, new in zip(before, planned, strict=True)]


def renamed(bundle: Bundle, renamings: Sequence[str]) -> Bundle:
    """Return a bundle whose clusterers have other names, each given as ``old -> new``; aliases stay."""
    names = dict(renaming.split(" -> ") for renaming in renamings)
    cells = list(bundle.cells.values())
    for number, cell in enumerate(cells):
        old = cell.expanded[1]
        if new := names.get(old):
            name = new if cell.clusterer == old else cell.clusterer
            cells[number] = replace(cell, clusterer=name, specs=(cell.specs[0], new))
    return replace(bundle, cells={cell.identity: cell for cell in cells})


def main(step: str, file: str, folder: str, boards: str = "", *renamings: str) -> int:
    """Run a step, and return an exit code."""
    published = read_folder(Path(folder), Findings())
    bundles, wrong = {}, []
    with Workers(1) as host:
        if step == "note":
            Path(file).write_text(json.dumps(note(published, host)))
            return 0
        known = set(json.loads(Path(file).read_text()))
        for name, bundle in published.bundles.items():
            named = renamed(bundle, renamings) if name.startswith(boards) else bundle
            bundles[name], problems = rekeyed(named, known, host)
            wrong += [f"{name}: {problem}" for problem in problems]
            print(f"{name}: {len(bundles[name].cells)} of {len(bundle.cells)} cells")
    if wrong:
        print(*sorted(set(wrong)), sep="\n", file=sys.stderr)
        return 1
    for path in write_folder(replace(published, bundles=bundles), Path(folder), shows_reference(published)):
        print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except HarnessError as error:
        sys.exit(str(error))
