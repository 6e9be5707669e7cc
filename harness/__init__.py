"""A plugin-based benchmarking harness for clustering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.version import __version__

if TYPE_CHECKING:
    from .api.bench import bench
    from .api.result import Result
    from .core.cost import Cost
    from .core.errors import BadParameter, DataError, HarnessError, NotApplicable, Unavailable, suggest
    from .core.estimate import Estimate
    from .core.file_rows import FileRows
    from .core.hookspecs import hookimpl
    from .core.interfaces import Clusterer, Dataset, DatasetInfo, Encoder, MetricInfo, dataset, metric
    from .core.mapped_rows import batches, distinct, new_rows, take_rows
    from .core.progress import report_progress
    from .registry.selectors import Fit

# Loaded on first use: importing harness costs neither numpy nor pluggy, and the command line stays quick.
_HOME = {
    "bench": "api.bench",
    "Result": "api.result",
    "Cost": "core.cost",
    "Estimate": "core.estimate",
    "FileRows": "core.file_rows",
    "hookimpl": "core.hookspecs",
    "report_progress": "core.progress",
    **dict.fromkeys(["batches", "distinct", "new_rows", "take_rows"], "core.mapped_rows"),
    "Fit": "registry.selectors",
    **dict.fromkeys(
        ["BadParameter", "DataError", "HarnessError", "NotApplicable", "Unavailable", "suggest"],
        "core.errors",
    ),
    **dict.fromkeys(
        ["Clusterer", "Dataset", "DatasetInfo", "Encoder", "MetricInfo", "dataset", "metric"],
        "core.interfaces",
    ),
}
__all__ = [
    "BadParameter",
    "Clusterer",
    "Cost",
    "DataError",
    "Dataset",
    "DatasetInfo",
    "Encoder",
    "Estimate",
    "FileRows",
    "Fit",
    "HarnessError",
    "MetricInfo",
    "NotApplicable",
    "Result",
    "Unavailable",
    "__version__",
    "batches",
    "bench",
    "dataset",
    "distinct",
    "hookimpl",
    "metric",
    "new_rows",
    "report_progress",
    "suggest",
    "take_rows",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
