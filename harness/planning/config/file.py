"""Read a configuration file; errors give the line and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from ...core.errors import BadParameter, HarnessError
from ...core.plugin import KINDS, Kind
from ...core.spec import parse_entry
from ...registry.loading import plugin_at
from ...registry.registry import Registry
from .messages import described
from .model import Config, Tables
from .toml_errors import Found, place_and_error, read_toml, told
from .toml_lines import Loc, Places


@dataclass(frozen=True)
class ConfigFile:
    """A configuration file: its path, the line numbers of its keys, and its content."""

    path: Path
    places: Places
    config: Tables

    def error(self, loc: Loc, message: str) -> str:
        """Format an error at a place in the file."""
        return place_and_error(self.path, self.places, loc, message)[1]

    def wrong(self, found: Sequence[Found]) -> HarnessError:
        """Return an error with one line per problem."""
        return HarnessError(told(self.path, self.places, found))

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
    data, places = read_toml(path)
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
        raise HarnessError(told(path, places, found)) from None
    file.refuse(list(_named_twice(file.config)))
    return file


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
