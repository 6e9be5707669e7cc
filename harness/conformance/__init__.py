"""Conformance checks of plugins, for `harness check` and for authors' own tests."""

from __future__ import annotations

from typing import Any

from ..core.errors import HarnessError, suggest
from ..core.plugin import KINDS
from .check import Check, Failed, Result, Skipped
from .checks import imports, skips
from .checks.clusterers import CLUSTERER_CHECKS
from .checks.datasets import DATASET_CHECKS
from .checks.encoders import ENCODER_CHECKS
from .checks.metrics import METRIC_CHECKS
from .subject import Subject

__all__ = ["Check", "Failed", "Result", "Skipped", "assert_conforms", "checks", "run"]

_OWN: dict[str, tuple[Check, ...]] = {
    "encoder": ENCODER_CHECKS,
    "clusterer": CLUSTERER_CHECKS,
    "metric": METRIC_CHECKS,
    "dataset": DATASET_CHECKS,
}


def checks(kind: str) -> list[Check]:
    """Return the checks of a kind of plugin, in order.

    Parameters
    ----------
    kind : "encoder", "clusterer", "metric" or "dataset"

    Returns
    -------
    list of Check
        Each is called with a class, function, instance or factory; its `str` is its name.

    Examples
    --------
    As tests of pytest::

        @pytest.mark.parametrize("check", conformance.checks("encoder"), ids=str)
        def test_conforms(check):
            check(MyEncoder)

    >>> from sklearn.decomposition import PCA
    >>> for check in checks("encoder"):
    ...     if check.name == "few-samples":
    ...         print(check(PCA) or "nothing to remark")
    nothing to remark
    """
    if kind not in _OWN:
        raise HarnessError(
            f"Unknown kind of plugin {kind!r}.{suggest(kind, KINDS)} Kinds: {', '.join(KINDS)}."
        )
    every = (skips.reasons(_names), imports.CHECK, *_OWN[kind])
    return [check.of(kind) for check in every]


def _names(kind: str) -> list[str]:
    return [check.name for check in checks(kind)]


def run(kind: str, target: Any) -> list[Result]:
    """Run all checks in this process, and return the results.

    A target that hangs or crashes affects this process; `harness check` uses child processes.

    Parameters
    ----------
    kind : "encoder", "clusterer", "metric" or "dataset"
    target : class, function, instance or factory
        ``functools.partial(MyEncoder, width=3)`` is checked with that parameter.

    Examples
    --------
    >>> from sklearn.metrics import adjusted_rand_score
    >>> {result.check: result.status for result in run("metric", adjusted_rand_score)}["declares-itself"]
    'failed'
    """
    subject = target if isinstance(target, Subject) else Subject.of(kind, target)
    return [check.result(subject) for check in checks(kind)]


def assert_conforms(kind: str, target: Any) -> None:
    """Run all checks in this process, and raise Failed with all problems.

    Examples
    --------
    >>> from harness.plugins.metrics.ari import ari
    >>> assert_conforms("metric", ari)
    """
    wrong = [result for result in run(kind, target) if result.status == "failed"]
    if wrong:
        told = "\n".join(f"{each.check}: {each.what}" for each in wrong)
        raise Failed(told, "\n".join(f"{each.check}: {each.how}" for each in wrong))
