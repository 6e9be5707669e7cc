"""Local files of well-known datasets: search and verification."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import DataError
from ..core.files import cache_folder
from .gzip_files import open_unpacked


@dataclass(frozen=True)
class RemoteFile:
    """A file to download.

    Parameters
    ----------
    name : str
        Its name, the same at every address and on disk.
    checksum : str
        The checksum of the file as published, as ``"md5:..."`` or ``"sha256:..."``; empty if there is none.
    content : str, optional
        The checksum of a gzip file's content; with it, local copies that were recompressed or
        decompressed are used too.
    """

    name: str
    checksum: str
    content: str | None = None


@dataclass(frozen=True)
class Source:
    """Source of the files of a dataset.

    Parameters
    ----------
    dataset : str
        The dataset's name, and the name of its folder.
    files : tuple of RemoteFile
        All files that make up the dataset.
    urls : tuple of str
        Addresses of folders that hold the files, the official one first.
    folders : tuple of str
        Local folders where a system package may have put the files.
    package : str
        The Debian package that provides them, or nothing.
    ways : str
        Other ways to get the files, for errors; by default those of a dataset's plugin.
    folder : Path, optional
        The folder to download to (default: the dataset's folder in the cache).
    """

    dataset: str
    files: tuple[RemoteFile, ...]
    urls: tuple[str, ...]
    folders: tuple[str, ...] = ()
    package: str = ""
    ways: str = ""
    folder: Path | None = None


def downloads(source: Source) -> Path:
    """Return the folder to download a dataset's files to."""
    return source.folder or cache_folder() / source.dataset


def find(source: Source) -> Path | None:
    """Return the local folder that holds all files of a dataset, or None.

    Looks in ``$HARNESS_DATA/<dataset>/``, ``$HARNESS_DATA/``, the source's own folders and the cache.
    Different datasets use the same file names, so only files with the right checksum, or content, count.

    Raises
    ------
    DataError
        If ``$HARNESS_DATA/<dataset>/`` holds other files under these names.

    Examples
    --------
    >>> find(Source("nowhere", (RemoteFile("a.gz", "md5:0"),), urls=())) is None
    True
    """
    data = os.environ.get("HARNESS_DATA")
    others = [Path(folder) for folder in source.folders] + [downloads(source)]
    if data:
        own = Path(data).expanduser() / source.dataset
        wrong = _wrong(own, source)
        if wrong is None:
            return own
        if wrong:
            raise DataError(f"{wrong}. Replace the files in $HARNESS_DATA/{source.dataset}/, or remove them.")
        others.insert(0, own.parent)
    return next((folder for folder in others if _wrong(folder, source) is None), None)


def _wrong(folder: Path, source: Source) -> str | None:
    """Check a folder's files: return None if correct, "" if one is missing, or an error."""
    paths = [present(folder, file) for file in source.files]
    if not all(paths):
        return ""
    pairs = zip(paths, source.files, strict=True)
    wrong = ((path, mismatch(path, file)) for path, file in pairs if path)
    return next((f"{path}: wrong file: {reason}" for path, reason in wrong if reason), None)


def present(folder: Path, file: RemoteFile) -> Path | None:
    """Return the path of a file in a folder, as published or decompressed, if present."""
    names = (file.name, file.name.removesuffix(".gz"))
    return next((folder / name for name in names if (folder / name).is_file()), None)


def mismatch(path: Path, file: RemoteFile) -> str | None:
    """Return the expected and actual checksum if a file differs from the published one, else None."""
    algorithm = file.checksum.partition(":")[0]
    got = _checksum(path, algorithm)
    if got == file.checksum:
        return None
    if file.content and _checksum(path, file.content.partition(":")[0], unpack=True) == file.content:
        return None
    return f"expected checksum {file.checksum}, got {got}"


def _checksum(path: Path, algorithm: str, *, unpack: bool = False) -> str:
    with open_unpacked(path) if unpack else path.open("rb") as content:
        try:
            return f"{algorithm}:{hashlib.file_digest(content, algorithm).hexdigest()}"
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return f"{algorithm}:damaged"
