"""Whether rows are what a plan made here would have: names, parameters, seeds, K and metrics."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np

from ...core.errors import HarnessError
from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...core.plan import Cell, Plan, Request
from ...core.plugin import Kind
from ...core.record import Record
from ...core.spec import parse
from ...planning import cache_keys
from ...planning.planner import make_plan
from ...registry.registry import Registry, check_alias
from ..bundle import Bundle
from ..findings import Findings
from ..npz import shown
from .consistency import row_name
from .replay import Body, given_k, labels_of, metric_named, refusal, specs

SHOWN = ("params", "rows", "dataset", "truth", "sample", "fits")  # facts that a plan made here has too


def check_planned(bundle: Bundle, registry: Registry, host: PluginHost | None, findings: Findings) -> None:
    """Plan the rows of a board anew, without running anything, and compare.

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
    groups: defaultdict[int | None, list[Body]] = defaultdict(list)
    targets = {(kind, cache_keys.plugin_id(each)): name for (kind, name), each in registry.plugins.items()}
    for body in bundle.cells.values():
        unknown = refusal(body, registry)
        for problem in _misnamed(body, bundle, registry, targets):
            findings.wrong(row_name(bundle, body), problem)
        if unknown:
            where = f"{bundle.name}: {body['encoder']} + {body['clusterer']}"
            findings.unverified(where, f"{unknown}: what its name says cannot be checked")
        elif not body["blocked"]:
            groups[given_k(body)].append(body)
    for k, bodies in groups.items():
        plan = _plan(bodies, k, registry, host)
        cells = {(*cell.specs, cell.encoder_seed, cell.clusterer_seed): cell for cell in plan.cells}
        for each in bodies:
            cell = cells.get((*specs(each), *each["seeds"])) or cells.get((*specs(each), None, None))
            problems = list(_differences(each, cell, plan, bundle, registry))
            for level, text in problems:
                (findings.wrong if level == "wrong" else findings.unverified)(row_name(bundle, each), text)
            if not problems:
                findings.ok("cells as a plan made here has them")


def _misnamed(
    body: Body, bundle: Bundle, registry: Registry, targets: Mapping[tuple[Kind, str], str]
) -> Iterator[str]:
    """Say which names are of something else than ran, or could be taken for it."""
    records = [bundle.records.get(key) for key in (*body["steps"], body["cluster"])]
    for (kind, label), record in zip(labels_of(body), records, strict=False):
        ran = record and targets.get((kind, record.facts["code"]["plugin"]))
        if ran and ran != label.partition("(")[0]:
            yield f"it says {shown(label)}, but {kind} {ran} ran"
    names = zip(("encoder", "clusterer"), (body["encoder"], body["clusterer"]), specs(body), strict=True)
    for kind, name, spec in cast("Iterator[tuple[Kind, str, str]]", names):
        if name != spec:
            try:
                check_alias(kind, name, registry)
            except HarnessError as error:
                yield str(error)


def _plan(bodies: list[Body], k: int | None, registry: Registry, host: PluginHost | None) -> Plan:
    """Plan the rows of some cells, with their very seeds."""
    encoders, clusterers = (list(dict.fromkeys(specs(body)[n] for body in bodies)) for n in (0, 1))
    metrics = dict.fromkeys(name for body in bodies for name in body["scores"])
    known = [name for name in metrics if metric_named(name, registry) is not None]
    pairs = sorted({(body["seeds"][0] or 0, body["seeds"][1] or 0) for body in bodies})
    kinds = ("encoder", "clusterer", "metric")
    request = Request(encoders, clusterers, known, n_clusters=k, pairs=pairs, swept=kinds)
    return make_plan(_stand_in(bodies[0]), bodies[0]["protocol"], request, registry, host)


def _stand_in(body: Body) -> Dataset:
    """Return a dataset that has all that a plan asks of it but its values, which may not be here."""
    data = body["data"]
    found = Dataset.__new__(Dataset)
    shape = tuple(data["image_shape"]) if data["image_shape"] else None
    truth = None if data["truth"] is None else np.broadcast_to(np.int64(0), (data["samples"],))
    vars(found).update(
        name=body["dataset"],
        samples=np.broadcast_to(np.float32(0), (data["samples"], data["features"])),
        truth=truth,
        image_shape=shape,
        n_train=data["n_train"],
        class_names=(),
        licence=data["licence"],
        source="",
        scaling=data["scaling"],
        digest=body["digest"],
        truth_digest=data["truth"],
        n_classes=data["classes"],
    )
    return found


def _differences(
    body: Body, cell: Cell | None, plan: Plan, bundle: Bundle, registry: Registry
) -> Iterator[tuple[str, str]]:
    """Yield what differs between a cell and the same in a plan, and how bad that is."""
    if cell is None:
        yield (
            "wrong",
            "a plan of this row has no run with these seeds: a seed enters that is not said, or not",
        )
        return
    if cell.blocked:
        level = "wrong" if _as_installed(body, bundle, registry) else "unverified"
        yield level, f"it cannot be planned: {cell.blocked[1]}"
        return
    if [cell.encoder_seed, cell.clusterer_seed] != list(body["seeds"]):
        yield "wrong", "a plan of this row has no run with these seeds: others enter, or none"
        return
    same = True
    keys = zip((*body["steps"], body["cluster"]), (*cell.steps, cell.cluster), strict=False)
    for there, here in keys:
        record = bundle.records.get(there)
        if record is not None:
            for text in _facts(record, plan.stages[here].facts):
                level = "wrong" if _same_code(record, plan.stages[here].facts) else "unverified"
                same = same and level == "wrong"
                yield level, f"{record.kind}: {text}"
    if len(body["steps"]) != len(cell.steps):
        yield "wrong", f"it has {len(body['steps'])} encode stages, its name has {len(cell.steps)}"
    told: dict[str, tuple[Any, Any]] = {
        "K": (body["k"], cell.k),
        "prior": (list(body.get("prior") or ()), list(cell.prior)),
    }
    for name, score in cell.scores.items():
        there = body["scores"].get(name)
        if there is not None:
            told[f"direction of {name}"] = (there["direction"], score.direction)
            told[f"needs of {name}"] = (sorted(there["needs"]), sorted(score.needs))
    for what, (said, expected) in told.items():
        if said != expected:
            yield (
                "wrong" if same else "unverified",
                f"{what} is said to be {shown(str(said))}, not {expected!r}",
            )


def _facts(record: Record, facts: Mapping[str, Any]) -> Iterator[str]:
    """Say which facts of a stage are others than in a plan."""
    plain = _as_read(facts)
    for name in SHOWN:
        there, here = record.facts.get(name), plain.get(name)
        if name == "params" and there is not None and here is not None:
            there, here = dict(there["mapping"]), dict(map(tuple, here["mapping"]))
            for parameter in sorted(there.keys() | here.keys()):
                if there.get(parameter) != here.get(parameter) and parameter != "device":
                    said, expected = shown(str(there.get(parameter))), here.get(parameter)
                    yield f"{parameter} is said to be {said}, its name stands for {expected!r}"
        elif there != here:
            yield f"{name} is {shown(str(there))}, not {here!r}"


def _same_code(record: Record, facts: Mapping[str, Any]) -> bool:
    """Whether a stage was computed by the code that is here."""
    return bool(record.facts["code"] == _as_read(facts["code"]))


def _as_installed(body: Body, bundle: Bundle, registry: Registry) -> bool:
    """Whether all stages of a cell are said to be by the code that is installed here."""
    for (kind, label), key in zip(labels_of(body), (*body["steps"], body["cluster"]), strict=False):
        record, plugin = bundle.records.get(key), registry.plugins.get((kind, parse(label).name))
        if record is None or plugin is None or record.facts["code"] != _as_read(cache_keys.identity(plugin)):
            return False
    return True


def _as_read(value: Any) -> Any:
    """Return a value as it comes out of a record, where tuples are lists."""
    return json.loads(json.dumps(value))
