"""A page in a browser that must neither complain nor ask the network for anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.core.board import Board
from harness.report.site import write_site


class Tab:
    """A page in a browser, with what it complained of and asked for."""

    def __init__(self, page: Any) -> None:
        self.page, self.complaints, self.requests = page, [], []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def show(self, board: Board, folder: Path) -> Any:
        _, path = write_site([board], folder, title="Mine", extra={})
        self.page.goto(path.as_uri())
        return self.page

    def names(self) -> list[str]:
        """Clusterers in the order of the rows that are seen."""
        cells: list[str] = self.page.locator("#rows tr[data-n]:visible .c1").all_inner_texts()
        return cells


@pytest.fixture
def tab(browser: Any) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = Tab(context.new_page())
    yield found
    assert found.complaints == []
    assert all(url.startswith("file:") for url in found.requests)
    context.close()
