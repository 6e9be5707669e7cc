"""Tables of a store, and migration of older formats."""

from __future__ import annotations

import sqlite3
import time

WAIT = 30.0  # seconds to wait for a lock of another process
# Migration from each format to the next; a new store goes through all of them.
MIGRATIONS = (
    """
    CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, kind TEXT, status TEXT, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS cells (id TEXT PRIMARY KEY, board TEXT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS cells_by_board ON cells (board);
    """,
    """
    CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL, until REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS shared (dataset TEXT PRIMARY KEY, arrays TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    INSERT OR IGNORE INTO settings VALUES ('id', lower(hex(randomblob(8))));
    """,
)
VERSION = len(MIGRATIONS)


def migrate(database: sqlite3.Connection, version: int) -> None:
    """Migrate a store to this format; SQLite does not wait while another process migrates, so retry."""
    deadline = time.monotonic() + WAIT
    steps = "".join(MIGRATIONS[version:])
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL")  # commits survive the end of the process
            database.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version={VERSION}; COMMIT;")
            return
        except sqlite3.OperationalError as error:
            database.rollback()
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
