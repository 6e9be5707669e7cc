"""The store: records and cells in SQLite; its arrays are files beside it, or elsewhere on request."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..core.cell import CellRecord, cell_from_json, cell_to_json
from ..core.errors import StoreError
from ..core.record import Record, read_record, write_record
from .remote_arrays import open_arrays
from .schema import VERSION, WAIT, migrate

HELD = 50_000  # records that are held in memory at most


class Store:
    """Records, cells and arrays under one folder; opening it creates it.

    Parameters
    ----------
    folder : Path
        Where it lies; ``.harness`` in the working folder by default.
    arrays : str, optional
        Another place for the arrays, a folder or an fsspec URL, which the store then remembers.

    Raises
    ------
    StoreError
        When the store cannot be made or read, or a newer harness has made it. One that is there but cannot
        be written, such as on a read-only disk, opens for reading; to write to it is the error then.
    """

    def __init__(self, folder: Path, arrays: str | None = None) -> None:
        self.folder = folder
        self._database = folder / "records.sqlite"
        places = (folder, self._database) if self._database.exists() else ()
        self._fixed = not all(os.access(place, os.W_OK) for place in places)
        self._local = threading.local()
        self._records: dict[str, Record] = {}  # what was read, by its JSON
        self._newest: datetime | None = None  # that a cell was noted at
        try:
            if not self._fixed:
                folder.mkdir(parents=True, exist_ok=True)
            version = self._migrate(self._connection())
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"Store {str(folder)!r} cannot be opened: {error}. Name a writable folder with --store."
            ) from None
        before = self._settings() if version > 1 else {}
        place = before.get("arrays", "") if arrays is None else _absolute(arrays)
        self.arrays = open_arrays(place, folder / "arrays", before.get("id", ""))
        if place != before.get("arrays", ""):
            self.arrays.reach()
            self._write("INSERT OR REPLACE INTO settings VALUES ('arrays', ?)", (place,))

    def _settings(self) -> dict[str, str]:
        """Return what the store remembers: where its arrays are, and what tells it from other stores."""
        rows = self._read("SELECT json_array(name, value) FROM settings")
        return dict(json.loads(row) for row in rows)

    def _migrate(self, database: sqlite3.Connection) -> int:
        """Bring the store to the format of this harness, if it can be written, and return its format."""
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(
                f"Store {str(self.folder)!r} has format {version}, made by a newer harness; this one reads "
                f"up to {VERSION}. Upgrade the harness, or name another folder with --store."
            )
        if version == VERSION or self._fixed:  # nothing is written without need: the disk may be full
            return version
        migrate(database, version)
        return VERSION

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
        return self._opened(rows[0]) if rows else None

    def _opened(self, body: str) -> Record:
        """Return a record from its JSON, read once: nobody changes a record."""
        if body not in self._records:
            if len(self._records) >= HELD:
                self._records.clear()
            self._records[body] = read_record(body)
        return self._records[body]

    def put(self, record: Record, owner: str = "") -> None:
        """Keep a record, an earlier one of the same key is replaced; and give up the claim of its driver."""
        row = (record.key, record.kind, record.status, write_record(record))
        put = ("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", [row])
        self._write_all(put, ("DELETE FROM claims WHERE owner = ? AND key = ?", [(owner, record.key)]))

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

    def claims(self, kind: str) -> list[tuple[str, str]]:
        """Return key and owner of the claims whose key begins so."""
        rows = self._read("SELECT json_array(key, owner) FROM claims WHERE instr(key, ?) = 1", kind)
        return [(key, owner) for key, owner in map(json.loads, rows)]

    def records(self) -> Iterator[Record]:
        """Go through all records."""
        yield from map(self._opened, self._read("SELECT body FROM records ORDER BY key"))

    def put_cells(self, cells: Iterable[CellRecord]) -> None:
        """Keep cells, with the time if they have none; an earlier one of the same `slot` is replaced.

        Where the fits are the same, the scores of metrics that were not asked for this time stay. They are
        read and written in one transaction, as another driver may be adding scores of its own.
        """
        try:
            with self._connection() as database:
                database.execute("BEGIN IMMEDIATE")
                for each in cells:
                    cell = each if each.noted else replace(each, noted=self.moment())
                    found = database.execute("SELECT body FROM cells WHERE id = ?", (cell.slot,)).fetchone()
                    if found:
                        cell = _merged(cell_from_json(json.loads(found[0])), cell)
                    row = (cell.slot, cell.board, json.dumps(cell_to_json(cell)))
                    database.execute("INSERT OR REPLACE INTO cells VALUES (?, ?, ?)", row)
        except sqlite3.Error as error:
            raise StoreError(f"Store {str(self.folder)!r} cannot be written: {error}.") from None

    def moment(self) -> str:
        """Return the time, or, where the clock was set back, one after all that cells were noted at."""
        now = datetime.now(UTC)
        if self._newest is None:
            newest = self._read("SELECT max(json_extract(body, '$.noted')) FROM cells")[0]
            self._newest = datetime.fromisoformat(newest) if newest else now
        self._newest = max(now, self._newest + timedelta(microseconds=1))
        return self._newest.isoformat(timespec="microseconds")

    def cells(self, board: str) -> list[CellRecord]:
        """Return the cells of a leaderboard, in the order of their slots."""
        bodies = self._read("SELECT body FROM cells WHERE board = ? ORDER BY id", board)
        return [cell_from_json(json.loads(body)) for body in bodies]

    def boards(self) -> list[str]:
        """Return the names of all boards, sorted."""
        return self._read("SELECT DISTINCT board FROM cells ORDER BY board")

    def drop(self, keys: Collection[str]) -> None:
        """Forget records; arrays stay."""
        for key in keys:
            self._write("DELETE FROM records WHERE key = ?", (key,))

    def drop_cells(self, slots: Collection[str]) -> None:
        """Forget cells, all of these or none; their records stay."""
        self._write_all(("DELETE FROM cells WHERE id = ?", [(slot,) for slot in slots]))

    def datasets(self) -> list[str]:
        """Return the datasets whose arrays are in the store, by the digests of samples and classes."""
        return self._read("SELECT dataset FROM shared ORDER BY dataset")

    def shared(self, dataset: str) -> dict[str, str]:
        """Return the digests of the arrays of a dataset, by name; empty where they are not in the store."""
        rows = self._read("SELECT arrays FROM shared WHERE dataset = ?", dataset)
        found: dict[str, str] = json.loads(rows[0]) if rows else {}
        return found

    def put_shared(self, dataset: str, arrays: Mapping[str, str]) -> None:
        """Keep the digests of the arrays of a dataset."""
        self._write("INSERT OR REPLACE INTO shared VALUES (?, ?)", (dataset, json.dumps(dict(arrays))))

    def forget_shared(self, datasets: Collection[str] | None = None) -> None:
        """Forget which arrays are those of some datasets, or of all."""
        names = self.datasets() if datasets is None else datasets
        self._write_all(("DELETE FROM shared WHERE dataset = ?", [(name,) for name in names]))

    def _read(self, statement: str, *values: str | float) -> list[str]:
        """Return the first column of all rows that a query gives."""
        try:
            return [row[0] for row in self._connection().execute(statement, values)]
        except sqlite3.Error as error:
            raise StoreError(
                f"Store {str(self.folder)!r} cannot be read: {error}. "
                "Remove it, or name another with --store."
            ) from None

    def _write(self, statement: str, row: tuple[Any, ...]) -> None:
        self._write_all((statement, [row]))

    def _write_all(self, *statements: tuple[str, list[tuple[Any, ...]]]) -> None:
        """Do all or nothing of this."""
        try:
            with self._connection() as database:
                for statement, rows in statements:
                    database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise StoreError(f"Store {str(self.folder)!r} cannot be written: {error}.") from None


def _absolute(place: str) -> str:
    """Return a place of arrays so that it is the same from any working folder."""
    return place if not place or "://" in place else str(Path(place).absolute())


def _merged(earlier: CellRecord, cell: CellRecord) -> CellRecord:
    """Add the scores of earlier metrics, where the fits are the same."""
    if earlier.fits != cell.fits:
        return cell
    settings = cell.settings or earlier.settings  # hold until something else is said
    return replace(cell, scores={**earlier.scores, **cell.scores}, settings=settings)
