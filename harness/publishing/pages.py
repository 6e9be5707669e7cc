"""Pages of a published folder: a table per board, an index, and tables within other documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.board import Board, protocol_text, ranking
from ..core.errors import HarnessError, suggest
from ..leaderboard.build import load_board
from ..leaderboard.formats import to_csv
from ..leaderboard.markdown import markdown, row_table
from ..leaderboard.suite.suite_board import SuiteBoard
from ..leaderboard.text import escape, number, spread
from .bundle import Published, digest_of, keeps_truth_back
from .published_suites import suite_files, suites_of

if TYPE_CHECKING:
    from jinja2 import Environment

INDEX = "README.md"
OURS = "clustering-harness"
BEGIN = re.compile(r"<!-- harness:board(?P<words>[^>\n]*)-->[ \t]*(?P<end>\r?\n)")
MARK = re.compile(
    rf"(?P<begin>{BEGIN.pattern})(?:(?!<!-- harness:board).)*?(?P<last><!-- harness:end -->)", re.DOTALL
)
OPTIONS = ("rows", "metrics")


def pages(published: Published, reference: bool = False) -> dict[str, str]:
    """Return the text of every page by file name; the same records give the same bytes.

    Parameters
    ----------
    published : Published
    reference : bool
        Whether to include results from the literature.
    """
    boards = [load_board(published, name) for name in published.boards()]
    found = {f"{board.name}.md": markdown(board, reference) for board in boards}
    found |= {f"{board.name}.csv": to_csv(board) for board in boards}
    suites = list(suites_of(published))
    return {**found, **suite_files(suites), INDEX: index(published, boards, suites)}


def index(published: Published, boards: list[Board], suites: Sequence[list[SuiteBoard]] = ()) -> str:
    """Write the index: the boards and suites, their contributors, and how to check and cite them."""
    pages = _templates()
    cells = [cell for board in boards for cell in published.cells(board.name)]
    facts = {
        "lines": [_line(board, len(published.cells(board.name))) for board in boards],
        "by": sorted({origin.by for cell in cells for origin in cell.origins}),
        "suites": [_suite_line(each) for each in suites],
        "kept_back": [board.name for board in boards if keeps_truth_back(published.bundles[board.name])],
    }
    return pages.get_template("index.md.j2").render(facts | _cited(published, boards))


def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("harness.publishing")
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["md"] = escape  # it is Markdown: HTML's own escapes would not be enough
    return made


def citation(published: Published, boards: list[Board]) -> str:
    """Return the BibTeX entry of a published folder."""
    return _templates().get_template("citation.bib.j2").render(_cited(published, boards)).strip() + "\n"


def _cited(published: Published, boards: list[Board]) -> dict[str, str]:
    """Return what a citation says: among it a digest of all keys."""
    keys = [key for bundle in published.bundles.values() for key in (*bundle.cells, *bundle.records)]
    return {
        "key": "clustering-leaderboards",
        "title": "Leaderboards of clustering pipelines",
        "url": "",
        "date": max((board.date for board in boards), default=""),
        "version": next((each for board in boards for each in board.versions.get(OURS, ())), ""),
        "digest": digest_of("".join(sorted(keys)).encode()),
    }


def _line(board: Board, cells: int) -> dict[str, str]:
    """Return the line of a board in the index."""
    metric = ranking(board.metrics)
    name = metric.name if metric is not None else ""
    best = next((row for row in board.rows if row.complete and name in row.scores), None)
    return {
        "board": board.name,
        "dataset": board.dataset,
        "protocol": board.protocol,
        "text": protocol_text(board),
        "rows": f"{len(board.rows):,}",
        "runs": f"{cells:,}",
        "top": f"{best.encoder} + {best.clusterer}" if best else "–",
        "score": f"{name} {spread(best.scores[name], error=best.standard_errors.get(name))}" if best else "–",
        "date": board.date,
    }


def _suite_line(boards: list[SuiteBoard]) -> dict[str, str]:
    """Return the line of a suite in the index."""
    board = boards[0]
    first = next(iter(board.ranked), None)
    value = board.aggregate(first) if first else None
    return {
        "name": board.suite.name,
        "title": board.suite.title or board.suite.name,
        "datasets": f"{len(board.columns):,}",
        "methods": f"{len(board.methods):,}",
        "top": first.name if first else "–",
        "score": "–" if value is None else f"{board.suite.aggregate} {board.metric.name} {number(value, 3)}",
    }


def workflow_text() -> str:
    """Return a GitHub workflow that verifies contributions, and publishes the pages of merged ones."""
    return resources.files(__package__).joinpath("templates", "verify.yml").read_text(encoding="utf-8")


def fill(path: Path, published: Published) -> str:
    """Return a document with its marked tables regenerated.

    A table stands between ``<!-- harness:board digits.full rows=8 metrics=accuracy,nmi -->`` and
    ``<!-- harness:end -->``.

    Raises
    ------
    HarnessError
        If there is no such mark, or it names something missing.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise HarnessError(f"Cannot read {str(path)!r}: {error}.") from None
    begins, marks = list(BEGIN.finditer(text)), list(MARK.finditer(text))
    if not begins:
        raise HarnessError(
            f"{str(path)!r} has no place for a table. Add two lines: '<!-- harness:board "
            f"{next(iter(published.boards()), 'digits.full')} rows=10 metrics=accuracy,nmi -->' and "
            "'<!-- harness:end -->'."
        )
    ended = {mark.start() for mark in marks}
    lost = next((begin for begin in begins if begin.start() not in ended), None)
    if lost is not None:
        line = text.count("\n", 0, lost.start()) + 1
        raise HarnessError(f"{str(path)!r}, line {line}: no '<!-- harness:end -->' follows this mark.")
    return MARK.sub(lambda mark: mark["begin"] + _filled(mark, published, path) + mark["last"], text)


def _filled(mark: re.Match[str], published: Published, path: Path) -> str:
    """Return the table of a mark, with the line ends of the mark."""
    return _table(mark["words"], published, path).replace("\n", mark["end"])


def _table(words: str, published: Published, path: Path) -> str:
    """Return the table that a mark requests."""
    name, *options = words.split() or [""]
    if name not in published.boards():
        known = published.boards()
        raise HarnessError(
            f"{str(path)!r} names unknown leaderboard {name!r}.{suggest(name, known)} Leaderboards: "
            f"{', '.join(known)}."
        )
    board = load_board(published, name)
    given = dict(option.partition("=")[::2] for option in options)
    if given.keys() - set(OPTIONS) or not given.get("rows", "1").isdecimal():
        raise HarnessError(f"{str(path)!r}: a mark takes rows=NUMBER and metrics=NAME,NAME, got {words!r}.")
    names = given["metrics"].split(",") if "metrics" in given else [metric.name for metric in board.metrics]
    unknown = next((each for each in names if each not in [metric.name for metric in board.metrics]), None)
    if unknown is not None:
        raise HarnessError(f"{str(path)!r} names metric {unknown!r}, which {name} does not have.")
    metrics = [metric for metric in board.metrics if metric.name in names]
    return row_table(board, metrics, int(given.get("rows", len(board.rows)))) + "\n"
