"""What reading a dataset adds to pandas and NumPy: roles of columns, precision, checks, labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from harness.data import read

SIZE = 2**27  # bytes of each file


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A table of 40 columns and a class, and arrays of single and double precision."""
    folder, rng = tmp_path_factory.mktemp("files"), np.random.default_rng(0)
    names = ("single.npy", "double.npy", "decimal.npy", "table.csv")
    paths = {name: folder / name for name in names}
    np.save(paths["single.npy"], rng.random((SIZE // 400, 100), dtype=np.float32))
    np.save(paths["double.npy"], rng.normal(size=(SIZE // 800, 100)))
    np.save(paths["decimal.npy"], np.round(rng.normal(size=(SIZE // 800, 100)), 4))
    frame = pd.DataFrame(rng.normal(size=(5000, 40)).round(6)).assign(label=rng.choice(list("abcdef"), 5000))
    part = frame.to_csv(index=False)
    header, body = part.split("\n", 1)
    paths["table.csv"].write_text(header + "\n" + body * (SIZE // len(body)))
    return paths


@pytest.mark.parametrize("how", ["harness", "numpy or pandas"])
@pytest.mark.parametrize("name", ["single.npy", "double.npy", "decimal.npy", "table.csv"])
def test_reading(benchmark: Any, files: dict[str, Path], name: str, how: str) -> None:
    path = files[name]
    plain = pd.read_csv if name == "table.csv" else np.load
    benchmark.group = f"reading 128 MB: {name}"
    benchmark.pedantic(read if how == "harness" else plain, (path,), rounds=5, warmup_rounds=1)
