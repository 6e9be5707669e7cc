"""Thousands of trivial cells: what is kept of each costs the same among many as among few."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path

from grids import Grid, ended

PLUGIN = '''"""Does nearly nothing."""
import numpy as np
from harness import hookimpl

class Trivial:
    def __init__(self, at=0): self.at = at
    def fit(self, X): self.labels_ = np.arange(len(X)) % (2 + self.at % 7)

@hookimpl
def clusterers(): return {"trivial": Trivial}
'''


def test_many_cells(rounds: int, tmp_path: Path) -> None:
    cells = 100 * rounds
    many = run(tmp_path / "many", cells)
    tell(cells, many)
    if rounds >= 100:
        few = run(tmp_path / "few", cells // 10)
        tell(cells // 10, few)
        assert many[0] < 2 * few[0], "bookkeeping grows with what is there already"


def tell(cells: int, found: tuple[float, float, float]) -> None:
    each, warm, whole = found
    print(f"{cells} cells: {each:.2f} ms each; again {warm:.2f} s, {whole:.1f} s for the whole call")  # noqa: T201


def run(folder: Path, cells: int) -> tuple[float, float, float]:
    """Run cells twice; return ms of each, and seconds of the second run and of its whole call."""
    grid = Grid(
        folder, ("-e", "identity", *(word for n in range(cells) for word in ("-c", f"trivial(at={n})")))
    )
    grid.metric = "n-clusters"
    (folder / "telling.py").write_text(PLUGIN)
    found = []
    for number in range(2):
        events = folder / f"events{number}"
        started = time.monotonic()
        ended(grid.bench("--events", str(events)))
        whole = time.monotonic() - started
        lines = [json.loads(line) for line in events.read_text().splitlines()]
        times = [datetime.fromisoformat(line["time"]).timestamp() for line in (lines[0], lines[-1])]
        found.append(times[1] - times[0])
        stages = 2 * cells + 1
        wanted = {"computed": 0, "reused": stages} if number else {"computed": stages, "reused": 0}
        assert {name: lines[-1][name] for name in wanted} == wanted
    grid.assert_sound()
    return 1000 * found[0] / cells, found[1], whole
