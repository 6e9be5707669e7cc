"""What is known of a finished stage."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Record:
    """What is known of a finished stage.

    Parameters
    ----------
    key, kind, status : str
        The stage's key; ``encode``, ``cluster`` or ``score``; how it ended.
    facts : dict
        What the key was made of, readable.
    seconds : float
        Wall-clock time of the stage, loading the plugin left out.
    created : str
        When it finished (UTC, ISO 8601).
    versions : dict
        Python, the harness, and the libraries that computed it.
    hardware : str
        Processor, cores and memory.
    values : dict
        Numbers: the score, or inertia, number of clusters, iterations.
    arrays : dict
        Digests of stored arrays by name; ``=input`` where an embedding is its input.
    warnings : list of str
        What the plugin warned of, each once.
    error, place : str
        One line that says what went wrong, and the file and line where.
    memory : int
        Most bytes that its process had resident, the harness and its libraries included; 0 where unknown.
    limits : dict
        ``seconds`` and ``memory``, in bytes, within which it had to stay; empty where there were none.
    output : str
        What it printed; of much, the beginning and the end.
    beside : tuple of Record
        Those of the stages that were computed by the same call, until they are stored.
    """

    key: str
    kind: str
    status: str
    facts: dict[str, Any]
    seconds: float
    created: str
    versions: dict[str, str]
    hardware: str
    values: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    error: str = ""
    place: str = ""
    memory: int = 0
    limits: dict[str, float] = field(default_factory=dict)
    output: str = ""
    beside: tuple[Record, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the stage has a result."""
        return self.status == "ok"


_KNOWN = frozenset(each.name for each in fields(Record))


def write_record(record: Record) -> str:
    """Return a record as JSON, by itself."""
    return json.dumps({name: value for name, value in vars(record).items() if name != "beside"})


def read_record(body: str) -> Record:
    """Return a record from its JSON; what a newer harness has added is left out."""
    return Record(**{name: value for name, value in json.loads(body).items() if name in _KNOWN})
