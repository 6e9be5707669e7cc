"""Every built-in plugin conforms, whether or not somebody thought of testing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest
from short_fits import quick
from threadpoolctl import threadpool_limits

from harness.conformance import Result, checks
from harness.conformance.checks.imports import loads
from harness.conformance.subject import Subject
from harness.core.plugin import Plugin
from harness.execution.pool import Workers
from harness.execution.worker import Worker
from harness.registry.frameworks import frameworks
from harness.registry.loading import load_plugin, unavailable_reason
from harness.registry.registry import load_registry

PLUGINS = [  # but what stands for labels that were computed elsewhere: it cannot be fitted
    each for each in load_registry().plugins.values() if each.origin == "built-in" and each.name != "imported"
]
LIGHT = "imports-lightly"
AFFINE = "ignores-unit-and-offset"
SKIPPED = {  # what is left out, and which plugins may do so
    "honours-n-clusters": {"clusterer"},
    "predict-agrees": {"clusterer"},
    "predicts-unseen": {"clusterer"},
    "fit-transform-agrees": {"encoder"},
    "transforms-unseen": {"encoder"},
    "honours-random-state": {"encoder", "clusterer"},
    "perfect-score": {"metric"},
    "symmetric-as-declared": {"metric"},
    AFFINE: {"metric"},
    **{name: {"dataset"} for name in ("loads", "declares-itself", "repeats", "labels", "licence")},
}


def case(plugin: Plugin) -> Any:
    marks = [pytest.mark.slow] if frameworks(plugin) else []
    return pytest.param(plugin, id=f"{plugin.kind}-{plugin.name}", marks=marks)


@pytest.fixture(scope="module")
def helper() -> Iterator[Worker]:
    """The process that estimators are sent to; a new one for each would take most of the time."""
    worker = Worker()
    yield worker
    worker.stop()


@pytest.fixture(scope="module")
def light() -> Result:
    """Whether all modules together load no framework, so that each does not."""
    heavy = loads([plugin.module for plugin in PLUGINS if not unavailable_reason(plugin)])
    return Result(LIGHT, "failed" if heavy else "passed", ", ".join(heavy))


def others(plugin: Plugin, helper: Worker | None = None) -> list[Result]:
    """Make all checks but the one of imports."""
    target = partial(load_plugin(plugin), **dict(quick(plugin).kwargs))
    subject = replace(Subject.of(plugin.kind, target, plugin), other=helper or helper_there())
    with threadpool_limits(1):
        return [check.result(subject) for check in checks(plugin.kind) if check.name != LIGHT]


@cache
def helper_there() -> Worker:
    """The helper of a framework's process: one for all of that framework's encoders."""
    return Worker()


@pytest.mark.parametrize("plugin", [case(plugin) for plugin in PLUGINS])
def test_conforms(plugin: Plugin, helper: Worker, light: Result, workers: Workers) -> None:
    if unavailable_reason(plugin):
        pytest.skip(str(unavailable_reason(plugin)))
    framework = frameworks(plugin)
    there = workers.ask(framework, others, plugin) if framework else others(plugin, helper)
    found = [light, *there]
    assert not [result for result in found if result.status == "failed"]
    assert sum(result.status == "passed" for result in found) >= 2
    remarks = {result.check: result.what for result in found if result.status == "passed"}
    assert not remarks.get(AFFINE) or plugin.name in ("spherical-kmeans", "scan"), "it measures angles"
    for result in found:
        if result.status == "skipped":
            assert plugin.kind in SKIPPED[result.check], result
