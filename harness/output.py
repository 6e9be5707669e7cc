"""What a process prints: its beginning and its end are kept, however much it is."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing.connection import Connection
from threading import Event, Lock, Thread

END = b"\0harness: end of a stage\0"  # written by the process after each piece of work
KEPT = 4000  # bytes at each end


class Output:
    """Reads all that comes through a pipe, so that its writer never waits, and keeps both ends of it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = Lock()
        self._ended = Event()
        self.start()
        Thread(target=self._read, daemon=True).start()

    def start(self) -> None:
        """Forget what was printed before."""
        with self._lock:
            self._head, self._tail, self._carry, self._total = b"", b"", b"", 0
            self._ended.clear()

    def finish(self) -> None:
        """Wait until all that was printed before the end of a piece of work is here."""
        self._ended.wait(1.0)

    @property
    def text(self) -> str:
        """What was printed; of much, the beginning and the end."""
        with self._lock:
            head, tail, total = self._head, self._tail, self._total
        left_out = total - len(head) - len(tail)
        middle = f"\n... {left_out:,} bytes left out ...\n".encode() if left_out > 0 else b""
        return (head + middle + tail).decode("utf-8", "replace").strip()

    def _read(self) -> None:
        with suppress(OSError):
            while data := os.read(self._pipe.fileno(), 1 << 16):
                self._add(data)
        self._pipe.close()
        self._ended.set()

    def _add(self, data: bytes) -> None:
        with self._lock:
            data = self._carry + data
            ended = END in data
            data = data.replace(END, b"")
            split = next((n for n in range(len(END) - 1, 0, -1) if data.endswith(END[:n])), 0)
            data, self._carry = data[: len(data) - split], data[len(data) - split :]
            self._total += len(data)
            room = KEPT - len(self._head)
            self._head += data[:room]
            self._tail = (self._tail + data[room:])[-KEPT:]
            if ended:
                self._ended.set()
