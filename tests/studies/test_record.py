"""The tables of docs/record.md are those of the published boards."""

from __future__ import annotations

from pathlib import Path

from study_files import study

ROOT = Path(__file__).parents[2]


def test_the_page_has_the_tables_of_the_boards() -> None:
    page = (ROOT / "docs" / "record.md").read_text()
    assert study("record").filled(page) == page
    assert page.count("<!-- record:end -->") == 7
