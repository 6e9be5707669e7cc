"""Check that an estimator can be used in another process."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import error_line, reason_line
from ...core.plugin import Plugin
from ...execution.worker import Worker
from ..check import Failed
from ..fitting import fitted
from ..subject import Subject
from ..toy_data import IMAGE, alike, difference, ordinary


def pickles(subject: Subject) -> None:
    """Send an estimator to a new process before and after fitting, and use it there."""
    estimator, expected = fitted(subject)
    method = "transform" if subject.kind == "encoder" else "predict"
    here = getattr(estimator, method)(ordinary()) if hasattr(estimator, method) else expected
    for when, each in (("before it is fitted", subject.make(0, IMAGE)), ("when it is fitted", estimator)):
        try:
            sent = pickle.dumps(each)
        except Exception as problem:
            raise Failed(
                f"{when} it cannot be pickled: {error_line(problem)}",
                "Define its contents at the top of a module, without lambdas, locks or open files.",
            ) from None
    child = subject.other or Worker()
    try:
        there = child.call(_used, subject.plugin, sent, method, ordinary())
    except Exception as problem:
        raise Failed(
            f"in another process it cannot be used: {reason_line(problem)}",
            "Define the class at the top of an importable module, with everything it needs.",
        ) from None
    finally:
        if child is not subject.other:
            child.stop()
    if there is not None and not alike(np.asarray(here), there):
        raise Failed(
            f"in another process it returns another result, differing {difference(np.asarray(here), there)}.",
            "Store everything learnt in attributes of the estimator, not in globals or on the class.",
        )


def _used(plugin: Plugin | None, sent: bytes, method: str, X: NDArray[Any]) -> NDArray[Any] | None:
    """Use an estimator in another process, where the plugin's file is loaded with the arguments."""
    estimator = pickle.loads(sent)
    return np.asarray(getattr(estimator, method)(X)) if hasattr(estimator, method) else None
