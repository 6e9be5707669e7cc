"""Build a board from the store: one row per encoder, clusterer and K; nothing is computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from ..core.board import Board, Metric, Row, ranking
from ..core.cell import CellRecord
from ..core.errors import HarnessError, suggest
from ..core.plan import SAMPLE, Plan
from ..core.record import Record
from ..core.seeds import is_seed
from ..core.spec import step_names
from .rows import make_row


class Source(Protocol):
    """A source of boards: a store, or a published folder."""

    @property
    def folder(self) -> Path:
        """The folder of the source."""

    def boards(self) -> list[str]:
        """Return the names of all boards, sorted."""

    def cells(self, board: str) -> list[CellRecord]:
        """Return the cells of a board, in the order of their identities."""

    def get_many(self, keys: Collection[str]) -> dict[str, Record]:
        """Return the records of the stages that have finished, by key."""


def load_board(
    store: Source,
    name: str,
    only: Collection[tuple[str, str, str]] | None = None,
    metrics: Collection[str] | None = None,
) -> Board:
    """Build a board from the store; nothing is computed.

    Parameters
    ----------
    store : Store or other Source
    name : str
        Dataset and protocol, for example ``digits.full``.
    only : collection of (encoder, clusterer, k), optional
        Rows to show (default: all in the store).
    metrics : collection of str, optional
        Metrics to read (default: all); a run that has none of the others is not the worse for it.

    Raises
    ------
    HarnessError
        If the store has no such board.
    """
    newest, groups = shown_cells(store, name, only)
    if metrics is not None:
        groups = [[_scored_by(cell, metrics) for cell in group] for group in groups]
    return _board(newest, groups, records_of(store, groups))


def shown_cells(
    store: Source, name: str, only: Collection[tuple[str, str, str]] | None = None
) -> tuple[CellRecord, list[list[CellRecord]]]:
    """Return the newest cell of a board, and the cells of each row shown; see `load_board`."""
    cells = store.cells(name)
    if not cells:
        known = store.boards()
        listed = (
            f" Leaderboards: {', '.join(known)}."
            if known
            else " The store is empty: run 'harness bench' first."
        )
        raise HarnessError(
            f"Store {str(store.folder)!r} has no leaderboard {name!r}.{suggest(name, known)}{listed}"
        )
    newest = max(cells, key=lambda cell: cell.noted)
    return newest, _groups([cell for cell in cells if _same_data(cell, newest)], only)


def plan_board(plan: Plan, records: Mapping[str, Record]) -> Board:
    """Build the board of a finished plan, with only its own cells and metrics.

    Parameters
    ----------
    plan : Plan
        With at least one cell.
    records : mapping
        The records of its stages by key.
    """
    groups: dict[tuple[str, str, str], list[CellRecord]] = {}
    for cell in plan.cells:
        groups.setdefault(cell.row, []).append(cell)
    rows = list(groups.values())
    keys = {key for cell in plan.cells for key in cell.keys}  # candidates of K selection are not cells
    return _board(rows[0][0], rows, {key: records[key] for key in sorted(keys) if key in records})


def _board(cell: CellRecord, groups: list[list[CellRecord]], records: Mapping[str, Record]) -> Board:
    """Build the rows of some groups of cells; any cell gives the data."""
    codes = _codes(groups)
    metrics = _metrics(groups, records, codes)
    contributors = sorted({each.by for group in groups for cell in group for each in cell.origins})
    rows = [make_row(group, records, codes) for group in groups]
    if len(contributors) < 2:  # noted once, for the board
        rows = [replace(row, unverified=False) for row in rows]
    used = list(records.values())
    return Board(
        dataset=cell.dataset,
        protocol=cell.protocol,
        data=cell.data,
        digest=cell.digest,
        metrics=metrics,
        rows=ranked_rows(rows, metrics),
        parameters=_parameters(groups, records),
        sample=SAMPLE if any("sample" in record.values for record in used) else None,
        versions=_versions(used),
        hardware=sorted({record.hardware for record in used}),
        date=max((record.created for record in used), default="")[:10],
        contributors=contributors,
    )


def _scored_by(cell: CellRecord, metrics: Collection[str]) -> CellRecord:
    return replace(cell, scores={name: score for name, score in cell.scores.items() if name in metrics})


def _same_data(cell: CellRecord, other: CellRecord) -> bool:
    """Return whether two cells have the same samples and labels; rows of different data never mix."""
    return cell.digest == other.digest and cell.data == other.data


def _groups(cells: list[CellRecord], only: Collection[tuple[str, str, str]] | None) -> list[list[CellRecord]]:
    """Group cells into rows: one encoder, clusterer and K, by the code that ran last."""
    rows: dict[tuple[str, str, str], list[CellRecord]] = {}
    for cell in _without_mended(cells):
        if only is None or cell.row in only:
            rows.setdefault(cell.row, []).append(cell)
    return [sorted(_newest_variant(rows[row]), key=lambda cell: cell.order) for row in sorted(rows)]


def _versions(records: list[Record]) -> dict[str, list[str]]:
    versions: dict[str, set[str]] = {}
    for record in records:
        for library, version in record.versions.items():
            versions.setdefault(library, set()).add(version)
    return {library: sorted(versions[library]) for library in sorted(versions)}


def _without_mended(cells: list[CellRecord]) -> list[CellRecord]:
    """Leave out cells that could not be run if the same pair has been run since."""
    ran: dict[tuple[str, str], str] = {}
    for cell in cells:
        pair = (cell.encoder, cell.clusterer)
        if not cell.blocked:
            ran[pair] = max(ran.get(pair, ""), cell.noted)
    return [
        cell for cell in cells if not cell.blocked or cell.noted > ran.get((cell.encoder, cell.clusterer), "")
    ]


def _newest_variant(cells: list[CellRecord]) -> list[CellRecord]:
    """Keep the cells of the code that ran last, so that a row never mixes versions of a plugin."""
    finished = [cell for cell in cells if not cell.blocked]
    newest = max(finished or cells, key=lambda cell: cell.noted)
    return [cell for cell in cells if cell.variant == newest.variant]


def records_of(store: Source, groups: list[list[CellRecord]]) -> dict[str, Record]:
    """Return the records of all stages of some cells, by key."""
    keys = {key for group in groups for cell in group for key in cell.keys}
    found = store.get_many(keys - {""})
    return {key: found[key] for key in sorted(found)}


def _codes(groups: list[list[CellRecord]]) -> dict[str, str]:
    """Return the version of each metric that scored the newest cell."""
    cells = sorted((cell for group in groups for cell in group), key=lambda cell: cell.noted)
    return {name: score.code for cell in cells for name, score in cell.scores.items()}


def _metrics(
    groups: list[list[CellRecord]], records: Mapping[str, Record], codes: Mapping[str, str]
) -> list[Metric]:
    """Return the metrics, most frequent first, so that a few runs do not decide the ranking metric."""
    metrics: dict[str, Metric] = {}
    count: Counter[str] = Counter()
    for group in groups:
        for cell in group:
            for name, score in cell.scores.items():
                if score.code != codes[name]:
                    continue
                count[name] += 1
                needs, record = score.needs, records.get(score.key)
                if record is None and name in metrics:
                    continue  # a cell that was not scored has no more information
                pairs = record.facts["params"]["mapping"] if record else []
                options = ", ".join(f"{option}={value}" for option, value in pairs)
                sampled = (record is not None and "sample" in record.values) or (
                    name in metrics and metrics[name].sampled
                )
                metrics[name] = Metric(
                    name, score.direction, "embedding" in needs, "truth" in needs, options, sampled
                )
    return sorted(metrics.values(), key=lambda metric: -count[metric.name])


def _parameters(groups: list[list[CellRecord]], records: Mapping[str, Record]) -> dict[str, str]:
    """Return the parameters of each encoder and clusterer by name, without seeds, and what an alias means."""
    parameters: dict[str, str] = {}
    for cell in (group[0] for group in groups):
        names = (cell.encoder, cell.clusterer)
        specs = cell.expanded
        parameters |= {name: spec for name, spec in zip(names, specs, strict=True) if name != spec}
        labels = [*step_names(specs[0]), f"{specs[1]}, K {cell.k}"]
        seeds = [*[cell.encoder_seed] * len(cell.steps), cell.clusterer_seed]
        for label, key, seed in zip(labels, cell.fits, seeds, strict=False):
            pairs = records[key].facts["params"]["mapping"] if key in records else []
            text = ", ".join(
                f"{name}={_told(name, value, seed)}" for name, value in pairs if name != "random_state"
            )
            if text:
                parameters[label] = text
    return dict(sorted(parameters.items()))


def _told(name: str, value: Any, seed: int | None) -> Any:
    """Format a parameter; a seed set by the harness is shown as such, since it differs from run to run."""
    return "<seed>" if is_seed(name) and value is not None and value == seed else _plain(value)


def _plain(value: Any) -> Any:
    """Format a tuple of a key's facts, e.g. sizes of layers, as written; an object by its class."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    name = next(iter(value)) if isinstance(value, dict) and len(value) == 1 else ""
    if name == "tuple":
        return tuple(map(_plain, value["tuple"]))
    return _Named(name.rpartition(":")[2]) if ":" in name else value


class _Named(str):
    """The name of a class, shown without quotes."""

    def __repr__(self) -> str:
        return f"{self}(...)"


def ranked_rows(rows: list[Row], metrics: list[Metric]) -> list[Row]:
    """Sort by the first metric that uses the classes, without classes by name; imported rows come last."""
    first = ranking(metrics)

    def rank(row: Row) -> tuple[bool, bool, float, str, str]:
        summary = row.scores.get(first.name) if first else None
        if summary is None or first is None:
            return (row.imported, first is not None, 0.0, row.encoder, row.clusterer)
        return (
            row.imported,
            False,
            -summary.mean if first.direction == "higher" else summary.mean,
            row.encoder,
            row.clusterer,
        )

    return sorted(rows, key=rank)
