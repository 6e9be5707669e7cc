"""Parameters with which each built-in plugin is fitted in seconds."""

from __future__ import annotations

from typing import Any

from harness.conformance.subject import parameters
from harness.core.plugin import Plugin
from harness.core.spec import Spec
from harness.registry.frameworks import frameworks
from harness.registry.loading import load_plugin

SMALL: dict[str, tuple[tuple[str, Any], ...]] = {
    "simclr": (("epochs", 2), ("min_steps", 0), ("widths", (4, 4, 4, 8)), ("head", (8, 4))),
    "vicreg": (("epochs", 2), ("min_steps", 0), ("widths", (4, 4, 4, 8)), ("head", (8, 4))),
    "scan": (("steps", 200), ("n_heads", 6)),
    "stacked-ae": (("epochs", 2), ("layer_epochs", 2), ("layers", (16,))),
}
DEEP: dict[str, tuple[tuple[str, int], ...]] = {
    **dict.fromkeys(("dec", "idec"), (("pretrain_epochs", 2), ("max_iter", 20))),
    **dict.fromkeys(("dcn", "vade"), (("pretrain_epochs", 2), ("epochs", 2))),
}


def quick(plugin: Plugin) -> Spec:
    """Short training of few units and few candidates are enough to show whether the contract is kept."""
    if plugin.name in SMALL:
        return Spec(plugin.name, (), SMALL[plugin.name])
    if frameworks(plugin):  # not to be loaded here
        few = ("filters", (4,)) if plugin.name.startswith("conv") else ("layers", (16,))
        return Spec(plugin.name, (), (*DEEP.get(plugin.name, (("epochs", 2),)), few))
    known = parameters(load_plugin(plugin)) if plugin.kind == "clusterer" else {}
    return Spec(plugin.name, (), (("k_max", 5),) if "k_max" in known else ())
