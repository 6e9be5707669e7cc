"""Principal components, each scaled to unit variance."""

from __future__ import annotations

from typing import ClassVar, Literal

from .pca import PCA


class PCAWhiten(PCA):
    """The encoder `pca` with ``whiten=True``: all components count the same in distances.

    Parameters
    ----------
    n_components : int, float or "auto"
        As of `pca`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(50, 3)) * [1, 10, 100]
    >>> PCAWhiten(2).fit_transform(X).std(axis=0, ddof=1).round(3).tolist()
    [1.0, 1.0]
    """

    slow: ClassVar[bool] = True  # a special case: `--all` leaves it to `--slow`

    def __init__(self, n_components: int | float | Literal["auto"] = "auto") -> None:
        super().__init__(n_components, whiten=True)
