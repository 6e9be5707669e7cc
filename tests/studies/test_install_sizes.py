"""The page on installing names every extra, with a size."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from study_files import study

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "install.md"


def test_the_page_has_every_extra_and_its_size() -> None:
    rows = dict(re.findall(r"^\| `?([\w-]+)`? \|.*\| \+? ?([\d,]+) MB \|$", PAGE.read_text(), re.MULTILINE))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert [*rows] == ["none", *(extra for extra in extras if extra not in ("dev", "docs"))]


def test_sizes_are_written_into_the_last_column() -> None:
    page = "| extra | for | size |\n|---|---|--:|\n| none | a | |\n| `torch` | b | + 1 MB |\n"
    written = study("install_sizes").filled(page, {"none": "5 MB", "torch": "+ 2 MB"})
    assert written == page.replace("| a | |", "| a | 5 MB |").replace("1 MB", "2 MB")


def test_sizes_are_of_all_that_is_needed() -> None:
    sizes = study("install_sizes")
    needed = sizes.needed([("clustering-harness", "")])
    assert {"clustering-harness", "scikit-learn", "numpy", "scipy", "et-xmlfile"} <= needed
    assert not {"pyarrow", "torch"} & needed
    assert "pyarrow" in sizes.needed([("clustering-harness", "parquet")])
    assert sizes.size("scipy") > 50e6


def test_the_plain_install_is_small() -> None:
    sizes = study("install_sizes")
    plain = sizes.needed([("clustering-harness", "")])
    assert sum(map(sizes.size, plain)) < 600e6
