"""Arrays of a store: files named by the digest of their content, in a folder and, on request, elsewhere."""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ..core.errors import StoreError
from ..core.files import cache_folder
from ..core.mapped_rows import batches, is_mapped

OPEN = 4  # arrays that are kept mapped
LEFT_BEHIND = 3600.0  # seconds after which a file still being written counts as abandoned


class Elsewhere(Protocol):
    """A place that other machines can reach too, such as `harness.store.remote_arrays.Remote`."""

    def fetch(self, digest: str) -> bytes | None:
        """Return the content of a file, or None if there is none."""

    def send(self, digest: str, content: bytes) -> None:
        """Write a file."""

    def has(self, digest: str) -> bool:
        """Return whether a file exists."""

    def sizes(self) -> dict[str, int]:
        """Return the bytes of every file by its digest."""

    def remove(self, digest: str) -> None:
        """Remove a file, if it exists."""


class Arrays:
    """Arrays by the SHA-256 of their ``.npy`` files, verified on first read per process.

    Parameters
    ----------
    folder : Path, optional
        Folder of the files, from which they are memory-mapped. With another place it is by default the
        user's cache on each machine.
    elsewhere : Elsewhere, optional
        Another place to write them to, and to read them from if the folder lacks them.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     arrays = Arrays(Path(folder))
    ...     arrays.get(arrays.put(np.arange(3))).tolist()
    [0, 1, 2]
    """

    def __init__(self, folder: Path | None = None, elsewhere: Elsewhere | None = None) -> None:
        self.folder = (folder or _copies(str(elsewhere))).resolve()
        self._elsewhere = elsewhere
        self._verified: set[str] = set()
        self._open: dict[str, NDArray[Any]] = {}  # the last ones, as the scores of a fit read the same

    def __reduce__(self) -> tuple[Callable[..., Arrays], tuple[Any, ...]]:
        """Share one instance per process, so that each array is read and verified once."""
        return _opened, (None if self._elsewhere else self.folder, self._elsewhere)

    def __str__(self) -> str:
        return str(self._elsewhere or self.folder)

    def put(self, array: NDArray[Any], lasting: bool = True) -> str:
        """Write an array, unless it exists, and return its digest.

        Parameters
        ----------
        array : ndarray
        lasting : bool
            Whether to wait until it is on disk; not needed for arrays that can be rewritten at any time.

        Raises
        ------
        StoreError
            If it cannot be written.
        ValueError
            If it contains objects, which would need pickle.
        """
        hashed = hashlib.sha256()
        for part in _parts(array):
            hashed.update(part)
        digest = hashed.hexdigest()
        if not self._path(digest).exists():
            self._write(digest, _parts(array), lasting)
        if self._elsewhere is not None and not self._elsewhere.has(digest):
            self._elsewhere.send(digest, b"".join(_parts(array)))
        return digest

    def get(self, digest: str) -> NDArray[Any]:
        """Read an array, memory-mapped and read-only.

        Raises
        ------
        StoreError
            If its file is missing, unreadable, or has changed.
        """
        path = self._path(digest)
        try:
            if digest not in self._verified or not path.exists():
                self._verify(digest)
                self._verified.add(digest)
                self._open.pop(digest, None)
            array = self._open.get(digest)
            if array is None:
                array = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
                for earlier in list(self._open)[: 1 - OPEN]:
                    self._open.pop(earlier, None)
                self._open[digest] = array
            return array.view()
        except (OSError, ValueError) as error:
            raise StoreError(f"Cannot read array {digest[:12]} in {str(self)!r}: {error}.") from None

    def _verify(self, digest: str) -> None:
        """Ensure that the local file has the right content; a bad copy is fetched again."""
        path = self._path(digest)
        here = _digest(path)
        if here != digest and self._elsewhere is not None:
            path.unlink(missing_ok=True)
            content = self._elsewhere.fetch(digest)
            here = None if content is None else hashlib.sha256(content).hexdigest()
            if content is not None and here == digest:
                self._write(digest, [memoryview(content)])
        if here != digest:
            self.remove(digest)
            what = "is missing" if here is None else "was damaged and has been dropped"
            raise StoreError(
                f"Array {digest[:12]} in {str(self)!r} {what}. Run again to recompute only what it belonged "
                "to."
            )

    def has(self, digest: str) -> bool:
        """Return whether an array's file exists for all machines; a marker such as ``=input`` has no file."""
        if digest.startswith("="):
            return True
        return self._path(digest).exists() if self._elsewhere is None else self._elsewhere.has(digest)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of every file by digest, without copies and files being written."""
        if self._elsewhere is not None:
            return dict(sorted(self._elsewhere.sizes().items()))
        found = {}
        for path in self.folder.glob("??/*.npy"):
            with suppress(OSError):  # removed in the meantime
                found[path.stem] = path.stat().st_size
        return dict(sorted(found.items()))

    def sound(self, digest: str) -> bool:
        """Return whether an array's file exists with the right content.

        Raises
        ------
        StoreError
            If that cannot be checked.
        """
        if self._elsewhere is not None:
            content = self._elsewhere.fetch(digest)
            return content is not None and hashlib.sha256(content).hexdigest() == digest
        try:
            return _digest(self._path(digest)) == digest
        except OSError as error:
            raise StoreError(f"Cannot read array {digest[:12]} in {str(self)!r}: {error}.") from None

    def remove(self, digest: str) -> None:
        """Remove an array's file, wherever it is."""
        try:
            self._path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot remove array {digest[:12]}: {error.strerror}.") from None
        if self._elsewhere is not None:
            self._elsewhere.remove(digest)

    def reach(self) -> None:
        """Check that the place can be reached.

        Raises
        ------
        StoreError
            If it cannot be reached.
        """
        if self._elsewhere is not None:
            self._elsewhere.sizes()

    def tidy(self) -> None:
        """Remove leftovers of killed writers."""
        for path in self.folder.glob("??/tmp*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFT_BEHIND:
                    path.unlink()

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.npy"

    def _write(self, digest: str, parts: Iterable[memoryview], lasting: bool = True) -> None:
        """Write a file atomically, even if the writer or the power fails."""
        path = self._path(digest)
        new = path.with_name(f"tmp{uuid4().hex}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with new.open("xb") as file:
                for part in parts:
                    file.write(part)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            new.replace(path)
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise StoreError(f"Cannot write arrays in {str(self.folder)!r}: {error}.") from None


@lru_cache(maxsize=8)
def _opened(folder: Path | None, elsewhere: Elsewhere | None) -> Arrays:
    return Arrays(folder, elsewhere)


def _parts(array: NDArray[Any]) -> Iterator[memoryview]:
    """Yield the output of `numpy.save`, without copying the array; a mapped one by batches."""
    if array.dtype.hasobject:
        raise ValueError("cannot store an array of objects: pickle is not allowed (allow_pickle=False)")
    array = np.ascontiguousarray(array)
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    yield memoryview(head.getvalue())
    for block in (block for _, block in batches(array)) if is_mapped(array) else [array]:
        yield block.reshape(-1).view(np.uint8).data


def _copies(place: str) -> Path:
    return cache_folder() / "arrays" / hashlib.sha256(place.encode()).hexdigest()[:16]


def _digest(path: Path) -> str | None:
    """Return the digest of a file's content, or None if the file does not exist."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
