"""Datasets of OpenML by ID or name: fetched once, checked, and read as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..core.errors import DataError, one_line
from ..core.interfaces import Dataset
from .download import Progress
from .openml_fetch import PREFIX, fetch_from_openml
from .openml_server import OPENML
from .raw import Raw
from .table_options import TableOptions
from .to_dataset import to_dataset


def read_openml(
    which: str,
    *,
    version: int | None = None,
    name: str | None = None,
    image_shape: tuple[int, ...] | None = None,
    missing: str | None = None,
    unlabelled: str | int | None = "auto",
    progress: Progress | None = None,
    **options: Any,
) -> Dataset:
    """Read a dataset of OpenML through scikit-learn; what was fetched once is read from the cache folder.

    Parameters
    ----------
    which : str
        The dataset's ID, or its name.
    version : int, optional
        With a name: which one; by default the oldest that is active.
    name : str, optional
        The name on leaderboards (default: ``openml-ID``).
    image_shape, missing, unlabelled
        See `harness.data.read`.
    progress : callable, optional
        Called with the name of the data, the bytes done and the bytes in all (0 if unknown).
    **options
        See `harness.data.tables.TableOptions`. The label is OpenML's default target, unless another is named.

    Returns
    -------
    Dataset
        With licence and citation as OpenML gives them.

    Raises
    ------
    DataError
        If there is no such dataset, no answer, a damaged file, other data than at the first reading, or a
        column that is neither numeric nor the label.

    Examples
    --------
    >>> read_openml("61", version=1)
    Traceback (most recent call last):
    harness.core.errors.DataError: openml:61: an ID is of one version already. Leave out version=.
    """
    found = fetch_from_openml(which, version, progress)
    details, number = found.details, found.details["id"]
    where = f"{PREFIX}{number}"
    raw = _raw(found, TableOptions(**options), where)
    notes = [*found.warned]
    if version is None and which != number:
        notes.append(f"{which!r} read as version {details['version']}, the oldest active one: {where}")
    data = to_dataset(
        replace(raw, notes=(*notes, *raw.notes)),
        name=name or f"openml-{number}",
        where=where,
        image_shape=image_shape,
        licence=str(details.get("licence") or "unknown"),
        missing=missing,
        unlabelled=unlabelled,
    )
    cited = one_line(details.get("citation") or "")
    source = f"{OPENML}/d/{number}, {details['name']} version {details['version']}"
    return replace(data, source=f"{source}; cite {cited}" if cited else source)


def _raw(found: Any, options: TableOptions, where: str) -> Raw:
    """Split what was fetched into samples and labels."""
    targets = list(found.target_names or ())
    if len(targets) > 1 and options.label == "auto":
        raise DataError(
            f"{where}: OpenML names several targets: {', '.join(targets)}. Choose one as the label, e.g. "
            f"-d \"{where}(label='{targets[0]}')\"; the others are left out."
        )
    if found.frame is None:
        return _sparse(found, options, targets, where)
    from .arff import numerals
    from .column_roles import find_label
    from .tables import from_frame

    label, columns = options.label, list(found.frame.columns)
    if label == "auto":
        label = targets[0] if targets else label
    elif (place := find_label(columns, label, where=where)) is not None:
        label = columns[place]
    kept = [options.keep] if isinstance(options.keep, str | int) else options.keep
    gone = [name for name in targets if name != label and name not in kept]
    frame = found.frame.drop(columns=gone)
    nominal = [each["name"] for each in found.columns if each["data_type"] == "nominal"]
    for name in frame.columns.intersection(nominal):
        frame[name] = frame[name].str.replace(r"^'(.*)'$", r"\1", regex=True).astype(object)
    notes = numerals(frame, [name for name in frame.columns.intersection(nominal) if name != label])
    raw = from_frame(frame, replace(options, label=label), where=where, notes=notes)
    given = label if targets and options.label == "auto" else ""
    told = (f"label {given!r}: the default target on OpenML",) if given else ()
    others = (f"{name!r} (a target on OpenML)" for name in gone)
    return replace(raw, left_out=(*raw.left_out, *others, *_ignored(found)), notes=(*told, *raw.notes))


def _sparse(found: Any, options: TableOptions, targets: Sequence[str], where: str) -> Raw:
    from .python_objects import from_object

    if options not in (TableOptions(), TableOptions(None)):
        raise DataError(
            f"{where}: its file is sparse, so of the options of tables only label=None can be given."
        )
    labels = found.target if targets and options.label == "auto" else None
    raw = from_object(found.data, labels, TableOptions(None), where=where)
    return replace(
        raw,
        feature_names=tuple(found.feature_names),
        label="" if labels is None else targets[0],
        left_out=tuple(_ignored(found)),
    )


def _ignored(found: Any) -> Iterator[str]:
    """Report columns that OpenML marks as not for learning."""
    for field, why in (("is_row_identifier", "a row identifier"), ("is_ignore", "to be ignored")):
        for column in found.columns:
            if column[field] == "true" and column["name"] not in found.target_names:
                yield f"{column['name']!r} ({why} on OpenML)"
