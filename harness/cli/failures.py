"""Failures at the end of a run: their number, their tracebacks, and the command that shows more."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import indent

from ..core.cell import CellRecord
from ..core.plan import Plan
from ..core.record import Record
from ..leaderboard.text import printable
from ..planning.request import store_folder
from ..report.cell_data import SHORT

UNKNOWN = "(no traceback stored)"


def tracebacks(plan: Plan, records: Mapping[str, Record]) -> Iterator[str]:
    """Yield each traceback of a finished plan once, below the stages that share it.

    Parameters
    ----------
    plan : Plan
    records : mapping
        The records of its stages by key, including reused ones.
    """
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for key, stage in plan.stages.items():
        record = records.get(key)
        if record is not None and record.status not in ("ok", "not-applicable"):
            found[record.status, record.error, record.traceback].append(stage.label)
    for cell in plan.cells:
        if cell.blocked and cell.blocked[0] != "not-applicable":
            found[*cell.blocked, cell.traceback].append(cell.name)
    for (status, error, calls), labels in found.items():
        more = f" and {len(labels) - 1:,} more" if len(labels) > 1 else ""
        yield printable(f"{status}: {labels[0]}{more}: {error}")
        yield indent("\n".join(map(printable, (calls or UNKNOWN).expandtabs().splitlines())), "  ")


def unfinished(cells: Sequence[tuple[CellRecord, str]], store: Path) -> str:
    """Return the number of cells by status, and the command that explains the first failure.

    Parameters
    ----------
    cells : sequence of (CellRecord, status)
        Those that did not finish; at least one.
    store : Path
    """
    counts = Counter(status for _, status in cells)
    first = cells[0][0]
    where = [] if store == store_folder(None) else ["--store", str(store)]
    command = shlex.join(["harness", "show", first.identity[:SHORT], *where])
    told = ", ".join(f"{count:,} {status}" for status, count in counts.items())
    return f"Some runs did not finish: {told}. To see why {first.name} failed: {command}"
