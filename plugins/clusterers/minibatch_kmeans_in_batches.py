"""k-means on mini-batches of samples larger than memory (Sculley, 2010)."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.utils import check_random_state

from harness import batches, report_progress, take_rows

from .._frame import Frame
from .._frame_in_batches import frame_in_batches
from ._predict_in_batches import PredictsInBatches
from .minibatch_kmeans import MiniBatchKMeans


class MiniBatchKMeansInBatches(PredictsInBatches, MiniBatchKMeans):
    """The clusterer `minibatch-kmeans` on large data: random batches for scikit-learn's `partial_fit`.

    It begins, proceeds and stops as scikit-learn's `fit`, but draws rows with equal weights, which takes no
    time that grows with their number, and compares inertias after each step rather than before it.

    Parameters
    ----------
    n_clusters, batch_size, n_init, max_iter, max_no_improvement, reassignment_ratio, random_state
        As of `minibatch-kmeans`.

    Examples
    --------
    >>> X = np.repeat(np.eye(2, dtype=np.float32), 50, axis=0)
    >>> labels = MiniBatchKMeansInBatches(2, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[49] != labels[50] == labels[99])
    True
    """

    def fit(self, X: Any, y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        random = check_random_state(self.random_state)
        n, size = len(X), min(self.batch_size, len(X))
        self.frame_ = frame_in_batches(X)
        self.n_features_in_ = int(X.shape[1])
        first = self._drawn(X, max(3 * size, self.n_clusters), random)
        runs = 1 if self.n_init == "auto" else int(self.n_init)
        models = [self._begun(self.frame_, first, random) for _ in range(runs)]
        self.model_ = min(models, key=lambda model: float(model.inertia_))
        stop = _Stop(2 * size / (n + 1), self.max_no_improvement)
        steps = self.max_iter * n // size
        for step in range(1, steps + 1):
            self.model_.partial_fit(self._drawn(X, size, random))
            if stop.after(float(self.model_.inertia_) / size):
                break
            if step % 100 == 0:
                report_progress(step, 0, "mini-batches")
        self.n_iter_ = -(-step * size // n)
        self.cluster_centers_ = self.frame_.outside(self.model_.cluster_centers_)
        self._label(X)
        return self

    def _begun(self, frame: Frame, first: Any, random: np.random.RandomState) -> Any:
        model = self.build(frame).set_params(random_state=random.randint(2**31 - 1))
        return model.partial_fit(first)

    def _drawn(self, X: Any, size: int, random: np.random.RandomState) -> Any:
        return self.frame_.inside(take_rows(X, np.sort(random.randint(len(X), size=size))))

    def _label(self, X: Any) -> None:
        """Label all samples, and sum their squared distances to their centres."""
        self.labels_, inertia = np.empty(len(X), np.int32), 0.0
        for rows, block in batches(X):
            inside = self.frame_.inside(block)
            self.labels_[rows] = found = self.model_.predict(inside)
            inside = inside - self.model_.cluster_centers_[found]
            inertia += float(np.einsum("ij,ij->", inside, inside, dtype=np.float64))
            report_progress(rows.stop, len(X), "labels")
        self.inertia_ = self.frame_.area(inertia)


class _Stop:
    """scikit-learn's rule: the smoothed inertia of batches has not improved for some steps."""

    def __init__(self, weight: float, patience: int | None) -> None:
        self.weight, self.patience = min(weight, 1.0), patience
        self.smooth = self.best = np.inf
        self.waited = 0

    def after(self, inertia: float) -> bool:
        """Return whether to stop after a step with this inertia per sample."""
        started = np.isfinite(self.smooth)
        self.smooth = self.smooth + self.weight * (inertia - self.smooth) if started else inertia
        improved = self.smooth < self.best
        self.best, self.waited = (self.smooth, 0) if improved else (self.best, self.waited + 1)
        return self.patience is not None and self.waited >= self.patience
