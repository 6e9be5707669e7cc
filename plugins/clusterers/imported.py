"""Labels that were computed elsewhere, as `harness import-labels` stores them: they are only scored here."""

from __future__ import annotations

from typing import Any, ClassVar

from sklearn.base import BaseEstimator, ClusterMixin

from harness import NotApplicable


class Imported(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Stands for a method that was run elsewhere; it cannot be fitted.

    Parameters
    ----------
    n_clusters : int, optional
        K, if it was given to the method.
    origin : str
        The file that the labels come from.
    labels : str
        Digest of the labels.

    References
    ----------
    Layout of label files: M. Gagolewski, A framework for benchmarking clustering algorithms, 2022.

    Examples
    --------
    >>> Imported(2, origin="Genie/wut/x2.result2.gz").imported
    'Genie/wut/x2.result2.gz'
    """

    conformance_skips: ClassVar[dict[str, str]] = {
        "fits-without-labels": "it stands for a method that was run elsewhere, and cannot be fitted"
    }

    def __init__(self, n_clusters: int | None = None, *, origin: str = "", labels: str = "") -> None:
        self.n_clusters = n_clusters
        self.origin = origin
        self.labels = labels

    @property
    def imported(self) -> str | bool:
        """The flag of its rows, with the origin of the labels."""
        return self.origin or True

    def fit(self, X: Any, y: None = None) -> Imported:
        """Refuse."""
        raise NotApplicable(
            "its labels were computed elsewhere and imported: they can be scored, but not computed again"
        )
