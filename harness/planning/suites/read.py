"""Find a suite by name, file or folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ...core.errors import BadParameter, HarnessError, UnknownName, suggest
from ...core.suite import Suite, SuiteDataset
from ...data.advice import command
from ..config.messages import described
from ..config.toml_errors import Found, read_toml, told
from ..config.toml_lines import Places
from .folder import folder_suite
from .members import archived, members
from .model import Archive, Item, SuiteFile


@dataclass(frozen=True)
class SuiteSource:
    """A suite as it was found.

    Parameters
    ----------
    suite : Suite
    text : str
        What finds it on the command line.
    file : SuiteFile, optional
        The content of its file; None of a folder.
    notes : sequence of str
        What was left out in reading it.
    """

    suite: Suite
    text: str
    file: SuiteFile | None = None
    notes: Sequence[str] = ()

    @property
    def get(self) -> str:
        """How to get its datasets that are not on a machine."""
        if self.file is None:
            return "Put them into the folder."
        return f"Get them: {command('harness', 'datasets', 'fetch', self.text)}"


def built_in() -> list[str]:
    """Return the names of the built-in suites.

    Examples
    --------
    >>> built_in()
    ['batteries-v1', 'images', 'toy']
    """
    return sorted(path.stem for path in _folder().iterdir() if path.suffix == ".toml")


def read_suite(text: str) -> SuiteSource:
    """Read a built-in suite by its name, a suite's file, or a folder of datasets.

    Raises
    ------
    UnknownName
        If there is none of this name, and no such file or folder.
    HarnessError
        If its file is wrong: one line per problem.

    Examples
    --------
    >>> [dataset.name for dataset in read_suite("toy").suite.datasets][:3]
    ['iris', 'wine', 'breast-cancer']
    """
    if text in built_in():
        return _from_file(_folder() / f"{text}.toml", text)
    path = Path(text).expanduser()
    if text.strip() and path.is_dir():
        suite, notes = folder_suite(path)
        return SuiteSource(suite, text, notes=notes)
    if text.strip() and path.is_file():
        if path.suffix.lower() != ".toml":
            raise BadParameter(
                f"{path}: a suite is a .toml file or a folder. For one dataset, give -d {path}."
            )
        return _from_file(path, text)
    raise UnknownName(
        f"No suite {text!r}, and no such file or folder.{suggest(text, built_in())} Suites: "
        f"{', '.join(built_in())}, a .toml file, or a folder of datasets."
    )


def _folder() -> Path:
    return Path(str(resources.files(__package__).joinpath("builtin")))


def _from_file(path: Path, text: str) -> SuiteSource:
    data, places = read_toml(path, "a suite's file")
    try:
        file = SuiteFile.model_validate(data)
    except ValidationError as error:
        found = [_described(each) for each in error.errors(include_url=False)]
        raise HarnessError(told(path, places, found)) from None
    listed = list(members(file.datasets, path.parent))
    _refuse_twice(path, places, listed)
    datasets = (*listed, *(archived(file.archive) if file.archive else ()))
    k = None if file.k == "reference" else file.k
    about = (file.name, file.version, file.title, file.licence, file.citation, file.protocol)
    return SuiteSource(Suite(*about, tuple(file.metrics), file.aggregate, datasets, k), text, file)


def _refuse_twice(path: Path, places: Places, listed: Sequence[SuiteDataset]) -> None:
    count = Counter(each.name for each in listed)
    found: list[Found] = [
        (("datasets", number), f"{each.name!r} is listed twice. Give one of them another name.")
        for number, each in enumerate(listed)
        if count[each.name] > 1
    ]
    if found:
        raise HarnessError(told(path, places, found))


def _described(found: Any) -> Found:
    """Return the place and message of a pydantic error, in terms of a suite's file."""
    loc = tuple(found["loc"])
    keys = list(_model_at(loc[:-1] if found["type"] == "extra_forbidden" else loc).model_fields)
    if found["type"] == "extra_forbidden":
        return loc, f"unknown key {loc[-1]!r} here.{suggest(str(loc[-1]), keys)} Keys: {', '.join(keys)}."
    if found["type"] == "model_type":
        return loc, f"must be a table of {', '.join(keys)}."
    if loc[:1] == ("k",):
        return ("k",), f'must be "reference" or a whole number, at least 1, got {found["input"]!r}.'
    return described(found)


def _model_at(loc: Sequence[str | int]) -> type[BaseModel]:
    if loc[:1] == ("archive",):
        return Archive
    return Item if loc[:1] == ("datasets",) and len(loc) > 1 else SuiteFile
