"""Claims on stages, so that two drivers on one store share the work without duplicates."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import psutil

from ..core.errors import StoreError
from .store import Store

RUN, PRUNE = "a run by", "a pruning by"
LEASE = 60.0  # seconds after which a claim expires unless renewed


class Claims:
    """The stages that this driver is computing, renewed while it lives.

    Parameters
    ----------
    store : Store
    pruning : bool
        Whether this is a pruning instead of a run; the two exclude each other.

    Raises
    ------
    StoreError
        If, on entering, a pruning (for a pruning: a run) is in progress.
    """

    def __init__(self, store: Store, pruning: bool = False) -> None:
        self._store, self._pruning = store, pruning
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{_born(os.getpid())}:{id(self)}"
        self._watched: dict[str, tuple[str, float, float]] = {}  # by stage: owner, lease, start
        self._ended = Event()
        self._thread = Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Claims:
        own, other = (PRUNE, RUN) if self._pruning else (RUN, PRUNE)
        self._others(own)  # a driver killed between two stages left only that it was there
        # Claim first, then check: of a run and a pruning that start together, at least one notices the other.
        self._store.claim(f"{own} {self.owner}", self.owner, time.time() + LEASE)
        if self._others(other):
            self._store.release(self.owner)
            what = "A run is using" if self._pruning else "Another command is pruning"
            raise StoreError(f"{what} store {str(self._store.folder)!r}. Try again when it has finished.")
        self._thread.start()
        return self

    def _others(self, kind: str) -> list[str]:
        """Return other live drivers with a claim of that kind, and release claims of dead ones."""
        held = [(key, owner) for key, owner in self._store.claims(kind) if owner != self.owner]
        living = [owner for key, owner in held if self._holds(owner, key)]
        for _, owner in held:
            if owner not in living:
                self._store.release(owner)
        return living

    def __exit__(self, *problem: object) -> None:
        self._ended.set()
        with suppress(StoreError):
            self._store.release(self.owner)

    def take(self, key: str) -> bool:
        """Claim a stage, and return whether this driver now holds it."""
        while (holder := self._store.claim(key, self.owner, time.time() + LEASE)) != self.owner:
            if self._holds(holder, key):
                return False
            self._store.release(holder)
        return True

    def _holds(self, holder: str, key: str) -> bool:
        """Return whether a claim is valid: its driver may be alive, and has renewed it recently.

        Clocks can be changed, so a lease that has not been renewed for its length, by a monotonic
        clock, has expired whatever its time; its time is used only for other machines.
        """
        host, pid, born, _ = holder.rsplit(":", 3)
        until, now = self._store.until(key, holder), time.monotonic()
        here = host == socket.gethostname()
        if (here and not _lives(int(pid), born)) or (not here and until < time.time()):
            return False
        if self._watched.get(key, ())[:2] != (holder, until):
            self._watched[key] = (holder, until, now)
        return now - self._watched[key][2] < LEASE

    def _renew(self) -> None:
        while not self._ended.wait(LEASE / 4):
            with suppress(StoreError):
                self._store.renew(self.owner, time.time() + LEASE)


def _lives(pid: int, born: str) -> bool:
    try:
        return _born(pid) == born and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _born(pid: int) -> str:
    """Return when a process started; on Linux in ticks since boot, since times change with the clock."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return f"{psutil.Process(pid).create_time():.2f}"
