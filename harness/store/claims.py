"""Who computes what: two drivers on one store share the work and never do a stage twice."""

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
LEASE = 60.0  # seconds after which the claim of a driver that does not renew it is void


class Claims:
    """The stages that this driver is computing, renewed for as long as it lives.

    Parameters
    ----------
    store : Store
    pruning : bool
        Whether this is no run but a pruning: the two exclude each other.

    Raises
    ------
    StoreError
        On entering, when a pruning is under way, or for a pruning a run.
    """

    def __init__(self, store: Store, pruning: bool = False) -> None:
        self._store, self._pruning = store, pruning
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{_born(os.getpid())}:{id(self)}"
        self._watched: dict[str, tuple[str, float, float]] = {}  # by stage: owner, lease, since when
        self._ended = Event()
        self._thread = Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Claims:
        own, other = (PRUNE, RUN) if self._pruning else (RUN, PRUNE)
        # First said, then looked: of a run and a pruning that begin at once, at least one sees the other.
        self._store.claim(f"{own} {self.owner}", self.owner, time.time() + LEASE)
        if self._others(other):
            self._store.release(self.owner)
            what = "A run is at work on" if self._pruning else "Somebody is pruning"
            raise StoreError(f"{what} store {str(self._store.folder)!r}. Try again when that has ended.")
        self._thread.start()
        return self

    def _others(self, kind: str) -> list[str]:
        """Return who else lives and has a claim of that kind, and give up those of the dead."""
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
        """Claim a stage, and return whether it is this driver's now: nobody else's who lives."""
        while (holder := self._store.claim(key, self.owner, time.time() + LEASE)) != self.owner:
            if self._holds(holder, key):
                return False
            self._store.release(holder)
        return True

    def _holds(self, holder: str, key: str) -> bool:
        """Whether a claim still holds: its driver may live, and has renewed it of late.

        Clocks are set back and forward, so a lease that has not been renewed for its length, by a clock that
        nobody sets, is void whatever it says; what it says is believed of another machine alone.
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
    """Return when a process was started; on Linux in ticks since boot, as times change with the clock."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return f"{psutil.Process(pid).create_time():.2f}"
