"""Result of `harness.bench`: tables, and labels and embeddings of the cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..core.board import Board
from ..core.cell import CellRecord
from ..core.counts import counted
from ..core.errors import HarnessError
from ..core.interfaces import Floats, Labels
from ..core.protocols import PROTOCOLS, scored_part
from ..core.record import SAMPLES, brief
from ..data.summary import summary
from ..leaderboard.formats import flat
from ..store.store import Store
from .tables import STYLE, board_table, notes_html
from .tidy import NUMBERS, tidy
from .views import Run, Views

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Result(Views):
    """The return value of `harness.bench`.

    Parameters
    ----------
    boards : sequence of Board
        The rows of this benchmark, best first, for each dataset and protocol.
    runs : sequence of Run
    store : Path
        Folder of records and arrays.
    pages : dict
        The pages that `report` has written, by board.
    """

    boards: Sequence[Board]
    runs: Sequence[Run]
    store: Path
    pages: dict[str, Path] = field(default_factory=dict, compare=False)

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

    def leaderboard(self, metrics: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return the rows of the boards, best first.

        Parameters
        ----------
        metrics : str or sequence of str, optional
            Makes the frame tidy: one row per encoder, clusterer, K and metric.

        Returns
        -------
        DataFrame
            Without `metrics` one row per encoder, clusterer and K, as in CSV: columns ``accuracy_mean``,
            ``accuracy_std`` and so on for each metric. With `metrics` the columns are ``dataset``,
            ``protocol``, ``encoder``, ``clusterer``, ``k``, ``n_clusters_mean``, ``runs``, ``status``,
            ``flags``, ``encode_seconds``, ``cluster_seconds``, ``metric``, and of that metric ``mean``,
            ``std``, ``n``, ``min``, ``median``, ``max``, the 95% interval ``low`` to ``high``, ``vs_best``
            (best, worse, equal or ?), and the difference ``minus_best`` with its 95% interval.

        Raises
        ------
        BadParameter
            If there is no such metric.

        Examples
        --------
        >>> import tempfile
        >>> from harness import bench
        >>> options = {"seeds": 3, "jobs": 0, "store": tempfile.mkdtemp(), "progress": False}
        >>> result = bench("iris", "identity", ["kmeans", "agglomerative"], ["ari", "nmi"], **options)
        >>> result.leaderboard(metrics="ari")[["clusterer", "metric", "n"]].values.tolist()
        [['agglomerative', 'ari', 1], ['kmeans', 'ari', 3]]
        """
        import pandas as pd

        rows = [row for board in self.boards for row in flat(board)]
        if metrics is None:
            return pd.DataFrame(rows)
        frame = pd.DataFrame(tidy(self.boards, [metrics] if isinstance(metrics, str) else list(metrics)))
        return frame.astype(dict.fromkeys(NUMBERS, float))

    def labels(self, cell: int | CellRecord) -> Labels:
        """Return the cluster of each scored row, from 0, and -1 for noise.

        Parameters
        ----------
        cell : int or CellRecord
            A row of `to_pandas`, or one of `cells`.

        Raises
        ------
        HarnessError
            If the cell has no labels, since it failed or is not applicable.
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

    def _array(self, run: Run, cell: CellRecord, key: str) -> NDArray[Any]:
        record = run.records.get(key)
        name = scored_part(run.plan.protocol)
        if record is None or name not in record.arrays:
            status, reason = cell.status(run.records)
            raise HarnessError(f"{cell.encoder} + {cell.clusterer} has none: {status}: {reason}.")
        digest = brief(record, run.records.get).arrays[name]
        if digest == SAMPLES:
            return np.asarray(
                run.plan.dataset.samples[run.plan.dataset.rows(PROTOCOLS[run.plan.protocol][1])]
            )
        store = Store(self.store)
        try:
            return store.arrays.get(digest)
        finally:
            store.close()

    def __repr__(self) -> str:
        parts = []
        for run, board in zip(self.runs, self.boards, strict=True):
            runs = counted(len(run.plan.cells), "run")
            table = board_table(board, f"{_title(board)}: {runs}, {_statuses(run)}")
            parts.append("\n".join((table.text(), *board.row_notes)))
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        """Show the boards in a notebook."""
        shown = []
        for run, board in zip(self.runs, self.boards, strict=True):
            runs = f"{counted(len(run.plan.cells), 'run')}, {_statuses(run)}"
            shown.append(board_table(board, _title(board), runs).html(self._link(board)))
        return STYLE + "".join(shown) + notes_html(self.notes)


def _title(board: Board) -> str:
    return f"{board.dataset}, protocol {board.protocol}"


def _statuses(run: Run) -> str:
    statuses = Counter(cell.status(run.records)[0] for cell in run.plan.cells)
    return ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))


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
