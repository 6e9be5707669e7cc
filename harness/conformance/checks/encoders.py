"""Checks of encoders, in addition to those of all estimators."""

from __future__ import annotations

import numpy as np

from ..check import Check, Failed, Skipped
from ..fitting import FITS, fitted
from ..subject import Subject
from ..toy_data import IMAGE, ordinary, sound_embedding
from .estimators import estimator_checks

NO_TRANSFORM = "it has no transform, so it cannot run under train-test"


def embeds(subject: Subject) -> str:
    """Check the embedding of ordinary samples."""
    _, found = fitted(subject)
    kept = found.dtype in (np.float32, np.float64)
    return "" if kept else f"it returns {found.dtype}, which is stored as float32 or float64"


def transforms_unseen(subject: Subject) -> None:
    """Embed new rows."""
    estimator, found = fitted(subject)
    if not hasattr(estimator, "transform"):
        raise Skipped(NO_TRANSFORM)
    other = sound_embedding(estimator.transform(ordinary(7, seed=1)), 7)
    if other.shape[1] != found.shape[1]:
        raise Failed(
            f"it embeds fitted rows in {found.shape[1]} dimensions, but new rows in {other.shape[1]}.",
            "Fix the number of dimensions in fit.",
        )


def agrees(subject: Subject) -> None:
    """Compare `fit_transform` with `transform` of the same rows."""
    estimator, found = fitted(subject)
    if not hasattr(estimator, "transform"):
        raise Skipped(NO_TRANSFORM)
    if not hasattr(estimator, "fit_transform"):
        raise Skipped("it has no fit_transform of its own to compare with")
    again = sound_embedding(subject_transform(subject), len(found))
    if again.shape != found.shape:
        raise Failed(
            f"fit_transform gives shape {found.shape}, transform {again.shape}.",
            "Let fit_transform(X) return what fit(X).transform(X) returns.",
        )
    centred = found - found.mean(axis=0)
    off = np.linalg.norm(again - found) / max(float(np.linalg.norm(centred)), 1e-12)
    if off > 0.5:  # methods that place new rows approximately pass; a different space does not
        raise Failed(
            f"transform places the fitted rows elsewhere than fit_transform: {off:.0%} of their spread away.",
            "Let fit_transform(X) return what fit(X).transform(X) returns, or nearly.",
        )


def subject_transform(subject: Subject) -> object:
    """Fit and embed in two steps."""
    estimator = subject.make(0, IMAGE)
    estimator.fit(ordinary())
    return estimator.transform(ordinary())


EMBEDS = Check("embeds", "Clusterers take a finite array of shape (n, k).", embeds, needs=(FITS,))
ENCODER_CHECKS = (
    *estimator_checks(EMBEDS),
    Check(
        "transforms-unseen",
        "Under train-test, new rows are embedded.",
        transforms_unseen,
        needs=(FITS, EMBEDS),
    ),
    Check(
        "fit-transform-agrees",
        "Fitted rows are embedded with fit_transform and others with transform, which must agree.",
        agrees,
        needs=(FITS, EMBEDS),
    ),
)
