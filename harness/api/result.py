"""Result of `harness.bench`: tables, and labels and embeddings of the cells."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..core.board import Board
from ..core.cell import CellRecord
from ..core.counts import counted
from ..core.errors import BadParameter, HarnessError, brief_repr
from ..core.interfaces import Floats, Labels
from ..core.plan import Plan
from ..core.protocols import PROTOCOLS, scored_part
from ..core.record import SAMPLES, Record, brief
from ..data.summary import summary
from ..leaderboard.formats import flat, to_html, to_text
from ..store.store import Store

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """A finished plan, and the records of its stages by key."""

    plan: Plan
    records: Mapping[str, Record]


@dataclass(frozen=True, repr=False)
class Result:
    """The return value of `harness.bench`.

    Parameters
    ----------
    boards : sequence of Board
        The rows of this benchmark, best first, for each dataset and protocol.
    runs : sequence of Run
    store : Path
        Folder of records and arrays.
    """

    boards: Sequence[Board]
    runs: Sequence[Run]
    store: Path

    @property
    def cells(self) -> list[CellRecord]:
        """All cells, in the order of the rows of `to_pandas`."""
        return [cell for run in self.runs for cell in run.plan.cells]

    @property
    def notes(self) -> list[str]:
        """Notes on how each dataset was read, what was guessed or left out, and warnings of stages.

        The same lines as on the command line.
        """
        plans = [run.plan for run in self.runs]
        read = (summary(plan.dataset) for plan in plans)
        planned = (note for plan in plans for note in plan.notes)
        rows = (note for board in self.boards for note in board.row_notes)
        return list(dict.fromkeys((*read, *planned, *rows)))

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per cell, with a column per metric: NaN if a score is missing.

        The columns ``status`` and ``reason`` explain missing scores.
        """
        import pandas as pd

        rows = [_facts(run, cell) for run in self.runs for cell in run.plan.cells]
        return pd.DataFrame(rows)

    def leaderboard(self) -> pd.DataFrame:
        """Return one row per encoder, clusterer and K, best first, with mean and spread of each metric."""
        import pandas as pd

        return pd.DataFrame([row for board in self.boards for row in flat(board)])

    def labels(self, cell: int | CellRecord) -> Labels:
        """Return the cluster of each scored row, from 0, and -1 for noise.

        Parameters
        ----------
        cell : int or CellRecord
            A row of `to_pandas`, or one of `cells`.

        Raises
        ------
        HarnessError
            If the cell has none, since it failed or is not applicable.
        """
        run, found = self._find(cell)
        return self._array(run, found, found.cluster)

    def embedding(self, cell: int | CellRecord) -> Floats:
        """Return the embedding of each scored row; arguments and errors are those of `labels`."""
        run, found = self._find(cell)
        return self._array(run, found, found.encode)

    def traceback(self, cell: int | CellRecord) -> str:
        """Return the traceback of a failed cell as text; empty if there is none.

        Parameters
        ----------
        cell : int or CellRecord
            A row of `to_pandas`, or one of `cells`.
        """
        run, found = self._find(cell)
        records = (run.records.get(key) for key in found.keys)
        failed = (each.traceback for each in records if each is not None and not each.ok)
        return found.traceback or next(filter(None, failed), "")

    def _find(self, cell: int | CellRecord) -> tuple[Run, CellRecord]:
        pairs = [(run, each) for run in self.runs for each in run.plan.cells]
        for number, (run, each) in enumerate(pairs):
            if each is cell or (not isinstance(cell, CellRecord) and number == cell):
                return run, each
        raise BadParameter(f"No cell {brief_repr(cell)}. Give a row of to_pandas(), 0 to {len(pairs) - 1}.")

    def _array(self, run: Run, cell: CellRecord, key: str) -> NDArray[Any]:
        record = run.records.get(key)
        name = scored_part(run.plan.protocol)
        if record is None or name not in record.arrays:
            status, reason = cell.status(run.records)
            raise HarnessError(f"{cell.encoder} + {cell.clusterer} has none: {status}: {reason}.")
        digest = brief(record, run.records.get).arrays[name]
        if digest == SAMPLES:
            return run.plan.dataset.samples[run.plan.dataset.rows(PROTOCOLS[run.plan.protocol][1])]
        store = Store(self.store)
        try:
            return store.arrays.get(digest)
        finally:
            store.close()

    def __repr__(self) -> str:
        return "\n\n".join(
            "\n".join((title, to_text(board).rstrip(), *board.row_notes)) for title, board in self._titled()
        )

    def _repr_html_(self) -> str:
        """Show the boards in a notebook."""
        return "".join(f"<h4>{html.escape(title)}</h4>{to_html(board)}" for title, board in self._titled())

    def _titled(self) -> Iterator[tuple[str, Board]]:
        for run, board in zip(self.runs, self.boards, strict=True):
            statuses = Counter(cell.status(run.records)[0] for cell in run.plan.cells)
            counts = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
            cells = counted(len(run.plan.cells), "cell")
            yield f"{board.dataset}, protocol {board.protocol}: {cells}, {counts}", board


def _facts(run: Run, cell: CellRecord) -> dict[str, Any]:
    status, reason = cell.status(run.records)
    steps = [run.records.get(key) for key in cell.steps]
    cluster = run.records.get(cell.cluster)
    scored = {name: run.records.get(score.key) for name, score in cell.scores.items()}
    return {
        "dataset": run.plan.dataset.name,
        "protocol": run.plan.protocol,
        "encoder": cell.encoder,
        "clusterer": cell.clusterer,
        "k": cell.k,
        "encoder_seed": cell.encoder_seed,
        "clusterer_seed": cell.clusterer_seed,
        "status": status,
        "reason": reason,
        "n_clusters": cluster.values.get("n_clusters") if cluster else None,
        "encode_seconds": sum(each.seconds for each in steps if each) if steps and all(steps) else np.nan,
        "cluster_seconds": cluster.seconds if cluster else np.nan,
        **{name: each.values["score"] if each and each.ok else np.nan for name, each in scored.items()},
    }
