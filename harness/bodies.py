"""What the body of a cell, as stores and published boards keep it, says of the cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .cells import FACTS
from .fingerprint import digest
from .plan import PROTOCOLS


def scored_part(protocol: str) -> str:
    """Return the name under which a record has the labels that are scored: ``fitted`` or ``other``.

    Examples
    --------
    >>> scored_part("full"), scored_part("train-test")
    ('fitted', 'other')
    """
    fitted, scored = PROTOCOLS[protocol]
    return "fitted" if fitted == scored else "other"


def rows_scored(body: Mapping[str, Any]) -> slice:
    """Return which rows of the dataset a cell was scored on."""
    n, n_train = body["data"]["samples"], body["data"]["n_train"] or 0
    scored = PROTOCOLS[body["protocol"]][1]
    return {"all": slice(0, n), "train": slice(0, n_train), "test": slice(n_train, n)}[scored]


def run_title(body: Mapping[str, Any]) -> str:
    """Name a cell by its row and its seeds."""
    return f"{body['encoder']} + {body['clusterer']}, seeds {body['seeds']}"


def identity(body: Mapping[str, Any]) -> str:
    """Return what tells a cell from all others: its data, protocol, names, K, seeds, and version of code."""
    return digest({name: body[name] for name in (*FACTS, "variant")})
