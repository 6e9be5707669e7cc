"""The store: records and cells in SQLite, arrays as content-addressed ``.npy`` files."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import StoreError

VERSION = 1
WAIT = 30.0  # seconds for which another process may hold the database
SCHEMA = """
CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, kind TEXT, status TEXT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cells (id TEXT PRIMARY KEY, board TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS cells_by_board ON cells (board);
CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL NOT NULL);
"""


@dataclass(frozen=True)
class Record:
    """What is known of a finished stage.

    Parameters
    ----------
    key, kind, status : str
        The stage's key; ``encode``, ``cluster`` or ``score``; how it ended.
    facts : dict
        What the key was made of, readable.
    seconds : float
        Wall-clock time of the stage, loading the plugin left out.
    created : str
        When it finished (UTC, ISO 8601).
    versions : dict
        Python, the harness, and the libraries that computed it.
    hardware : str
        Processor, cores and memory.
    values : dict
        Numbers: the score, or inertia, number of clusters, iterations.
    arrays : dict
        Digests of stored arrays by name; ``=input`` where an embedding is its input.
    warnings : list of str
        What the plugin warned of, each once.
    error, place : str
        One line that says what went wrong, and the file and line where.
    memory : int
        Most bytes that its process had resident, the harness and its libraries included; 0 where unknown.
    limits : dict
        ``seconds`` and ``memory``, in bytes, within which it had to stay; empty where there were none.
    output : str
        What it printed; of much, the beginning and the end.
    """

    key: str
    kind: str
    status: str
    facts: dict[str, Any]
    seconds: float
    created: str
    versions: dict[str, str]
    hardware: str
    values: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    error: str = ""
    place: str = ""
    memory: int = 0
    limits: dict[str, float] = field(default_factory=dict)
    output: str = ""

    @property
    def ok(self) -> bool:
        """Whether the stage has a result."""
        return self.status == "ok"


class Store:
    """Records, cells and arrays under one folder; opening it creates it.

    Parameters
    ----------
    folder : Path
        Where it lies; ``.harness`` in the working folder by default.

    Raises
    ------
    StoreError
        When the store cannot be made or read, or a newer harness has made it. One that is there but cannot
        be written, such as on a read-only disk, opens for reading; to write to it is the error then.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arrays = folder / "arrays"
        self._database = folder / "records.sqlite"
        places = (folder, self._database) if self._database.exists() else ()
        self._fixed = not all(os.access(place, os.W_OK) for place in places)
        self._verified: set[str] = set()
        self._local = threading.local()
        self._newest: datetime | None = None  # that a cell was noted at
        try:
            if not self._fixed:
                self._arrays.mkdir(parents=True, exist_ok=True)
            database = self._connection()
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StoreError(
                    f"Store {str(folder)!r} has format {version}, made by a newer harness; this one reads "
                    f"up to {VERSION}. Upgrade the harness, or name another folder with --store."
                )
            if not self._fixed:
                _prepare(database, version)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"Store {str(folder)!r} cannot be opened: {error}. Name a writable folder with --store."
            ) from None

    def __reduce__(self) -> tuple[Callable[[Path], Store], tuple[Path]]:
        """Open the same folder once in each process that a copy of the store is sent to."""
        return _opened, (self.folder.resolve(),)

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        if not hasattr(self._local, "database"):
            self._local.database = sqlite3.connect(self._address(), timeout=WAIT, uri=True)
            self._local.database.execute("PRAGMA synchronous=NORMAL")  # in WAL no power cut corrupts it
        connection: sqlite3.Connection = self._local.database
        return connection

    def _address(self) -> str:
        """Return where the database is, and how it is opened; one that is fixed needs no file beside it."""
        logged = self._database.with_name("records.sqlite-wal").exists()
        how = "mode=rwc" if not self._fixed else "mode=ro" if logged else "immutable=1"
        return f"{self._database.resolve().as_uri()}?{how}"

    def close(self) -> None:
        """Close this thread's connection; what other processes wrote is then in one file with the rest."""
        with suppress(sqlite3.Error):  # busy or damaged: the log stays beside it, and nothing is lost
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection().close()
        del self._local.database

    def get(self, key: str) -> Record | None:
        """Return the record of a stage, or None when it has not finished yet."""
        rows = self._read("SELECT body FROM records WHERE key = ?", key)
        return _record(rows[0]) if rows else None

    def put(self, record: Record) -> None:
        """Keep a record; an earlier one of the same key is replaced."""
        row = (record.key, record.kind, record.status, json.dumps(asdict(record)))
        self._write("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", row)

    def claim(self, key: str, owner: str, until: float) -> str:
        """Claim a stage, unless there is a claim on it, and return who has it now."""
        while True:
            self._write("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (key, owner, until))
            held = self._read("SELECT owner FROM claims WHERE key = ?", key)
            if held:  # else it was given up between the two
                return held[0]

    def until(self, key: str, owner: str) -> float:
        """Return the time until which a driver said that its claim on a stage holds; 0 without one."""
        held = self._read("SELECT until FROM claims WHERE key = ? AND owner = ?", key, owner)
        return float(held[0]) if held else 0.0

    def renew(self, owner: str, until: float) -> None:
        """Let the claims of a driver hold longer."""
        self._write("UPDATE claims SET until = ? WHERE owner = ?", (until, owner))

    def release(self, owner: str, key: str | None = None) -> None:
        """Give up the claim of a driver on a stage, or all its claims."""
        where = "" if key is None else " AND key = ?"
        self._write(f"DELETE FROM claims WHERE owner = ?{where}", (owner,) if key is None else (owner, key))

    def records(self) -> Iterator[Record]:
        """Go through all records."""
        yield from map(_record, self._read("SELECT body FROM records ORDER BY key"))

    def put_cell(self, identity: str, board: str, body: dict[str, Any]) -> None:
        """Keep which stages a cell of a board is made of; an earlier version of it is replaced."""
        self._write("INSERT OR REPLACE INTO cells VALUES (?, ?, ?)", (identity, board, json.dumps(body)))

    def moment(self) -> str:
        """Return the time, or, where the clock was set back, one after all that cells were noted at."""
        now = datetime.now(UTC)
        if self._newest is None:
            newest = self._read("SELECT max(json_extract(body, '$.noted')) FROM cells")[0]
            self._newest = datetime.fromisoformat(newest) if newest else now
        self._newest = max(now, self._newest + timedelta(microseconds=1))
        return self._newest.isoformat(timespec="microseconds")

    def cell(self, identity: str) -> dict[str, Any] | None:
        """Return one cell, or None."""
        rows = self._read("SELECT body FROM cells WHERE id = ?", identity)
        found: dict[str, Any] | None = json.loads(rows[0]) if rows else None
        return found

    def cells(self, board: str) -> list[dict[str, Any]]:
        """Return the cells of a board, in the order of their identities."""
        return [
            json.loads(body)
            for body in self._read("SELECT body FROM cells WHERE board = ? ORDER BY id", board)
        ]

    def boards(self) -> list[str]:
        """Return the names of all boards, sorted."""
        return self._read("SELECT DISTINCT board FROM cells ORDER BY board")

    def put_array(self, array: NDArray[Any]) -> str:
        """Write an array under the digest of its file, and return the digest."""
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
        digest = hashlib.sha256(buffer.getbuffer()).hexdigest()
        path = self._path(digest)
        if not path.exists():
            try:
                path.parent.mkdir(exist_ok=True)
                _write_whole(path, buffer.getbuffer())
            except OSError as error:
                raise StoreError(f"Store {str(self.folder)!r} cannot be written: {error}.") from None
        return digest

    def array(self, digest: str) -> NDArray[Any]:
        """Read an array, memory-mapped.

        Raises
        ------
        StoreError
            When its file is gone or its content is not what was written.
        """
        path = self._path(digest)
        if digest not in self._verified:
            if not self.sound(digest):
                path.unlink(missing_ok=True)
                raise StoreError(
                    f"Array {digest[:12]} in store {str(self.folder)!r} was damaged and is dropped. "
                    "Run again: only what it belonged to is computed anew."
                )
            self._verified.add(digest)
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
        return array

    def files(self) -> Iterator[Path]:
        """Go through the files of all arrays, those that are being written left out."""
        yield from sorted(self._arrays.glob("??/*.npy"))

    def sound(self, digest: str) -> bool:
        """Whether an array's file is there, with the content that was written."""
        try:
            with self._path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False

    def drop(self, keys: Collection[str]) -> None:
        """Forget records; arrays stay."""
        for key in keys:
            self._write("DELETE FROM records WHERE key = ?", (key,))

    def has_array(self, digest: str) -> bool:
        """Whether an array's file is there."""
        return digest.startswith("=") or self._path(digest).exists()

    def _path(self, digest: str) -> Path:
        return self._arrays / digest[:2] / f"{digest}.npy"

    def _read(self, statement: str, *values: str) -> list[str]:
        """Return the first column of all rows that a query gives."""
        try:
            return [row[0] for row in self._connection().execute(statement, values)]
        except sqlite3.Error as error:
            raise StoreError(
                f"Store {str(self.folder)!r} cannot be read: {error}. "
                "Remove it, or name another with --store."
            ) from None

    def _write(self, statement: str, row: tuple[Any, ...]) -> None:
        try:
            with self._connection() as database:
                database.execute(statement, row)
        except sqlite3.Error as error:
            raise StoreError(f"Store {str(self.folder)!r} cannot be written: {error}.") from None


def _prepare(database: sqlite3.Connection, version: int) -> None:
    """Make what a store needs; SQLite lets nobody wait who finds another process doing the same."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL")  # what is committed survives the end of the process
            database.executescript(SCHEMA)
            if version < VERSION:  # nothing is written without need: the disk may be full
                database.execute(f"PRAGMA user_version={VERSION}")
            database.commit()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _write_whole(path: Path, content: memoryview) -> None:
    """Write a file under its name once all of it is on the disk, and leave nothing behind otherwise."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Store:
    return Store(folder)


def _record(body: str) -> Record:
    known = {each.name for each in fields(Record)}
    return Record(**{name: value for name, value in json.loads(body).items() if name in known})
