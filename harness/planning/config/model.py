"""The model of a benchmark as a file describes it: what is run, with which grids, within which limits."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from ...core.errors import BadParameter
from ...core.limits import KINDS, read_size, write_size
from ...core.spec import BARRED, SIGNS
from .grid import Chain, Choice, Model, Named

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
Place = Annotated[str, Field(min_length=1)]
Status = Literal["failed", "crashed", "timeout", "out-of-memory", "not-applicable"]


class Plugins(Model):
    """Plugins of one's own: files with hooks, and by kind names with their places.

    A place is an import path, ``package.module:Thing``, or a file, ``my_plugins.py:Thing``.
    """

    files: list[str] = Field(default=[])
    encoders: dict[str, str] = Field(default={})
    clusterers: dict[str, str] = Field(default={})
    metrics: dict[str, str] = Field(default={})
    datasets: dict[str, str] = Field(default={})

    @field_validator("encoders", "clusterers", "metrics", "datasets")
    @classmethod
    def _places(cls, places: dict[str, str]) -> dict[str, str]:
        for name, place in places.items():
            if not name or set(name) & {*BARRED, ","}:
                raise ValueError(f"{name!r} must be a plain word without , {SIGNS}")
            if not re.fullmatch(r".+:[^\W\d][\w.]*", place):
                raise ValueError(f"{name!r} must be at 'module:Name' or 'file.py:Name', got {place!r}")
        return places


class Timeout(Model):
    """Most seconds of a stage, by kind; a single number stands for all of them."""

    encode: Seconds | None = None
    cluster: Seconds | None = None
    score: Seconds | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            return data
        if not data > 0:
            raise ValueError(f"must be more than 0 seconds, got {data}")
        return dict.fromkeys(KINDS, data)


def _kind(entry: Any) -> str:
    """Choose by the key `steps`, so that errors speak of the one kind that is meant."""
    return "=chain" if isinstance(entry, Chain) or (isinstance(entry, dict) and "steps" in entry) else "=one"


Encoder = Annotated[Annotated[Named, Tag("=one")] | Annotated[Chain, Tag("=chain")], Discriminator(_kind)]


class Config(Model):
    """A whole benchmark. Each key means what the option of that name means on the command line."""

    datasets: list[Choice] = Field(default=[])
    protocols: list[Literal["full", "train-test", "train", "test"]] = Field(default=[])
    encoders: list[Encoder] = Field(default=[])
    clusterers: list[Named] = Field(default=[])
    metrics: list[Choice] = Field(default=[])
    all: bool = False
    seeds: Count | None = None
    encoder_seeds: Count | None = None
    clusterer_seeds: Count | None = None
    n_clusters: Count | None = None
    settings: Literal["none", "internal", "oracle"] | None = None
    soft: bool = False
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    jobs: Count | None = None
    threads: Count = 1
    timeout: Timeout = Timeout()
    memory: str | None = None
    dask: Place | None = None
    retry: list[Status] = Field(default=[])
    plugins: Plugins = Plugins()
    store: Place = ".harness"
    arrays: Place | None = None
    out: Place = "leaderboard"
    events: Place | None = None

    @field_validator("memory")
    @classmethod
    def _size(cls, memory: str | None) -> str | None:
        try:
            return None if memory is None else write_size(read_size(memory))
        except BadParameter as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _apart(self) -> Config:
        apart = (self.encoder_seeds, self.clusterer_seeds)
        if apart != (None, None) and self.seeds is not None:
            raise ValueError("give seeds, or encoder_seeds and clusterer_seeds, not both")
        if (apart[0] is None) != (apart[1] is None):
            raise ValueError("give both encoder_seeds and clusterer_seeds, or seeds")
        return self

    def options(self) -> dict[str, Any]:
        """Return the options that the file sets, by name, as the command line would give them."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"plugins"}}
        for name in given.keys() & {"datasets", "encoders", "clusterers", "metrics"}:
            given[name] = [text for each in given[name] for text in each.texts()]
        if "timeout" in given:
            seconds = self.timeout.model_dump(exclude_none=True)
            given["timeout"] = ",".join(f"{kind}={most!r}" for kind, most in seconds.items())
        return {name: value for name, value in given.items() if value not in (None, "", [])}
