"""Progress from within scikit-learn's k-means."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import report_progress


class ReportedTolerance(float):
    """A tolerance of k-means that reports each iteration.

    scikit-learn multiplies it by the variance of the samples, and compares the product with how far the
    centres have moved, squared, after each iteration: its only call from within. Results are the same.

    Examples
    --------
    >>> from harness.core.progress import listening
    >>> from sklearn.cluster import KMeans
    >>> with listening(lambda *report: print(report)):
    ...     model = KMeans(2, tol=ReportedTolerance(0.1), init=[[0], [2]], n_init=1).fit([[0], [1], [5], [6]])
    (1, 0, 'centres moved by 3.5, end below 0.81')
    """

    __array_priority__ = 1000  # NumPy's numbers leave the product to this class

    def __rmul__(self, variance: Any) -> Any:
        """Return the product, which reports what it is compared with."""
        return _Limit(variance * float(self))


class _Limit:
    """A number that reports what it is compared with."""

    __array_ufunc__ = None  # NumPy's numbers leave the comparison to this class

    def __init__(self, squared: Any) -> None:
        self.squared, self.done = squared, 0

    def __ge__(self, moved: Any) -> bool:
        self.done += 1
        report_progress(
            self.done, 0, f"centres moved by {np.sqrt(moved):.2g}, end below {np.sqrt(self.squared):.2g}"
        )
        return bool(self.squared >= moved)
