"""A class or function of a notebook or script as bytes, with the lines that its tracebacks show."""

from __future__ import annotations

import io
import linecache
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from ..core.notebook import cell_name

KEPT = 32  # that a process keeps open


@dataclass(frozen=True)
class _ByValue:
    """Becomes, when it is unpickled, what was pickled by value."""

    content: bytes
    lines: Mapping[str, list[str]]

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.content, self.lines)


def pickled(thing: Any) -> bytes:
    """Pickle something by value, together with all that it refers to in a notebook or script.

    Raises
    ------
    Exception
        If something that it refers to cannot be pickled, e.g. an open file.

    Examples
    --------
    >>> pickle.loads(pickled(lambda x: x + 1))(1)
    2
    """
    from cloudpickle import CloudPickler

    lines: dict[str, list[str]] = {}
    reduce: Callable[[CodeType], Any] = CloudPickler.dispatch_table[CodeType]

    def reduced(code: CodeType) -> Any:
        name = cell_name(code.co_filename) or code.co_filename
        if not Path(code.co_filename).is_file():
            lines[name] = linecache.getlines(code.co_filename)
        return reduce(code.replace(co_filename=name))

    class Pickler(CloudPickler):  # type: ignore[misc]  # the table is read once, as an instance is made
        dispatch_table = CloudPickler.dispatch_table.new_child({CodeType: reduced})

    buffer = io.BytesIO()
    Pickler(buffer).dump(thing)
    return pickle.dumps(_ByValue(buffer.getvalue(), lines))


def _opened(content: bytes, lines: Mapping[str, list[str]]) -> Any:
    """Let tracebacks find the lines, and return what was pickled."""
    for name, text in lines.items():
        linecache.cache[name] = (sum(map(len, text)), None, text, name)
    return pickle.loads(content)


unpickled = lru_cache(KEPT)(pickle.loads)  # the same class each time, in one process
