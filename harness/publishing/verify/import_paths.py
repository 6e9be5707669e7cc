"""Plugins that boards name by import path, and which of them verification may load."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib import import_module

from ...core.errors import BadParameter
from ...core.plugin import Kind
from ...core.spec import Spec, parse
from ...registry.loading import load_plugin, plugin_at
from ...registry.registry import Registry
from ..bundle import Published
from .replay import labels_of

# A folder from elsewhere may name anything: `subprocess:Popen` would run what its parameters say. So code is
# loaded that the user names, and these modules of scikit-learn; without `memory`, whose files hold pickles.
MODULES = ("cluster", "decomposition", "kernel_approximation", "manifold", "mixture", "preprocessing")
UNSAFE = "memory"


def add_import_paths(registry: Registry, published: Published, trusted: Collection[str]) -> None:
    """Add plugins named by import path on boards to a registry, if they may be loaded.

    Parameters
    ----------
    registry : Registry
        Is added to.
    published : Published
    trusted : collection of str
        Import paths named by the user.

    Raises
    ------
    BadParameter
        If no board names one of these.
    UnknownName
        If one of these cannot be imported.
    """
    named = dict.fromkeys(_named(published))
    unused = [path for path in trusted if path not in {spec.name for _, spec in named}]
    if unused:
        paths = ", ".join(sorted({spec.name for _, spec in named})) or "none"
        raise BadParameter(
            f"--plugin {unused[0]}: no leaderboard names it. Import paths on leaderboards: {paths}."
        )
    unsafe = {spec.name for _, spec in named if not _is_safe(spec)} - {*trusted}
    for kind, name in sorted({(kind, spec.name) for kind, spec in named if spec.name not in unsafe}):
        plugin = plugin_at(kind, name, name)
        if name in trusted:
            load_plugin(plugin)  # raises an error if impossible
        registry.plugins.setdefault((kind, name), plugin)


def _named(published: Published) -> Iterator[tuple[Kind, Spec]]:
    """Yield plugins named by import path on boards, with their parameters."""
    for bundle in published.bundles.values():
        for cell in bundle.cells.values():
            metrics: list[tuple[Kind, str]] = [("metric", name) for name in cell.scores]
            for kind, label in (*labels_of(cell), *metrics):
                try:
                    spec = parse(label)
                except BadParameter:
                    continue  # reported elsewhere
                if ":" in spec.name:
                    yield kind, spec


def _is_safe(spec: Spec) -> bool:
    """Return whether this is a scikit-learn estimator that reads and writes no files."""
    module, _, name = spec.name.partition(":")
    if module not in {f"sklearn.{each}" for each in MODULES} or spec.args:
        return False
    try:
        found = getattr(import_module(module), name) if name in import_module(module).__all__ else None
    except (ImportError, AttributeError):
        return False
    return isinstance(found, type) and hasattr(found, "fit") and UNSAFE not in dict(spec.kwargs)
