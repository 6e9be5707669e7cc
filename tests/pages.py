"""How long a page takes, as a ratio to what the browser itself takes over as much in the same run."""

from __future__ import annotations

from typing import Any

OPENED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
TIMED = (
    "() => { const began = performance.now(); %s; document.body.offsetHeight;"
    " return performance.now() - began; }"
)
SORT = "document.querySelectorAll('#board > thead button')[1].click()"
ALL_ROWS_ANEW = """const rows = document.getElementById('rows'), all = [...rows.children];
rows.replaceChildren(); document.body.offsetHeight; rows.append(...all)"""
TIMES = 3  # the shortest counts; odd, so that the rows end sorted upwards


def opening(page: Any) -> float:
    """Return how often a page could be opened without its scripts while it opens."""
    plain = page.context.browser.new_context(java_script_enabled=False)
    bare = plain.new_page()
    whole = [page.evaluate(OPENED)]
    alone = [_opened(bare, page.url), _opened(bare, page.url)]
    whole.append(_opened(page, page.url))
    plain.close()
    return float(min(whole) / min(alone))


def _opened(page: Any, url: str) -> float:
    page.goto(url)
    return float(page.evaluate(OPENED))


def sorting(page: Any) -> float:
    """Return how often all rows could be taken out and put in anew while they are sorted."""
    sort, anew = ([page.evaluate(TIMED % what) for _ in range(TIMES)] for what in (SORT, ALL_ROWS_ANEW))
    return float(min(sort) / min(anew))
