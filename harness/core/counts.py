"""Counts in words: 1 cell, 2 cells, a, b and 3 more."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the singular or plural.

    Parameters
    ----------
    number : int
    noun : str
        In the singular.
    plural : str
        Default: the noun with an s, or es after s and x.

    Examples
    --------
    >>> counted(1, "cell"), counted(1200, "cell"), counted(0, "class"), counted(2, "entry", "entries")
    ('1 cell', '1,200 cells', '0 classes', '2 entries')
    """
    if number != 1:
        noun = plural or f"{noun}{'es' if noun.endswith(('s', 'x')) else 's'}"
    return f"{number:,} {noun}"


def shortened(names: Sequence[str], most: int = 5) -> str:
    """Join names, and count those not shown.

    Examples
    --------
    >>> shortened(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
