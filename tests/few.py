"""Digits that are few, for tests of how they are benched and not of what comes out."""

from __future__ import annotations

import pytest

from harness.plugins.datasets import digits


def shorten_digits(patch: pytest.MonkeyPatch, count: int = 200) -> None:
    """Let the digits be the first so many."""
    rows = digits._table()[:count]
    patch.setattr(digits, "_table", lambda: rows)
