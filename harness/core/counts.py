"""Counts in words: 1 cell, 2 cells."""

from __future__ import annotations


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
