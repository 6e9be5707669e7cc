"""Downloads of well-known datasets: from the official address or a mirror, checked, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from ..core.errors import DataError
from .sources import RemoteFile, Source, downloads

Progress = Callable[[str, int, int], None]
_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces


class _Meter:
    """A progress bar for pooch that calls a plain function."""

    def __init__(self, name: str, progress: Progress) -> None:
        self.name, self.progress, self.total, self.done = name, progress, 0, 0

    def update(self, n_bytes: int) -> None:
        self.done = min(self.done + n_bytes, self.total) if self.total else self.done + n_bytes
        self.progress(self.name, self.done, self.total)

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        """Nothing is left open."""


def fetch(source: Source, progress: Progress | None = None) -> Path:
    """Download a dataset's missing files into the cache folder, and return that folder.

    Parameters
    ----------
    source : Source
        Files with checksums, and addresses; each address is tried in turn, the official one first.
    progress : callable, optional
        Called with the file's name, the bytes done and the bytes in all (0 where unknown).

    Raises
    ------
    DataError
        If no address has the right file; the error says how else to get the data. No partial file remains.
    """
    folder = downloads(source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"{folder}: cannot create the folder: {error.strerror}. Set HARNESS_CACHE to another folder."
        ) from error
    addresses = list(source.urls)
    for file in source.files:
        used = _from_any(addresses, source, file, progress)
        # The address that just worked comes first, so that files do not each wait for a dead one.
        addresses.sort(key=lambda address: address != used)
    return folder


def _from_any(addresses: list[str], source: Source, file: RemoteFile, progress: Progress | None) -> str:
    reasons = []
    for address in addresses:
        reason = _twice(f"{address.rstrip('/')}/{file.name}", file, downloads(source), progress)
        if reason is None:
            return address
        reasons.append(f"{urlsplit(address).netloc}: {reason}")
    raise DataError(
        f"{source.dataset}: cannot download {file.name} "
        f"({'; '.join(reasons) or 'no address known'}). {_ways(source)}"
    )


def _twice(url: str, file: RemoteFile, folder: Path, progress: Progress | None) -> str | None:
    """Download from one address, retrying once if the connection breaks; return the error, or None."""
    import requests

    reason: str | None = None
    for _ in range(2):
        try:
            _once(url, file, folder, progress)
            return None
        except requests.HTTPError as error:
            return f"HTTP status {getattr(error.response, 'status_code', 'unknown')}"
        except requests.ConnectTimeout:
            return f"no response within {_TIMEOUT[0]} seconds"
        except requests.exceptions.ChunkedEncodingError:
            reason = "the connection broke twice"
        except requests.RequestException as error:
            reason = f"no connection ({type(error).__name__})"
        except ValueError as error:
            return str(error).partition(". ")[0]  # expected and actual checksum
        except OSError as error:
            raise DataError(f"{folder}: cannot write: {error.strerror or error}.") from error
    return reason


def _once(url: str, file: RemoteFile, folder: Path, progress: Progress | None) -> None:
    import pooch

    pooch.get_logger().setLevel("WARNING")  # `progress` reports downloads
    download = pooch.HTTPDownloader(
        progressbar=_Meter(file.name, progress) if progress else False,
        chunk_size=1 << 16,
        timeout=_TIMEOUT,
        headers={"Accept-Encoding": "identity"},  # a .gz file must arrive as it is, not unpacked
    )
    target = pooch.retrieve(url, file.checksum or None, file.name, folder, downloader=download)
    with suppress(OSError):  # e.g. of an existing folder that another user owns
        Path(target).chmod(0o644)  # pooch makes it readable by its owner only, but a cache may be shared


def _ways(source: Source) -> str:
    if source.ways:
        return source.ways
    names = ", ".join(file.name for file in source.files)
    third = (
        f"`apt-get install {source.package}`"
        if source.package
        else "`-d PATH` with your own copy of the files"
    )
    return (
        f"Three ways to get the data: (1) run `harness datasets fetch {source.dataset}` on a machine with a "
        f"network and copy its cache folder to {downloads(source)}; "
        f"(2) put {names} in $HARNESS_DATA/{source.dataset}/; (3) {third}."
    )
