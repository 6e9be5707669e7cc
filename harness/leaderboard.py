"""Drawing a board from the store: one row per encoder, clusterer and K; nothing is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from .board import Board, Metric, Row, Summary
from .cells import cell_body
from .errors import HarnessError, suggest
from .plan import Plan
from .record import Record
from .scoring import SAMPLE
from .spec import split_chain
from .store import Store

FINE = ("ok", "not-applicable", "unavailable")


def load_board(store: Store, name: str, only: Collection[tuple[str, str, str]] | None = None) -> Board:
    """Draw a board from the store; nothing is computed.

    Parameters
    ----------
    store : Store
    name : str
        Dataset and protocol, for example ``digits.full``.
    only : collection of (encoder, clusterer, k), optional
        Rows to show, instead of all that the store has.

    Raises
    ------
    HarnessError
        When the store has no such board.
    """
    cells = store.cells(name)
    if not cells:
        known = store.boards()
        listed = (
            f" Boards: {', '.join(known)}." if known else " The store is empty: run 'harness bench' first."
        )
        raise HarnessError(
            f"Store {str(store.folder)!r} has no board {name!r}.{suggest(name, known)}{listed}"
        )
    newest = max(cells, key=lambda cell: cell["noted"])
    groups = _groups([cell for cell in cells if _same_data(cell, newest)], only)
    return _board(newest, groups, _records(store, groups))


def plan_board(plan: Plan, records: Mapping[str, Record]) -> Board:
    """Draw the board of a plan that was run: of its own cells and metrics, and of no earlier ones.

    Parameters
    ----------
    plan : Plan
        With at least one cell.
    records : mapping
        The records of its stages by key.
    """
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for cell in plan.cells:
        groups.setdefault((cell.encoder, cell.clusterer, cell.k), []).append(cell_body(plan, cell))
    rows = list(groups.values())
    keys = {key for cell in plan.cells for key in cell.keys}  # of choosers the candidates are no cells
    return _board(rows[0][0], rows, {key: records[key] for key in sorted(keys) if key in records})


def _board(
    cell: Mapping[str, Any], groups: list[list[dict[str, Any]]], records: Mapping[str, Record]
) -> Board:
    """Draw the rows of some groups of cells; on which data, any one of the cells says."""
    metrics = _metrics(groups, records)
    used = list(records.values())
    return Board(
        dataset=cell["dataset"],
        protocol=cell["protocol"],
        data=cell["data"],
        digest=cell["digest"],
        metrics=metrics,
        rows=_ranked([_row(group, records) for group in groups], metrics),
        parameters=_parameters(groups, records),
        sample=SAMPLE if any("sample" in record.values for record in used) else None,
        versions=_versions(used),
        hardware=sorted({record.hardware for record in used}),
        date=max((record.created for record in used), default="")[:10],
    )


def _same_data(cell: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two cells are of the same samples and labels: rows of other data under one name never mix."""
    return bool(cell["digest"] == other["digest"] and cell["data"] == other["data"])


def _groups(
    cells: list[dict[str, Any]], only: Collection[tuple[str, str, str]] | None
) -> list[list[dict[str, Any]]]:
    """Gather the cells of each row: of one encoder, clusterer and K, by the code that ran last."""
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for cell in _without_mended(cells):
        row = (cell["encoder"], cell["clusterer"], cell["k"])
        if only is None or row in only:
            rows.setdefault(row, []).append(cell)
    return [_newest_variant(group) for group in rows.values()]


def _versions(records: list[Record]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for record in records:
        for library, version in record.versions.items():
            found.setdefault(library, set()).add(version)
    return {library: sorted(found[library]) for library in sorted(found)}


def _without_mended(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out cells that could not be run, where the same pair has been run since."""
    ran: dict[tuple[str, str], str] = {}
    for cell in cells:
        pair = (cell["encoder"], cell["clusterer"])
        if not cell["blocked"]:
            ran[pair] = max(ran.get(pair, ""), cell["noted"])
    return [
        cell
        for cell in cells
        if not cell["blocked"] or cell["noted"] > ran.get((cell["encoder"], cell["clusterer"]), "")
    ]


def _newest_variant(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the cells of the code that ran last, so that a row never mixes versions of a plugin."""
    finished = [cell for cell in cells if not cell["blocked"]]
    newest = max(finished or cells, key=lambda cell: cell["noted"])
    return [cell for cell in cells if cell["variant"] == newest["variant"]]


def _records(store: Store, groups: list[list[dict[str, Any]]]) -> dict[str, Record]:
    keys = {
        key
        for group in groups
        for cell in group
        for key in (*_fits(cell), *(score["key"] for score in cell["scores"].values()))
    }
    found = ((key, store.get(key)) for key in sorted(keys) if key)
    return {key: record for key, record in found if record is not None}


def _fits(cell: dict[str, Any]) -> list[str]:
    """Return the keys of a cell's encode stages, and of its cluster stage last."""
    return [*cell["steps"], cell["cluster"]]


def _metrics(groups: list[list[dict[str, Any]]], records: Mapping[str, Record]) -> list[Metric]:
    found: dict[str, Metric] = {}
    for group in groups:
        for cell in group:
            for name, score in cell["scores"].items():
                needs, record = score["needs"], records.get(score["key"])
                pairs = record.facts["params"]["mapping"] if record else []
                options = ", ".join(f"{option}={value}" for option, value in pairs)
                sampled = (record is not None and "sample" in record.values) or (
                    name in found and found[name].sampled
                )
                found[name] = Metric(
                    name, score["direction"], "embedding" in needs, "truth" in needs, options, sampled
                )
    return list(found.values())


def _parameters(groups: list[list[dict[str, Any]]], records: Mapping[str, Record]) -> dict[str, str]:
    """Return every parameter of each encoder and clusterer, seeds left out, and what an alias is, by name."""
    found: dict[str, str] = {}
    for cell in (group[0] for group in groups):
        names = (cell["encoder"], cell["clusterer"])
        specs = cell.get("specs", names)  # older stores know of no aliases
        found |= {name: spec for name, spec in zip(names, specs, strict=True) if name != spec}
        labels = [*split_chain(specs[0]), f"{specs[1]}, K {cell['k']}"]
        for label, key in zip(labels, _fits(cell), strict=False):
            pairs = records[key].facts["params"]["mapping"] if key in records else []
            text = ", ".join(f"{name}={_plain(value)}" for name, value in pairs if name != "random_state")
            if text:
                found[label] = text
    return dict(sorted(found.items()))


def _plain(value: Any) -> Any:
    """Show a tuple of a key's facts, such as the sizes of layers, as it was written."""
    is_tuple = isinstance(value, dict) and list(value) == ["tuple"]
    return tuple(map(_plain, value["tuple"])) if is_tuple else value


def _row(cells: list[dict[str, Any]], records: Mapping[str, Record]) -> Row:
    first = cells[0]
    statuses: Counter[str] = Counter()
    notes: list[str] = []
    for cell in cells:
        status, reason = _status(cell, records)
        statuses[status] += 1
        if reason and reason not in notes:
            notes.append(reason)
        told = [*_warnings(cell, records), *(_without_value(cell, records) if status == "ok" else ())]
        notes += [note for note in told if note not in notes]
    clusters = [records[cell["cluster"]] for cell in cells if cell["cluster"] in records]
    chains = {tuple(cell["steps"]): [records.get(key) for key in cell["steps"]] for cell in cells}
    return Row(
        encoder=first["encoder"],
        clusterer=first["clusterer"],
        k=first["k"],
        clusters=Summary.of(each.values["n_clusters"] for each in clusters if each.ok),
        deterministic=first["seeds"] == [None, None] and not first["blocked"],
        scores=_scores(cells, records),
        encode_seconds=Summary.of(_seconds(chain) for chain in chains.values() if chain and _all_ok(chain)),
        cluster_seconds=Summary.of(each.seconds for each in clusters if each.ok),
        statuses=dict(statuses),
        notes=notes,
        curves=[each.values["selection"] for each in clusters if _has_curve(each)],
    )


def _has_curve(record: Record) -> bool:
    """Whether a plugin's `selection_` is a criterion per K, and not something of the plugin's own."""
    curve = record.values.get("selection")
    return isinstance(curve, dict) and {"criterion", "k", "values", "chosen"} <= curve.keys()


def _warnings(cell: dict[str, Any], records: Mapping[str, Record]) -> list[str]:
    found = [records[key] for key in _fits(cell) if key in records]
    return [f"{record.kind} warned: {text}" for record in found for text in record.warnings]


def _without_value(cell: dict[str, Any], records: Mapping[str, Record]) -> list[str]:
    """Say which metrics have no value here, and why."""
    found = ((name, records.get(score["key"])) for name, score in cell["scores"].items())
    return [f"{name} {record.status}: {record.error}" for name, record in found if record and not record.ok]


def _all_ok(chain: list[Record | None]) -> bool:
    return all(record is not None and record.ok for record in chain)


def _seconds(chain: list[Record | None]) -> float:
    return sum(record.seconds for record in chain if record is not None)


def _scores(cells: list[dict[str, Any]], records: Mapping[str, Record]) -> dict[str, Summary]:
    scores: dict[str, Summary] = {}
    for name in dict.fromkeys(name for cell in cells for name in cell["scores"]):
        having = [cell for cell in cells if name in cell["scores"]]
        code = max(having, key=lambda cell: cell["noted"])["scores"][name]["code"]
        found = [
            records.get(cell["scores"][name]["key"])
            for cell in having
            if cell["scores"][name]["code"] == code
        ]
        summary = Summary.of(record.values["score"] for record in found if record is not None and record.ok)
        if summary:
            scores[name] = summary
    return scores


def _status(cell: dict[str, Any], records: Mapping[str, Record]) -> tuple[str, str]:
    """Return how a cell ended, and why if it did not end well."""
    if cell["blocked"]:
        status, reason = cell["blocked"]
        return status, f"{status}: {reason}"
    for key in _fits(cell):
        record = records.get(key)
        if record is None:
            return "unfinished", "unfinished: not all stages have been computed"
        if not record.ok:
            return record.status, f"{record.status} in {record.kind}: {record.error}"
    scored = [records[score["key"]] for score in cell["scores"].values() if score["key"] in records]
    bad = next((record for record in scored if record.status not in FINE), None)
    if bad:
        return bad.status, f"{bad.status} in score: {bad.error}"
    if scored and not any(record.ok for record in scored):
        return scored[0].status, f"{scored[0].status}: {scored[0].error}"
    return "ok", ""


def _ranked(rows: list[Row], metrics: list[Metric]) -> list[Row]:
    """Sort by the first metric that compares with the classes; without classes rows go by name."""
    first = next((metric for metric in metrics if metric.needs_truth and metric.direction), None)

    def rank(row: Row) -> tuple[bool, float, str, str]:
        summary = row.scores.get(first.name) if first else None
        if summary is None or first is None:
            return (first is not None, 0.0, row.encoder, row.clusterer)
        return (
            False,
            -summary.mean if first.direction == "higher" else summary.mean,
            row.encoder,
            row.clusterer,
        )

    return sorted(rows, key=rank)
