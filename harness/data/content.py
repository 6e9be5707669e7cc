"""Content of a file that may be compressed: with gzip, bzip2 or xz, or as a file in a zip."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from ..core.errors import DataError, suggest
from ..core.library_calls import library_call
from .advice import command, line

_PACKINGS: dict[
    bytes, tuple[str, str, Any]
] = {  # first bytes: name, the command that unpacks, and a function
    b"\x1f\x8b": ("gzip", "gunzip", gzip.open),
    b"BZh": ("bzip2", "bunzip2", bz2.open),
    b"\xfd7zXZ": ("xz", "unxz", lzma.open),
}
PACKED = (".gz", ".bz2", ".xz", ".zip")


@dataclass(frozen=True)
class Content:
    """A file, perhaps compressed, or one file in a zip.

    Parameters
    ----------
    path : Path
        The file on disk.
    member : str
        Which file of a zip; empty if it is not a zip.
    left_out : tuple of str
        The other files of the zip, each with the reason.
    """

    path: Path
    member: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The suffix of the format, in lower case, without that of the compression.

        Examples
        --------
        >>> Content(Path("flowers.TSV.gz")).suffix
        '.tsv'
        """
        return PurePosixPath(self.member or unpacked_name(self.path)).suffix.lower()

    @property
    def packing(self) -> tuple[str, str]:
        """The name of the compression, and the command that unpacks it; empty if there is none."""
        if self.member:
            return "zip", "unzip"
        packing = _packing(self.path)
        return packing[:2] if packing else ("", "")

    def open(self) -> IO[bytes]:
        """Open the uncompressed content, to read bytes."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive:  # the member keeps the file open
                return archive.open(self.member)
        packing = _packing(self.path)
        file: IO[bytes] = packing[2](self.path) if packing else self.path.open("rb")
        return file

    def head(self, size: int) -> bytes:
        """Return the first bytes of the uncompressed content.

        Raises
        ------
        DataError
            If the content cannot be decompressed.
        """
        packing = self.packing[0]
        if not packing:
            with self.open() as file:
                return file.read(size)
        place = f"{self.member}: " if self.member else ""
        refusal = f"{self.path}: {place}corrupt {packing} data: "
        with (
            library_call(lambda reason: DataError(f"{refusal}{reason}. Get the file again.")),
            self.open() as file,
        ):
            return file.read(size)


def _packing(path: Path) -> tuple[str, str, Any] | None:
    with path.open("rb") as file:
        head = file.read(8)
    return next((packing for magic, packing in _PACKINGS.items() if head.startswith(magic)), None)


def unpacked_name(path: Path) -> str:
    """Return the name of a file without the suffix of its compression.

    Examples
    --------
    >>> unpacked_name(Path("flowers.csv.GZ"))
    'flowers.csv'
    """
    return path.stem if path.suffix.lower() in PACKED else path.name


def zip_members(path: Path) -> list[str] | None:
    """Return the files in a zip, without those added by operating systems; None if it is not a readable zip.

    `.npz` and `.xlsx` files are zips too.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    return [
        name
        for name in names
        if not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")
    ]


def choose_member(path: Path, members: list[str], member: str | None, suffixes: tuple[str, ...]) -> Content:
    """Return the only table in a zip, or the named one.

    Raises
    ------
    DataError
        If the zip has no table, several, or not the named one.
    """
    tables = [name for name in members if PurePosixPath(name).suffix.lower() in suffixes]
    shown = ", ".join(members[:8]) + (", ..." if len(members) > 8 else "")
    if member is not None and member not in members:
        raise DataError(f"{path}: no file {member!r} in the zip. Files: {shown}.{suggest(member, members)}")
    if member is None and len(tables) > 1:
        raise DataError(
            f"{path}: the zip holds several tables: {', '.join(tables[:8])}. "
            f"Name one: {line(path, member=tables[0])}."
        )
    if member is None and not tables:
        raise DataError(
            f"{path}: the zip holds no text table ({', '.join(suffixes)}), only {shown or 'nothing'}. "
            f"Unpack it and give one of its files: {command('unzip', path)}."
        )
    chosen = member or tables[0]
    others = (name for name in members if name != chosen)
    return Content(path, chosen, tuple(f"{name!r} (another file in the zip)" for name in others))
