"""Page of a cell: everything stored about one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.counts import counted
from ...core.limits import RETRIED
from ...leaderboard.data_facts import data_facts
from ..cell_data import StoredCell
from ..figures.projections import Maps
from ..site.render import render_page
from . import confusion_table, file_names, provenance, score_tables
from .page_figures import ENCODER, Pictures, by_reason, first_map, pictures_of

PACKAGE = "harness.report.pages"


def cell_page(
    cell: StoredCell, kinds: Sequence[str], maps: Maps, mark: str, site: str
) -> tuple[str, list[str]]:
    """Return the page of a cell, and errors in drawing it.

    Parameters
    ----------
    cell : StoredCell
    kinds : sequence of str
        Kinds of pictures to draw.
    maps : Maps
    mark : str
        What the page says of the file that it is and of what it was made from.
    site : str
        The title of the report.
    """
    pictures = pictures_of(cell, kinds, maps)
    page = render_page("cell.html.j2", extending=PACKAGE, **_values(cell, pictures), mark=mark, site=site)
    return page, [f"{cell.title}: {kind}: {why}" for kind, why in pictures.wrong.items()]


def _values(cell: StoredCell, pictures: Pictures) -> dict[str, Any]:
    main = score_tables.main_metrics(cell.row)
    status, reason = cell.status
    tables = confusion_table.tables(cell)
    scores = score_tables.scores_of(cell) if any(each.scores for each in cell.row) else []
    return {
        "root": "../",
        "boards": (),
        "cell": cell,
        "board_url": f"../{file_names.board_file(cell.board)}",
        "encoder_url": f"../{file_names.encoder_file(cell.board, cell.record.encoder)}",
        "seeds": score_tables.seeds_text(cell),
        "facts": [*((each["name"], each["score"]) for each in scores if each["name"] in main), *_facts(cell)],
        "status": status,
        "reason": reason,
        "advice": provenance.ADVICE.get(status, ""),
        "retried": RETRIED,
        "failures": provenance.failures_of(cell),
        "data": list(data_facts(cell.record.data)),
        "warnings": [(each.kind, text) for each in cell.records.values() for text in each.warnings],
        "scores": scores,
        "main": main,
        "runs": score_tables.runs_of(cell, main),
        "cell_url": lambda each: file_names.cell_file(each).partition("/")[2],
        "tables": tables,
        "mixed": confusion_table.mixed_up(tables),
        "map": first_map(pictures),
        "pictures": pictures,
        "encoder_section": ENCODER,
        "missing": by_reason(pictures.missing),
        "wrong": by_reason(pictures.wrong),
        "layers": layers_of(cell),
        "stages": provenance.stages_of(cell),
        "source": provenance.provenance_of(cell),
    }


def _facts(cell: StoredCell) -> list[tuple[str, str]]:
    """Return the short facts below the title."""
    cluster, encode = cell.cluster, cell.encode
    facts = [("K", _k(cell))]
    if cell.labels is not None:
        noise = int((cell.labels == -1).sum())
        facts.append(("Rows scored", f"{len(cell.labels):,}"))
        facts += [("Of these noise", f"{noise:,} ({noise / len(cell.labels):.1%})")] if noise else []
    if cell.embedding is not None:
        facts.append(("Embedding", counted(cell.embedding.shape[1], "column")))
    if encode is not None and encode.ok and encode.values.get("n_parameters"):
        facts.append(("Trained parameters", f"{encode.values['n_parameters']:,}"))
    fits = [*cell.steps, *([cluster] if cluster is not None else [])]
    if fits:
        facts.append(("Seconds", " + ".join(f"{record.seconds:.2f}" for record in fits)))
        facts.append(("Most memory", f"{max(each.memory for each in fits) / provenance.MIB:,.0f} MiB"))
    return facts


def _k(cell: StoredCell) -> str:
    """Format K and its origin, and the number of clusters found if it differs."""
    known = cell.cluster.values.get("n_clusters") if cell.cluster is not None and cell.cluster.ok else None
    text = str(cell.record.k) or "–"
    if known is None or text.startswith(f"{known} "):
        return text
    return f"{known} estimated" if text == "estimated" else f"{text}, {known} found"


def layers_of(cell: StoredCell) -> list[dict[str, Any]]:
    """Return the layer table of each step of the encoder that has one: name, shape of output, parameters."""
    layers = []
    for record in cell.steps:
        summary = record.values.get("summary")
        if not isinstance(summary, list) or not all(isinstance(x, list) and len(x) == 3 for x in summary):
            continue  # a custom summary of another plugin
        lines = [
            (str(name), " x ".join(map(str, shape)) if isinstance(shape, list) else str(shape), n)
            for name, shape, n in summary
        ]
        layers.append({"lines": lines, "total": sum(n for *_, n in lines if isinstance(n, int))})
    return layers
