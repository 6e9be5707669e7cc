"""What a process prints: its beginning and its end are kept, however much it is."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread

KEPT = 4000  # bytes at each end
PART = 1 << 16  # bytes that are read at a time
PARTS = 16  # that are read in a row: more than a pipe holds


class Output:
    """Reads all that comes through a pipe, so that its writer never waits, and keeps both ends of it.

    Whoever asks for the text reads for himself what is in the pipe by then. So nothing that was printed
    before is missed, however long the thread that reads has had no time; and nobody waits for a sign of the
    process, which may have closed its output, or have left it to children that print for ever.
    """

    def __init__(self, pipe: Connection, kept: int = KEPT) -> None:
        self._pipe, self._kept = pipe, kept
        self._lock = Lock()
        self._forget()
        if os.name != "posix":  # nothing is sent through it there
            pipe.close()
            return
        os.set_blocking(pipe.fileno(), False)
        Thread(target=self._read, daemon=True).start()

    def start(self) -> None:
        """Forget what was printed before."""
        with self._lock:
            self._take()
            self._forget()

    @property
    def text(self) -> str:
        """What was printed until now; of much, the beginning and the end."""
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
        """Read what is in the pipe, and return whether more may come."""
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
