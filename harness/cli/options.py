"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import suggest

if TYPE_CHECKING:
    from ..store import Store

F = TypeVar("F", bound=Callable[..., Any])


KINDS = ("encode", "cluster", "score")
STATUSES = ("failed", "crashed", "timeout", "out-of-memory", "not-applicable")
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def read_times(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, float]:
    """Read a time for every kind of stage, as 600, or for some, as encode=3600,cluster=600."""
    found: dict[str, float] = {}
    for part in value.split(",") if value is not None else ():
        kind, equals, number = part.rpartition("=")
        try:
            seconds = float(number)
        except ValueError:
            seconds = 0.0
        if seconds <= 0 or (equals and kind not in KINDS):
            raise click.BadParameter(
                f"{value!r} is no time. Write seconds, as 600, or encode=3600,cluster=600,score=60."
            )
        found |= {kind: seconds} if equals else dict.fromkeys(KINDS, seconds)
    return found


def read_size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Read an amount of memory, as 500M or 4G."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])i?B?", value, re.IGNORECASE)
    if not found or not float(found[1]):
        raise click.BadParameter(f"{value!r} is no amount of memory. Write a number and K, M, G or T, as 4G.")
    return int(float(found[1]) * UNITS[found[2].upper()])


def read_statuses(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Read statuses, joined by commas, given one by one, or both."""
    found = [name.strip() for text in value for name in text.split(",")]
    wrong = next((name for name in found if name not in STATUSES), None)
    if wrong is not None:
        raise click.BadParameter(
            f"{wrong!r} is no status to retry.{suggest(wrong, STATUSES)} "
            f"Write one or more of {', '.join(STATUSES)}, joined by commas."
        )
    return tuple(dict.fromkeys(found))


store_option = click.option(
    "--store",
    type=click.Path(path_type=Path),
    default=Path(".harness"),
    envvar="HARNESS_STORE",
    show_default=True,
    help="Folder of records and arrays.",
)
plugin_option = click.option(
    "--plugin",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Python file with more plugins; may be repeated.",
)


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open a store that must be there already."""
    from ..errors import StoreError
    from ..store import Store

    if not (folder / "records.sqlite").exists():
        raise StoreError(
            f"There is no store in {str(folder)!r}. Run 'harness bench' first, or name one with --store."
        )
    opened = Store(folder)
    try:
        yield opened
    finally:
        opened.close()
