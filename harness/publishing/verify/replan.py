"""Comparison of rows with a plan made here: names, parameters, seeds, K and metrics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from ...core.cell import CellRecord
from ...core.errors import HarnessError
from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...core.plan import Plan
from ...core.plugin import Kind
from ...core.record import Record
from ...core.spec import parse
from ...planning import cache_keys
from ...planning.planner import make_plan
from ...planning.request import Request
from ...registry.registry import Registry, check_alias, check_unlike
from ..bundle import Bundle
from ..findings import Findings
from ..npz import shown
from .consistency import row_name
from .replay import given_k, labels_of, metric_named, refusal, unseeded_in

SHOWN = (
    "params",
    "rows",
    "dataset",
    "truth",
    "sample",
    "fits",
    "seed",
)  # facts that a plan made here has too


def check_planned(bundle: Bundle, registry: Registry, host: PluginHost | None, findings: Findings) -> None:
    """Plan the rows of a board again, without running anything, and compare.

    Of plugins that are not known here no more can be told than that; of other versions of a plugin's code
    parameters may differ.

    Parameters
    ----------
    bundle : Bundle
        With cells of one dataset.
    registry : Registry
    host : PluginHost, optional
        Loads plugins whose modules import a framework.
    findings : Findings
        Is added to.
    """
    groups: defaultdict[int | None, list[CellRecord]] = defaultdict(list)
    targets: defaultdict[tuple[Kind, str], list[str]] = defaultdict(list)  # of one class there may be several
    for (kind, name), each in registry.plugins.items():
        targets[kind, cache_keys.plugin_id(each)].append(name)
    for cell in bundle.cells.values():
        unknown = refusal(cell, registry)
        for problem in _misnamed(cell, bundle, registry, targets):
            findings.wrong(row_name(bundle, cell), problem)
        if unknown:
            where = f"{bundle.name}: {cell.encoder} + {cell.clusterer}"
            findings.unverified(where, f"{unknown}: its name cannot be checked")
        elif not cell.blocked:
            groups[given_k(cell)].append(cell)
    for k, cells in groups.items():
        plan = plan_again(cells, k, registry, host, unseeded_in(cells, bundle.records))
        for cell, planned in matched(cells, plan):
            problems = list(_differences(cell, planned, plan, bundle, registry))
            for level, text in problems:
                (findings.wrong if level == "wrong" else findings.unverified)(row_name(bundle, cell), text)
            if not problems:
                findings.ok("cells as in a plan made here")


def _misnamed(
    cell: CellRecord, bundle: Bundle, registry: Registry, targets: Mapping[tuple[Kind, str], Sequence[str]]
) -> Iterator[str]:
    """Yield names that differ from what ran, or could be mistaken."""
    records = [bundle.records.get(key) for key in cell.fits]
    for (kind, label), record in zip(labels_of(cell), records, strict=False):
        ran = targets.get((kind, record.facts["code"]["plugin"]), ()) if record else ()
        if ran and label.partition("(")[0] not in ran:
            yield f"it is named {shown(label)}, but {kind} {ran[0]} ran"
    names = zip(("encoder", "clusterer"), (cell.encoder, cell.clusterer), cell.expanded, strict=True)
    for kind, name, spec in cast("Iterator[tuple[Kind, str, str]]", names):
        if name != spec:
            try:
                check_alias(kind, name)
                check_unlike(kind, name, registry)
            except HarnessError as error:
                yield str(error)


def matched(cells: Sequence[CellRecord], plan: Plan) -> Iterator[tuple[CellRecord, CellRecord | None]]:
    """Yield each published cell with the matching cell of a plan, if any."""
    planned = {(*cell.specs, *cell.seeds): cell for cell in plan.cells}
    for cell in cells:
        yield cell, planned.get((*cell.expanded, *cell.seeds)) or planned.get((*cell.expanded, None, None))


def plan_again(
    cells: Sequence[CellRecord],
    k: int | None,
    registry: Registry,
    host: PluginHost | None,
    unseeded: Collection[str] = (),
) -> Plan:
    """Plan the rows of some cells with the same seeds; `unseeded` plugins have none to set."""
    encoders, clusterers = (list(dict.fromkeys(cell.expanded[n] for cell in cells)) for n in (0, 1))
    metrics = dict.fromkeys(name for cell in cells for name in cell.scores)
    known = [name for name in metrics if metric_named(name, registry) is not None]
    pairs = sorted({(cell.seeds[0] or 0, cell.seeds[1] or 0) for cell in cells})
    kinds = ("encoder", "clusterer", "metric")
    request = Request(encoders, clusterers, known, n_clusters=k, device="cpu", pairs=pairs, swept=kinds)
    request = replace(request, unseeded=unseeded, metric_budget=0)  # names say what was estimated
    return make_plan(_stand_in(cells[0]), cells[0].protocol, request, registry, host)


def _stand_in(cell: CellRecord) -> Dataset:
    """Return a dataset with everything a plan needs except its values, which may be missing here."""
    data = cell.data
    found = Dataset.__new__(Dataset)
    truth = None if data.truth is None else np.broadcast_to(np.int64(0), (data.samples,))
    vars(found).update(
        name=cell.dataset,
        samples=np.broadcast_to(np.dtype(data.dtype).type(0), (data.samples, data.features)),
        truth=truth,
        image_shape=data.image_shape,
        n_train=data.n_train,
        class_names=(),
        licence=data.licence,
        source="",
        scaling=data.scaling,
        label=data.label,
        left_out=data.left_out,
        missing=data.missing,
        notes=(),
        digest=cell.digest,
        truth_digest=data.truth,
        n_classes=data.classes,
        n_unlabelled=data.unlabelled,
    )
    return found


def _differences(
    cell: CellRecord, planned: CellRecord | None, plan: Plan, bundle: Bundle, registry: Registry
) -> Iterator[tuple[str, str]]:
    """Yield differences between a cell and the planned one, with their severity."""
    if planned is None:
        yield (
            "wrong",
            "a plan of this row has no run with these seeds: one is missing or superfluous",
        )
        return
    if planned.blocked:
        level = "wrong" if _as_installed(cell, bundle, registry) else "unverified"
        yield level, f"cannot plan it: {planned.blocked[1]}"
        return
    if planned.seeds != cell.seeds:
        yield "wrong", "a plan of this row has no run with these seeds: others are used, or none"
        return
    same = True
    keys = zip(cell.fits, planned.fits, strict=False)
    for there, here in keys:
        record = bundle.records.get(there)
        if record is not None:
            for text in _facts(record, plan.stages[here].facts):
                level = "wrong" if _same_code(record, plan.stages[here].facts) else "unverified"
                same = same and level == "wrong"
                yield level, f"{record.kind}: {text}"
    if len(cell.steps) != len(planned.steps):
        yield "wrong", f"it has {len(cell.steps)} encode stages, its name has {len(planned.steps)}"
    told: dict[str, tuple[Any, Any]] = {
        "K": (cell.k, planned.k),
        "prior": (list(cell.prior), list(planned.prior)),
    }
    for name, score in planned.scores.items():
        said_of = cell.scores.get(name)
        if said_of is not None:
            told[f"direction of {name}"] = (said_of.direction, score.direction)
            told[f"needs of {name}"] = (sorted(said_of.needs), sorted(score.needs))
    for what, (said, expected) in told.items():
        if said != expected:
            yield (
                "wrong" if same else "unverified",
                f"{what} is reported as {shown(str(said))}, not {expected!r}",
            )


def _facts(record: Record, facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield facts of a stage that differ from a plan."""
    plain = _as_read(facts)
    for name in SHOWN:
        there, here = record.facts.get(name), plain.get(name)
        if name == "params" and there is not None and here is not None:
            there, here = dict(there["mapping"]), dict(map(tuple, here["mapping"]))
            for parameter in sorted(there.keys() | here.keys()):
                if there.get(parameter) != here.get(parameter) and parameter != "device":
                    said, expected = shown(str(there.get(parameter))), here.get(parameter)
                    yield f"{parameter} is reported as {said}, but its name means {expected!r}"
        elif there != here:
            yield f"{name} is {shown(str(there))}, not {here!r}"


def _same_code(record: Record, facts: Mapping[str, Any]) -> bool:
    """Return whether a stage was computed by the local code."""
    return bool(record.facts["code"] == _as_read(facts["code"]))


def _as_installed(cell: CellRecord, bundle: Bundle, registry: Registry) -> bool:
    """Return whether all stages of a cell were reportedly computed by the installed code."""
    for (kind, label), key in zip(labels_of(cell), cell.fits, strict=False):
        record, plugin = bundle.records.get(key), registry.plugins.get((kind, parse(label).name))
        if record is None or plugin is None or record.facts["code"] != _as_read(cache_keys.identity(plugin)):
            return False
    return True


def _as_read(value: Any) -> Any:
    """Return a value as read from a record, with tuples as lists."""
    return json.loads(json.dumps(value))
