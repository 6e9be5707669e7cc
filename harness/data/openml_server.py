"""Requests of scikit-learn to OpenML: another server, a time limit, progress."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib import request as urllib_request
from urllib.parse import urlsplit
from urllib.request import BaseHandler, Request, build_opener, install_opener

from ..core.errors import BadParameter
from .download import Progress

OPENML = "https://www.openml.org"
TIMEOUT = 30  # seconds to connect, and between two pieces
API = "/api/"  # addresses of descriptions, which are small


def server() -> str:
    """Return the address of the server: ``$HARNESS_OPENML``, or OpenML's own.

    Raises
    ------
    BadParameter
        If it is not an address.

    Examples
    --------
    >>> server()
    'https://www.openml.org'
    """
    address = os.environ.get("HARNESS_OPENML", "").rstrip("/") or OPENML
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadParameter(
            f"HARNESS_OPENML must be the address of a server, e.g. {OPENML}, got {address!r}. Unset it to "
            "use OpenML's own."
        )
    return address


class _Redirected(BaseHandler):
    """Send what is addressed to OpenML to another server, and watch what arrives."""

    handler_order = 100  # before the handlers of urllib, which read the address

    def __init__(self, address: str, name: str, progress: Progress | None) -> None:
        self.address, self.name, self.progress = address, name, progress

    def http_request(self, request: Request) -> Request:
        """Change the address, and set the time limit."""
        if request.full_url.startswith(f"{OPENML}/"):
            request.full_url = self.address + request.full_url.removeprefix(OPENML)
        request.timeout = TIMEOUT
        return request

    def http_response(self, request: Request, response: Any) -> Any:
        """Count the bytes of the data."""
        if self.progress is not None and API not in request.full_url and response.status == 200:
            _counted(response, self.name, self.progress)
        return response

    https_request, https_response = http_request, http_response


def _counted(response: Any, name: str, progress: Progress) -> None:
    total, done, read = int(response.headers.get("Content-Length") or 0), 0, response.read

    def counting(*size: int) -> bytes:
        nonlocal done
        piece: bytes = read(*size)
        done += len(piece)
        progress(name, done, total)
        return piece

    response.read = counting


@contextmanager
def asking(address: str, name: str, progress: Progress | None) -> Iterator[None]:
    """Let urllib, by which scikit-learn asks, take this server in the place of OpenML.

    Parameters
    ----------
    address : str
    name : str
        What the progress calls the data.
    progress : callable, optional
        Called with the name, the bytes done and the bytes in all (0 if unknown).
    """
    before: Any = vars(urllib_request).get("_opener")  # of the program, where it has installed one
    install_opener(build_opener(_Redirected(address, name, progress)))
    try:
        yield
    finally:
        install_opener(before)
