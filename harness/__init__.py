"""A plugin-based benchmarking harness for clustering."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import bench
    from .errors import BadParameter, DataError, HarnessError, NotApplicable, Unavailable, suggest
    from .hookspecs import hookimpl
    from .interfaces import Clusterer, Dataset, DatasetInfo, Encoder, MetricInfo, dataset, metric
    from .progress import report_progress
    from .result import Result
    from .selection import Fit

__version__ = "0.1.0"

# Loaded on first use: importing harness costs neither numpy nor pluggy, and the command line stays quick.
_HOME = {
    "bench": "api",
    "Result": "result",
    "hookimpl": "hookspecs",
    "report_progress": "progress",
    "Fit": "selection",
    **dict.fromkeys(
        ["BadParameter", "DataError", "HarnessError", "NotApplicable", "Unavailable", "suggest"], "errors"
    ),
    **dict.fromkeys(
        ["Clusterer", "Dataset", "DatasetInfo", "Encoder", "MetricInfo", "dataset", "metric"], "interfaces"
    ),
}
__all__ = [
    "BadParameter",
    "Clusterer",
    "DataError",
    "Dataset",
    "DatasetInfo",
    "Encoder",
    "Fit",
    "HarnessError",
    "MetricInfo",
    "NotApplicable",
    "Result",
    "Unavailable",
    "__version__",
    "bench",
    "dataset",
    "hookimpl",
    "metric",
    "report_progress",
    "suggest",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
