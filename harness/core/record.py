"""The result of a finished stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

WITHOUT_VALUE = ("not-applicable", "unavailable")  # statuses of a score that harm no other


@dataclass(frozen=True)
class Record:
    """The result of a finished stage.

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
    cpu_seconds : float
        Processor time of the stage, all threads of its process together; 0 where unknown.
    operations : float
        Expected of the stage, or of its share of a call; 0 if its plugin does not tell. Never published.
    limits : dict
        ``seconds`` and ``memory``, in bytes, within which it had to stay; empty where there were none.
    output : str
        What it printed; of much, the beginning and the end.
    traceback : str
        Where and how it failed; of a process that crashed or was ended, where it was. Never published, as it
        has paths of the machine.
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
    cpu_seconds: float = 0.0
    operations: float = 0.0
    limits: dict[str, float] = field(default_factory=dict)
    output: str = ""
    traceback: str = ""
    beside: tuple[Record, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the stage has a result."""
        return self.status == "ok"


class Ending(NamedTuple):
    """The outcome of a cell: its status and, if not ``ok``, the reason and the kind of stage."""

    status: str
    error: str = ""
    kind: str = ""

    @property
    def note(self) -> str:
        """A line that says how and where it ended; empty where it is ``ok``."""
        if self.status == "ok":
            return ""
        return f"{self.status}{f' in {self.kind}' if self.kind else ''}: {self.error}"


def ending(
    fits: Iterable[str],
    scores: Mapping[str, str],
    records: Mapping[str, Record],
    blocked: Sequence[str] | None = None,
) -> Ending:
    """Return how a cell ended.

    A cell with labels is ``ok`` if at least one metric has a value and no other failed: a metric may be not
    applicable, or need a package that is not installed, and then its score alone is missing.

    Parameters
    ----------
    fits : iterable of str
        Keys of its encode and cluster stages.
    scores : mapping
        Keys of its scores, each with the reason why it was unavailable, as no record is stored of that.
    records : mapping
        The records of its stages by key. Without one of a fit the cell is ``unfinished``.
    blocked : (status, reason), optional
        Why the cell could not be run at all.

    Examples
    --------
    >>> ending(["a"], {"b": ""}, {}).note
    'unfinished: not all stages have been computed'
    """
    if blocked:
        return Ending(*blocked)
    for key in fits:
        record = records.get(key)
        if record is None:
            return Ending("unfinished", "not all stages have been computed")
        if not record.ok:
            return Ending(record.status, record.error, record.kind)
    scored = [each for key, reason in scores.items() if (each := scored_as(records.get(key), reason))]
    bad = next((each for each in scored if each.status not in ("ok", *WITHOUT_VALUE)), None)
    if bad is None and scored and not any(each.status == "ok" for each in scored):
        bad = scored[0]._replace(kind="")  # no metric has a value here
    return bad or Ending("ok")


def scored_as(record: Record | None, unavailable: str) -> Ending | None:
    """Return how a score ended, by its record or the reason why it was unavailable; None if that is lost."""
    if record is not None:
        return Ending(record.status, record.error, record.kind)
    return Ending("unavailable", unavailable, "score") if unavailable else None


_KNOWN = frozenset(each.name for each in fields(Record))


def write_record(record: Record) -> str:
    """Return a record as JSON, by itself."""
    return json.dumps({name: value for name, value in vars(record).items() if name != "beside"})


def read_record(body: str, parse: Callable[[str], dict[str, Any]] = json.loads) -> Record:
    """Return a record from its JSON; what a newer harness has added is left out."""
    found = parse(body)
    if found.keys() <= _KNOWN:
        return Record(**found)
    return Record(**{name: value for name, value in found.items() if name in _KNOWN})


INPUT = "=input"  # in place of a digest: the stage gave back its very input, so no copy is stored


SAMPLES = "=samples"  # where that input were the samples of the dataset


def brief(record: Record, get: Callable[[str], Record | None]) -> Record:
    """Return what the next stage needs of a record, with the arrays that were its input looked up.

    Parameters
    ----------
    record : Record
    get : callable
        Returns the record of a given key.
    """
    arrays = {name: _source(record, name, get) for name in record.arrays}
    return replace(record, arrays=arrays, facts={}, versions={}, output="", hardware="")


def _source(record: Record, name: str, get: Callable[[str], Record | None]) -> str:
    while record.arrays[name] == INPUT:
        after = record.facts["after"]
        earlier = get(after[0]) if after else None
        if earlier is None or name not in earlier.arrays:
            return SAMPLES
        record = earlier
    return record.arrays[name]
