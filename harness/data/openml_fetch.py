"""Fetch a dataset of OpenML through scikit-learn: from the server once, then from the cache folder."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

from ..core.errors import DataError, one_line
from ..core.files import cache_folder, read_memo, write_whole
from ..core.library_calls import library_call
from . import openml_server
from .download import Progress

PREFIX = "openml:"
TOLD = ("Version ", "OpenML ")  # beginnings of the warnings on a dataset, as opposed to the connection


def fetch_from_openml(which: str, version: int | None = None, progress: Progress | None = None) -> Any:
    """Return scikit-learn's Bunch, with its `columns` as OpenML describes them and `warned`, notes.

    Parameters
    ----------
    which, version, progress
        See `harness.data.openml.read_openml`.

    Raises
    ------
    DataError
        If there is no such dataset, no answer, a damaged file, or other data than at the first reading.

    Examples
    --------
    >>> fetch_from_openml("iris", version=0)
    Traceback (most recent call last):
    harness.core.errors.DataError: openml:iris: version must be a whole number from 1, got 0.
    """
    from sklearn.datasets import fetch_openml

    where, by_id, address = f"{PREFIX}{which}", which.isdigit(), openml_server.server()
    if by_id and version is not None:
        raise DataError(f"{where}: an ID is of one version already. Leave out version=.")
    if version is not None and (type(version) is not int or version < 1):
        raise DataError(f"{where}: version must be a whole number from 1, got {version!r}.")
    chosen = {"data_id": int(which)} if by_id else {"name": quote(which), "version": version or "active"}
    folder = cache_folder() / "openml" / re.sub(r"\W+", "-", urlsplit(address).netloc)
    refusal = _Refusal(where, address)
    with (
        warnings.catch_warnings(record=True) as warned,
        openml_server.asking(address, where, progress),
        library_call(refusal),
    ):
        warnings.simplefilter("always")
        try:
            found = fetch_openml(**chosen, data_home=folder, read_csv_kwargs={"dtype": {}})
            columns = _known(found.details, folder, where)
            words = {place: str for place, column in enumerate(columns) if column["data_type"] == "nominal"}
            if found.frame is not None and words:  # as text, since 1 and 01 are two classes
                found = fetch_openml(**chosen, data_home=folder, read_csv_kwargs={"dtype": words})
        except (OSError, ValueError) as error:
            raise refusal.of(error) from error
    found.columns = columns
    found.warned = [
        f"OpenML: {text}" for each in warned if (text := one_line(str(each.message))).startswith(TOLD)
    ]
    return found


def _known(details: dict[str, Any], folder: Path, where: str) -> list[dict[str, str]]:
    """Return the columns of a dataset, and refuse another file than at the first reading.

    The checksum is that of the file, which scikit-learn has compared with it.
    """
    path = folder / f"{details['id']}.json"
    known, checksum = read_memo(path), f"md5:{details['md5_checksum']}"
    if not known:
        address = f"{openml_server.OPENML}/api/v1/json/data/features/{details['id']}"
        with urlopen(address) as answer:
            columns = json.load(answer)["data_features"]["feature"]
        known = {"checksum": checksum, "columns": columns}
        write_whole(path, json.dumps(known), "Set HARNESS_CACHE to another folder.")
    if known["checksum"] != checksum:
        raise DataError(
            f"{where}: not the data that were read before: expected checksum {known['checksum']}, got "
            f"{checksum}. Results on both cannot be compared. To use the new data: rm '{path}'"
        )
    found: list[dict[str, str]] = known["columns"]
    return found


class _Refusal:
    """The error for a dataset that cannot be fetched."""

    def __init__(self, where: str, address: str) -> None:
        self.where, self.host = where, urlsplit(address).netloc

    def __call__(self, reason: str) -> DataError:
        return DataError(
            f"{self.where}: cannot read it from {self.host}: {reason}. Try again later: "
            f'harness datasets show "{self.where}"; or save the file yourself and give its path.'
        )

    def of(self, error: Exception) -> DataError:
        """Return the error for a failed connection, an unknown dataset or a damaged file."""
        if isinstance(error, HTTPError):
            return self(f"HTTP status {error.code}, several times")
        cause = error.reason if isinstance(error, URLError) else error
        if isinstance(cause, TimeoutError):
            return self(f"no answer within {openml_server.TIMEOUT:g} seconds, several times")
        if re.fullmatch(r"No active dataset .* found\.|Dataset .* not found\.", str(cause)):
            return DataError(
                f"{self.where}: {self.host} has no such dataset, or none that is active. Search for it at "
                f"{openml_server.OPENML}/search?type=data, and give its ID, e.g. {PREFIX}61."
            )
        if sums := re.search(r"expected (\w+) but got (\w+)", str(cause)):
            return self(f"the file is damaged: expected checksum md5:{sums[1]}, got md5:{sums[2]}")
        return self(getattr(cause, "strerror", None) or one_line(str(cause)).rstrip("."))
