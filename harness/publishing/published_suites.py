"""Suites in a published folder: their descriptions, and the pages drawn from the leaderboards beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ..core.choices import ProtocolName
from ..core.errors import HarnessError
from ..core.suite import Suite, SuiteDataset
from ..leaderboard.suite.build_suite import suite_boards
from ..leaderboard.suite.load_suite import load_suite, suite_names
from ..leaderboard.suite.suite_board import SuiteBoard
from ..leaderboard.suite.suite_formats import suite_csv
from ..leaderboard.suite.suite_markdown import suite_markdown
from .bundle import Published
from .findings import Findings
from .npz import shown
from .schema import Name, Text
from .strict_json import NO_LINE, strict_json

FOLDER = "suites"
LARGEST = 2**22  # bytes of a description
FileName = Annotated[str, Field(pattern=r"^[^\W_][\w.\- ]{0,99}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DatasetLine(_Strict):
    """A dataset of a suite: its name, its battery, and its leaderboards, one per reference."""

    name: Name
    group: Annotated[str, Field(max_length=100)] | Name
    boards: Annotated[list[Name], Field(min_length=1, max_length=100)]


class SuiteFile(_Strict):
    """The description of a suite, by which its pages are drawn again without a store."""

    name: Annotated[FileName, AfterValidator(str)]
    version: Text
    title: Text
    licence: Text
    citation: Text
    protocol: ProtocolName
    metrics: Annotated[list[Name], Field(max_length=100)]
    aggregate: Literal["mean", "median"]
    n_clusters: Annotated[int, Field(ge=1, le=10**9)] | None = None
    datasets: Annotated[list[DatasetLine], Field(min_length=1, max_length=10_000)]


def description(suite: Suite) -> str:
    """Write the description of a suite as JSON; without what opens its datasets on this machine.

    Raises
    ------
    HarnessError
        If something in it cannot be published.
    """
    plain: dict[str, Any] = {
        **{
            name: getattr(suite, name)
            for name in SuiteFile.model_fields
            if name not in ("datasets", "metrics")
        },
        "metrics": list(suite.metrics),
        "datasets": [
            {"name": each.name, "group": each.group, "boards": list(each.boards)} for each in suite.datasets
        ],
    }
    try:
        SuiteFile.model_validate(plain)
    except ValidationError as error:
        raise HarnessError(f"Cannot publish suite {suite.name!r}: {_first(error)}.") from None
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def suite_from(text: bytes) -> Suite:
    """Read the description of a suite.

    Raises
    ------
    ValueError
        If it is not one.
    """
    found = SuiteFile.model_validate(strict_json(text))
    datasets = tuple(
        SuiteDataset(each.name, each.group, tuple(each.boards), tuple(each.boards)) for each in found.datasets
    )
    plain = {name: getattr(found, name) for name in SuiteFile.model_fields}
    return Suite(**{**plain, "metrics": tuple(found.metrics), "datasets": datasets})


def read_suites(
    folder: Path, here: Iterable[Path], boards: Iterable[str], findings: Findings
) -> dict[str, Suite]:
    """Read the well-formed descriptions of suites of a folder; the rest becomes findings.

    Parameters
    ----------
    folder : Path
    here : iterable of Path
        Its files, relative to it.
    boards : iterable of str
        The leaderboards published in it.
    findings : Findings
        Is added to.
    """
    found, known = {}, {*boards}
    for path in sorted(here):
        if path.parent != Path(FOLDER) or path.suffix != ".json":
            continue
        where = shown(path.as_posix())
        try:
            if (folder / path).stat().st_size > LARGEST:
                raise ValueError(f"is over {LARGEST:,} bytes")
            suite = suite_from((folder / path).read_bytes())
        except ValidationError as error:
            findings.wrong(where, _first(error))
            continue
        except NO_LINE as error:
            findings.wrong(where, f"is not a description of a suite: {shown(str(error))}")
            continue
        if suite.name != path.stem:
            findings.wrong(where, f"is named {shown(suite.name)} within")
        elif not known & {f"{name}.{suite.protocol}" for each in suite.datasets for name in each.boards}:
            findings.wrong(where, "has no leaderboard that is published here")
        else:
            found[suite.name] = suite
            findings.ok("descriptions of suites")
    return found


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(map(str, first["loc"]))
    return f"{shown(field)}: {first['msg'].lower()}, got {shown(str(first['input']), 60)}"


def suites_of(published: Published) -> Iterator[list[SuiteBoard]]:
    """Yield the leaderboards of each suite of a published folder, by each of its metrics."""
    for _, suite in sorted(published.suites.items()):
        yield suite_boards(suite, load_suite(published, suite, suite.protocol))


def suite_files(suites: Iterable[list[SuiteBoard]]) -> dict[str, str]:
    """Return the pages of suites by file."""
    found = {}
    for boards in suites:
        name = boards[0].suite.name
        found[f"{FOLDER}/{name}.md"] = suite_markdown(*boards)
        found[f"{FOLDER}/{name}.csv"] = suite_csv(*boards)
    return found


def to_publish(published: Published, suite: Suite, protocol: str | None = None) -> Suite:
    """Return a suite with the protocol of its published leaderboards."""
    names = suite_names(published, suite, protocol)
    return replace(suite, protocol=names[0].rpartition(".")[2])


def merged_suites(first: Published, second: Published, prefer: str = "") -> Mapping[str, Suite]:
    """Return the suites of two folders; the pages of a suite are drawn again from the merged leaderboards.

    Raises
    ------
    HarnessError
        If the two describe one suite differently, and none is preferred.
    """
    for name in sorted(first.suites.keys() & second.suites.keys()):
        one, other = first.suites[name], second.suites[name]
        if description(one) != description(other) and not prefer:
            raise HarnessError(
                f"Suite {name!r} is described differently in {str(first.folder)!r} and "
                f"{str(second.folder)!r}: {_difference(one, other)}. Choose with --prefer, or rename one."
            )
    pair = (first.suites, second.suites) if prefer == "second" else (second.suites, first.suites)
    return {**pair[0], **pair[1]}


def _difference(one: Suite, other: Suite) -> str:
    """Describe the first difference of two suites."""
    for name in ("version", "protocol", "aggregate", "metrics", "title", "licence", "citation", "n_clusters"):
        if getattr(one, name) != getattr(other, name):
            return f"{name} {getattr(one, name)!r} and {getattr(other, name)!r}"
    names = [{each.name for each in suite.datasets} for suite in (one, other)]
    apart = sorted(names[0] ^ names[1])
    return f"only one has {', '.join(apart[:3])}" if apart else "references or order of datasets"
