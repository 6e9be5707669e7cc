"""What a run tells: a stage that has ended, and what the whole run did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .plan import Stage
from .record import Record


@dataclass(frozen=True)
class Progress:
    """A stage that has just ended: how, and how far the run is.

    Parameters
    ----------
    stage : Stage
    record : Record or None
        None where a stage before it did not succeed, so that it was skipped.
    reused : bool
        Whether the record was there already.
    done, total : int
        Stages ended so far, and in all.
    """

    stage: Stage
    record: Record | None
    reused: bool
    done: int
    total: int


@dataclass
class Outcome:
    """What a run did.

    Parameters
    ----------
    records : dict
        The records of all stages of the plan that have one, by key.
    computed, reused : Counter
        How many stages of each kind were computed, or found in the store.
    """

    records: dict[str, Record] = field(default_factory=dict)
    computed: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)
