"""Hashing of plain values: different values have different hashes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from .spec import PLAIN


def canonical(value: Any) -> Any:
    """Convert a parameter to plain JSON in which different values always differ.

    The type counts, as a plugin may tell 1 from 1.0, True or ``np.int64(1)``; so does the order within a
    mapping, as a plugin may go through it.

    Examples
    --------
    >>> canonical((1, 2.0)), canonical([1, 2.0])
    ({'tuple': [1, 2.0]}, [1, 2.0])
    """
    if value is None or type(value) in PLAIN:  # not isinstance: np.float64 is a float, an IntEnum an int
        return value
    if type(value) is list:
        return [canonical(item) for item in value]
    if type(value) is tuple:
        return {"tuple": [canonical(item) for item in value]}
    if isinstance(value, set | frozenset):  # sorted, since the order of strings differs between processes
        return {type(value).__name__: sorted((canonical(item) for item in value), key=json.dumps)}
    if isinstance(value, Mapping):
        return {"mapping": [[canonical(key), canonical(item)] for key, item in value.items()]}
    if isinstance(value, np.generic):
        item = value.item()
        return {type(value).__name__: item if type(item) in PLAIN else repr(value)}
    if type(value) in (np.ndarray, np.memmap):
        content = canonical(value.tolist()) if value.dtype.hasobject else value.tobytes()
        if isinstance(content, bytes):
            content = hashlib.sha256(content).hexdigest()
        return {"array": [str(value.dtype), list(value.shape), content]}
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return {"object": f"{value.__module__}:{value.__qualname__}"}
    return {f"{type(value).__module__}:{type(value).__qualname__}": _state(value)}


def _state(value: Any) -> Any:
    """Return the state of an object: its parameters, else what a copy is made from."""
    if hasattr(value, "get_params"):
        return canonical(value.get_params())
    if not isinstance(value, bytes):  # whose own copy is made from itself
        try:
            found = value.__reduce_ex__(2)
            if isinstance(found, tuple):
                return canonical([*found[:3], *(list(each or ()) for each in found[3:5])])
        except Exception:  # a lock, an open file, a recursive object
            pass
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def digest(facts: Mapping[str, Any]) -> str:
    """Hash facts to 32 hexadecimal digits, independent of their order.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest({"a": 1}) == digest({"a": 1.0})
    False
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
