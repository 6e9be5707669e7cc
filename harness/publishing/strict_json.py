"""Parse untrusted JSON strictly."""

from __future__ import annotations

import json
from typing import Any

NO_LINE = (ValueError, RecursionError, StopIteration, AttributeError, TypeError, LookupError)


def strict_json(raw: bytes) -> dict[str, Any]:
    """Parse an object of JSON strictly: no duplicate names, no NaN or infinity.

    Raises
    ------
    ValueError
        If it is not one; also another error of `NO_LINE`, e.g. if it is nested too deeply.

    Examples
    --------
    >>> strict_json(b'{"a": 1}')
    {'a': 1}
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("it has a duplicate name")
        return found

    def never(text: str) -> Any:
        raise ValueError(f"{text} is not a number")

    line = json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_constant=never)
    if not isinstance(line, dict):
        raise ValueError("it is not an object")
    return line
