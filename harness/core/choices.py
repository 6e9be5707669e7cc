"""The words that options may take, for checkers of types and of calls."""

from __future__ import annotations

from typing import Literal

ProtocolName = Literal["full", "train-test", "train", "test"]
Settings = Literal[
    "none", "internal", "oracle"
]  # how settings were chosen, each with more help than the last
Device = Literal["auto", "cpu", "cuda", "mps"]
RetriedStatus = Literal["failed", "crashed", "timeout", "out-of-memory", "not-applicable"]
