"""Protocols: the rows of a dataset to fit on and to score."""

from __future__ import annotations

from typing import Literal

Part = Literal["train", "test", "all"]

PROTOCOLS: dict[str, tuple[Part, Part]] = {  # name: rows fitted, rows scored
    "train-test": ("train", "test"),
    "train": ("train", "train"),
    "test": ("test", "test"),
    "full": ("all", "all"),
}


def scored_part(protocol: str) -> str:
    """Return the name of the scored labels in a record: ``fitted`` or ``other``.

    Examples
    --------
    >>> scored_part("full"), scored_part("train-test")
    ('fitted', 'other')
    """
    fitted, scored = PROTOCOLS[protocol]
    return "fitted" if fitted == scored else "other"
