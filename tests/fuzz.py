"""Read damaged files: each is a dataset or one line of what is wrong, soon, and in little memory.

``python tests/fuzz.py --files 600 --seed 0`` prints counts, and a traceback of each kind that came through.
It is a process of its own, as memory is counted for a whole process, and as a library may end it.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import resource
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

from damaged_files import damaged
from whole_files import SEEDS, whole_image

from harness import DataError
from harness.core.interfaces import Dataset
from harness.data import read
from harness.publishing.npz import Unreadable, read_npy, read_npz

SECONDS = 5.0  # of the processor, for one file
MEGABYTES = 300.0  # for one file
HANGS = 120  # seconds until a file that is still being read counts as one that hangs


def write(folder: Path, name: str, content: bytes) -> Path:
    """Write a damaged file where it is read: an image beside a whole one, and labels beside images."""
    if name.endswith("labels.idx2-int"):
        (folder / "q").mkdir(exist_ok=True)
        (folder / "q" / name).write_bytes(content)
        (folder / "q" / name.replace("labels.idx2-int", "images.idx3-ubyte")).write_bytes(
            SEEDS["images.idx3"]
        )
        return folder / "q"
    if not name.startswith("image."):
        path = folder / name
        path.write_bytes(content)
        return path
    images = folder / f"{name.removeprefix('image.')}s"
    images.mkdir(exist_ok=True)
    (images / f"a{Path(name).suffix}").write_bytes(whole_image(name))
    (images / f"b{Path(name).suffix}").write_bytes(content)
    return images


def check_line(message: str) -> None:
    """Check that a message is one line that can be printed."""
    if not message.isprintable():
        raise AssertionError(f"not one printable line: {message!r}")


def outcome(path: Path) -> str:
    """Read a file as a dataset, and as the labels of a published board if it is a zip."""
    if path.suffix == ".npz":
        check_labels(path)
    try:
        data = read(path)
    except DataError as error:
        check_line(str(error))
        return "refused"
    assert isinstance(data, Dataset)
    return "read"


def check_labels(path: Path) -> None:
    """Read a zip as `harness verify` does, whatever its members are named."""
    try:
        for _, content in read_npz(path, 12, 9):
            if isinstance(content, Unreadable):
                check_line(str(content))
            else:
                read_npy(content, 12)
    except Unreadable as error:
        check_line(str(error))


def peak() -> float:
    """Return the most memory that this process has had, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def fuzz(n_files: int, seed: int, folder: Path) -> tuple[Counter[str], dict[str, str]]:
    """Read so many damaged files; return counts of outcomes by format, and one report of each fault."""
    counts: Counter[str] = Counter()
    faults: dict[str, str] = {}
    for path in (write(folder, name, content) for name, content in SEEDS.items()):
        read(path)  # whole, so that libraries are loaded before time and memory are counted
    for number in range(n_files):
        name = list(SEEDS)[number % len(SEEDS)]
        path = write(folder, name, damaged(name, random.Random(f"{seed}/{number}")))
        faulthandler.dump_traceback_later(HANGS, exit=True)
        started, before = time.process_time(), peak()
        try:
            result = outcome(path)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            result = "not one line" if isinstance(error, AssertionError) else "traceback"
            kind = f"{name}: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            faults.setdefault(kind, f"file {number}: {traceback.format_exc()[-1500:]}")
            counts[f"  {kind}"] += 1
        seconds, megabytes = time.process_time() - started, peak() - before
        if seconds > SECONDS or megabytes > MEGABYTES:
            result = "too much"
            faults[f"{name}: too much"] = f"file {number}: {seconds:.1f} seconds, {megabytes:.0f} MB"
        counts[f"{name}: {result}"] += 1
        counts[result] += 1
    faulthandler.cancel_dump_traceback_later()
    return counts, faults


def main() -> int:
    """Print counts; return 1 if a file gave anything but a dataset or one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    words = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("ignore")
    print(f"{words.files:,} damaged files, --seed {words.seed}", flush=True)  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        counts, faults = fuzz(words.files, words.seed, Path(folder))
    for what, number in sorted(counts.items()):
        print(f"{number:7,} {what}")  # noqa: T201
    for what, report in faults.items():
        print(f"\n{what}\n{report}")  # noqa: T201
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
