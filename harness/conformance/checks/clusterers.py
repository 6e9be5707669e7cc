"""Checks of clusterers, in addition to those of all estimators."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...registry.nested import k_name
from ..check import Check, Failed, Skipped
from ..fitting import FITS, fitted
from ..subject import K, Subject, parameters
from ..toy_data import ordinary, sound_labels
from .affine_changes import LABELS_STAY
from .estimators import estimator_checks

NO_PREDICT = "it has no predict, so it cannot run under train-test"


def labels(subject: Subject) -> str:
    """Check the labels of ordinary samples."""
    _, found = fitted(subject)
    clusters = np.unique(found[found >= 0])
    if len(clusters) and clusters[0]:
        raise Failed(
            f"its clusters are {', '.join(map(str, clusters[:8]))}, not numbered from 0.",
            "Number clusters from 0: np.unique(labels, return_inverse=True)[1], with -1 for noise.",
        )
    if len(clusters) and clusters[-1] >= len(clusters):
        return f"it skips cluster numbers: {', '.join(map(str, clusters[:8]))}"
    noise = float(np.mean(found < 0))
    return f"it labels {noise:.0%} of samples in three clear clusters as noise" if noise else ""


def honours_k(subject: Subject) -> None:
    """Request three clusters, and count them."""
    estimator, found = fitted(subject)
    name = k_name(parameters(type(estimator)), estimator)
    wanted = getattr(estimator, name) if name else None
    if not isinstance(wanted, int):
        raise Skipped("it takes no number of clusters")
    number = len(np.unique(found[found >= 0]))
    if number > wanted:
        raise Failed(
            f"with {name}={wanted} it gave {number} clusters.",
            f"Return at most {name} clusters, or rename the parameter: the harness sets this one to K.",
        )
    if number < wanted <= K:  # of the samples in clear clusters
        raise Failed(
            f"with {name}={wanted} it gave {number} in samples of {K} clear clusters.",
            f"Return {name} clusters if the samples have that many, or rename the parameter: the harness "
            "sets this one to K.",
        )


def predict_agrees(subject: Subject) -> None:
    """Compare `predict` with `labels_`, except noise."""
    estimator, found = fitted(subject)
    if not hasattr(estimator, "predict"):
        raise Skipped(NO_PREDICT)
    if not hasattr(estimator, "labels_"):
        raise Skipped("its labels are those that predict gives")
    again = sound_labels(estimator.predict(ordinary()), len(found))
    clear = found >= 0
    wrong = np.count_nonzero(again[clear] != found[clear])
    if wrong:
        raise Failed(
            f"predict gives {wrong} of the {clear.sum()} fitted rows another label than labels_.",
            "Set labels_ to the result of predict, or give the reason in conformance_skips.",
        )


def predicts_unseen(subject: Subject) -> None:
    """Label new rows."""
    estimator, found = fitted(subject)
    if not hasattr(estimator, "predict"):
        raise Skipped(NO_PREDICT)
    unseen = sound_labels(estimator.predict(ordinary(12, seed=1)), 12)
    new = set(unseen.tolist()) - set(found.tolist()) - {-1}
    if new:
        raise Failed(
            f"predict gives labels that no fitted row has: {sorted(new)}.",
            "Number clusters the same in labels_ and predict.",
        )


LABELS = Check("labels", "Metrics take integers: clusters from 0, and -1 for noise.", labels, needs=(FITS,))
CLUSTERER_CHECKS = (
    *estimator_checks(LABELS),
    Check(
        "honours-n-clusters",
        "Leaderboards compare methods with the same K.",
        honours_k,
        needs=(FITS, LABELS),
    ),
    Check(
        "predict-agrees",
        "Train and test scores are comparable only if both label a row the same.",
        predict_agrees,
        needs=(FITS, LABELS),
    ),
    Check(
        "predicts-unseen",
        "Under train-test, clusters of unseen rows must be those of the fit.",
        predicts_unseen,
        needs=(FITS, LABELS),
    ),
    replace(LABELS_STAY, needs=(FITS, LABELS)),
)
