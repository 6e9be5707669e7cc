"""Notes on the leaderboard of a suite: the rules that its numbers follow, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.cell import DataFacts
from ...core.counts import counted, shortened
from ..flags import legend
from .suite_board import SuiteBoard
from .suite_cells import other_k

SHOWN = 12  # names that are listed


def notes_of(board: SuiteBoard, data: Mapping[str, DataFacts]) -> Iterator[str]:
    """Yield the notes on a board, most important first.

    Parameters
    ----------
    board : SuiteBoard
    data : mapping
        Facts by dataset, one per reference.
    """
    name, runs = board.metric.name, _runs(board)
    several = sum(len(column.boards) > 1 for column in board.columns)
    if board.references == "each":
        yield (
            "Each reference labelling counts as a dataset. References of one dataset are not independent, so "
            "tests are too sure."
        )
    elif several:
        yield (
            f"{name} is the mean over seeds ({runs}), on the reference labelling where this mean is best: "
            f"{counted(several, 'dataset')} {'has' if several == 1 else 'have'} several."
        )
    else:
        yield f"{name} is the mean over seeds ({runs})."
    noisy = sum(any(data[name].unlabelled for name in column.boards) for column in board.columns)
    if noisy:
        have = "dataset has" if noisy == 1 else "datasets have"
        yield f"Samples without a class, e.g. noise, are clustered but not scored: {noisy:,} {have} some."
    yield failed_rule(board)
    yield from _left_out(board)
    yield (
        "Win/tie/loss: against the first method; a tie is a difference whose 95% interval over seeds has 0 "
        "in it (Welch), or is unknown since a method has a single run; deterministic methods have no spread."
    )
    if runs == "1 run" and any("single seed" in method.flags for method in board.methods):
        yield "One seed only: no spread, so differences from seeded methods are all ties. Add --seeds."
    yield (
        "Within a factor of the best: share of datasets; a score of at least the best divided by the factor"
        if board.higher
        else "Within a factor of the best: share of datasets; a score of at most the best times the factor"
    ) + " (performance profile). Seconds: encoder and clusterer, one fit per dataset."
    classes = {name: each.classes for name, each in data.items()}
    wrong = sum(other_k(cell, classes) for method in board.methods for cell in method.cells)
    if wrong:
        yield f"K given is not the number of classes in {counted(wrong, 'cell')}."
    for flag, text in legend([flag for method in board.methods for flag in method.flags]).items():
        yield f"{flag}: {text}."


def _runs(board: SuiteBoard) -> str:
    """Return the number of runs of a score, or the range of these numbers."""
    found = {cell.seeds for method in board.methods for cell in method.cells if cell.state == "ok"}
    few, most = min(found, default=0), max(found, default=0)
    return counted(most, "run") if few == most else f"{few:,} to {counted(most, 'run')}"


def failed_rule(board: SuiteBoard) -> str:
    """Return the rule by which failed datasets count, and their number."""
    failed = sum(method.failed for method in board.ranked)
    rule = "counts as 0 in means" if board.higher else "counts in means as the worst score on its dataset"
    here = f"This happened {counted(failed, 'time')} here." if failed else "This did not happen here."
    return f"A method with an unfinished run on a dataset failed there: this {rule}, and ranks last. {here}"


def _left_out(board: SuiteBoard) -> Iterator[str]:
    """Report datasets without runs or of too few methods, and methods without ranks."""
    if board.without_runs:
        yield f"Without runs, so left out: {listed(board.without_runs)}."
    few = [column.name for column in board.columns if not column.counted]
    if few:
        yield f"Left out of means and ranks, run by fewer than half of the methods: {listed(few)}."
    gaps = [
        f"{each.name} ({len(board.counted) - each.missing} of {len(board.counted)})"
        for each in board.methods
        if not each.ranked and (each.missing or not each.imported)
    ]
    if gaps:
        yield f"Without means and ranks, since not run on every dataset: {listed(gaps)}."


def listed(names: Sequence[str]) -> str:
    """List the first names, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b"]), listed(list("abcdefghijklmnop"))
    ('a, b', 'a, b, c, d, e, f, g, h, i, j, k, l and 4 more')
    """
    return shortened(names, SHOWN)
