"""Output of a process, keeping only its beginning and end."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread

KEPT = 4000  # bytes at each end
PART = 1 << 16  # bytes per read
PARTS = 16  # reads in a row: more than a pipe holds


class Output:
    """Read everything from a pipe, so that the writer never waits, and keep both ends of it.

    Requests for the text read the pipe directly. So nothing printed
    before is missed, even if the reading thread is delayed, and no request waits for the
    process, which may have closed its output, or passed it to children that never stop printing.
    """

    def __init__(self, pipe: Connection, kept: int = KEPT) -> None:
        self._pipe, self._kept = pipe, kept
        self._lock = Lock()
        self._forget()
        if os.name != "posix":  # not used there
            pipe.close()
            return
        os.set_blocking(pipe.fileno(), False)
        Thread(target=self._read, daemon=True).start()

    def start(self) -> None:
        """Discard earlier output."""
        with self._lock:
            self._take()
            self._forget()

    @property
    def text(self) -> str:
        """The output so far, cut in the middle if long."""
        with self._lock:
            self._take()
            head, tail, total = self._head, self._tail, self._total
        left_out = total - len(head) - len(tail)
        middle = f"\n... {left_out:,} bytes left out ...\n".encode() if left_out > 0 else b""
        return (head + middle + tail).decode("utf-8", "replace").strip()

    def _forget(self) -> None:
        self._head, self._tail, self._total = b"", b"", 0

    def _read(self) -> None:
        more = True
        while more:
            wait([self._pipe])
            with self._lock:
                more = self._take()
                if not more:
                    self._pipe.close()

    def _take(self) -> bool:
        """Read the content of the pipe, and return whether more may follow."""
        with suppress(OSError):  # it was closed
            for _ in range(PARTS):
                try:
                    data = os.read(self._pipe.fileno(), PART)
                except BlockingIOError:
                    return True
                if not data:
                    return False
                self._add(data)
            return True
        return False

    def _add(self, data: bytes) -> None:
        self._total += len(data)
        room = self._kept - len(self._head)
        self._head += data[:room]
        self._tail = (self._tail + data[room:])[-self._kept :]
