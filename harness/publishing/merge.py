"""Merge published boards by keys, without resolving contradictions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from ..core.cell import UNNAMED, CellRecord, Origin, Score
from ..core.errors import HarnessError
from ..core.plan import SETTINGS
from ..core.record import Record, write_record
from .bundle import Bundle, Cells, drawn
from .conflicts import Conflict, conflicts


@dataclass
class Merged:
    """The result of merging.

    Parameters
    ----------
    bundle : Bundle
    conflicts : list of Conflict
    counts : Counter
        Numbers of cells ``in both``, ``only in the first`` and ``only in the second``.
    notes : list of str
        Content left out, and why.
    """

    bundle: Bundle
    conflicts: list[Conflict] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def merge(first: Bundle, second: Bundle, prefer: str = "") -> Merged:
    """Merge two bundles of one board.

    Parameters
    ----------
    first, second : Bundle
    prefer : {"", "first", "second"}
        Whose result to keep on contradictions; by default such cells are left out.

    Returns
    -------
    merged : Merged
        The order of the two affects only the order in conflicts.

    Raises
    ------
    HarnessError
        If their samples or classes differ.
    """
    _same_data(first, second)
    merged = Merged(Bundle(first.name, truth=first.truth or second.truth))
    both = first.cells.keys() & second.cells.keys()
    merged.counts["in both"] = len(both)
    merged.counts["only in the first"] = len(first.cells) - len(both)
    merged.counts["only in the second"] = len(second.cells) - len(both)
    merged.conflicts = list(conflicts(first, second))
    bad = {conflict.key for conflict in merged.conflicts}
    sides = {"first": first, "second": second}
    kept = {
        name: drawn(side, lambda cell, side=side: not bad & set(side.cells[cell].keys))  # type: ignore[misc]
        for name, side in sides.items()
        if name != prefer
    }
    one, other = kept.get("first", first), kept.get("second", second)
    merged.bundle.cells.update(_cells(one.cells, other.cells, merged.notes))
    for key in sorted(one.records.keys() | other.records.keys()):
        found = [side.records[key] for side in (one, other) if key in side.records]
        merged.bundle.records[key] = min(found, key=_order)
    merged.bundle.labels.update({**one.labels, **other.labels})
    merged.bundle = drawn(merged.bundle, lambda cell: True)
    return merged


def _same_data(first: Bundle, second: Bundle) -> None:
    sides = (first.cells.values(), second.cells.values())
    kinds = [{(cell.digest, cell.data) for cell in cells} for cells in sides]
    if len(kinds[0] | kinds[1]) > 1:
        digests = [", ".join(sorted(digest[:16] for digest, _ in kind)) for kind in kinds]
        raise HarnessError(
            f"Leaderboard {first.name!r} has different data in the two folders: samples {digests[0]} and "
            f"{digests[1]}, or classes or scaling. Rename one of the datasets, and run it again."
        )


def _order(record: Record) -> tuple[bool, str, str]:
    """Sort records of one key: successful first, then earlier ones; the first is kept."""
    return (not record.ok, record.created, write_record(record))


def _cells(first: Cells, second: Cells, notes: list[str]) -> Cells:
    found: Cells = {}
    for name in sorted(first.keys() | second.keys()):
        cells = sorted((side[name] for side in (first, second) if name in side), key=_noted)
        settings = max((cell.settings for cell in cells), key=("", *SETTINGS).index)
        scores, origins = _scores(cells, notes), _origins(cells)
        found[name] = replace(
            cells[-1], settings=settings, prior=_prior(cells), scores=scores, origins=origins
        )
    return found


def _prior(cells: list[CellRecord]) -> tuple[str, ...]:
    """Return all prior knowledge declared by any of the cells."""
    declared = dict.fromkeys(cell.prior for cell in cells if cell.prior)
    return (
        next(iter(declared), ())
        if len(declared) < 2
        else tuple(sorted({x for each in declared for x in each}))
    )


def _noted(cell: CellRecord) -> tuple[str, str]:
    return cell.noted, str(sorted(cell.scores))


def _scores(cells: list[CellRecord], notes: list[str]) -> dict[str, Score]:
    """Return the scores of a cell; of two versions of a metric, the one noted last."""
    scores: dict[str, Score] = {}
    for cell in cells:
        for metric, score in cell.scores.items():
            if metric in scores and scores[metric].code != score.code:
                note = f"Scores by an earlier version of {metric} are left out."
                notes += [note] if note not in notes else []
            scores[metric] = score
    return scores


def _origins(cells: list[CellRecord]) -> tuple[Origin, ...]:
    """Return the contributors of a cell; one machine and time is one computation by one contributor.

    Its name is the first that is not anonymous. Without computation, each contributor is listed once.
    """
    origins: dict[tuple[str, str], Origin] = {}
    every = [origin for cell in cells for origin in cell.origins]
    for origin in sorted(every, key=lambda each: (each.by == UNNAMED, each.by, each.when)):
        origins.setdefault((origin.hardware, origin.when if origin.hardware else origin.by), origin)
    return tuple(sorted(origins.values()))
