"""Plugins that work on large samples in batches, without all of them in memory."""

from __future__ import annotations

from dataclasses import replace

from ..core.plugin import Kind, Plugin
from .loading import load_plugin

_ROOT = "harness.plugins."
# What runs in the place of a built-in plugin on a large dataset: a class or function of its own, so that the
# results and keys of the plugin on other datasets do not change with it.
_VARIANTS: dict[tuple[Kind, str], str] = {
    ("encoder", "identity"): "encoders.identity:Identity",
    ("encoder", "pca"): "encoders.pca_in_batches:PCAInBatches",
    ("encoder", "minmax"): "encoders.minmax_in_batches:MinMaxInBatches",
    ("encoder", "standardize"): "encoders.standardize_in_batches:StandardizeInBatches",
    ("clusterer", "minibatch-kmeans"): "clusterers.minibatch_kmeans_in_batches:MiniBatchKMeansInBatches",
    ("clusterer", "birch"): "clusterers.birch_in_batches:BirchInBatches",
    ("metric", "calinski-harabasz"): "metrics.calinski_harabasz_in_batches:calinski_harabasz_in_batches",
    ("metric", "davies-bouldin"): "metrics.davies_bouldin_in_batches:davies_bouldin_in_batches",
    ("metric", "coverage"): "metrics.coverage_in_batches:coverage_in_batches",
    ("metric", "n-clusters"): "metrics.n_clusters_in_batches:n_clusters_in_batches",
}
_TARGETS = {f"{_ROOT}{target}" for target in _VARIANTS.values()}


def for_large(plugin: Plugin) -> Plugin:
    """Return what runs in the place of a plugin on a large dataset: often the plugin itself.

    Examples
    --------
    >>> for_large(Plugin("encoder", "pca", "harness.plugins.encoders.pca:PCA", "built-in")).target
    'harness.plugins.encoders.pca_in_batches:PCAInBatches'
    """
    target = _VARIANTS.get((plugin.kind, plugin.name)) if plugin.origin == "built-in" else None
    return replace(plugin, target=f"{_ROOT}{target}") if target else plugin


def in_batches(plugin: Plugin) -> bool:
    """Return whether a plugin takes rows in a file, `harness.core.mapped_rows.MappedRows`, as samples.

    A third-party plugin declares it by the attribute ``in_batches = True``. All others get arrays.
    """
    return plugin.target in _TARGETS or getattr(load_plugin(plugin), "in_batches", False) is True
