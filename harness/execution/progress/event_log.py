"""`harness bench --events FILE`: events as lines of JSON, for other programs."""

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
    """Write events as lines of JSON to a file, or nowhere."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file = file

    def started(self, plan: Plan) -> None:
        """Log that a plan starts."""
        self._write("started", board=plan.board, cells=len(plan.cells), stages=len(plan.stages))

    def stage(self, progress: Progress) -> None:
        """Log a finished stage; one without a status was skipped, since an earlier stage failed."""
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
        """Log a finished cell, or a cell that cannot run."""
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
        """Log that a plan has finished, or was stopped."""
        computed, reused = outcome.computed.total(), outcome.reused.total()
        self._write("finished", board=plan.board, computed=computed, reused=reused, stopped=stopped)

    def _write(self, event: str, **facts: Any) -> None:
        if self._file is not None:
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            line = json.dumps({"event": event, "time": now, **facts}) + "\n"
            try:
                self._file.write(line.encode())
            except OSError as error:
                raise HarnessError(f"Cannot write events: {error.strerror}.") from None


@contextmanager
def events(path: Path | None) -> Iterator[Events]:
    """Open a file of events for appending."""
    if path is None:
        yield Events()
        return
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise HarnessError(f"Cannot write events to {str(path)!r}: {error.strerror}.") from None
    with file:
        yield Events(file)
