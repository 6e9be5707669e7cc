"""Build the leaderboard of a suite from the leaderboards of its datasets; nothing is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...core.board import Board, Metric, Row
from ...core.errors import HarnessError
from ...core.suite import Suite
from ..flags import flags
from ..statistics.comparison import find_metric
from ..statistics.ranks import ranking_metric
from .suite_board import References, SuiteBoard, SuiteColumn, SuiteMethod
from .suite_cells import SuiteCell, best_of, cell_of, rows_by_method
from .suite_notes import notes_of
from .summaries import summarised

Rows = Mapping[str, Mapping[str, Row]]  # by dataset and method


def suite_board(
    suite: Suite, boards: Iterable[Board], metric: str | None = None, references: References = "best"
) -> SuiteBoard:
    """Build the leaderboard of a suite.

    Parameters
    ----------
    suite : Suite
    boards : iterable of Board
        Of one protocol; those of other datasets are ignored.
    metric : str, optional
        By default the first of the suite's metrics that ranks rows, else accuracy.
    references : {"best", "each"}
        Whether the score of a method on a dataset is the best over its reference labellings, or each
        reference counts as a dataset.

    Raises
    ------
    HarnessError
        If no dataset of the suite has a leaderboard, or the metric cannot rank methods.
    """
    wanted = {name for dataset in suite.datasets for name in dataset.boards}
    found = {board.dataset: board for board in boards if board.dataset in wanted}
    protocols = sorted({board.protocol for board in found.values()})
    if not found:
        raise HarnessError(f"Suite {suite.name!r} has no leaderboard yet. Run 'harness bench --suite' first.")
    if len(protocols) > 1:
        raise HarnessError(f"Leaderboards of different protocols never mix, got {', '.join(protocols)}.")
    shown = metric_of(suite, list(found.values()), metric)
    rows = {name: rows_by_method(board) for name, board in found.items()}
    columns = _columns(suite, found, references)
    methods = [_method(name, columns, rows, shown) for name in _names(columns, rows)]
    columns = _counted(columns, methods)
    board = SuiteBoard(
        suite=suite,
        protocol=protocols[0],
        metric=shown,
        references=references,
        columns=tuple(columns),
        methods=tuple(methods),
        without_runs=tuple(_without_runs(suite, found)),
        date=max(board.date for board in found.values()),
    )
    board = summarised(board)
    classes = {name: each.data.classes for name, each in found.items()}
    return replace(board, notes=tuple(notes_of(board, classes)))


def metric_of(suite: Suite, boards: Sequence[Board], name: str | None) -> Metric:
    """Return the metric by which a suite is ranked; of a metric that some boards lack, that of the others."""
    if name is None:
        able = {
            each.name for board in boards for each in board.metrics if each.direction and not each.own_space
        }
        name = (
            next((each for each in suite.metrics if each in able), None) or find_metric(boards[0], None).name
        )
    having = [board for board in boards if any(each.name == name for each in board.metrics)]
    return ranking_metric(next(iter(having), boards[0]), name)


def _columns(suite: Suite, boards: Mapping[str, Board], references: References) -> list[SuiteColumn]:
    """Return the datasets with leaderboards, or each of their references."""
    columns = []
    for dataset in suite.datasets:
        here = tuple(name for name in dataset.boards if name in boards)
        parts = [(dataset.name, here)] if references == "best" else [(name, (name,)) for name in here]
        for name, own in parts:
            if own:
                data = [boards[each].data for each in own]
                columns.append(
                    SuiteColumn(
                        name, dataset.group, own, data[0].samples, data[0].features,
                        tuple(each.classes for each in data),
                    )
                )  # fmt: skip
    return columns


def _names(columns: Sequence[SuiteColumn], rows: Rows) -> list[str]:
    return sorted({name for column in columns for board in column.boards for name in rows[board]})


def _method(name: str, columns: Sequence[SuiteColumn], rows: Rows, metric: Metric) -> SuiteMethod:
    """Return a method with its cells, still without means and ranks."""
    own = [row for column in columns for board in column.boards if (row := rows[board].get(name)) is not None]
    cells: list[SuiteCell] = []
    for column in columns:
        each = [cell_of(rows[board].get(name), metric, board) for board in column.boards]
        cells.append(best_of(each, metric.direction == "higher"))
    told = tuple(dict.fromkeys(flag for row in own for flag in flags(row)))
    return SuiteMethod(name, own[0].encoder, own[0].clusterer, tuple(cells), False, flags=told)


def _counted(columns: Sequence[SuiteColumn], methods: Sequence[SuiteMethod]) -> list[SuiteColumn]:
    """Mark datasets that fewer than half of the methods were run on: they count for nothing."""
    return [
        column._replace(counted=2 * sum(each.cells[n].state != "gap" for each in methods) >= len(methods))
        for n, column in enumerate(columns)
    ]


def _without_runs(suite: Suite, boards: Mapping[str, Board]) -> list[str]:
    """Return datasets without any leaderboard by name, and single references of the others."""
    found = []
    for dataset in suite.datasets:
        gone = [name for name in dataset.boards if name not in boards]
        found += [dataset.name] if len(gone) == len(dataset.boards) else gone
    return found


def suite_boards(
    suite: Suite, boards: Iterable[Board], metrics: Sequence[str] = (), references: References = "best"
) -> list[SuiteBoard]:
    """Build the leaderboard of a suite by each metric; the first one orders the methods.

    Parameters
    ----------
    suite : Suite
    boards : iterable of Board
    metrics : sequence of str
        By default those of the suite that rank rows; see `suite_board`.
    references : {"best", "each"}
    """
    boards = list(boards)
    first = suite_board(suite, boards, metrics[0] if metrics else None, references)
    able = _able(boards)
    names = metrics[1:] or [name for name in suite.metrics if name in able and not metrics]
    others = [name for name in dict.fromkeys(names) if name != first.metric.name]
    return [first, *(suite_board(suite, boards, name, references) for name in others)]


def _able(boards: Sequence[Board]) -> set[str]:
    """Return the names of the metrics that rank rows."""
    metrics = [each for board in boards for each in board.metrics]
    return {each.name for each in metrics if each.direction and not each.own_space}
