"""Arrays where other machines reach them: any place that fsspec knows, such as ``s3://bucket/arrays``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from .arrays import Arrays
from .errors import StoreError, needs

P = ParamSpec("P")
R = TypeVar("R")
LOCAL = "file://"


def open_arrays(place: str, folder: Path) -> Arrays:
    """Open the arrays of a store.

    Parameters
    ----------
    place : str
        A folder, an fsspec URL, or nothing for `folder`.
    folder : Path
        Where they are by default.

    Raises
    ------
    StoreError
        When no such place is known, or what it needs is not installed.
    """
    if "://" not in place or place.startswith(LOCAL):
        return Arrays(Path(place.removeprefix(LOCAL)) if place else folder)
    return Arrays(elsewhere=Remote(place))


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
            text = " ".join(str(error).split())
            raise StoreError(
                f"Arrays in {str(args[0])!r} cannot be reached: {type(error).__name__}: {text:.200}."
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
        self._there: set[str] = set()  # known to be there, so that they are not asked for again
        self._files  # noqa: B018  # a wrong place is an error at once

    def __reduce__(self) -> tuple[type[Remote], tuple[str]]:
        return Remote, (self.url,)

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

        system, path = fsspec.core.url_to_fs(self.url)
        system.makedirs(path, exist_ok=True)
        self._there = {Path(name).stem for name in system.find(path) if name.endswith(".npy")}
        return system, path

    @_told
    def fetch(self, digest: str) -> bytes | None:
        """Return the content of a file, or None where there is none."""
        system, _ = self._files
        try:
            content: bytes = system.cat_file(self._path(digest))
        except FileNotFoundError:
            self._there.discard(digest)
            return None
        return content

    @_told
    def send(self, digest: str, content: bytes) -> None:
        """Write a file under a name of its own and move it: it is there whole or not at all."""
        system, _ = self._files
        part = f"{self._path(digest)}.{uuid4().hex}"
        system.makedirs(self._path(digest).rpartition("/")[0], exist_ok=True)
        system.pipe_file(part, content)
        system.mv(part, self._path(digest))
        self._there.add(digest)

    @_told
    def has(self, digest: str) -> bool:
        """Whether a file is there."""
        if digest not in self._there and self._files[0].exists(self._path(digest)):
            self._there.add(digest)
        return digest in self._there

    @_told
    def sizes(self) -> dict[str, int]:
        """Return the bytes of every file by its digest."""
        system, path = self._files
        found = system.find(path, detail=True)
        return {Path(name).stem: info["size"] for name, info in found.items() if name.endswith(".npy")}

    @_told
    def remove(self, digest: str) -> None:
        """Remove a file, where there is one."""
        system, _ = self._files
        self._there.discard(digest)
        if system.exists(self._path(digest)):
            system.rm_file(self._path(digest))

    def _path(self, digest: str) -> str:
        return f"{self._files[1]}/{digest[:2]}/{digest}.npy"
