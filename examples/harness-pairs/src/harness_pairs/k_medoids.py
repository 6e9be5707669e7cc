"""Clusters around samples, each the one nearest to all others of its cluster (Park and Jun, 2009)."""

import numpy as np

from harness import BadParameter, NotApplicable


class KMedoids:
    """Choose samples as centres; all distances are kept, so memory grows with n².

    Parameters
    ----------
    n_clusters : int
        Number of clusters; the harness sets it to the number of classes, or to `-k`.
    max_iter : int
        Most iterations.
    random_state : int, optional
        Seed that draws the first centres; the harness sets it.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, d)
        The samples that are centres.
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample, from 0.
    n_iter_ : int
        Iterations until no centre moved.
    inertia_ : float
        Sum of the distances to the centres.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [0.8], [0.9], [1.0]], dtype=np.float32)
    >>> np.sort(KMedoids(n_clusters=2, random_state=0).fit(X).cluster_centers_.ravel()).round(1).tolist()
    [0.10000000149011612, 0.8999999761581421]
    """

    def __init__(self, n_clusters=8, max_iter=100, random_state=None):
        self.n_clusters = n_clusters
        self.max_iter = max_iter
        self.random_state = random_state

    def check_params(self):
        """Refuse a wrong parameter before anything runs."""
        if self.n_clusters < 1:
            raise BadParameter(f"n_clusters must be at least 1, got {self.n_clusters}.")

    def fit(self, X, y=None):
        """Cluster samples of shape (n, d); labels are never given."""
        self.check_params()
        if self.n_clusters > len(X):
            raise NotApplicable(f"there are {len(X)} samples, fewer than the {self.n_clusters} clusters")
        distances = _distances(X, X)
        medoids = np.random.default_rng(self.random_state).choice(len(X), self.n_clusters, replace=False)
        self.n_iter_ = 0
        while self.n_iter_ < self.max_iter:
            self.n_iter_ += 1
            labels = distances[:, medoids].argmin(axis=1)
            moved = np.array(
                [_medoid(distances, np.flatnonzero(labels == k), medoids[k]) for k in range(self.n_clusters)]
            )
            if (moved == medoids).all():
                break
            medoids = moved
        self.cluster_centers_ = X[medoids]
        self.inertia_ = float(distances[:, medoids].min(axis=1).sum())
        self.labels_ = self.predict(X)
        return self

    def predict(self, X):
        """Return the nearest centre of each sample, also of samples that were not fitted on."""
        return _distances(X, self.cluster_centers_).argmin(axis=1)


def _distances(A, B):
    squares = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.T
    return np.sqrt(squares.clip(0))


def _medoid(distances, members, medoid):
    """Return the member with the least sum of distances; a cluster that lost all keeps its centre."""
    if not len(members):
        return medoid
    return members[distances[np.ix_(members, members)].sum(axis=1).argmin()]
