"""t-distributed stochastic neighbour embedding (van der Maaten and Hinton, 2008)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from openTSNE import TSNE as OpenTSNE
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter, NotApplicable, report_progress

from .._frame import Frame
from .._numbers import check_integers, check_range

Array = NDArray[Any]
EARLY = 250  # rounds with exaggerated attraction, openTSNE's
OFTEN = 25  # rounds between two reports
FEWEST = 4  # samples


class _Progress:
    """Report each call; not a closure, as openTSNE keeps it with the embedding."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def __call__(self, round_: int, error: float, points: Any) -> None:
        self.done += OFTEN
        report_progress(self.done, self.total, "t-SNE")


class TSNE(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """openTSNE's t-SNE, which also places new rows among the fitted ones.

    One thread, as several would give another embedding each time.

    Parameters
    ----------
    n_components : {1, 2}
        Dimensions of the embedding.
    perplexity : float
        About how many neighbours of each sample are kept near; at most a third of the other samples.
    n_iter : int
        Rounds of optimisation after the first 250.
    random_state : int, optional

    Attributes
    ----------
    embedding_ : openTSNE.TSNEEmbedding of shape (n, n_components)
        The fitted samples.

    References
    ----------
    L. van der Maaten and G. Hinton, Visualizing data using t-SNE, 2008. P. G. Policar, M. Strazar and
    B. Zupan, openTSNE: a modular Python library for t-SNE dimensionality reduction and embedding, 2024.

    Examples
    --------
    >>> X = np.random.default_rng(0).random((30, 5), dtype=np.float32)
    >>> encoder = TSNE(perplexity=5, n_iter=50, random_state=0)
    >>> encoder.fit_transform(X).shape, encoder.transform(X[:3]).shape
    ((30, 2), (3, 2))
    """

    slow: ClassVar[bool] = True

    def __init__(
        self,
        n_components: int = 2,
        perplexity: float = 30.0,
        *,
        n_iter: int = 500,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.perplexity = perplexity
        self.n_iter = n_iter
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_components=1, n_iter=1)
        check_range(self, perplexity=(1, np.inf))
        if self.n_components > 2:
            raise BadParameter(f"n_components must be 1 or 2, got {self.n_components!r}.")

    def fit(self, X: Array, y: None = None) -> Self:
        """Embed samples of shape (n, d).

        Raises
        ------
        BadParameter
            If a parameter is out of range.
        NotApplicable
            If there are fewer than 4 samples, or all are equal.
        """
        self.check_params()
        if len(X) < FEWEST:
            raise NotApplicable(f"t-SNE needs at least {FEWEST} samples, got {len(X)}")
        if (X[0] == X).all():
            raise NotApplicable("t-SNE needs different samples, all are equal")
        self.frame_ = Frame.of(X)
        model = OpenTSNE(
            n_components=self.n_components,
            perplexity=min(self.perplexity, (len(X) - 1) / 3),
            initialization="pca" if X.shape[1] >= self.n_components else "random",
            early_exaggeration_iter=EARLY,
            n_iter=self.n_iter,
            n_jobs=1,
            random_state=self.random_state,
            callbacks=_Progress(EARLY + self.n_iter),
            callbacks_every_iters=OFTEN,
        )
        self.embedding_ = model.fit(np.array(self.frame_.inside(X), order="C"))
        self.n_features_in_ = int(X.shape[1])
        return self

    def fit_transform(self, X: Array, y: None = None) -> Array:
        """Return the embedding of the samples that it is fitted on: shape (n, n_components), float32."""
        return np.asarray(self.fit(X).embedding_, dtype=np.float32)

    def transform(self, X: Array) -> Array:
        """Place samples of shape (n, d) among the fitted ones: shape (n, n_components), float32."""
        check_is_fitted(self)
        rows = np.array(self.frame_.inside(X), order="C")
        return np.asarray(self.embedding_.transform(rows), dtype=np.float32)
