"""Error messages for configurations, in terms of the file instead of pydantic's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from ...core.errors import brief_repr, suggest
from ..request import OPTIONS
from .grid import Chain, Choice, Named
from .model import Config, Plugins, Timeout
from .toml_errors import Found
from .toml_lines import Loc

ENTRIES = {"datasets": "digits", "encoders": "pca", "clusterers": "kmeans", "metrics": "ari"}
TOML = {  # replacements for pydantic's messages, by type of error
    "string_type": "must be text in quotes",
    "dict_type": "must be a table",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "too_short": "must have at least one entry",
    "string_too_short": "must not be empty",
}


def described(found: Any, words: Mapping[str, str] = TOML) -> Found:
    """Return the place and message of a pydantic error."""
    loc: Loc = tuple(part for part in found["loc"] if not str(part).startswith("="))
    kind, value = found["type"], found["input"]
    if kind == "extra_forbidden":
        return loc, _no_key(loc, in_chain=found["loc"][-2:-1] == ("=chain",))
    if kind == "missing":
        return loc, "this is required."
    if kind == "value_error":
        reason = str(found["ctx"]["error"]).removesuffix(".")
        return loc, f"{reason[0].lower()}{reason[1:]}."
    must = found["msg"].replace("Input should be", "must be").replace("should have", "must have")
    near = suggest(str(value), re.findall(r"'([\w-]+)'", must)) if kind == "literal_error" else ""
    must = _must_be(loc) if kind == "model_type" else words.get(kind, must)
    if kind == "greater_than_equal":
        must = f"must be a whole number, at least {found['ctx']['ge']}"
    example = OPTIONS[str(loc[0])].example if len(loc) == 1 and loc[0] in OPTIONS else ""
    must += f", e.g. {example}" if example else ""
    return loc, f"{must[0].lower()}{must[1:]}, got {brief_repr(value)}.{near}"


def _must_be(loc: Loc) -> str:
    """Describe the allowed values where neither a table nor a replacement for one was given."""
    if loc == ("timeout",):
        return f"must be seconds, e.g. 600, or a table of {', '.join(Timeout.model_fields)}"
    if loc == ("plugins",):
        return f"must be a table of {', '.join(Plugins.model_fields)}"
    return f'must be text, e.g. "{ENTRIES[str(loc[0])]}", or a table with name and params'


def _no_key(loc: Loc, in_chain: bool) -> str:
    if in_chain and loc[-1] == "name":
        return "give name or steps, not both."
    if in_chain and loc[-1] == "params":
        return "give params within the steps: steps = [{name = ..., params = ...}, ...]."
    keys = list(_keys(loc[:-1]))
    return f"unknown key {loc[-1]!r} here.{suggest(str(loc[-1]), keys)} Keys: {', '.join(keys)}."


def _keys(loc: Loc) -> Sequence[str]:
    """Return the keys allowed at a place in the file."""
    model: type[BaseModel] = Config
    if loc[:1] == ("plugins",):
        model = Plugins
    elif loc[:1] == ("timeout",):
        model = Timeout
    elif "steps" in loc or loc[:1] in (("datasets",), ("metrics",)):
        model = Choice
    elif loc:
        both = [*Named.model_fields, *Chain.model_fields] if loc[0] == "encoders" else Named.model_fields
        return list(dict.fromkeys(both))
    return list(model.model_fields)
