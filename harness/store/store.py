"""The store: records and cells in SQLite, arrays as files in the same folder or elsewhere."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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

HELD = 50_000  # records held in memory at most
PARAMETERS = 500  # of one query; SQLite allows 999 in old versions


class Store:
    """Records, cells and arrays under one folder; opening it creates it.

    Parameters
    ----------
    folder : Path
        Its location (default: ``.harness`` in the working folder).
    arrays : str, optional
        Another place for the arrays, a folder or an fsspec URL, which the store remembers.

    Raises
    ------
    StoreError
        If the store cannot be created or read, or was made by a newer harness. An existing store that cannot
        be written, e.g. on a read-only disk, opens for reading; writing to it is then an error.
    """

    def __init__(self, folder: Path, arrays: str | None = None) -> None:
        self.folder = folder
        self._database = folder / "records.sqlite"
        places = (folder, self._database) if self._database.exists() else ()
        self._fixed = not all(os.access(place, os.W_OK) for place in places)
        self._local = threading.local()
        self._records: dict[str, Record] = {}  # records read, by their JSON
        self._newest: datetime | None = None  # that a cell was noted at
        try:
            if not self._fixed:
                folder.mkdir(parents=True, exist_ok=True)
            version = self._migrate(self._connection())
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"Cannot open store {str(folder)!r}: {error}. Name a writable folder with --store."
            ) from None
        before = self._settings() if version > 1 else {}
        place = before.get("arrays", "") if arrays is None else _absolute(arrays)
        self.arrays = open_arrays(place, folder / "arrays", before.get("id", ""))
        if place != before.get("arrays", ""):
            self.arrays.reach()
            self._write("INSERT OR REPLACE INTO settings VALUES ('arrays', ?)", (place,))

    def _settings(self) -> dict[str, str]:
        """Return the settings of the store: the place of its arrays, and its identifier."""
        rows = self._read("SELECT json_array(name, value) FROM settings")
        return dict(json.loads(row) for row in rows)

    def _migrate(self, database: sqlite3.Connection) -> int:
        """Migrate the store to the format of this harness, if writable, and return its format."""
        version: int = database.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise StoreError(
                f"Store {str(self.folder)!r} has format {version}, made by a newer harness; this one reads "
                f"up to {VERSION}. Upgrade the harness, or name another folder with --store."
            )
        if version == VERSION or self._fixed:  # write nothing without need: the disk may be full
            return version
        migrate(database, version)
        return VERSION

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        if not hasattr(self._local, "database"):
            self._local.database = sqlite3.connect(self._address(), timeout=WAIT, uri=True)
            self._local.database.execute(
                "PRAGMA synchronous=NORMAL"
            )  # with WAL, power cuts do not corrupt it
        connection: sqlite3.Connection = self._local.database
        return connection

    def _address(self) -> str:
        """Return the address of the database and how to open it; a read-only one needs no extra files."""
        logged = self._database.with_name("records.sqlite-wal").exists()
        how = "mode=rwc" if not self._fixed else "mode=ro" if logged else "immutable=1"
        return f"{self._database.resolve().as_uri()}?{how}"

    def close(self) -> None:
        """Close this thread's connection, and merge the log into the database file."""
        with suppress(sqlite3.Error):  # busy or damaged: the log stays, and nothing is lost
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._connection().close()
        del self._local.database

    def get(self, key: str) -> Record | None:
        """Return the record of a stage, or None if it has not finished yet."""
        rows = self._read("SELECT body FROM records WHERE key = ?", key)
        return self._opened(rows[0]) if rows else None

    def get_many(self, keys: Collection[str]) -> dict[str, Record]:
        """Return the records of the stages that have finished, by key; faster than one by one."""
        from pydantic_core import from_json  # parses a record in half the time of json

        found, ordered = {}, sorted(keys)
        for start in range(0, len(ordered), PARAMETERS):
            some = ordered[start : start + PARAMETERS]
            marks = ",".join("?" * len(some))
            for body in self._read(f"SELECT body FROM records WHERE key IN ({marks})", *some):
                record = self._opened(body, from_json)
                found[record.key] = record
        return found

    def _opened(self, body: str, parse: Callable[[str], Any] = json.loads) -> Record:
        """Return a record from its JSON, parsed once, since records never change."""
        if body not in self._records:
            if len(self._records) >= HELD:
                self._records.clear()
            self._records[body] = read_record(body, parse)
        return self._records[body]

    def put(self, record: Record, owner: str = "") -> None:
        """Store a record, replacing an earlier one with the same key, and release its driver's claim."""
        row = (record.key, record.kind, record.status, write_record(record))
        put = ("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", [row])
        self._write_all(put, ("DELETE FROM claims WHERE owner = ? AND key = ?", [(owner, record.key)]))

    def claim(self, key: str, owner: str, until: float) -> str:
        """Claim a stage, unless it is claimed, and return the current owner."""
        while True:
            self._write("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (key, owner, until))
            held = self._read("SELECT owner FROM claims WHERE key = ?", key)
            if held:  # otherwise it was released in between
                return held[0]

    def until(self, key: str, owner: str) -> float:
        """Return the time at which a driver's claim on a stage expires; 0 without one."""
        held = self._read("SELECT until FROM claims WHERE key = ? AND owner = ?", key, owner)
        return float(held[0]) if held else 0.0

    def renew(self, owner: str, until: float) -> None:
        """Extend the claims of a driver."""
        self._write("UPDATE claims SET until = ? WHERE owner = ?", (until, owner))

    def release(self, owner: str, key: str | None = None) -> None:
        """Release the claim of a driver on a stage, or all its claims."""
        where = "" if key is None else " AND key = ?"
        self._write(f"DELETE FROM claims WHERE owner = ?{where}", (owner,) if key is None else (owner, key))

    def claims(self, kind: str) -> list[tuple[str, str]]:
        """Return key and owner of the claims whose key has a prefix."""
        rows = self._read("SELECT json_array(key, owner) FROM claims WHERE instr(key, ?) = 1", kind)
        return [(key, owner) for key, owner in map(json.loads, rows)]

    def records(self) -> Iterator[Record]:
        """Yield all records."""
        yield from map(self._opened, self._read("SELECT body FROM records ORDER BY key"))

    def put_cells(self, cells: Iterable[CellRecord]) -> None:
        """Store cells, with the time if they have none, replacing earlier ones with the same `slot`.

        If the fits are the same, scores of metrics that were not requested this time stay. They are
        read and written in one transaction, since another driver may be adding scores.
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
            raise StoreError(f"Cannot write store {str(self.folder)!r}: {error}.") from None

    def moment(self) -> str:
        """Return the time or, if the clock was set back, a time after that of all cells."""
        now = datetime.now(UTC)
        if self._newest is None:
            newest = self._read("SELECT max(json_extract(body, '$.noted')) FROM cells")[0]
            self._newest = datetime.fromisoformat(newest) if newest else now
        self._newest = max(now, self._newest + timedelta(microseconds=1))
        return self._newest.isoformat(timespec="microseconds")

    def cells(self, board: str) -> list[CellRecord]:
        """Return the cells of a leaderboard, in the order of their slots."""
        from pydantic_core import from_json  # parses a cell in half the time of json

        bodies = self._read("SELECT body FROM cells WHERE board = ? ORDER BY id", board)
        return [cell_from_json(from_json(body)) for body in bodies]

    def boards(self) -> list[str]:
        """Return the names of all boards, sorted."""
        return self._read("SELECT DISTINCT board FROM cells ORDER BY board")

    def drop(self, keys: Collection[str]) -> None:
        """Delete records; arrays stay."""
        for key in keys:
            self._write("DELETE FROM records WHERE key = ?", (key,))

    def drop_cells(self, slots: Collection[str]) -> None:
        """Delete cells in one transaction; their records stay."""
        self._write_all(("DELETE FROM cells WHERE id = ?", [(slot,) for slot in slots]))

    def datasets(self) -> list[str]:
        """Return the datasets whose arrays are in the store, by digests of samples and classes."""
        return self._read("SELECT dataset FROM shared ORDER BY dataset")

    def shared(self, dataset: str) -> dict[str, str]:
        """Return the digests of the arrays of a dataset by name; empty if they are not in the store."""
        rows = self._read("SELECT arrays FROM shared WHERE dataset = ?", dataset)
        found: dict[str, str] = json.loads(rows[0]) if rows else {}
        return found

    def put_shared(self, dataset: str, arrays: Mapping[str, str]) -> None:
        """Store the digests of the arrays of a dataset."""
        self._write("INSERT OR REPLACE INTO shared VALUES (?, ?)", (dataset, json.dumps(dict(arrays))))

    def forget_shared(self, datasets: Collection[str] | None = None) -> None:
        """Delete the digests of the arrays of some datasets, or of all."""
        names = self.datasets() if datasets is None else datasets
        self._write_all(("DELETE FROM shared WHERE dataset = ?", [(name,) for name in names]))

    def _read(self, statement: str, *values: str | float) -> list[str]:
        """Return the first column of all rows of a query."""
        try:
            return [row[0] for row in self._connection().execute(statement, values)]
        except sqlite3.Error as error:
            raise StoreError(
                f"Cannot read store {str(self.folder)!r}: {error}. Remove it, or name another with --store."
            ) from None

    def _write(self, statement: str, row: tuple[Any, ...]) -> None:
        self._write_all((statement, [row]))

    def _write_all(self, *statements: tuple[str, list[tuple[Any, ...]]]) -> None:
        """Execute statements in one transaction."""
        try:
            with self._connection() as database:
                for statement, rows in statements:
                    database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise StoreError(f"Cannot write store {str(self.folder)!r}: {error}.") from None


def _absolute(place: str) -> str:
    """Return the place of arrays as an absolute path or URL."""
    return place if not place or "://" in place else str(Path(place).absolute())


def _merged(earlier: CellRecord, cell: CellRecord) -> CellRecord:
    """Add the scores of earlier metrics if the fits are the same."""
    if earlier.fits != cell.fits:
        return cell
    settings = cell.settings or earlier.settings  # valid until changed
    return replace(cell, scores={**earlier.scores, **cell.scores}, settings=settings)
