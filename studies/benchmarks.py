"""Compare a run of the benchmarks with the stored one, in units of the speed of each one's machine."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from tabulate import tabulate

BASELINE = Path(__file__).parent.parent / "tests" / "benchmarks" / "baseline.json"
SLOWER = 1.5  # beyond this a benchmark has become slower, and is not just noisy


def measured(folder: Path) -> dict[str, float]:
    """Return each benchmark's quickest round, in units of the calibration kernels of its own run."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        run: dict[str, Any] = json.loads(path.read_text())
        unit = math.sqrt(run["calibration"]["gemm"] * run["calibration"]["memory"])
        for each in run["benchmarks"]:
            found[f"{each['group']}: {each['name']}"] = each["stats"]["min"] / unit
    return found


def main(words: list[str] | None = None) -> int:
    """Print the comparison; exit with 1 where something has become slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where `make benchmarks` wrote its results")
    parser.add_argument("--store", action="store_true", help="make this run the one to compare with")
    given = parser.parse_args(words)
    now = measured(given.folder)
    if not now:
        print(f"There are no results in {given.folder}. Run `make benchmarks` first.", file=sys.stderr)
        return 2
    before = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if given.store:
        BASELINE.write_text(json.dumps({**before, **now}, indent=1, sort_keys=True) + "\n")
    rows = [(name, before.get(name), value) for name, value in now.items()]
    ratios = [(name, value / old if old else None) for name, old, value in rows]
    print(tabulate(ratios, ["benchmark", "now / stored"], floatfmt=".2f", missingval="new"))
    slower = [name for name, ratio in ratios if ratio is not None and ratio > SLOWER]
    for name in slower:
        print(f"Slower: {name}", file=sys.stderr)
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
