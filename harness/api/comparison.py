"""The comparison of a result's rows, or of pipelines over its datasets, as a table and as data frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.board import Board
from ..core.counts import counted
from ..leaderboard.significance import answer_text, ends, seeds_needed
from ..leaderboard.statistics.comparison import compare, find_metric, flat
from ..leaderboard.statistics.ranks import rank
from ..leaderboard.statistics.versus_best import MARGIN
from ..leaderboard.text import missing, number, spread
from .tables import DIGITS, STYLE, Column, Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class Comparison:
    """Result of `Result.compare`; notebooks and terminals show its table.

    Parameters
    ----------
    table : Table
    rows : sequence of dict
        All that is known of each row; see `to_pandas`.
    """

    table: Table
    rows: Sequence[dict[str, Any]]

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each pipeline, with the columns of ``harness compare --format csv``."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def __repr__(self) -> str:
        return self.table.text()

    def _repr_html_(self) -> str:
        return STYLE + self.table.html()


def compared(
    boards: Sequence[Board], metric: str | None, baselines: Sequence[str], margin: float = MARGIN
) -> Comparison:
    """Compare the rows of one board, or rank the pipelines of several."""
    if len(boards) > 1:
        return _ranked(boards, metric)
    found = compare(boards[0], metric, baselines, margin)
    name, lines = found.metric.name, found.lines
    scores = [line.row.scores.get(name) for line in lines]
    columns = [
        Column("encoder", [line.row.encoder for line in lines]),
        Column("clusterer", [line.row.clusterer for line in lines]),
        Column(
            name,
            [
                spread(each, missing(line.row), DIGITS, line.row.standard_errors.get(name))
                for each, line in zip(scores, lines, strict=True)
            ],
            [line.versus.answer == "best" for line in lines],
        ),
        Column("95% interval", [ends(line.interval, DIGITS) for line in lines]),
        Column("vs best", [answer_text(line.versus, DIGITS) for line in lines]),
        Column("seeds needed", [seeds_needed(line.versus) for line in lines]),
    ]
    board = boards[0]
    shown = [each for each in columns if {*each.texts} != {"–"}]
    notes = ["Mean ± sample standard deviation. vs best: difference to the best mean, with its 95% interval."]
    if columns[-1] in shown:
        notes.append("seeds needed: of every row, for an answer with a chance of 80%.")
    title = f"{board.dataset}, protocol {board.protocol}: {name}"
    return Comparison(Table(title, shown, notes=notes), flat(found))


def _ranked(boards: Sequence[Board], metric: str | None) -> Comparison:
    name = find_metric(boards[0], metric).name
    found = rank(boards, name)
    rows = [
        {
            "pipeline": pipeline,
            "metric": name,
            "mean_rank": float(mean),
            **dict(zip(found.datasets, scores, strict=True)),
        }
        for pipeline, mean, scores in zip(
            found.pipelines, found.mean_ranks, found.scores.T.tolist(), strict=True
        )
    ]
    best = max if found.higher else min
    shown = found.datasets[:4]
    columns = [
        Column("pipeline", found.pipelines), Column("mean rank", [f"{each:.2f}" for each in found.mean_ranks])
    ]  # fmt: skip
    for place, dataset in enumerate(shown):
        scores = found.scores[place].tolist()
        known = [each for each in scores if each == each]
        columns.append(
            Column(
                dataset,
                ["failed" if each != each else number(each, DIGITS) for each in scores],
                [bool(known) and each == best(known) for each in scores],
            )
        )
    more = len(found.datasets) - len(shown)
    notes = [f"Left out: {'; '.join(found.left_out)}."] if found.left_out else []
    notes += [f"{counted(more, 'more dataset')}: to_pandas() has all."] if more else []
    title = f"{name} on {counted(len(boards), 'dataset')}, protocol {boards[0].protocol}"
    return Comparison(Table(title, columns, notes=notes), rows)
