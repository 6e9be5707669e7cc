"""The engines of k-means: the page has what was measured, and engines make the same steps."""

from __future__ import annotations

import csv
from pathlib import Path
from statistics import median

import pytest
from study_files import study

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "results" / "kmeans-engines.csv"

engines = study("engines")


def lines() -> list[dict[str, str]]:
    with RESULTS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_page_has_the_table_and_the_medians() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert engines.table(lines()) in page
    times = {(each["n"], each["d"], each["K"], each["engine"]): float(each["seconds"]) for each in lines()}
    for engine, text in (
        ("scikit-learn-intelex", "scikit-learn-intelex takes 0.98 times"),
        ("faiss", "faiss\n1.4"),
        ("torch", "PyTorch 1.8"),
        ("scikit-learn, elkan", "`elkan` 2.1"),
    ):
        ratio = median(
            seconds / times[*shape, "scikit-learn"]
            for (*shape, name), seconds in times.items()
            if name == engine
        )
        assert text in page
        assert float(text.split()[-1] if "times" not in text else "0.98") == pytest.approx(ratio, abs=0.05)


def test_engines_make_the_same_steps() -> None:
    names = [name for name in engines.available() if name.startswith(("scikit-learn", "torch"))]
    found = list(engines.compare(600, 3, 4, names))
    assert [each["engine"] for each in found] == names
    assert all(abs(float(each["inertia"])) < 1e-3 for each in found)
