"""Filters for the rows of a page: plugins of the encoder, source of K, seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.board import Board, Row
from ...core.spec import step_names
from ...leaderboard.columns import seconds_of


@dataclass(frozen=True)
class Filters:
    """The options of each filter, and which of them every row has, by their places.

    Parameters
    ----------
    encoders, origins : list of str
        Names of encoder plugins, and where K comes from: given, default, estimated.
    limits : list of float
        Seconds that some rows stay within and some do not.
    of_encoder : list of list of int
    of_origin : list of int
    """

    encoders: list[str]
    origins: list[str]
    limits: list[float]
    of_encoder: list[list[int]]
    of_origin: list[int]


def filters_of(board: Board) -> Filters:
    """Return what the rows of a leaderboard can be filtered by."""
    plugins = [encoder_plugins(board, row) for row in board.rows]
    origins = [origin(row) for row in board.rows]
    encoders, kinds = sorted({name for each in plugins for name in each}), sorted(set(origins))
    seconds = [found for row in board.rows if (found := seconds_of(row)) is not None]
    return Filters(
        encoders,
        kinds,
        limits(seconds),
        [[encoders.index(name) for name in each] for each in plugins],
        [kinds.index(each) for each in origins],
    )


def encoder_plugins(board: Board, row: Row) -> list[str]:
    """Return the plugins of a row's encoder, without their parameters; of an alias, those it stands for."""
    found = board.parameters.get(row.encoder, "")
    written = found and "=" not in found.partition("(")[0]  # else these are parameters
    return list(
        dict.fromkeys(each.partition("(")[0] for each in step_names(found if written else row.encoder))
    )


def origin(row: Row) -> str:
    """Return where K comes from, in a word.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> origin(SimpleNamespace(k="10 given")), origin(SimpleNamespace(k=""))
    ('given', 'unknown')
    """
    return row.k.rpartition(" ")[2] or "unknown"


def limits(seconds: Sequence[float]) -> list[float]:
    """Return the powers of ten that tell rows apart by their seconds.

    Examples
    --------
    >>> limits([0.02, 0.5, 40]), limits([])
    ([0.1, 1.0, 10.0], [])
    """
    positive = [each for each in seconds if each > 0]
    if not positive:
        return []
    low, high = math.ceil(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
    return [10.0**power for power in range(low, high)]
