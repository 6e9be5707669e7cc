"""`harness bench --events FILE`: what happens, as a line of JSON each, for other programs to follow."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ...core.cell import CellRecord
from ...core.errors import HarnessError
from ...core.plan import Plan

if TYPE_CHECKING:
    from ...core.events import Outcome, Progress
    from ...core.record import Record


class Events:
    """Writes lines of JSON to a file, or nothing where there is none."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file = file

    def started(self, plan: Plan) -> None:
        """A plan is about to be run."""
        self._write("started", board=plan.board, cells=len(plan.cells), stages=len(plan.stages))

    def stage(self, progress: Progress) -> None:
        """A stage has ended; one without a status was skipped, as a stage before it failed."""
        record = progress.record
        self._write(
            "stage",
            key=progress.stage.key,
            kind=progress.stage.kind,
            label=progress.stage.label,
            status=record.status if record else None,
            error=record.error if record else None,
            seconds=record.seconds if record else None,
            memory=record.memory if record else None,
            reused=progress.reused,
            done=progress.done,
            total=progress.total,
        )

    def cell(self, plan: Plan, cell: CellRecord, records: Mapping[str, Record]) -> None:
        """The last stage of a cell has ended, or the cell cannot be run."""
        status, error = cell.status(records)
        scored = {name: records.get(score.key) for name, score in cell.scores.items()}
        self._write(
            "cell",
            board=plan.board,
            encoder=cell.encoder,
            clusterer=cell.clusterer,
            k=cell.k,
            seeds=[cell.encoder_seed, cell.clusterer_seed],
            status=status,
            error=error,
            scores={name: each.values["score"] for name, each in scored.items() if each and each.ok},
        )

    def finished(self, plan: Plan, outcome: Outcome, stopped: bool) -> None:
        """A plan has been run, or was stopped."""
        computed, reused = outcome.computed.total(), outcome.reused.total()
        self._write("finished", board=plan.board, computed=computed, reused=reused, stopped=stopped)

    def _write(self, event: str, **facts: Any) -> None:
        if self._file is not None:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = json.dumps({"event": event, "time": now, **facts}) + "\n"
            try:
                self._file.write(line.encode())
            except OSError as error:
                raise HarnessError(f"Events cannot be written: {error.strerror}.") from None


@contextmanager
def events(path: Path | None) -> Iterator[Events]:
    """Open a file of events; lines are added to what is there."""
    if path is None:
        yield Events()
        return
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise HarnessError(f"Events cannot be written to {str(path)!r}: {error.strerror}.") from None
    with file:
        yield Events(file)
