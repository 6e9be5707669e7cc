"""Places of a suite's files on this machine, and what is downloaded there."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from ...core.errors import DataError
from ...core.files import cache_folder, write_whole
from ...core.library_calls import library_call
from ...data.folder_files import is_hidden
from ...data.sources import RemoteFile, Source
from .model import Archive, Item, SuiteFile

Progress = Callable[[str, int, int], None]
FOLDER = "suites"  # in the cache folder


def archive_folders(archive: Archive) -> list[Path]:
    """Return the folders in which an archive's batteries are looked for, the user's own first."""
    own = os.environ.get("HARNESS_DATA")
    cached = cache_folder() / FOLDER / archive.folder
    return [*([Path(own).expanduser() / archive.folder] if own else []), cached]


def archive_file(archive: Archive, battery: str, name: str) -> Path:
    """Return the file of a dataset of an archive; if it is not here, where it will be once fetched."""
    places = [
        folder / battery / f"{name}.data{end}" for folder in archive_folders(archive) for end in (".gz", "")
    ]
    return next((place for place in places if place.is_file()), places[-2])


def local_file(item: Item) -> Path:
    """Return where the file of an address is kept, in a folder of its checksum."""
    named = PurePosixPath(unquote(urlsplit(item.url or "").path)).name
    return cache_folder() / FOLDER / str(item.sha256)[:16] / named


def missing(file: SuiteFile) -> list[str]:
    """Return the addresses of what a suite would download: files, and its archive if none of it is here."""
    addresses = [item.url for item in file.datasets if item.url and not local_file(item).is_file()]
    archive = file.archive
    if archive is not None:
        wanted = ((battery, name) for battery, names in archive.batteries.items() for name in names)
        if not any(archive_file(archive, *each).is_file() for each in wanted):
            addresses.append(archive.url)
    return addresses


def fetch(file: SuiteFile, told: Callable[[str], None], progress: Progress | None = None) -> Iterator[Path]:
    """Download what a suite's file gives addresses for, and yield each place; what is here is kept.

    Parameters
    ----------
    file : SuiteFile
    told : callable
        Called with a line on what could not be checked.
    progress : callable, optional
        See `harness.data.fetch`.

    Raises
    ------
    DataError
        If an address cannot be reached, or what it has is not what the suite expects.
    """
    for item in file.datasets:
        if item.url and not local_file(item).is_file():
            yield _download(file.name, item.url, item.sha256, local_file(item).parent, progress)
    archive = file.archive
    if archive is not None:
        target = archive_folders(archive)[-1]
        packed = _download(file.name, archive.url, archive.sha256, target, progress)
        if archive.sha256 is None:
            told(f"{archive.url}: the suite {file.name!r} gives no checksum for it, so it was not checked.")
        _unpack(packed, archive, target)
        packed.unlink(missing_ok=True)
        yield target


def _download(suite: str, url: str, sha256: str | None, folder: Path, progress: Progress | None) -> Path:
    from ...data.download import fetch as download

    start, _, name = url.rpartition("/")
    remote = RemoteFile(unquote(name), f"sha256:{sha256}" if sha256 else "")
    ways = f"Run it again with a network, or put the file into {folder} and run it again."
    return download(Source(suite, (remote,), (start,), ways=ways, folder=folder), progress) / remote.name


def _unpack(packed: Path, archive: Archive, target: Path) -> None:
    """Write the files of the batteries, wherever in the zip their folders are; no other path is written."""

    def refusal(reason: str) -> DataError:
        packed.unlink(missing_ok=True)  # else it would be taken for the whole one the next time
        return DataError(f"{archive.url}: not a readable zip: {reason}. Run it again.")

    found = False
    with library_call(refusal), zipfile.ZipFile(packed) as content:
        for member in content.infolist():
            parts = PurePosixPath(member.filename).parts
            if len(parts) < 2 or member.is_dir() or parts[-2] not in archive.batteries:
                continue
            if not is_hidden(parts[-1]) and Path(parts[-1]).name == parts[-1]:
                write_whole(target / parts[-2] / parts[-1], content.read(member))
                found = True
    if not found:
        packed.unlink(missing_ok=True)
        names = ", ".join(archive.batteries)
        raise DataError(f"{archive.url}: the zip has none of the folders {names}. Check the address.")
