"""t-SNE that also embeds rows it was not fitted on (Policar, Strazar and Zupan, 2024)."""

import numpy as np
from openTSNE import TSNE

from harness import BadParameter


class OpenTSNE:
    """Keep near samples near, in two dimensions.

    Parameters
    ----------
    n_components : {1, 2}
        Dimensions of the embedding.
    perplexity : float
        About how many neighbours of each sample are kept near; lowered where there are too few samples.
    n_iter : int
        Iterations after the early ones.
    random_state : int, optional
        Seed; the harness sets it.

    Examples
    --------
    >>> X = np.random.default_rng(0).random((30, 5), dtype=np.float32)
    >>> encoder = OpenTSNE(perplexity=5, n_iter=50, random_state=0).fit(X)
    >>> encoder.fit_transform(X).shape, encoder.transform(X[:3]).shape
    ((30, 2), (3, 2))
    """

    def __init__(self, n_components=2, perplexity=30.0, n_iter=500, random_state=None):
        self.n_components = n_components
        self.perplexity = perplexity
        self.n_iter = n_iter
        self.random_state = random_state

    def check_params(self):
        """Refuse a wrong parameter before anything runs."""
        if self.n_components not in (1, 2):
            raise BadParameter(f"n_components must be 1 or 2, got {self.n_components}.")

    def fit(self, X, y=None):
        """Embed samples of shape (n, d); labels are never given."""
        self.check_params()
        tsne = TSNE(
            n_components=self.n_components,
            perplexity=min(self.perplexity, max(1.0, (len(X) - 1) / 3)),
            n_iter=self.n_iter,
            random_state=self.random_state,
            n_jobs=1,
        )
        self.embedding_ = tsne.fit(np.array(X))  # a copy, as samples are read-only
        return self

    def fit_transform(self, X, y=None):
        """Return the embedding of the samples that it is fitted on."""
        return np.asarray(self.fit(X).embedding_, dtype=np.float32)

    def transform(self, X):
        """Place samples of shape (n, d) among those that it was fitted on."""
        return np.asarray(self.embedding_.transform(np.array(X)), dtype=np.float32)
