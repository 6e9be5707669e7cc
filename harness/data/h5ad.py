"""AnnData files (`.h5ad`) of single-cell data: cells are samples, genes or components are features."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from ..core.errors import DataError, suggest
from ..core.library_calls import library_call
from .advice import line
from .column_kinds import plain_name
from .column_roles import LABELS, find_label
from .content import Content
from .raw import Raw
from .sparse import NOTE, dense
from .table_options import NO_LABEL, TableOptions
from .tables import label_array

CELL_TYPES = ("cell_type", "celltype", "cell_types", "celltypes")


def read_h5ad(content: Content, options: TableOptions | None = None, *, obsm: str | None = None) -> Raw:
    """Read `X`, or a matrix of `obsm` such as `X_pca`; labels are a column of `obs`.

    The label column is the one that is named, else the one named as in tables, or `cell_type`.

    Raises
    ------
    DataError
        If the file is damaged, or the label column is not clear.
    """
    where, label = str(content.path), options.label if options else "auto"
    from anndata import read_h5ad as load

    refusal = f"{where}: not a readable AnnData file: "
    with library_call(lambda reason: DataError(f"{refusal}{reason}.")), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about gene names that are not unique, and about old files
        data = load(content.path)
    matrix, name = _matrix(data, obsm, where)
    notes = [f"samples: {name}"]
    if hasattr(matrix, "toarray"):
        matrix = dense(matrix, where)
        notes.append(NOTE)
    position = _label(data.obs, label, where)
    names = [str(column) for column in data.obs.columns]
    left_out = [f"obs {each!r}" for n, each in enumerate(names) if n != position]
    left_out += [f"obsm {each!r}" for each in data.obsm if f"obsm {each!r}" != name]
    left_out += [f"layer {each!r}" for each in data.layers]
    if position is None:
        notes += [NO_LABEL] if label == "auto" else []
        return Raw(np.asarray(matrix), left_out=tuple(left_out), notes=tuple(notes))
    return Raw(
        np.asarray(matrix),
        label_array(data.obs.iloc[:, position]),
        label=names[position],
        left_out=tuple(left_out),
        notes=tuple(notes),
    )


def _matrix(data: Any, obsm: str | None, where: str) -> tuple[Any, str]:
    found = list(data.obsm)
    if obsm is None:
        if data.X is None:
            advice = f" Name one of obsm: {line(where, obsm=found[0])}." if found else ""
            raise DataError(f"{where}: no matrix X.{advice}")
        return data.X, "X"
    if obsm not in found:
        shown = ", ".join(found) or "none"
        raise DataError(f"{where}: no obsm {obsm!r}. Available: {shown}.{suggest(obsm, found)}")
    return data.obsm[obsm], f"obsm {obsm!r}"


def _label(obs: pd.DataFrame, label: str | int | None, where: str) -> int | None:
    columns: list[str | int] = [str(column) for column in obs.columns]
    position = find_label(columns, label, where=where)
    if label != "auto" or position is not None:
        return position
    named = [n for n, column in enumerate(columns) if plain_name(column) in CELL_TYPES]
    if len(named) == 1:
        return named[0]
    groups = named or [n for n, kind in enumerate(obs.dtypes) if isinstance(kind, pd.CategoricalDtype)]
    if not groups:
        return None
    shown = ", ".join(repr(columns[n]) for n in groups[:8])
    raise DataError(
        f"{where}: no column of obs is named {', '.join(LABELS)} or {CELL_TYPES[0]}. Candidates: {shown}. "
        f"Name one: {line(where, label=columns[groups[0]])}; or none: {line(where, label=None)}."
    )
