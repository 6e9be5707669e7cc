"""Arrays where other machines reach them: any place that fsspec knows, such as ``s3://bucket/arrays``."""

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
        Where they are by default.
    store : str
        What tells the store from others that have their arrays in the same place.

    Raises
    ------
    StoreError
        When no such place is known, or what it needs is not installed.
    """
    if not place:
        return Arrays(folder)
    if "://" not in place:
        return Arrays(Path(place) / store)
    if place.startswith(LOCAL):
        return Arrays(Path(url2pathname(urlsplit(place).path)) / store)
    return Arrays(elsewhere=remote(f"{place.rstrip('/')}/{store}"))


def _told(function: Callable[P, R]) -> Callable[P, R]:
    """Turn what goes wrong between here and there into one line."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except StoreError:
            raise
        except ImportError as error:
            what = needs([error.name.partition(".")[0]]) if error.name else str(error)
            raise StoreError(f"Arrays in {str(args[0])!r} cannot be reached: {what}") from None
        except Exception as error:  # each protocol has errors of its own
            raise StoreError(
                f"Arrays in {str(args[0])!r} cannot be reached: {error_line(error, 200)}."
            ) from None

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
        self._there: set[str] | None = None  # known to be there, so that they are not asked for again

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

        system, path = fsspec.core.url_to_fs(self.url, use_listings_cache=False)  # others write too
        system.makedirs(path, exist_ok=True)
        return system, path

    @_told
    def fetch(self, digest: str) -> bytes | None:
        """Return the content of a file, or None where there is none."""
        system, _ = self._files
        try:
            content: bytes = system.cat_file(self._path(digest))
        except FileNotFoundError:
            (self._there or set()).discard(digest)
            return None
        return content

    @_told
    def send(self, digest: str, content: bytes) -> None:
        """Write a file under a name of its own and move it: it is there whole or not at all."""
        system, _ = self._files
        part = f"{self._path(digest)}.{uuid4().hex}"
        system.makedirs(self._path(digest).rpartition("/")[0], exist_ok=True)
        system.pipe_file(part, content)
        try:
            system.mv(part, self._path(digest))
        except Exception:
            system.rm_file(part)
            if not self._exists(digest):  # else somebody else has just written the same
                raise
        if self._there is not None:
            self._there.add(digest)

    @_told
    def has(self, digest: str) -> bool:
        """Whether a file is there."""
        if self._there is None:
            self._there = set(self.sizes())
        if digest not in self._there and self._exists(digest):
            self._there.add(digest)
        return digest in self._there

    def _exists(self, digest: str) -> bool:
        """Ask for one file; what else goes wrong is no answer."""
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
        """Remove a file, where there is one."""
        (self._there or set()).discard(digest)
        if self._exists(digest):
            self._files[0].rm_file(self._path(digest))

    def _path(self, digest: str) -> str:
        return f"{self._files[1]}/{digest[:2]}/{digest}.npy"


@cache
def remote(url: str) -> Remote:
    """Return the same for the same URL, so that a process connects and lists once."""
    return Remote(url)
