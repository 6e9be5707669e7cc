"""Every built-in plugin conforms, whether or not somebody thought of testing it."""

from __future__ import annotations

from typing import Any

import pytest

from harness.conformance.examine import examine
from harness.conformance.subject import parameters
from harness.frameworks import frameworks
from harness.registry import Plugin, load_registry
from harness.spec import Spec

PLUGINS = [each for each in load_registry().plugins.values() if each.origin == "built-in"]
SKIPPED = {  # what is left out, and which plugins may do so
    "honours-n-clusters": {"clusterer"},
    "predict-agrees": {"clusterer"},
    "predicts-unseen": {"clusterer"},
    "fit-transform-agrees": {"encoder"},
    "perfect-score": {"metric"},
    **{name: {"dataset"} for name in ("loads", "declares-itself", "repeats", "labels", "licence")},
}


def quick(plugin: Plugin) -> Spec:
    """Short training and few candidates are enough to show whether the contract is kept."""
    if frameworks(plugin):  # not to be loaded here
        return Spec(plugin.name, (), (("epochs", 2),))
    known = parameters(plugin.load()) if plugin.kind == "clusterer" else {}
    return Spec(plugin.name, (), (("k_max", 6),) if "k_max" in known else ())


def case(plugin: Plugin) -> Any:
    marks = [pytest.mark.slow] if frameworks(plugin) else []
    return pytest.param(plugin, id=f"{plugin.kind}-{plugin.name}", marks=marks)


@pytest.mark.parametrize("plugin", [case(plugin) for plugin in PLUGINS])
def test_conforms(plugin: Plugin) -> None:
    if plugin.unavailable():
        pytest.skip(str(plugin.unavailable()))
    results = list(examine(plugin, quick(plugin)))
    assert not [result for result in results if result.status == "failed"]
    assert sum(result.status == "passed" for result in results) >= 2
    for result in results:
        if result.status == "skipped":
            assert plugin.kind in SKIPPED[result.check], result
