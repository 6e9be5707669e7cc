"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..core import limits
from ..core.errors import BadParameter, suggest
from ..core.limits import RETRIED

if TYPE_CHECKING:
    from ..store.store import Store

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def read_times(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, float]:
    """Read a time for every kind of stage, as 600, or for some, as encode=3600,cluster=600."""
    return {} if value is None else _read(limits.read_times, value)


def read_size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Read an amount of memory, as 500M or 4G."""
    return None if value is None else _read(limits.read_size, value)


def _read(read: Callable[[str], T], value: str) -> T:
    try:
        return read(value)
    except BadParameter as error:
        raise click.BadParameter(str(error)) from None


def read_statuses(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Read statuses, joined by commas, given one by one, or both."""
    found = [name.strip() for text in value for name in text.split(",")]
    wrong = next((name for name in found if name not in RETRIED), None)
    if wrong is not None:
        raise click.BadParameter(
            f"{wrong!r} is no status to retry.{suggest(wrong, RETRIED)} "
            f"Write one or more of {', '.join(RETRIED)}, joined by commas."
        )
    return tuple(dict.fromkeys(found))


def _read_store(ctx: click.Context, param: click.Parameter, value: str) -> Path:
    """Take an empty name for none, as of a variable that a script forgot to set."""
    from ..api.arguments import store_folder

    return store_folder(value)


store_option = click.option(
    "--store",
    type=click.Path(),
    default=".harness",
    callback=_read_store,
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


def publishing_options(command: F) -> F:
    """Add the options of commands that write a published folder."""
    for option in (
        click.option(
            "--reference/--no-reference",
            default=None,
            help="Show published results of others beside the boards, graded; by default as it was.",
        ),
        click.option(
            "--site",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Write web pages of the boards too, which work by themselves.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open a store that must be there already."""
    from ..core.errors import StoreError
    from ..store.store import Store

    if not (folder / "records.sqlite").exists():
        raise StoreError(
            f"There is no store in {str(folder)!r}. Run 'harness bench' first, or name one with --store."
        )
    opened = Store(folder)
    try:
        yield opened
    finally:
        opened.close()
