"""Who computes what: two drivers on one store share the work and never do a stage twice."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from threading import Event, Thread

import psutil

from .errors import StoreError
from .store import Store

LEASE = 60.0  # seconds after which the claim of a driver that does not renew it is void


class Claims:
    """The stages that this driver is computing, renewed for as long as it lives.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{psutil.Process().create_time():.2f}:{id(self)}"
        self._ended = Event()
        self._thread = Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Claims:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ended.set()
        with suppress(StoreError):
            self._store.release(self.owner)

    def take(self, key: str) -> bool:
        """Claim a stage, and return whether it is this driver's now: nobody else's who lives."""
        holder = self._store.claim(key, self.owner, time.time() + LEASE)
        if holder == self.owner:
            return True
        if lives(holder):
            return False
        self._store.release(holder)
        return self._store.claim(key, self.owner, time.time() + LEASE) == self.owner

    def _renew(self) -> None:
        while not self._ended.wait(LEASE / 4):
            with suppress(StoreError):
                self._store.renew(self.owner, time.time() + LEASE)


def lives(holder: str) -> bool:
    """Whether a driver may still be at work; one on another machine is asked by its lease alone."""
    host, pid, created, _ = holder.rsplit(":", 3)
    if host != socket.gethostname():
        return True
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == created
    except psutil.Error:
        return False
