"""A small grid whose every fit is told in a file, and the command line that runs it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from waiting import PATIENCE, until

from harness.store.store import Store

PLUGIN = '''"""Tells of each fit as it starts, by a digest of all that it is given."""
import hashlib, os, time
from pathlib import Path
import numpy as np
from harness import hookimpl

LOG = Path(__file__).with_name("fits.txt")

def told(array, *params):
    digest = hashlib.sha256(np.ascontiguousarray(array).tobytes() + repr(params).encode()).hexdigest()[:12]
    with LOG.open("a") as file:
        file.write(digest + "\\n")
    time.sleep(float(os.environ.get("SECONDS", 0.05)))
    return digest

class Noisy:
    def __init__(self, size=4, random_state=None): self.size, self.random_state = size, random_state
    def fit(self, X): self.history_ = {"fit": told(X, self.size, self.random_state)}
    def transform(self, X):
        rng = np.random.default_rng(self.random_state)
        return (X[:, :1] + rng.random((len(X), self.size))).astype(np.float32)

class Halves:
    def __init__(self, at=0.5, random_state=None): self.at, self.random_state = at, random_state
    def fit(self, X):
        self.history_ = {"fit": told(X, self.at, self.random_state)}
        rng = np.random.default_rng([self.random_state, int(1000 * self.at)])
        self.labels_ = (X[:, 0] + rng.random(len(X)) > 2 * self.at).astype(int)

def digested(labels):
    return int(told(labels), 16) / 2**48

@hookimpl
def encoders(): return {"noisy": Noisy}
@hookimpl
def clusterers(): return {"halves": Halves}
@hookimpl
def metrics(): return {"digested": digested}
'''
SMALL = ("-e", "noisy", "-e", "noisy(size=5)", "-c", "halves", "-c", "halves(at=0.6)", "--seeds", "6")
TIMES = ("encode_seconds", "cluster_seconds")


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing came between: its board, how often something was fitted or scored, its seconds."""

    board: list[dict[str, Any]]
    fits: int
    seconds: float


class Grid:
    """A folder in which the command line runs one grid, again and again.

    Parameters
    ----------
    folder : Path
        For the plugins, their log of fits, and the data.
    what : sequence of str
        Encoders, clusterers and seeds, as on the command line.
    work : Path, optional
        Where commands run, with the store and the boards; the same folder by default.
    """

    def __init__(self, folder: Path, what: tuple[str, ...] = SMALL, work: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.work, self.what = folder, work or folder, what
        self.store, self.metric = self.work / ".harness", "digested"
        (folder / "telling.py").write_text(PLUGIN)
        samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
        np.savez(folder / "toy.npz", X=samples, y=np.arange(60) % 3)

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start ``harness`` with these words, all that it prints in one pipe."""
        return subprocess.Popen(
            [sys.executable, "-m", "harness", *words],
            cwd=self.work,
            env={**os.environ, "HARNESS_STORE": str(self.store), **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def bench(self, *words: str, jobs: int = 2, **environment: str) -> subprocess.Popen[str]:
        """Start the grid."""
        files = ("--plugin", str(self.folder / "telling.py"), "-d", str(self.folder / "toy.npz"))
        command = ("bench", *files, *self.what, "-m", self.metric, "--jobs", str(jobs), *words)
        return self.start(*command, **environment)

    def call(self, *words: str, code: int = 0) -> str:
        """Run a command other than bench, and return what it prints; without `code` it fails."""
        return ended(self.start(*words), code)

    def fits(self) -> list[str]:
        """Return the digests of all fits and scores that were begun, in order."""
        log = self.folder / "fits.txt"
        return log.read_text().split() if log.exists() else []

    def wait_for(self, fits: int) -> None:
        """Wait until so many fits and scores have begun."""
        until(lambda: len(self.fits()) >= fits, f"fit {fits}")

    def kept(self) -> set[str]:
        """Return the digests of all fits and scores of which the store has the result."""
        if not (self.store / "records.sqlite").exists():
            return set()
        with closing(Store(self.store)) as store:
            return {_digest(record.kind, record.values) for record in store.records() if record.ok}

    def statuses(self) -> Counter[str]:
        with closing(Store(self.store)) as store:
            return Counter(record.status for record in store.records())

    def board(self) -> list[dict[str, Any]]:
        """Return the board, without times."""
        found: list[dict[str, Any]] = json.loads(self.call("leaderboard", "--format", "json"))
        for row in found[0]["rows"]:
            for name in TIMES:
                del row[name]
        return [{name: value for name, value in board.items() if name != "date"} for board in found]

    def assert_sound(self) -> None:
        """Assert that the store is whole, holds nothing that no board needs, and that nobody works on it."""
        assert self.call("store", "check") == "All arrays are intact.\n"
        assert "not needed by any leaderboard" not in self.call("store")
        with closing(sqlite3.connect(self.store / "records.sqlite")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT * FROM claims").fetchall() == []
        until(lambda: not self.processes(), "the end of all processes")

    def processes(self) -> list[psutil.Process]:
        """Return the living drivers and workers on this store."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("HARNESS_STORE") == str(self.store):
                    found.append(process)
        return found


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    """Wait for the end of a command, assert how it ended, and return what it printed."""
    output = process.communicate(timeout=3 * PATIENCE)[0]
    assert process.returncode == code, output
    assert "Traceback" not in output
    return output


def one_error(output: str) -> str:
    """Return the one line that says what is wrong."""
    lines = [line for line in output.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1, output
    assert output.splitlines()[-1] == lines[0], output
    return lines[0]


def _digest(kind: str, values: Mapping[str, Any]) -> str:
    return f"{int(values['score'] * 2**48):012x}" if kind == "score" else str(values["history"]["fit"])
