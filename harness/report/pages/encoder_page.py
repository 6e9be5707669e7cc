"""Page of an encoder on a board: its training per seed, and the clusterers run on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.board import Summary
from ...leaderboard.text import number, spread
from ..cell_data import StoredCell
from ..figures.projections import Maps
from ..site.render import render_page
from . import file_names, provenance, score_tables
from .cell_page import PACKAGE, layers_of
from .page_figures import Drawn, Pictures, by_reason, pictures_of

ONCE = ("layers",)  # kinds of pictures that do not depend on the seed
EACH = ("losses", "reconstructions", "map")


def encoder_page(
    cells: Sequence[StoredCell], kinds: Sequence[str], maps: Maps, mark: str, site: str
) -> tuple[str, list[str]]:
    """Return the page of an encoder from all its cells on a board, and errors.

    The other parameters are those of `cell_page`.
    """
    groups = by_seed(cells)
    each_kind = [kind for kind in kinds if kind.partition("-")[0] in EACH]
    once_kind = [kind for kind in kinds if kind.partition("-")[0] in ONCE]
    drawn = [pictures_of(unclustered(shown_by(group)), each_kind, maps) for group in groups]
    once = pictures_of(shown_by(groups[0]), once_kind, maps)
    page = render_page(
        "encoder.html.j2", extending=PACKAGE, **_values(cells, groups, drawn, once), mark=mark, site=site
    )
    wrong = [
        f"{cells[0].record.encoder}: {kind}: {why}" for x in (*drawn, once) for kind, why in x.wrong.items()
    ]
    return page, wrong


def by_seed(cells: Sequence[StoredCell]) -> list[list[StoredCell]]:
    """Return the cells of each fit of the encoder, in the order of their seeds."""
    found: dict[tuple[Any, ...], list[StoredCell]] = {}
    for cell in cells:
        found.setdefault((cell.seeds[0], *cell.record.steps), []).append(cell)
    return sorted(found.values(), key=lambda group: -1 if group[0].seeds[0] is None else group[0].seeds[0])


def shown_by(group: Sequence[StoredCell]) -> StoredCell:
    """Return the cell to show for a fit: one with a computed embedding, if any."""
    return next((cell for cell in group if cell.encode is not None and cell.encode.ok), group[0])


def unclustered(cell: StoredCell) -> StoredCell:
    """Return the cell without its clusters, so that its maps show only the classes."""
    found = StoredCell(cell.store, cell.record, cell.records, cell.data, cell.row)
    vars(found)["labels"] = None  # overrides the stored value
    return found


def _values(
    cells: Sequence[StoredCell],
    groups: Sequence[Sequence[StoredCell]],
    drawn: Sequence[Pictures],
    once: Pictures,
) -> dict[str, Any]:
    first, main = shown_by(groups[0]), score_tables.main_metrics(cells)
    titles = [_seed_title(group[0].seeds[0]) for group in groups]
    return {
        "root": "../",
        "boards": (),
        "facts": first.record,
        "board_url": f"../{file_names.board_file(first.board)}",
        "main": main,
        "fits": [_fit(group, title) for group, title in zip(groups, titles, strict=True)],
        "rows": _rows(cells, main),
        "layers": layers_of(first),
        "once": _all(once),
        "drawn": [(title, found) for title, each in zip(titles, drawn, strict=True) if (found := _all(each))],
        "missing": by_reason({kind: why for each in (*drawn, once) for kind, why in each.missing.items()}),
        "wrong": by_reason({kind: why for each in (*drawn, once) for kind, why in each.wrong.items()}),
        "params": [(step, provenance.parameters_of(step)) for step in first.steps],
        "versions": provenance.versions_of(first.steps),
        "cell_url": lambda each: file_names.cell_file(each).partition("/")[2],
        "seeds_text": score_tables.seeds_text,
    }


def _seed_title(seed: int | None) -> str:
    return "Deterministic" if seed is None else f"Seed {seed}"


def _all(pictures: Pictures) -> list[Drawn]:
    return [each for some in pictures.sections.values() for each in some]


def _fit(group: Sequence[StoredCell], title: str) -> dict[str, Any]:
    cell = shown_by(group)
    steps = cell.steps
    last = steps[-1].values if steps and steps[-1].ok else {}
    history = last.get("history") if isinstance(last.get("history"), dict) else {}
    bad = next((record for record in steps if not record.ok), None)
    return {
        "title": title,
        "status": "ok" if steps and not bad else bad.status if bad else cell.status[0],
        "error": bad.error if bad else "",
        "epochs": last.get("n_iter", ""),
        "best": last.get("best_epoch", ""),
        "losses": [(name, number(values[-1])) for name, values in (history or {}).items() if values],
        "parameters": last.get("n_parameters"),
        "columns": cell.embedding.shape[1] if cell.embedding is not None else "",
        "seconds": f"{sum(record.seconds for record in steps):,.2f}",
        "memory": f"{max((record.memory for record in steps), default=0) / provenance.MIB:,.0f} MiB",
        "created": max((record.created for record in steps), default="")[:10],
    }


def _rows(cells: Sequence[StoredCell], main: Sequence[str]) -> list[dict[str, Any]]:
    """Return a line per row of this encoder: clusterer, K, scores, and cells."""
    rows = {id(cell.row): cell.row for cell in cells}
    found = []
    for row in rows.values():
        statuses = [cell.status[0] for cell in row]
        summaries = [Summary.of([cell.scores[name] for cell in row if name in cell.scores]) for name in main]
        found.append(
            {
                "clusterer": row[0].record.clusterer,
                "k": row[0].record.k,
                "scores": [
                    spread(each, error=score_tables.error_of(row, name))
                    for each, name in zip(summaries, main, strict=True)
                ],
                "rank": -summaries[0].mean if summaries and summaries[0] else float("inf"),
                "statuses": sorted(set(statuses)),
                "cells": row,
            }
        )
    return sorted(found, key=lambda each: (each["rank"], each["clusterer"], each["k"]))
