"""Columns of the tables of a suite's leaderboard, as text for all formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..text import brief, number
from .suite_board import SuiteBoard, SuiteMethod
from .suite_cells import SuiteCell
from .summaries import FACTORS

DIGITS = 3
GAP = "–"
BRIEF = {"out-of-memory": "memory", "not-applicable": "n/a", "not run": GAP, "not scored": GAP}
WORDS = {"failed", "crashed", "timeout", "memory", "n/a", "unavailable", GAP}


@dataclass(frozen=True)
class SuiteText:
    """A column as text.

    Parameters
    ----------
    title : str
    texts : list of str
    best : list of bool
        Which cells are best.
    numeric : bool
    drop : int, optional
        Rank at which a narrow terminal drops the column, lowest first; None is never dropped.
    """

    title: str
    texts: list[str]
    best: list[bool]
    numeric: bool = True
    drop: int | None = None


def short_names(board: SuiteBoard) -> list[str]:
    """Return the names of the methods, without the encoder if all have the same."""
    encoders = {method.encoder for method in board.methods}
    if len(encoders) > 1 or len(board.methods) < 2:
        return [method.name for method in board.methods]
    return [method.name.removeprefix(f"{method.encoder} + ") for method in board.methods]


def encoder_note(board: SuiteBoard) -> list[str]:
    """Return a note on the encoder that names leave out, if they do."""
    if short_names(board) == [method.name for method in board.methods]:
        return []
    return [f"The encoder of every method is {board.methods[0].encoder}."]


def summary_texts(board: SuiteBoard) -> list[SuiteText]:
    """Return the columns of the summary: one line per method."""
    higher, methods = board.higher, board.methods
    best = max if higher else min
    columns = [
        SuiteText("method", short_names(board), [False] * len(methods), False),
        _numbers(f"mean {board.metric.name}", methods, lambda each: each.mean, best),
        _numbers("median", methods, lambda each: each.median, best, drop=4),
        _numbers("mean rank", methods, lambda each: each.mean_rank, min, digits=2),
        _plain("failed", [str(each.failed) for each in methods], 9),
        _plain("win/tie/loss", [_wins(each) for each in methods], 7),
        *(
            _numbers(
                f"within x{factor:g}",
                methods,
                lambda each, n=n: each.profile[n] if each.profile else None,  # type: ignore[misc]
                max,
                share=True,
                drop=3 if factor != 1.1 else 5,
            )
            for n, factor in enumerate(FACTORS)
        ),
        _plain("s per dataset", [brief(each.seconds_median) for each in methods], 6),
        _plain("s in all", [brief(each.seconds_sum) for each in methods], 2),
    ]
    if any(method.flags for method in methods):
        columns.append(
            SuiteText("flags", [", ".join(each.flags) for each in methods], [False] * len(methods), False, 1)
        )
    return columns


def pivot_texts(board: SuiteBoard, places: Sequence[int]) -> list[SuiteText]:
    """Return the columns of some datasets by all methods: one line per dataset."""
    columns = [board.columns[place] for place in places]
    nobody = [False] * len(places)
    best = [board.best(place) for place in places]
    named = [each.name if each.counted else f"{each.name} (not counted)" for each in columns]
    texts = [
        SuiteText("dataset", named, nobody, False),
        SuiteText("n", [f"{each.samples:,}" for each in columns], nobody, drop=1),
        SuiteText("d", [f"{each.features:,}" for each in columns], nobody, drop=1),
        SuiteText("K", [_classes(each.classes) for each in columns], nobody, drop=2),
    ]
    for rank, (name, method) in enumerate(zip(short_names(board), board.methods, strict=True)):
        cells = [method.cells[place] for place in places]
        marks = [cell.value is not None and cell.value == top for cell, top in zip(cells, best, strict=True)]
        drop = 100 + len(board.methods) - rank if rank else None
        texts.append(SuiteText(name, [cell_text(cell) for cell in cells], marks, drop=drop))
    return texts


def cell_text(cell: SuiteCell, digits: int = DIGITS) -> str:
    """Return the score of a cell, with the clusters found if K was not given; or why there is none.

    Examples
    --------
    >>> cell_text(SuiteCell("ok", value=0.51234)), cell_text(SuiteCell("failed", "out-of-memory"))
    ('0.512', 'memory')
    >>> cell_text(SuiteCell("failed", "3 ok, 2 timeout")), cell_text(SuiteCell("gap", "not run"))
    ('failed', '–')
    """
    if cell.value is not None:
        found = f" ({cell.clusters:.3g})" if cell.clusters is not None and own_k(cell) else ""
        return number(cell.value, digits) + found
    text = BRIEF.get(cell.reason, cell.reason)
    return text if text in WORDS else "failed"


def own_k(cell: SuiteCell) -> bool:
    """Return whether the method chose the number of clusters."""
    return cell.k == "estimated"


def failures(board: SuiteBoard) -> list[tuple[str, str, list[str]]]:
    """Return method, reason and datasets of all failed cells."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, method in zip(short_names(board), board.methods, strict=True):
        for column, cell in zip(board.columns, method.cells, strict=True):
            if cell.state == "failed":
                found.setdefault((name, cell.reason), []).append(column.name)
    return [(name, reason, datasets) for (name, reason), datasets in found.items()]


def _classes(classes: Sequence[int | None]) -> str:
    """Return the numbers of classes of the references, each once."""
    return "/".join(dict.fromkeys(GAP if each is None else str(each) for each in classes))


def _plain(title: str, texts: list[str], drop: int) -> SuiteText:
    return SuiteText(title, texts, [False] * len(texts), drop=drop)


def _numbers(
    title: str,
    methods: Sequence[SuiteMethod],
    value: Callable[[SuiteMethod], float | None],
    best: Callable[[Sequence[float]], float],
    *,
    digits: int = DIGITS,
    share: bool = False,
    drop: int | None = None,
) -> SuiteText:
    values = [value(each) for each in methods]
    known = [each for each in values if each is not None]
    top = best(known) if len(set(known)) > 1 else None
    texts = [GAP if each is None else f"{each:.0%}" if share else number(each, digits) for each in values]
    return SuiteText(title, texts, [each is not None and each == top for each in values], drop=drop)


def _wins(method: SuiteMethod) -> str:
    return GAP if method.versus_best is None else "/".join(map(str, method.versus_best))
