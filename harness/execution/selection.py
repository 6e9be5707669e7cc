"""K selection among finished fits, which all selectors of one sweep share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from ..core.errors import HarnessError, NotApplicable, Unavailable, brief_repr
from ..core.plan import Stage
from ..core.record import Record
from ..registry.configure import build
from ..registry.fitted import tell
from ..registry.selectors import Fit


def select(
    stage: Stage, read: Callable[[str, str], NDArray[Any] | None], found: Sequence[Record | None]
) -> tuple[Record, dict[str, Any]]:
    """Let a selector choose among the finished fits of its stage.

    Parameters
    ----------
    stage : Stage
    read : callable
        Returns array `name` of the stage with a given key.
    found : sequence of Record or None
        The records of the fits, from `fits_of`.

    Returns
    -------
    chosen : Record
        The record of the chosen fit.
    values : dict
        Values of this fit and of the selector, including its curve.

    Raises
    ------
    NotApplicable
        If the criterion finds no K; its `values` hold the curve.
    HarnessError
        If no fit succeeded, or the selector did not return one of the fits.
    """
    records = _succeeded(stage, found)
    keys = dict(stage.fits)
    fits = [
        Fit(k, labels, record.values, record.seconds)
        for k, record in records.items()
        if (labels := read(keys[k], "fitted")) is not None
    ]
    embedding = read(stage.parents[0], "fitted")
    selector = build(stage.plugin, stage.params)
    try:
        chosen = selector.choose(embedding, fits)
    except NotApplicable as problem:
        problem.values = tell(selector)
        raise
    if not isinstance(chosen, Fit) or chosen.k not in records:
        raise HarnessError(f"choose must return one of the fits, got {brief_repr(chosen, 80)}")
    record = records[chosen.k]
    for text in record.warnings:
        warnings.warn(text, stacklevel=1)
    return record, {**record.values, **tell(selector), "n_clusters": record.values["n_clusters"]}


def _succeeded(stage: Stage, found: Sequence[Record | None]) -> dict[int, Record]:
    """Return the records of successful fits by K; warn about the others, raise if there are none."""
    records: dict[int, Record] = {}
    failed: list[Record] = []
    for (k, _), record in zip(stage.fits, found, strict=True):
        if record is None:
            raise Unavailable(f"the fit at K = {k} could not be made here")
        if record.ok:
            records[k] = record
            continue
        warnings.warn(f"K = {k} is left out, {record.status}: {record.error}", stacklevel=1)
        failed.append(record)
    if not records:  # if all are not applicable, so is the selection
        kind = NotApplicable if {each.status for each in failed} == {"not-applicable"} else HarnessError
        problem = kind(f"none of the {len(found)} fits succeeded: {failed[0].error}")
        problem.traceback = failed[0].traceback
        raise problem
    return records
