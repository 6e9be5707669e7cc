"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from ..store import Store

F = TypeVar("F", bound=Callable[..., Any])

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
