"""A bundle as JSON lines: content shared by many lines is a separate line, referenced by its hash."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from ..core.cell import CellRecord, cell_from_json, cell_to_json
from ..core.hashing import digest
from ..core.record import Record
from .bundle import Bundle

OWN_FACTS = ("after", "params", "fits", "seed")  # of a stage, besides its shared content
OWN_BODY = (
    *("encoder", "clusterer", "k", "seeds", "specs", "variant", "steps", "cluster"),
    *("blocked", "noted", "settings", "prior", "origins"),
)
DEFAULTS: Mapping[str, Any] = {
    **{"status": "ok", "error": "", "warnings": [], "memory": 0, "cpu_seconds": 0.0},
    **{"values": {}, "arrays": {}},
}


def write_lines(bundle: Bundle) -> str:
    """Return a bundle, its labels left out, as JSON lines; the same bundle gives the same text.

    Returns
    -------
    text : str
        Lines of three kinds: ``{"id": ..., "shared": ...}``; ``{"cell": ..., "shared": id}``; and
        ``{"key": ..., "shared": id, ...}``, the record of a stage.
    """
    shared: dict[str, Any] = {}

    def refer(value: Any) -> str:
        value = _named(value)
        name = digest({"shared": value})
        shared[name] = value
        return name

    cells = [_cell_line(cell, refer) for _, cell in sorted(bundle.cells.items())]
    records = [_record_line(record, refer) for _, record in sorted(bundle.records.items())]
    heads = [{"id": name, "shared": value} for name, value in sorted(shared.items())]
    return "".join(f"{plain(_named(line))}\n" for line in (*heads, *cells, *records))


def plain(line: Any) -> str:
    """Return JSON that is identical for the same content on any machine."""
    return json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _cell_line(cell: CellRecord, refer: Callable[[Any], str]) -> dict[str, Any]:
    body = cell_to_json(cell)
    metrics = {name: {**score, "key": ""} for name, score in body["scores"].items()}
    common = {name: body[name] for name in ("dataset", "digest", "protocol", "data")}
    own = {name: body[name] for name in OWN_BODY}
    own["scores"] = [score.key for score in cell.scores.values()]
    # Metrics as pairs, since sorting would lose their order, that of the board's columns.
    return {"cell": own, "shared": refer({**common, "metrics": [[*pair] for pair in metrics.items()]})}


def _record_line(record: Record, refer: Callable[[Any], str]) -> dict[str, Any]:
    own = ("after",) if record.kind == "score" else OWN_FACTS
    facts = {name: value for name, value in record.facts.items() if name not in own}
    common = {"facts": facts, "versions": record.versions, "hardware": record.hardware, "kind": record.kind}
    line = {"key": record.key, "shared": refer(common), "seconds": record.seconds, "created": record.created}
    line |= {"facts": {name: record.facts[name] for name in own if name in record.facts}}
    told = {name: getattr(record, name) for name in DEFAULTS}
    return line | {name: value for name, value in told.items() if value != DEFAULTS[name]}


def _named(value: Any) -> Any:
    """Write numbers that JSON lacks, such as infinity, by name."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, Mapping):
        return {name: _named(item) for name, item in value.items()}
    return [_named(item) for item in value] if isinstance(value, list | tuple) else value


def with_numbers(line: Any) -> Any:
    """Read numbers written by `_named` in the values and parameters of a line."""
    facts = line["shared"].get("facts") if "id" in line else line.get("facts")
    if facts and facts.get("params"):
        facts["params"] = {"mapping": numbers(facts["params"]["mapping"])}
    if "values" in line:
        line["values"] = {name: numbers(item) for name, item in line["values"].items()}
    return line


def numbers(value: Any) -> Any:
    """Read numbers written by name."""
    if isinstance(value, Mapping):
        if list(value) == ["float"]:
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[value["float"]]
        return {name: numbers(item) for name, item in value.items()}
    return [numbers(item) for item in value] if isinstance(value, list) else value


def cell_of(own: Mapping[str, Any], common: Mapping[str, Any]) -> CellRecord:
    """Assemble a cell from its line and shared content."""
    body = {name: common[name] for name in ("dataset", "digest", "protocol", "data")}
    pairs = zip(common["metrics"], own["scores"], strict=True)
    scores = {name: {**score, "key": key} for (name, score), key in pairs}
    return cell_from_json({**body, **own, "scores": scores})


def record_of(line: Mapping[str, Any], common: Mapping[str, Any]) -> Record:
    """Assemble a record from its line and shared content."""
    own = {name: line.get(name, default) for name, default in DEFAULTS.items()}
    facts = {**common["facts"], **line["facts"]}
    rest = {name: common[name] for name in ("versions", "hardware", "kind")}
    times = {name: line[name] for name in ("key", "seconds", "created")}
    return Record(**own, **rest, **times, facts=facts)
