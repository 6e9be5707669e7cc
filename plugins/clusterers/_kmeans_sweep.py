"""The sweep of k-means that several criteria share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ._sweep import Sweep
from .kmeans import KMeans


class KMeansSweep(Sweep):
    """k-means with each K of a range."""

    base = "kmeans"
    clusterer = KMeans

    def __init__(
        self,
        k_min: int = 2,
        k_max: int = 20,
        k_values: Sequence[int] | None = None,
        *,
        n_init: int | Literal["auto"] = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        algorithm: Literal["lloyd", "elkan"] = "lloyd",
        random_state: int | None = None,
    ) -> None:
        self.k_min = k_min
        self.k_max = k_max
        self.k_values = k_values
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.algorithm = algorithm
        self.random_state = random_state
