"""Progress from within scikit-learn's mixtures."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import report_progress


class ReportedSteps:
    """Report each step of expectation-maximisation; scikit-learn calls this after one, to print it.

    How many there will be is not known: they end when the bound changes by less than `tol`.
    """

    tol: float

    def _print_verbose_msg_iter_end(self, n_iter: int, diff_ll: Any) -> None:
        change = float(np.ravel(diff_ll)[0])  # of a Bayesian mixture with tied covariances, an array of one
        report_progress(n_iter, 0, f"bound changed by {change:.2g}, ends below {self.tol:g}")
