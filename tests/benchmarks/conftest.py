"""Each run of the benchmarks says how fast its machine was, so that runs elsewhere can be compared."""

from __future__ import annotations

import time
from typing import Any

import numpy as np


def _quickest(work: Any, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def calibration() -> dict[str, float]:
    """Return the seconds of a product of matrices, and of a sweep through memory."""
    rng = np.random.default_rng(0)
    left, right = rng.random((2, 1500, 1500), dtype=np.float32)
    wide = rng.random(2**26, dtype=np.float32)
    return {"gemm": _quickest(lambda: left @ right), "memory": _quickest(wide.sum)}


def pytest_benchmark_update_json(config: Any, benchmarks: Any, output_json: dict[str, Any]) -> None:
    """Add the speed of the machine, measured in the same run."""
    output_json["calibration"] = calibration()
