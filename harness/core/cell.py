"""What the body of a cell, as stores and published boards keep it, says of the cell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .hashing import digest
from .interfaces import Dataset
from .plan import PROTOCOLS, Cell, Plan
from .record import Record, ending


def scored_part(protocol: str) -> str:
    """Return the name under which a record has the labels that are scored: ``fitted`` or ``other``.

    Examples
    --------
    >>> scored_part("full"), scored_part("train-test")
    ('fitted', 'other')
    """
    fitted, scored = PROTOCOLS[protocol]
    return "fitted" if fitted == scored else "other"


def rows_scored(body: Mapping[str, Any]) -> slice:
    """Return which rows of the dataset a cell was scored on."""
    n, n_train = body["data"]["samples"], body["data"]["n_train"] or 0
    scored = PROTOCOLS[body["protocol"]][1]
    return {"all": slice(0, n), "train": slice(0, n_train), "test": slice(n_train, n)}[scored]


def run_title(body: Mapping[str, Any]) -> str:
    """Name a cell by its row and its seeds."""
    return f"{body['encoder']} + {body['clusterer']}, seeds {body['seeds']}"


def identity(body: Mapping[str, Any]) -> str:
    """Return what tells a cell from all others: its data, protocol, names, K, seeds, and version of code."""
    return digest({name: body[name] for name in (*FACTS, "variant")})


FACTS = ("dataset", "digest", "protocol", "encoder", "clusterer", "k", "seeds")  # make a cell another one


CellRow = tuple[str, str, dict[str, Any]]


def cell_body(plan: Plan, cell: Cell) -> dict[str, Any]:
    """Return what a store would give back of a cell; it was noted at no time.

    Boards are drawn from that and the records of its stages alone.
    """
    body = {**_facts(plan, cell), **_body(plan, cell), "noted": ""}
    found: dict[str, Any] = json.loads(json.dumps(body))  # tuples are lists there
    return found


def _facts(plan: Plan, cell: Cell) -> dict[str, Any]:
    """Return what makes a cell another one."""
    return {
        "dataset": plan.dataset.name,
        "digest": plan.dataset.digest,
        "protocol": plan.protocol,
        "encoder": cell.encoder,
        "clusterer": cell.clusterer,
        "k": cell.k,
        "seeds": [cell.encoder_seed, cell.clusterer_seed],
    }


def _body(plan: Plan, cell: Cell) -> dict[str, Any]:
    data = plan.dataset
    return {
        "specs": cell.specs,
        "variant": cell.variant,
        "steps": list(cell.steps),
        "cluster": cell.cluster,
        "scores": {name: dict(vars(score)) for name, score in cell.scores.items()},
        "blocked": cell.blocked,
        "settings": plan.settings,
        "prior": list(cell.prior),
        "data": data_facts(data),
    }


def data_facts(data: Dataset) -> dict[str, Any]:
    """Return what boards say of a dataset, as plain JSON."""
    return {
        "samples": data.n_samples,
        "features": data.n_features,
        "classes": data.n_classes,
        "image_shape": list(data.image_shape) if data.image_shape else None,
        "n_train": data.n_train,
        "truth": data.truth_digest,
        "scaling": data.scaling,
        "licence": data.licence,
    }


CURVE = {"criterion", "k", "values", "chosen"}  # what a curve of a chooser of K has at least


UNNAMED = "unnamed"  # whoever does not say who it is: perhaps one of those who do


def fits_of_cell(cell: Mapping[str, Any]) -> list[str]:
    """Return the keys of a cell's encode stages, and of its cluster stage last."""
    return [*cell["steps"], cell["cluster"]]


def keys_of(cell: Mapping[str, Any]) -> list[str]:
    """Return the keys of all stages of a cell."""
    return [*fits_of_cell(cell), *(score["key"] for score in cell["scores"].values())]


def by_seeds(cell: Mapping[str, Any]) -> list[int]:
    """Return by what cells of a row are sorted, wherever they come from."""
    return [-1 if seed is None else seed for seed in cell["seeds"]]


def status_of(cell: Mapping[str, Any], records: Mapping[str, Record]) -> tuple[str, str]:
    """Return how a cell ended, and a note that says why where it did not end well."""
    scores = {score["key"]: score.get("unavailable", "") for score in cell["scores"].values()}
    found = ending(fits_of_cell(cell), scores, records, cell["blocked"])
    return found.status, found.note
