"""BIRCH on samples larger than memory: its tree grows batch by batch."""

from __future__ import annotations

from typing import Any, Self

from harness import batches, report_progress

from .._frame_in_batches import frame_in_batches
from ._predict_in_batches import PredictsInBatches
from .birch import Birch


class BirchInBatches(PredictsInBatches, Birch):
    """The clusterer `birch` on large data: the same tree from scikit-learn's `partial_fit`.

    Parameters
    ----------
    n_clusters, threshold, branching_factor, max_samples
        As of `birch`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.repeat(np.eye(2, dtype=np.float32), 50, axis=0)
    >>> labels = BirchInBatches(2).fit(X).labels_
    >>> bool(labels[0] == labels[49] != labels[50] == labels[99])
    True
    """

    def fit(self, X: Any, y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        self.frame_ = frame_in_batches(X)
        self.n_features_in_ = int(X.shape[1])
        self.model_ = self.build(self.frame_).set_params(n_clusters=None, compute_labels=False)
        for rows, block in batches(X, 4096):
            self.model_.partial_fit(self.frame_.inside(block))
            report_progress(rows.stop, len(X), f"{len(self.model_.subcluster_centers_)} subclusters")
        self.model_.set_params(n_clusters=self.n_clusters).partial_fit()  # merges the subclusters
        self.labels_ = self.predict(X)
        return self
