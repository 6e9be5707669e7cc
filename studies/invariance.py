"""Whether built-in clusterers and metrics give the same on ``a * X + c`` as on ``X``, in both precisions.

Prints the tables of docs/invariance.md as Markdown, in about a minute:

    python studies/invariance.py
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score
from tabulate import tabulate

from harness import Fit
from harness.registry.frameworks import frameworks
from harness.registry.loading import load_plugin
from harness.registry.metrics import call_metric, metric_info
from harness.registry.registry import load_registry

Array = NDArray[Any]
REGISTRY = load_registry()
CLUSTERERS = [  # a framework is left to processes of its own, and imported labels are of no fit
    name
    for name in REGISTRY.names("clusterer")
    if name != "imported" and not frameworks(REGISTRY.find("clusterer", name))
]
METRICS = [
    name
    for name in REGISTRY.names("metric")
    if "embedding" in metric_info(load_plugin(REGISTRY.find("metric", name))).needs
]
K, SAMPLES, FEATURES = 4, 240, 3
Change = tuple[float, float]  # a factor, and an offset in spreads
CHANGES: dict[str, list[Change]] = {
    "unit": [  # float32 holds no squares of the last two
        (1e-6, 0),
        (1e-3, 0),
        (1e3, 0),
        (1e6, 0),
        (1e-25, 0),
        (1e25, 0),
    ],
    "offset": [(1, 1e3), (1, 1e6)],
    "both": [(1e-6, 1e3), (1e-6, 1e6), (1e6, 1e3), (1e6, 1e6)],
}
ANGLES = {"spherical-kmeans": "it measures angles, from the origin of the file"}
TOLERANCE = 1e-5  # of a score
PRECISIONS = ("float64", "float32")


@cache
def samples() -> tuple[Array, Array]:
    """Return clusters of unequal size and density, around the origin, and which is which."""
    rng = np.random.default_rng(7)
    truth = np.arange(SAMPLES) % (K + 2) % K
    centres = 8 * np.array([[1, 0, 0], [-1, 0.3, 0], [0, 1, 0.5], [0, -1, -0.5]])
    X = centres[truth] + np.linspace(0.5, 1.5, K)[truth, None] * rng.normal(size=(SAMPLES, FEATURES))
    return X - X.mean(axis=0), truth


@cache
def moved(change: Change, precision: str) -> tuple[Array, Array]:
    """Return the changed samples, and what they must be like: the same values, moved back exactly.

    So what single precision far from the origin has lost already is lost in both.
    """
    (a, c), X = change, samples()[0]
    offset = c * X.std() * np.array([1.0, -0.7, 0.4])
    found = (a * (X + offset)).astype(precision)
    if not c or precision == "float64":
        return found, X
    back = found.astype(np.float64) - (a * offset).astype(precision)
    return found, back / 2.0 ** np.round(np.log2(a))


@cache
def labels(name: str, change: Change, precision: str, back: bool) -> Array:
    """Return the labels of changed samples, or of those moved back."""
    X, model = moved(change, precision)[back], make(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if hasattr(model, "candidates"):
            wanted = model.candidates(SAMPLES).items()
            fits = [fit(base, k, change, precision, back) for k, (base, _) in wanted]
            return model.choose(X, fits).labels  # type: ignore[no-any-return]
        return model.fit(X).labels_  # type: ignore[no-any-return]


@cache
def fit(base: str, k: int, change: Change, precision: str, back: bool) -> Fit:
    """Fit what choosers of K share."""
    return Fit.of(k, make(base, n_clusters=k), moved(change, precision)[back])


def make(name: str, **params: Any) -> Any:
    """Make a clusterer with its defaults, told K or a range of it."""
    clusterer: Any = load_plugin(REGISTRY.find("clusterer", name))
    wanted = {"n_clusters": K, "k_max": K + 2, "random_state": 0, "n_references": 3, **params}
    known = clusterer().get_params()
    return clusterer(**{key: value for key, value in wanted.items() if key in known})


def agreement(name: str, change: Change, precision: str) -> float:
    """Return the ARI of a clusterer's labels before and after a change."""
    where = (
        (change, precision) if moved(change, precision)[1] is not samples()[0] else ((1.0, 0.0), "float64")
    )
    return float(adjusted_rand_score(labels(name, *where, True), labels(name, change, precision, False)))


def difference(name: str, change: Change, precision: str) -> float:
    """Return by what share of it the score of a metric changes."""
    metric, some = (
        load_plugin(REGISTRY.find("metric", name)),
        np.where(np.arange(SAMPLES) % 10, samples()[1], 0),
    )
    value, expected = (call_metric(metric, samples()[1], some, X, {}) for X in moved(change, precision))
    return abs(value / expected - 1)


def rows(names: list[str], worst: Callable[[str, list[Change], str], str]) -> Iterator[list[str]]:
    """Yield a line for each plugin: what is worst of each kind of change in each precision."""
    for name in names:
        cells = [worst(name, CHANGES[kind], precision) for precision in PRECISIONS for kind in CHANGES]
        yield [name, *("–" if name in ANGLES and place % 3 else cell for place, cell in enumerate(cells))]


def least(name: str, changes: list[Change], precision: str) -> str:
    """Write the least agreement of a clusterer."""
    return f"{min(agreement(name, each, precision) for each in changes):.3f}"


def most(name: str, changes: list[Change], precision: str) -> str:
    """Write the largest difference of a metric."""
    found = max(difference(name, each, precision) for each in changes)
    return f"below {TOLERANCE:g}" if found < TOLERANCE else f"{found:.1g}"


def tables() -> str:
    """Return a table of the clusterers and one of the metrics, as Markdown."""
    headers = [f"{kind}, {precision}" for precision in PRECISIONS for kind in CHANGES]
    return "\n\n".join(
        tabulate([*rows(names, worst)], [what, *headers], tablefmt="github", disable_numparse=True)
        for what, names, worst in (("clusterer", CLUSTERERS, least), ("metric", METRICS, most))
    )


if __name__ == "__main__":
    sys.stdout.write(tables() + "\n")
