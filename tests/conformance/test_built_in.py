"""Every built-in plugin conforms, whether or not somebody thought of testing it."""

from __future__ import annotations

from functools import partial

import pytest

from harness.conformance import checks
from harness.conformance.examine import examine
from harness.conformance.subject import Subject
from harness.frameworks import frameworks
from harness.registry import Plugin, load_registry
from harness.spec import Spec

PLUGINS = [each for each in load_registry().plugins.values() if each.origin == "built-in"]
QUICK = Spec("", (), (("epochs", 2),))  # enough for a network to show whether it keeps to the contract
SKIPPED = {  # what is left out, and which plugins may do so
    "honours-n-clusters": {"clusterer"},
    "predict-agrees": {"clusterer"},
    "predicts-unseen": {"clusterer"},
    "fit-transform-agrees": {"encoder"},
    "perfect-score": {"metric"},
    **{name: {"dataset"} for name in ("loads", "declares-itself", "repeats", "labels", "licence")},
}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda each: f"{each.kind}-{each.name}")
def test_conforms(plugin: Plugin) -> None:
    if plugin.unavailable():
        pytest.skip(str(plugin.unavailable()))
    if frameworks(plugin):  # in a process of its own
        results = list(examine(plugin, QUICK))
    else:
        subject = Subject.of(plugin.kind, partial(plugin.load()), plugin)
        results = [check.result(subject) for check in checks(plugin.kind)]
    assert not [result for result in results if result.status == "failed"]
    assert sum(result.status == "passed" for result in results) >= 2
    for result in results:
        if result.status == "skipped":
            assert plugin.kind in SKIPPED[result.check], result
