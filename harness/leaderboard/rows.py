"""Build one row of a board from the records of its cells, over all seeds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from statistics import fmean

from ..core.board import Row, Summary, Value
from ..core.cell import CURVE, UNNAMED, CellRecord
from ..core.plan import SETTINGS
from ..core.record import Record, scored_as
from .run_seeds import run_seeds, seeding_of


def make_row(cells: list[CellRecord], records: Mapping[str, Record], codes: Mapping[str, str]) -> Row:
    """Build the row of some cells.

    Parameters
    ----------
    cells : list of CellRecord
        Of one encoder, clusterer and K, and one version of their code.
    records : mapping
        The records of their stages by key.
    codes : mapping
        The version of each metric, by name, that the board shows: scores of two versions never mix.
    """
    first = cells[0]
    statuses: Counter[str] = Counter()
    notes: list[str] = []
    for cell in cells:
        end = cell.ending(records)
        statuses[end.status] += 1
        if end.note and end.note not in notes:
            notes.append(end.note)
        told = [*_warnings(cell, records), *(_without_value(cell, records) if end.status == "ok" else ())]
        notes += [note for note in (*told, *_outdated(cell, codes)) if note not in notes]
    clusters = [records[cell.cluster] for cell in cells if cell.cluster in records]
    values = _values(cells, records, codes)
    seeding = seeding_of(cells, records)
    chains = {cell.steps: [records.get(key) for key in dict.fromkeys(cell.steps)] for cell in cells}
    return Row(
        encoder=first.encoder,
        clusterer=first.clusterer,
        k=first.k,
        clusters=Summary.of(each.values["n_clusters"] for each in clusters if each.ok),
        deterministic=first.seeds == (None, None) and not (first.blocked or seeding or first.imported),
        scores=_summaries(values),
        values=values,
        encode_seconds=Summary.of(
            _seconds(chain) for chain in chains.values() if chain and _all_ok(chain) and not first.imported
        ),
        cluster_seconds=Summary.of(each.seconds for each in clusters if each.ok and not first.imported),
        statuses=dict(statuses),
        notes=notes,
        curves=[each.values["selection"] for each in clusters if _has_curve(each)],
        settings=max((cell.settings for cell in cells), key=("", *SETTINGS).index),
        prior=sorted({each for cell in cells for each in cell.prior}),
        unverified=any(_lonely(cell) for cell in cells),
        seeding=seeding,
        standard_errors=_errors(cells, records, codes),
    )


def _lonely(cell: CellRecord) -> bool:
    """Return whether any cell has fewer than two named contributors, if they are recorded."""
    return bool(cell.origins) and len({each.by for each in cell.origins} - {UNNAMED}) < 2


def _has_curve(record: Record) -> bool:
    """Return whether a plugin's `selection_` is a criterion per K rather than something else."""
    curve = record.values.get("selection")
    return isinstance(curve, dict) and curve.keys() >= CURVE


def _warnings(cell: CellRecord, records: Mapping[str, Record]) -> list[str]:
    warnings = [records[key] for key in cell.fits if key in records]
    return [f"{record.kind} warned: {text}" for record in warnings for text in record.warnings]


def _without_value(cell: CellRecord, records: Mapping[str, Record]) -> Iterator[str]:
    """Report metrics without a value, and why."""
    for name, score in cell.scores.items():
        found = scored_as(records.get(score.key), score.unavailable)
        if found is None:
            yield f"{name} has no value: unavailable, or no longer stored"
        elif found.status != "ok":
            yield f"{name} {found.status}: {found.error}"


def _all_ok(chain: list[Record | None]) -> bool:
    return all(record is not None and record.ok for record in chain)


def _seconds(chain: list[Record | None]) -> float:
    return sum(record.seconds for record in chain if record is not None)


def _values(
    cells: list[CellRecord], records: Mapping[str, Record], codes: Mapping[str, str]
) -> dict[str, list[Value]]:
    """Return the scores of each metric by run, without metrics that have none."""
    values: dict[str, list[Value]] = {}
    for cell in sorted(cells, key=lambda cell: cell.order):
        for name, score in cell.scores.items():
            record = records.get(score.key)
            if score.code == codes[name] and record is not None and record.ok:
                encoder, clusterer = run_seeds(cell, records)
                values.setdefault(name, []).append(Value(encoder, clusterer, record.values["score"]))
    return values


def _errors(
    cells: list[CellRecord], records: Mapping[str, Record], codes: Mapping[str, str]
) -> dict[str, float]:
    """Return the mean standard error of each metric that was estimated."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for cell in cells:
        for name, score in cell.scores.items():
            record = records.get(score.key)
            if score.code == codes[name] and record is not None and "standard_error" in record.values:
                found[name].append(record.values["standard_error"])
    return {name: fmean(errors) for name, errors in found.items()}


def _summaries(values: Mapping[str, list[Value]]) -> dict[str, Summary]:
    summaries = {name: Summary.of(each.value for each in runs) for name, runs in values.items()}
    return {name: summary for name, summary in summaries.items() if summary is not None}


def _outdated(cell: CellRecord, codes: Mapping[str, str]) -> list[str]:
    """Report scores from another version of their metric than this board shows."""
    names = [name for name, score in cell.scores.items() if score.code != codes[name]]
    return (
        [f"not shown, since another version of the metric computed it: {', '.join(names)}"] if names else []
    )
