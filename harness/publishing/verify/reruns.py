"""Rerun random published cells, and compare labels and scores."""

from __future__ import annotations

import random

from ...core.cell import CellRecord
from ...core.counts import counted
from ...core.errors import NotApplicable
from ...core.events import Outcome
from ...core.plugin import Kind
from ...registry.loading import load_plugin
from ...registry.registry import Registry
from ..bundle import Bundle
from ..findings import Findings
from ..tolerance import alike, declared
from .consistency import row_name
from .options import How
from .replay import Replay, labels_of


def run_again(
    bundle: Bundle, registry: Registry, replay: Replay | None, how: How, findings: Findings
) -> None:
    """Rerun random cells, and compare their labels and scores."""
    if replay is None:
        findings.unverified(bundle.name, "no run was repeated, since its dataset is not here")
        return
    ran = [cell for cell in bundle.cells.values() if not (cell.blocked or cell.imported)]
    if imported := sum(cell.imported for cell in bundle.cells.values()):
        rows = counted(imported, "imported row")
        findings.unverified(bundle.name, f"{rows} cannot be rerun: the labels were computed elsewhere")
    drawn = random.Random(f"{how.seed} {bundle.name}").sample(ran, min(how.rerun, len(ran)))
    for number, cell in enumerate(drawn):
        how.step(f"rerunning {bundle.name}", number, len(drawn))
        where = row_name(bundle, cell)
        try:
            planned, outcome = replay.run(cell, bundle.records)
        except NotApplicable as error:
            findings.unverified(where, f"was not rerun: {error}")
            continue
        _compare_labels(where, bundle, cell, planned, outcome, findings)
        _compare_scores(where, bundle, cell, planned, outcome, registry, findings)


def _compare_labels(
    where: str,
    bundle: Bundle,
    cell: CellRecord,
    planned: CellRecord,
    outcome: Outcome,
    findings: Findings,
) -> None:
    there, here = bundle.records.get(cell.cluster), outcome.records.get(planned.cluster)
    if there is None or here is None or bundle.part not in there.arrays or bundle.part not in here.arrays:
        return
    if there.arrays[bundle.part] == here.arrays[bundle.part]:
        findings.ok("labels of rerun cells, bit for bit")
    else:
        findings.unverified(where, "its labels differ on rerun, perhaps only in a few rows")


def _compare_scores(
    where: str,
    bundle: Bundle,
    cell: CellRecord,
    planned: CellRecord,
    outcome: Outcome,
    registry: Registry,
    findings: Findings,
) -> None:
    same_code = planned.cluster == cell.cluster
    for name, score in planned.scores.items():
        there, here = bundle.records.get(cell.scores[name].key), outcome.records.get(score.key)
        if there is None or here is None or not there.ok:
            continue
        if not here.ok:
            findings.unverified(f"{where}: {name}", f"{here.status} on rerun: {here.error}")
            continue
        one, other = there.values["score"], here.values["score"]
        if alike(one, other, _tolerance(registry, cell, name)):
            findings.ok("scores of rerun cells")
            continue
        told = f"is reported as {one!r}, on rerun it is {other!r}"
        if same_code and there.hardware == here.hardware:
            findings.wrong(f"{where}: {name}", told)
        else:
            what = "on other hardware" if same_code else "by other versions of the code or its libraries"
            findings.unverified(f"{where}: {name}", f"{told}, {what}")


def _tolerance(registry: Registry, cell: CellRecord, metric: str) -> float:
    """Return the largest declared tolerance of a cell's plugins."""
    names: list[tuple[Kind, str]] = [*labels_of(cell), ("metric", metric)]
    found = (registry.plugins.get((kind, text.partition("(")[0])) for kind, text in names)
    return max(declared(load_plugin(plugin)) for plugin in found if plugin is not None)
