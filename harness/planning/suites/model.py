"""Model of a suite's file: what the suite is, its datasets, and the defaults of a run."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator, model_validator

from ...core.choices import ProtocolName
from ..config.grid import Model, check_plain
from ..config.model import Text

_PLUGIN = re.compile(r"[\w-]+(\(.*\))?|[\w.]+:\w+(\(.*\))?", re.DOTALL)


def _plain_name(name: str) -> str:
    """Refuse a name that is not usable as a file's name."""
    if not re.fullmatch(r"[^\W_][\w.\- ]*", name):
        raise ValueError(f"a name must be letters, digits, blanks or any of - _ . here, got {name!r}")
    return name


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path.rpartition("/")[2]:
        raise ValueError(f"an address must be https://HOST/.../FILE, got {url!r}")
    return url


def _hexadecimal(checksum: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", checksum):
        raise ValueError(f"a SHA-256 checksum has 64 hexadecimal digits, got {checksum!r}")
    return checksum


Name = Annotated[str, AfterValidator(_plain_name)]
Address = Annotated[str, AfterValidator(_web_address)]
Checksum = Annotated[str, AfterValidator(_hexadecimal)]


class Item(Model):
    """One dataset: a plugin or ``openml:ID``, a file, or an address with its checksum.

    Examples
    --------
    >>> Item.model_validate("moons(noise=0.1)").dataset
    'moons(noise=0.1)'
    """

    dataset: Text | None = None
    path: Text | None = None
    url: Address | None = None
    sha256: Checksum | None = None
    name: Name | None = None
    group: Name | Literal[""] = ""
    options: dict[str, Any] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        """Read text as the name of a plugin, as on the command line."""
        return {"dataset": data} if isinstance(data, str) else data

    @field_validator("dataset")
    @classmethod
    def _no_file(cls, dataset: str | None) -> str | None:
        if dataset is not None and not _PLUGIN.fullmatch(dataset):
            raise ValueError(
                f'a dataset is a plugin, e.g. "iris", or "openml:61", got {dataset!r}; for a file give '
                f"{{path = {dataset!r}}}"
            )
        return dataset

    @field_validator("options")
    @classmethod
    def _plain(cls, options: dict[str, Any]) -> dict[str, Any]:
        for name, value in options.items():
            check_plain(name, value)
        return options

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(each is not None for each in (self.dataset, self.path, self.url)) != 1:
            raise ValueError("give one of dataset, path and url")
        if (self.url is None) != (self.sha256 is None):
            raise ValueError("an address needs its checksum, and only an address has one: url and sha256")
        if self.dataset is not None and (self.name is not None or self.options):
            raise ValueError(
                f'name and options are for files: write parameters as "{self.dataset.partition("(")[0]}'
                '(name=value)"'
            )
        if "name" in self.options:
            raise ValueError("give the name beside the options: {name = ..., options = {...}}")
        return self


class Archive(Model):
    """A zip of folders with datasets ``NAME.data.gz``, and the numbers of their reference labellings.

    `folder` is looked for in ``$HARNESS_DATA`` before anything is downloaded.
    """

    folder: Name
    url: Address
    sha256: Checksum | None = None
    batteries: dict[Name, dict[Name, Annotated[int, Field(ge=1)]]]


class SuiteFile(Model):
    """A whole suite."""

    name: Name
    version: str = ""
    title: str = ""
    licence: str = ""
    citation: str = ""
    protocol: ProtocolName = "full"
    k: Literal["reference"] | Annotated[int, Field(ge=1)] = "reference"
    metrics: list[Text] = Field(default=[])
    aggregate: Literal["mean", "median"] = "mean"
    datasets: list[Item] = Field(default=[])
    archive: Archive | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.datasets and self.archive is None:
            raise ValueError('a suite needs datasets, e.g. datasets = ["iris", {path = "flowers.csv"}]')
        return self
