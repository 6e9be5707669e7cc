"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

import click

from ..core.errors import BadParameter
from ..planning.request import DEFAULTS, OPTIONS, Option, value_type

if TYPE_CHECKING:
    from ..store.store import Store

F = TypeVar("F", bound=Callable[..., Any])
Callback = Callable[[click.Context, click.Parameter, Any], Any]


def reader(read: Callable[[str], Any]) -> Callback:
    """Return a callback that parses the text of an option; repeated values are joined by commas."""

    def callback(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        try:
            if isinstance(value, tuple):
                return read(",".join(value)) if value else value
            return None if value is None else read(value)
        except BadParameter as error:
            raise click.BadParameter(str(error)) from None

    return callback


def request_option(name: str, parameter: str = "") -> Callable[[F], F]:
    """Return the option that sets a field of `Request`; by default the command's parameter has its name."""
    option, (kind, several) = OPTIONS[name], value_type(name)
    return click.option(
        *(option.flags or f"--{name.replace('_', '-')}").split(),
        parameter or name,
        type=_click_type(kind, option),
        is_flag=kind is bool,
        callback=reader(option.read) if option.read else None,
        default=DEFAULTS[name],
        multiple=several,
        help=f"{option.help} May be repeated." if several else option.help,
        metavar=option.metavar,
        envvar=option.envvar,
        show_default=bool(DEFAULTS[name]),
    )


def _click_type(kind: Any, option: Option) -> Any:
    """Return the type that checks one value, or None if a reader checks it."""
    if kind is Path:
        return click.Path(path_type=None if option.read else Path)
    if kind is bool:
        return None
    if option.read:
        return str
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    return click.IntRange(min=1) if kind is int else str


store_option = request_option("store")
plugin_option = request_option("plugins", "files")


yes_option = click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")


def publishing_options(command: F) -> F:
    """Add the options of commands that write a published folder."""
    for option in (
        click.option(
            "--reference/--no-reference",
            default=None,
            help="Include graded results from the literature (default: as in the existing folder).",
        ),
        click.option(
            "--site",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Also write self-contained web pages of the leaderboards to DIR.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """Open an existing store."""
    from ..core.errors import StoreError
    from ..store.store import Store

    if not (folder / "records.sqlite").exists():
        raise StoreError(f"No store in {str(folder)!r}. Run 'harness bench' first, or name one with --store.")
    opened = Store(folder)
    try:
        yield opened
    finally:
        opened.close()
