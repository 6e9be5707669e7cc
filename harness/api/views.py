"""Views of a result: its best run, figures, a report, and comparisons."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..core.board import Board
from ..core.cell import CellRecord
from ..core.errors import BadParameter, HarnessError, brief_repr
from ..core.plan import Plan
from ..core.record import Record
from ..leaderboard.statistics.versus_best import MARGIN
from ..store.store import Store
from .best_run import BestRun, find_best
from .comparison import Comparison, compared
from .plots import check_kind, draw_cell

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Run:
    """A plan that was run, and the records of its stages by key."""

    plan: Plan
    records: Mapping[str, Record]


class Views:
    """The part of `Result` that draws and compares."""

    boards: Sequence[Board]
    runs: Sequence[Run]
    store: Path
    pages: dict[str, Path]

    def best(self, metric: str | None = None, dataset: str | None = None) -> BestRun:
        """Return the best run: of the row with the best mean, the run with the best score.

        Parameters
        ----------
        metric : str, optional
            By default the one that ranks the board.
        dataset : str, optional
            The name of a dataset or board; needed if there are several.

        Returns
        -------
        BestRun
            With ``labels``, ``embedding`` and ``scores``. It was chosen by this score, so the mean over the
            runs of its row is the number to report.

        Raises
        ------
        HarnessError
            If there is no such metric or board, or the metric cannot rank these rows.

        Examples
        --------
        >>> import tempfile
        >>> from harness import bench
        >>> options = {"seeds": 1, "jobs": 0, "store": tempfile.mkdtemp(), "progress": False}
        >>> best = bench("iris", "identity", ["kmeans(2)", "agglomerative"], "ari", **options).best()
        >>> best.cell.clusterer, best.labels.shape
        ('agglomerative', (150,))
        """
        run, board = self._board(dataset)
        cell, name, row = find_best(board, run.plan.cells, run.records, metric)
        found = {each: run.records.get(score.key) for each, score in cell.scores.items()}
        scores = {each: record.values["score"] for each, record in found.items() if record and record.ok}
        return BestRun(cell, name, scores, row, self)

    def plot(self, kind: str = "map", cell: int | CellRecord | None = None) -> Figure:
        """Return a figure of a run, with title and caption.

        Parameters
        ----------
        kind : str
            ``map`` (by principal components; also ``map-tsne`` and ``map-umap``), ``confusion``, ``curves``,
            ``seeds``, ``silhouette``, ``examples`` and the other kinds of ``harness plot``.
        cell : int or CellRecord, optional
            A row of `to_pandas`, or one of `cells`; by default the best run of the first board
            that has such a figure.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        HarnessError
            If there is no such kind, or the run has no such figure.

        Examples
        --------
        >>> import tempfile
        >>> from harness import bench
        >>> options = {"seeds": 1, "jobs": 0, "store": tempfile.mkdtemp(), "progress": False}
        >>> result = bench("iris", "identity", ["kmeans", "agglomerative"], "ari", **options)
        >>> figure = result.plot("confusion")
        >>> figure.savefig(f"{result.store}/confusion.png")
        """
        full = check_kind(kind)
        if cell is not None:
            return self._draw(full, *self._find(cell))
        refused: list[BadParameter] = []
        for run, found in self._shown():
            try:
                return self._draw(full, run, found)
            except BadParameter as error:
                refused.append(error)
        raise refused[0]

    def _draw(self, kind: str, run: Run, cell: CellRecord) -> Figure:
        row = sorted((each for each in run.plan.cells if each.row == cell.row), key=lambda each: each.order)
        store = Store(self.store)
        try:
            return draw_cell(kind, run.plan, cell, row, run.records, store)
        finally:
            store.close()

    def report(
        self, folder: str | Path = "report", *, maps: Sequence[str] = ("pca",), pictures: bool = True
    ) -> Path:
        """Write web pages of the boards, as ``harness report`` does, and return the page to open.

        They show the boards as the store has them, earlier runs included.

        Parameters
        ----------
        folder : str or Path
        maps : sequence of {"pca", "tsne", "umap"}
            Maps of embeddings; the last two take a minute or two for 10,000 rows.
        pictures : bool
            Whether pages have pictures, or tables alone.

        Returns
        -------
        Path
            Of the board's page, or of the index if there are several.
        """
        from ..core.threads import cores
        from ..report.pages import write_report
        from ..report.pages.file_names import board_file

        names, store = [board.name for board in self.boards], Store(self.store)
        try:
            report = write_report(store, Path(folder), names, maps=maps, pictures=pictures, processes=cores())
        finally:
            store.close()
        self.pages.update({name: report.index.parent / board_file(name) for name in names})
        return self.pages[names[0]] if len(names) == 1 else report.index

    def compare(
        self, metric: str | None = None, baselines: str | Sequence[str] = (), margin: float = MARGIN
    ) -> Comparison:
        """Compare the rows of a board, or rank pipelines over several datasets, as ``harness compare``.

        Parameters
        ----------
        metric : str, optional
            By default accuracy, or the one that ranks the board.
        baselines : str or sequence of str
            Rows to give differences to, e.g. ``identity + kmeans``; for one board only.
        margin : float
            Differences to the best row within it do not matter in practice.

        Returns
        -------
        Comparison
            A notebook and a terminal show its table; `Comparison.to_pandas` has all columns.

        Raises
        ------
        HarnessError
            If there is no such metric or row, or the boards differ in protocol.
        """
        return compared(self.boards, metric, [baselines] if isinstance(baselines, str) else baselines, margin)

    def _shown(self) -> list[tuple[Run, CellRecord]]:
        """Return the runs of the first board that may be shown: the best one, and the first of each row."""
        run, board = self.runs[0], self.boards[0]
        rows = [(row.encoder, row.clusterer, row.k) for row in board.rows]
        ended = [cell for cell in run.plan.cells if cell.status(run.records)[0] == "ok"]
        first = {cell.row: cell for cell in reversed(ended or run.plan.cells)}
        shown = [first[row] for row in rows if row in first]
        with suppress(HarnessError):
            shown.insert(0, self.best(dataset=board.name).cell)
        return [(run, cell) for cell in shown]

    def _board(self, name: str | None) -> tuple[Run, Board]:
        """Return the board of a name; without one the only board that there is."""
        known = [board.name for board in self.boards]
        pairs = zip(self.runs, self.boards, strict=True)
        found = [pair for pair in pairs if name in (None, pair[1].name, pair[1].dataset)]
        if len(found) != 1:
            what = "There are several leaderboards" if found else f"Unknown leaderboard {name!r}"
            raise BadParameter(f"{what}. Give dataset as one of {', '.join(known)}.")
        return found[0]

    def _link(self, board: Board) -> str:
        """Return a link to the page of a board, if `report` has written it."""
        page = self.pages.get(board.name)
        if page is None or not page.exists():
            return ""
        place = quote(os.path.relpath(page).replace(os.sep, "/"))
        return f'Report: <a href="{html.escape(place)}">{html.escape(page.name)}</a>'

    def _find(self, cell: int | CellRecord) -> tuple[Run, CellRecord]:
        pairs = [(run, each) for run in self.runs for each in run.plan.cells]
        for number, (run, each) in enumerate(pairs):
            if each is cell or (not isinstance(cell, CellRecord) and number == cell):
                return run, each
        raise BadParameter(f"No cell {brief_repr(cell)}. Give a row of to_pandas(), 0 to {len(pairs) - 1}.")
