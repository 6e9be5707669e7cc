"""Arrays at a place that other machines can reach: any fsspec URL, such as ``s3://bucket/arrays``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import uuid4

from ..core.errors import StoreError, error_line
from ..core.extras import needs
from .arrays import Arrays

P = ParamSpec("P")
R = TypeVar("R")
LOCAL = "file://"


def open_arrays(place: str, folder: Path, store: str = "") -> Arrays:
    """Open the arrays of a store.

    Parameters
    ----------
    place : str
        A folder, an fsspec URL, or nothing for `folder`.
    folder : Path
        Default place.
    store : str
        Identifier of the store among others with arrays in the same place.

    Raises
    ------
    StoreError
        If the place is unknown, or its requirements are not installed.
    """
    if not place:
        return Arrays(folder)
    if "://" not in place:
        return Arrays(Path(place) / store)
    if place.startswith(LOCAL):
        return Arrays(Path(url2pathname(urlsplit(place).path)) / store)
    return Arrays(elsewhere=remote(f"{place.rstrip('/')}/{store}"))


def _told(function: Callable[P, R]) -> Callable[P, R]:
    """Convert errors of the connection to one line."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except StoreError:
            raise
        except ImportError as error:
            what = needs([error.name.partition(".")[0]]) if error.name else str(error)
            raise StoreError(f"Cannot reach arrays in {str(args[0])!r}: {what}") from None
        except Exception as error:  # each protocol has its own errors
            raise StoreError(f"Cannot reach arrays in {str(args[0])!r}: {error_line(error, 200)}.") from None

    return wrapped


class Remote:
    """Files by digest at an fsspec URL.

    Parameters
    ----------
    url : str
        A folder; it is created. Credentials are best left to the configuration of fsspec.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._there: set[str] | None = None  # known to exist, so that they are not checked again

    def __reduce__(self) -> tuple[Callable[[str], Remote], tuple[str]]:
        return remote, (self.url,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Remote) and other.url == self.url

    def __hash__(self) -> int:
        return hash(self.url)

    def __str__(self) -> str:
        return self.url

    @cached_property
    @_told
    def _files(self) -> tuple[Any, str]:
        """The file system, and the path of the folder in it."""
        import fsspec

        system, path = fsspec.core.url_to_fs(self.url, use_listings_cache=False)  # other machines write too
        system.makedirs(path, exist_ok=True)
        return system, path

    @_told
    def fetch(self, digest: str) -> bytes | None:
        """Return the content of a file, or None if there is none."""
        system, _ = self._files
        try:
            content: bytes = system.cat_file(self._path(digest))
        except FileNotFoundError:
            (self._there or set()).discard(digest)
            return None
        return content

    @_told
    def send(self, digest: str, content: bytes) -> None:
        """Write a file atomically: under a temporary name, then move it."""
        system, _ = self._files
        part = f"{self._path(digest)}.{uuid4().hex}"
        system.makedirs(self._path(digest).rpartition("/")[0], exist_ok=True)
        system.pipe_file(part, content)
        try:
            system.mv(part, self._path(digest))
        except Exception:
            system.rm_file(part)
            if not self._exists(digest):  # otherwise another process has just written the same
                raise
        if self._there is not None:
            self._there.add(digest)

    @_told
    def has(self, digest: str) -> bool:
        """Return whether a file exists."""
        if self._there is None:
            self._there = set(self.sizes())
        if digest not in self._there and self._exists(digest):
            self._there.add(digest)
        return digest in self._there

    def _exists(self, digest: str) -> bool:
        """Check for one file; errors other than "not found" propagate."""
        try:
            self._files[0].info(self._path(digest))
        except FileNotFoundError:
            return False
        return True

    @_told
    def sizes(self) -> dict[str, int]:
        """Return the bytes of every file by its digest."""
        system, path = self._files
        found = system.find(path, detail=True)
        return {Path(name).stem: info["size"] for name, info in found.items() if name.endswith(".npy")}

    @_told
    def remove(self, digest: str) -> None:
        """Remove a file, if it exists."""
        (self._there or set()).discard(digest)
        if self._exists(digest):
            self._files[0].rm_file(self._path(digest))

    def _path(self, digest: str) -> str:
        return f"{self._files[1]}/{digest[:2]}/{digest}.npy"


@cache
def remote(url: str) -> Remote:
    """Return one instance per URL, so that a process connects and lists once."""
    return Remote(url)
