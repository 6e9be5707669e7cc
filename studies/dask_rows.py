"""One fit on 100 million rows by Dask workers of 1 GB each: time, and the peak memory of every process.

Rows of bytes around ten centres are written as a `.npy` file; then the harness clusters and scores them on a
local Dask cluster.

    python studies/dask_rows.py WORK_FOLDER 100000000

Peaks include the pages of mapped files that are resident, so they are upper bounds.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from harness.store.store import Store

WIDTH, CENTRES, BLOCK = 4, 10, 1_000_000
METRICS = ("calinski-harabasz", "davies-bouldin", "coverage", "n-clusters")
LIMIT = "1GB"  # of each worker


def write_rows(folder: Path, n: int) -> Path:
    """Write n rows of bytes around the centres, and return the file."""
    path = folder / f"rows{n}.npy"
    if path.exists():
        return path
    rng = np.random.default_rng(0)
    centres = rng.integers(224, size=(CENTRES, WIDTH), dtype=np.uint8)
    rows = np.lib.format.open_memmap(path, "w+", np.uint8, (n, WIDTH))
    for start in range(0, n, BLOCK):
        some = rng.integers(CENTRES, size=min(BLOCK, n - start))
        noise = rng.integers(32, size=(len(some), WIDTH), dtype=np.uint8)
        rows[start : start + len(some)] = centres[some] + noise
    return path


class Peaks:
    """The highest memory of each process below this one, by its role."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int], int] = {}

    def look(self, driver: int, workers: list[int]) -> None:
        """Read the peaks of all processes now; the system resets that of a stage's process at each stage."""
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error, OSError):
                role = _role(process, driver, workers)
                text = Path(f"/proc/{process.pid}/status").read_text()
                if role and (peak := re.search(r"^VmHWM:\s*(\d+)", text, re.MULTILINE)):
                    key = role, process.pid
                    self.found[key] = max(self.found.get(key, 0), int(peak[1]) // 1024)

    def by_role(self) -> dict[str, list[int]]:
        """Return the peaks in MiB of all processes of each role, largest first."""
        roles = dict.fromkeys(role for role, _ in self.found)
        return {
            role: sorted((mib for (of, _), mib in self.found.items() if of == role), reverse=True)
            for role in roles
        }


def _role(process: psutil.Process, driver: int, workers: list[int]) -> str:
    above = [each.pid for each in process.parents()]
    if process.pid == driver:
        return "harness bench"
    if driver in above:
        return "its helpers"
    if process.pid in workers:
        return "Dask worker"
    return "stage, started by a worker" if set(workers) & {*above} else ""


def measure(folder: Path, n: int, more: list[str], n_workers: int) -> dict[str, Any]:
    """Run the harness on n rows, and return seconds, peaks in MiB and the records of the stages."""
    from distributed import LocalCluster

    store = folder / f"store{n}"
    command = [sys.executable, "-m", "harness", "bench", "-d", str(write_rows(folder, n)), "-e", "identity"]
    command += ["-c", f"dask-kmeans(n_clusters={CENTRES})", "--seeds", "1", "--store", str(store), *more]
    command += [word for metric in METRICS for word in ("-m", metric)]
    peaks, started = Peaks(), time.monotonic()
    local = {
        "n_workers": n_workers,
        "threads_per_worker": 1,
        "memory_limit": LIMIT,
        "dashboard_address": ":0",
    }
    with LocalCluster(**local) as cluster:
        pids = [worker.pid for worker in cluster.workers.values()]
        driver = subprocess.Popen([*command, "--dask", cluster.scheduler_address], cwd=folder)
        while driver.poll() is None:
            peaks.look(driver.pid, pids)
            time.sleep(0.2)
        restarts = sorted(pids) != sorted(worker.pid for worker in cluster.workers.values())
    elapsed = time.monotonic() - started
    stages = [
        {"stage": record.kind, "plugin": record.facts["code"]["plugin"].partition(":")[2]}
        | {"status": record.status, "seconds": record.seconds, "memory": record.memory // 2**20}
        | {name: record.values[name] for name in ("score", "inertia", "n_iter") if name in record.values}
        for record in _records(store)
    ]
    scheduler = psutil.Process().memory_info().rss // 2**20
    found = {"n": n, "workers": n_workers, "elapsed": elapsed, "worker restarted": restarts}
    return {**found, "peaks": peaks.by_role(), "scheduler now": scheduler, "stages": stages}


def _records(folder: Path) -> list[Any]:
    store = Store(folder)
    cells = [cell for board in store.boards() for cell in store.cells(board)]
    keys = dict.fromkeys(key for cell in cells for key in cell.keys)
    return [record for key in keys if (record := store.get(key)) is not None]


def main() -> None:
    """Measure the given numbers of rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int, nargs="+")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--more", action="append", default=[], help="more arguments of harness bench")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for n in given.rows:
        found = measure(given.folder.resolve(), n, given.more, given.workers)
        (given.folder / f"dask{n}.json").write_text(json.dumps(found, indent=1))
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
