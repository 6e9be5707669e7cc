"""Fixed sets of values: kinds of stages, statuses, values of options."""

from __future__ import annotations

from typing import Literal, get_args

ProtocolName = Literal["full", "train-test", "train", "test"]
# How settings were chosen, each with more help than the one before.
Settings = Literal["none", "internal", "oracle"]
Device = Literal["auto", "cpu", "cuda", "mps"]
RetriedStatus = Literal["failed", "crashed", "timeout", "out-of-memory", "not-applicable"]
StageKind = Literal["encode", "cluster", "score"]
Status = Literal["ok", "failed", "crashed", "timeout", "out-of-memory", "not-applicable", "unavailable"]

STAGE_KINDS: tuple[str, ...] = get_args(StageKind)
