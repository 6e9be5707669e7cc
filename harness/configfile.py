"""Reading the file that describes a benchmark; an error says where it is, and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .config import Config, Plugins, Timeout
from .errors import HarnessError, suggest
from .grid import Chain, Choice, Named
from .registry import KINDS, Kind, Registry, plugin_at

Loc = tuple[str | int, ...]
CLOSERS = ("", "]", "]]", "}]", "]}]", "}]}]", "]]}]")  # what may be open at the end of a line


@dataclass(frozen=True)
class ConfigFile:
    """A file that was read: where it is, its text, and what it says."""

    path: Path
    text: str
    config: Config

    def error(self, loc: Loc, message: str) -> str:
        """Return a line on what is wrong at a place in the file."""
        return _error(self.path, self.text, loc, message)

    def add_plugins(self, registry: Registry) -> None:
        """Register the plugins that are named one by one.

        Raises
        ------
        HarnessError
            When a name is taken, or a file is not there.
        """
        errors = []
        for kind in KINDS:
            for name, place in getattr(self.config.plugins, f"{kind}s").items():
                try:
                    self._add(registry, kind, name, place)
                except HarnessError as error:
                    errors.append(self.error(("plugins", f"{kind}s", name), str(error)))
        if errors:
            raise HarnessError("\n".join(errors))

    def _add(self, registry: Registry, kind: Kind, name: str, place: str) -> None:
        taken = registry.plugins.get((kind, name))
        if taken is not None:
            raise HarnessError(
                f"there is a {kind} of this name already, from {taken.origin}. Choose another."
            )
        registry.add(plugin_at(kind, name, place, f" in {self.path}"))

    def blame(self, check: Callable[[Kind, str], None]) -> list[str]:
        """Return a line for each entry of which `check`, called with kind and text, raises an error."""
        errors = []
        for kind in KINDS:
            for number, entry in enumerate(getattr(self.config, f"{kind}s")):
                try:
                    for text in entry.texts():
                        check(kind, text)
                except HarnessError as error:
                    errors.append(self.error((f"{kind}s", number), str(error)))
        return errors


def read_config(path: Path) -> ConfigFile:
    """Read and check a configuration.

    Raises
    ------
    HarnessError
        When it cannot be read, or something in it is wrong: a line for each thing.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}. Give the path of a configuration.") from None
    except UnicodeDecodeError:
        raise HarnessError(f"{path}: a configuration must be text in UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = re.search(r"\(at line (\d+)", str(error))
        line = int(where[1]) if where else max(1, len(text.splitlines()))
        reason = re.sub(r" \(at .*\)", "", str(error))
        raise HarnessError(f"{path}:{line}: this is not TOML: {reason}.") from None
    try:
        return ConfigFile(path, text, Config.model_validate(data))
    except ValidationError as error:
        problems = error.errors(include_url=False)
        misspelt = {each["loc"][:-1] for each in problems if each["type"] == "extra_forbidden"}
        found = [
            _described(path, text, each)
            for each in problems
            if each["type"] != "missing" or each["loc"][:-1] not in misspelt  # told by its wrong name
        ]
        raise HarnessError("\n".join(sorted(dict.fromkeys(found), key=_number))) from None


def _number(line: str) -> int:
    """Return the line of the file that an error names, to tell them from top to bottom."""
    found = re.search(r":(\d+): ", line)
    return int(found[1]) if found else 0


def _described(path: Path, text: str, found: Any) -> str:
    loc: Loc = tuple(part for part in found["loc"] if not str(part).startswith("="))
    kind, value = found["type"], found["input"]
    if kind == "extra_forbidden":
        keys = list(_keys(loc[:-1]))
        message = f"there is no key {loc[-1]!r} here.{suggest(str(loc[-1]), keys)} Keys: {', '.join(keys)}."
    elif kind == "missing":
        message = "this must be given."
    elif kind == "value_error":
        message = f"{str(found['ctx']['error']).removesuffix('.')}."
    else:
        must = found["msg"].replace("Input should be", "must be").replace("should have", "must have")
        near = suggest(str(value), re.findall(r"'([\w-]+)'", must)) if kind == "literal_error" else ""
        message = f"{must[0].lower()}{must[1:]}, got {value!r:.60}.{near}"
    return _error(path, text, loc, message)


def _error(path: Path, text: str, loc: Loc, message: str) -> str:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    line = find_line(text, loc)
    return f"{path}{f':{line}' if line else ''}: {f'{key}: ' if key else ''}{' '.join(message.split())}"


def _keys(loc: Loc) -> Sequence[str]:
    """Return the keys that are allowed at a place of the file."""
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


def find_line(text: str, loc: Loc) -> int | None:
    """Return the line at which a place of a file begins, or the nearest place that it is in.

    The first lines of a file, with what they leave open closed, are a file too: the line is the first with
    which the place is there.

    Examples
    --------
    >>> text = "seeds = 3\\nencoders = [\\n  'pca',\\n  {name = 'pca', alais = 'a'},\\n]\\n[plugins]"
    >>> find_line(text, ("seeds",)), find_line(text, ("encoders", 1, "alais")), find_line(text, ("plugins",))
    (1, 4, 6)
    >>> find_line(text, ("encoders", 0, "name"))
    3
    """
    lines = text.splitlines()
    for end in range(len(loc), 0, -1):
        for number in range(1, len(lines) + 1):
            key = loc[end - 1]
            if isinstance(key, str) and key not in lines[number - 1]:
                continue  # to parse as little as possible
            if any(_holds(data, loc[:end]) for data in _beginnings(lines[:number])):
                return number
    return None


def _beginnings(lines: Sequence[str]) -> Iterator[Any]:
    for closer in CLOSERS:
        try:
            yield tomllib.loads("\n".join([*lines, closer]))
        except tomllib.TOMLDecodeError:
            continue


def _holds(data: Any, loc: Loc) -> bool:
    for part in loc:
        if isinstance(part, int):
            if not isinstance(data, list) or part >= len(data):
                return False
        elif not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True
