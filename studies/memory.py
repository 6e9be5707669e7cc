"""Peak memory of each stage against the number of rows: the figure of docs/performance.md.

Images of 28 x 28 bytes of ten classes are written as IDX files, for each number of rows; then the harness is
run on them, and the memory in the records of its stages is read.

    python studies/memory.py WORK_FOLDER 250000 500000 1000000 2000000
    python studies/memory.py WORK_FOLDER --figure docs/pictures/memory

The second call draws what the first measured. Rows of more than 256 MiB as floats, 85,599 here, are worked
on in batches.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from harness.store.store import Store

SIDE, CLASSES, BLOCK = 28, 10, 20_000
COLOURS = ("#8a929b", "#8a929b", "#2f7fc1", "#d0782a")  # of the lines, on light and on dark
INKS = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
COMMAND = [
    *("harness", "bench", "--protocol", "full", "--seeds", "1", "-e", "identity", "-c", "minibatch-kmeans"),
    *("-m", "accuracy", "-m", "nmi", "-m", "ari", "-m", "purity", "-m", "calinski-harabasz"),
    *("-m", "davies-bouldin", "-m", "coverage", "-m", "n-clusters"),
]


def write_images(folder: Path, n: int) -> Path:
    """Write n images of noisy classes and their labels as IDX files, and return the file of images."""
    images, labels = folder / f"rows{n}-images-idx3-ubyte", folder / f"rows{n}-labels-idx1-ubyte"
    if images.exists() and images.stat().st_size == 16 + n * SIDE**2:
        return images
    rng = np.random.default_rng(0)
    centres = rng.integers(192, size=(CLASSES, SIDE**2), dtype=np.uint8)
    with images.open("wb") as pixels, labels.open("wb") as classes:
        pixels.write(struct.pack(">2xBB3I", 8, 3, n, SIDE, SIDE))
        classes.write(struct.pack(">2xBBI", 8, 1, n))
        for start in range(0, n, BLOCK):
            some = rng.integers(CLASSES, size=min(BLOCK, n - start))
            noise = rng.integers(64, size=(len(some), SIDE**2), dtype=np.uint8)
            pixels.write((centres[some] + noise).tobytes())
            classes.write(some.astype(np.uint8).tobytes())
    return images


def measure(folder: Path, n: int, more: list[str]) -> dict[str, Any]:
    """Run the harness on n rows, and return memory in MiB and seconds of each stage, and of any process."""
    store = folder / f"store{n}"
    images = write_images(folder, n)
    command = [sys.executable, "-m", *COMMAND, "-d", str(images), "--store", str(store), *more]
    told = subprocess.run(
        ["/usr/bin/time", "-v", *command], cwd=folder, check=True, text=True, stderr=subprocess.PIPE
    ).stderr
    found = {name: re.search(rf"{name}[^:]*(?:\(.*\))?: (.+)", told) for name in ("Maximum", "Elapsed")}
    stages = [
        {"stage": f"{record.kind} {record.facts['code']['plugin'].partition(':')[2]}"}
        | {"memory": record.memory / 2**20, "seconds": record.seconds, "status": record.status}
        for record in _records(store)
    ]
    # The peak of a worker process is reset before each stage, so that of all processes leaves some out.
    own = float(found["Maximum"][1]) / 2**10 if found["Maximum"] else 0.0
    highest = max([own, *(stage["memory"] for stage in stages)])
    return {"n": n, "highest": highest, "elapsed": found["Elapsed"] and found["Elapsed"][1], "stages": stages}


def _records(folder: Path) -> list[Any]:
    store = Store(folder)
    cells = [cell for board in store.boards() for cell in store.cells(board)]
    keys = dict.fromkeys(key for cell in cells for key in cell.keys)
    return [record for key in keys if (record := store.get(key)) is not None]


def draw(runs: list[dict[str, Any]], stem: Path) -> None:
    """Draw the highest memory of each kind of stage against the number of rows; light and dark."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot
    from matplotlib.ticker import FixedLocator, NullLocator

    runs = sorted(runs, key=lambda run: int(run["n"]))
    rows = np.array([run["n"] for run in runs])
    size = rows * SIDE**2 / 2**20
    lines = [("all rows as floats", 4 * size, ":"), ("the file", size, "--")]
    for kind, name in (("cluster", "minibatch-kmeans"), ("score", "scores, the highest")):
        memory = [max(s["memory"] for s in run["stages"] if s["stage"].startswith(kind)) for run in runs]
        lines.append((name, np.array(memory), "-"))
    for theme, ink in (("light", "#1c2025"), ("dark", "#e6e9ec")):
        inks = dict.fromkeys(INKS, ink)
        with pyplot.rc_context({**inks, "svg.hashsalt": "harness", "savefig.transparent": True}):
            figure, axes = pyplot.subplots(figsize=(6.4, 3.6), layout="constrained")
            for (name, memory, style), colour in zip(lines, COLOURS, strict=True):
                axes.plot(rows, memory, style, marker="o", markersize=4, color=colour, label=name)
            axes.set(
                xscale="log", yscale="log", xlabel="rows of 784 bytes", ylabel="peak resident memory, MiB"
            )
            for axis, ticks in ((axes.xaxis, rows), (axes.yaxis, 125 * 2 ** np.arange(1, 7))):
                axis.set_major_locator(FixedLocator(ticks))
                axis.set_major_formatter("{x:,.0f}")
                axis.set_minor_locator(NullLocator())
            axes.legend(frameon=False, fontsize=8)
            figure.savefig(f"{stem}-{theme}.svg", metadata={"Date": None})
            pyplot.close(figure)


def main() -> None:
    """Measure the given numbers of rows, or draw what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int, nargs="*")
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--more", action="append", default=[], help="more arguments of harness bench")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    measured = given.folder.resolve() / "memory.json"
    runs = {run["n"]: run for run in (json.loads(measured.read_text()) if measured.exists() else [])}
    for n in given.rows:
        runs[n] = measure(given.folder.resolve(), n, given.more)
        measured.write_text(json.dumps(list(runs.values()), indent=1))
        print(json.dumps(runs[n], indent=1))
    if given.figure:
        draw(list(runs.values()), given.figure)


if __name__ == "__main__":
    main()
