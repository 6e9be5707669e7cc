"""Load the leaderboards of a suite's datasets from a store or a published folder; nothing is computed."""

from __future__ import annotations

from collections.abc import Collection

from ...core.board import Board
from ...core.errors import HarnessError, suggest
from ...core.suite import Suite
from ..build import Source, load_board


def load_suite(
    source: Source, suite: Suite, protocol: str | None = None, metrics: Collection[str] = ()
) -> list[Board]:
    """Return the leaderboards of a suite's datasets under one protocol.

    Parameters
    ----------
    source : Store or other Source
    suite : Suite
    protocol : str, optional
        By default the suite's; if it has no leaderboards under this one, the only other one that has.
    metrics : collection of str
        Those to read, by default the suite's; all if none of them was computed.

    Raises
    ------
    HarnessError
        If there is none, or the protocol has to be chosen.
    """
    names = suite_names(source, suite, protocol)
    wanted = {*(metrics or suite.metrics)}
    if not any(wanted & cell.scores.keys() for cell in source.cells(names[0])):
        return [load_board(source, name) for name in names]
    return [load_board(source, name, metrics=wanted) for name in names]


def suite_names(source: Source, suite: Suite, protocol: str | None = None) -> list[str]:
    """Return the names of the leaderboards of a suite's datasets; see `load_suite`."""
    wanted = [name for dataset in suite.datasets for name in dataset.boards]
    there = set(source.boards())
    protocols = sorted({name.rpartition(".")[2] for name in there if name.rpartition(".")[0] in wanted})
    if not protocols:
        raise HarnessError(
            f"{str(source.folder)!r} has no leaderboard of suite {suite.name!r}. Run 'harness bench --suite' "
            "first."
        )
    if protocol is None:
        protocol = suite.protocol if suite.protocol in protocols or len(protocols) > 1 else protocols[0]
    if protocol not in protocols:
        raise HarnessError(
            f"Suite {suite.name!r} has no leaderboard of protocol {protocol!r}."
            f"{suggest(protocol, protocols)} Choose --protocol among {', '.join(protocols)}."
        )
    return [f"{name}.{protocol}" for name in wanted if f"{name}.{protocol}" in there]
