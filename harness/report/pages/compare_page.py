"""The page with runs side by side: part of a report, where it reads the scripts beside it, or by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...core.errors import HarnessError
from ..cell_data import StoredCell
from ..figures.projections import METHODS, Maps
from ..site.render import render_page
from . import file_names, score_tables
from .cell_page import PACKAGE
from .compare_runs import run_values, sampled
from .compare_samples import sample_values, samples_digest
from .page_figures import methods_of
from .page_marks import script_mark

TEMPLATE = "compare.html.j2"
MOST_RUNS = 6  # beside each other on one page


def run_script(cell: StoredCell, digest: str) -> str:
    """Return the script that brings a run to the comparing page of its report."""
    rows = sampled(len(cell.labels)) if cell.labels is not None else None
    mark = script_mark(file_names.script_of(file_names.cell_file(cell)), digest)
    return f"{mark}\nCompare.run({_json(run_values(cell, rows))});\n"


def sample_script(cells: Sequence[StoredCell], kinds: Sequence[str], maps: Maps, digest: str) -> str:
    """Return the script that brings a leaderboard's samples to the comparing page of its report."""
    n = next((len(each.labels) for each in cells if each.labels is not None), 0)
    values = sample_values(cells, methods_of(kinds), maps, images=bool(kinds), rows=sampled(n))
    mark = script_mark(file_names.script_of(file_names.compare_file(cells[0].board)), digest)
    return f"{mark}\nCompare.samples({_json(values)});\n"


def compare_page(board: str, dataset: str, protocol: str, mark: str, site: str) -> str:
    """Return the comparing page of a leaderboard in a report; which runs it shows stands in its address."""
    return render_page(
        TEMPLATE,
        extending=PACKAGE,
        root="../",
        boards=(),
        site=site,
        mark=mark,
        board_url=f"../{file_names.board_file(board)}",
        dataset=dataset,
        protocol=protocol,
        script=file_names.script_of(file_names.compare_file(board)).partition("/")[2],
        inside=None,
    )


def comparison(cells: Sequence[StoredCell], maps: Maps) -> str:
    """Return a page by itself that compares some runs of one leaderboard, over all rows.

    The samples are laid out by PCA, and by the slower methods where a report has drawn these already.

    Parameters
    ----------
    cells : sequence of StoredCell
        Two at least; the others are compared with the first.
    maps : Maps

    Raises
    ------
    HarnessError
        If these are not at least two runs with clusters on one leaderboard.
    """
    check_comparable(cells)
    cell, record = cells[0], cells[0].record
    kept = [] if cell.samples is None else maps.kept(len(cell.samples), samples_digest(cell))
    methods = [method for method in METHODS if method == "pca" or method in kept]
    return render_page(
        TEMPLATE,
        extending=PACKAGE,
        root="",
        boards=(),
        site="Comparison of clusterings",
        mark="",
        board_url="",
        dataset=record.dataset,
        protocol=record.protocol,
        script="",
        inside={
            "samples": sample_values(cells, methods, maps, images=True, rows=None),
            "runs": [run_values(cell, None) for cell in cells],
        },
    )


def check_comparable(cells: Sequence[StoredCell]) -> None:
    """Raise an error unless these are two or more runs of one leaderboard that have clusters."""
    if len(cells) < 2:
        raise HarnessError(
            "Give at least two runs, by encoder and clusterer or by id, "
            "e.g. harness compare --html 'identity + kmeans' 'pca + kmeans'."
        )
    if len(cells) > MOST_RUNS:
        raise HarnessError(f"A page compares at most {MOST_RUNS} runs, got {len(cells)}. Name fewer.")
    boards = list(dict.fromkeys(cell.board for cell in cells))
    if len(boards) > 1:
        raise HarnessError(
            f"Only runs of one leaderboard can be compared, got runs of {' and '.join(boards)}. "
            "Name one with --board."
        )
    for place, cell in enumerate(cells):
        title = f"{cell.name}, {score_tables.seeds_text(cell)},"
        if cell.labels is None:
            status, reason = cell.status
            why = f"{status}: {reason}" if reason else status
            raise HarnessError(f"{title} has no clusters to compare ({why}). Name another run.")
        if cell.id in {each.id for each in cells[:place]}:
            other = f" For another seed write '{cell.name}, seed 1'." if len(cell.row) > 1 else ""
            raise HarnessError(f"{title} is named twice. Name another run.{other}")


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"), allow_nan=False)
