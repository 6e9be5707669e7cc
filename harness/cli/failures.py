"""What is said of the failures of a run: how many there were, their tracebacks, and how to see more."""

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

UNKNOWN = "(no traceback is known)"


def tracebacks(plan: Plan, records: Mapping[str, Record]) -> Iterator[str]:
    """Yield each traceback of a plan that was run once, below the line of the stages that have it.

    Parameters
    ----------
    plan : Plan
    records : mapping
        The records of its stages by key, those that were reused among them.
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
    """Return how many cells ended how, and the command that shows why the first of them did.

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
    return f"Some cells did not finish: {told}. Why {first.name} did not: {command}"
