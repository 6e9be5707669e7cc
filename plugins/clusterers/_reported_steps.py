"""Progress from within scikit-learn's mixtures."""

from __future__ import annotations

from harness import report_progress


class ReportedSteps:
    """Report each step of expectation-maximisation; scikit-learn calls this after one, to print it.

    How many there will be is not known: they end when the bound changes by less than `tol`.
    """

    tol: float

    def _print_verbose_msg_iter_end(self, n_iter: int, diff_ll: float) -> None:
        report_progress(n_iter, 0, f"bound changed by {diff_ll:.2g}, ends below {self.tol:g}")
