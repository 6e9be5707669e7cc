"""Read a configuration file; errors give the line and what is allowed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ...core.errors import BadParameter, HarnessError
from ...core.plugin import KINDS, Kind
from ...core.spec import parse_entry
from ...registry.loading import plugin_at
from ...registry.registry import Registry
from .messages import Found, described
from .model import Config, Tables
from .toml_lines import Loc, Places

SHOWN = 20  # errors shown per file: more are usually repetitions


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file: its path, the line numbers of its keys, and its content."""

    path: Path
    places: Places
    config: Tables

    def error(self, loc: Loc, message: str) -> str:
        """Format an error at a place in the file."""
        return _error(self.path, self.places, loc, message)[1]

    def wrong(self, found: Sequence[Found]) -> HarnessError:
        """Return an error with one line per problem."""
        return HarnessError(_told(self.path, self.places, found))

    def refuse(self, found: Sequence[Found]) -> None:
        """Raise such an error if there are problems."""
        if found:
            raise self.wrong(found)

    def check_files(self) -> None:
        """Raise an error for missing plugin files.

        Raises
        ------
        HarnessError
            If files are missing, with one line per file.
        """
        self.refuse(
            [
                (("plugins", "files", n), f"no file {file!r}. Give the path of a Python file.")
                for n, file in enumerate(self.config.plugins.files)
                if not Path(file).is_file()
            ]
        )

    def add_plugins(self, registry: Registry) -> None:
        """Register the plugins named in the file.

        Raises
        ------
        HarnessError
            If a name is taken, or a file is missing.
        """
        found: list[Found] = []
        for kind in KINDS:
            for name, place in getattr(self.config.plugins, f"{kind}s").items():
                try:
                    self._add(registry, kind, name, place)
                except HarnessError as error:
                    found.append((("plugins", f"{kind}s", name), str(error)))
        self.refuse(found)

    def _add(self, registry: Registry, kind: Kind, name: str, place: str) -> None:
        taken = registry.plugins.get((kind, name))
        if taken is not None:
            raise HarnessError(f"a {kind} of this name already exists, from {taken.origin}. Choose another.")
        registry.add(plugin_at(kind, name, place, f" in {self.path}"))

    def blame(self, check: Callable[[Kind, str], None]) -> list[Found]:
        """Return the entries for which `check`, called with kind and text, raises an error."""
        found: list[Found] = []
        for kind in KINDS:
            for number, entry in enumerate(getattr(self.config, f"{kind}s")):
                try:
                    for text in entry.texts():
                        check(kind, text)
                except HarnessError as error:
                    found.append(((f"{kind}s", number), str(error)))
        return found


def read_config(path: Path) -> ConfigFile:
    """Read and check a configuration.

    Raises
    ------
    HarnessError
        If it cannot be read or is invalid: one line per problem, up to a limit.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of thousands of digits
        where = re.search(r"\(at line (\d+)", str(error))
        line = int(where[1]) if where else text.rstrip("\n").count("\n") + 1
        reason = re.sub(r" \(at .*\)", "", str(error))
        raise HarnessError(f"{path}:{line}: not valid TOML: {reason}.") from None
    places = Places(text)
    try:
        file = ConfigFile(path, places, Config.model_validate(data))
    except ValidationError as error:
        problems = error.errors(include_url=False)
        misspelt = {each["loc"][:-1] for each in problems if each["type"] == "extra_forbidden"}
        found = [
            described(each)
            for each in problems
            if each["type"] != "missing"
            or each["loc"][:-1] not in misspelt  # already reported by its wrong name
        ]
        raise HarnessError(_told(path, places, found)) from None
    file.refuse(list(_named_twice(file.config)))
    return file


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows editors may begin a file with a byte order mark
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}. Give the path of a configuration.") from None
    except UnicodeDecodeError:
        raise HarnessError(f"{path}: a configuration must be UTF-8 text. Save it as UTF-8.") from None


def _named_twice(config: Tables) -> Iterator[Found]:
    """Yield entries with the same name on boards as an earlier entry."""
    for kind in ("encoders", "clusterers"):
        first: dict[str, tuple[int, str]] = {}
        for number, entry in enumerate(getattr(config, kind)):
            for text in entry.texts():
                try:
                    asked = parse_entry(text)
                except BadParameter:
                    continue  # reported when the entry is looked up
                other, known = first.setdefault(asked.alias, (number, str(asked)))
                if asked.alias and known != str(asked):
                    yield (
                        (kind, number),
                        f"{asked.alias!r} is also the name of {kind}[{other}]. Give one of them another "
                        "alias.",
                    )
                    break


def _told(path: Path, places: Places, found: Sequence[Found]) -> str:
    """Return one line per problem, from top to bottom, up to a limit."""
    found = list(dict.fromkeys(found))
    lines = sorted((_error(path, places, *each) for each in found[:SHOWN]), key=lambda pair: pair[0])
    more = [f"{path}: and {len(found) - SHOWN:,} more."] if len(found) > SHOWN else []
    return "\n".join([*(line for _, line in lines), *more])


def _error(path: Path, places: Places, loc: Loc, message: str) -> tuple[int, str]:
    """Return the line number, 0 if there is none, and the error that names it."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    line = places.line(loc) or 0
    where = f"{path}:{line}" if line else str(path)
    return line, f"{where}: {f'{key}: ' if key else ''}{' '.join(message.split())}"
