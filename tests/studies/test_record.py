"""The tables of docs/record.md are those of the published boards."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def record() -> ModuleType:
    spec = spec_from_file_location("record", ROOT / "studies" / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["record"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_has_the_tables_of_the_boards(record: ModuleType) -> None:
    page = (ROOT / "docs" / "record.md").read_text()
    assert record.filled(page) == page
    assert page.count("<!-- record:end -->") == 6
