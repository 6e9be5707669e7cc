"""Events of a run: a finished stage, and the outcome of the whole run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .plan import Stage
from .record import Record


@dataclass(frozen=True)
class Progress:
    """A stage that has just finished: its result, and the progress of the run.

    Parameters
    ----------
    stage : Stage
    record : Record or None
        None if it was skipped, since an earlier stage failed.
    reused : bool
        Whether the record was already in the store.
    done, total : int
        Stages finished so far, and in total.
    """

    stage: Stage
    record: Record | None
    reused: bool
    done: int
    total: int


@dataclass
class Outcome:
    """The outcome of a run.

    Parameters
    ----------
    records : dict
        The records of all stages of the plan that have one, by key.
    computed, reused : Counter
        Numbers of stages of each kind that were computed, or found in the store.
    """

    records: dict[str, Record] = field(default_factory=dict)
    computed: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)
