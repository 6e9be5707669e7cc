"""How estimated silhouettes converge to the exact one: the table and figure of docs/cost.md.

    python studies/estimates.py

For each size of the sample, 200 estimates of the same k-means labels of the digits, with seeds 0 to 199.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from harness.plugins.datasets.digits import digits
from harness.plugins.metrics.silhouette import silhouette
from harness.plugins.metrics.silhouette_estimate import silhouette_estimate

SAMPLES = (25, 50, 100, 200, 400, 800, 1600)
SEEDS = 200
DRAWN = 60  # of them, as points
FIGURE = Path(__file__).parent.parent / "docs" / "pictures" / "estimates.svg"


def main() -> None:
    """Print the table, and draw the figure."""
    X = digits().samples
    labels = KMeans(10, n_init=1, random_state=0).fit(X).labels_.astype(np.int64)
    exact = silhouette(None, labels, X)
    print(f"exact: {exact:.4f}, {len(X):,} rows\n")
    print("| sample | mean of estimates | their standard deviation | mean standard error | within two |")
    print("|---|---|---|---|---|")
    spreads = []
    for sample in SAMPLES:
        found = [
            silhouette_estimate(None, labels, X, sample=sample, random_state=seed) for seed in range(SEEDS)
        ]
        values, errors = np.array(found), np.array([each.standard_error for each in found])
        within = np.mean(np.abs(values - exact) <= 2 * errors)
        spreads.append((float(errors.mean()), values[:DRAWN]))
        columns = [values.mean(), values.std(ddof=1), errors.mean()]
        print(f"| {sample:,} | {' | '.join(f'{each:.4f}' for each in columns)} | {within:.0%} |")
    draw(exact, spreads)


def draw(exact: float, spreads: list[tuple[float, NDArray[np.float64]]]) -> None:
    """Draw the estimates, and a band of two standard errors around the exact value."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 3.4), layout="constrained")
    axes = figure.subplots()
    errors = np.array([error for error, _ in spreads])
    axes.fill_between(
        SAMPLES, exact - 2 * errors, exact + 2 * errors, color="0.85", label="± 2 standard errors"
    )
    axes.axhline(exact, color="black", linewidth=1, label="exact, 1,797 rows")
    for sample, (_, values) in zip(SAMPLES, spreads, strict=True):
        jitter = sample * np.exp(np.random.default_rng(0).uniform(-0.12, 0.12, len(values)))
        axes.plot(jitter, values, ".", markersize=2.5, alpha=0.5, color="tab:blue")
    axes.set_xscale("log")
    axes.set_xticks(SAMPLES, [f"{each:,}" for each in SAMPLES])
    axes.minorticks_off()
    axes.set_xlabel("rows in the sample")
    axes.set_ylabel("mean silhouette")
    axes.legend(frameon=False)
    figure.savefig(FIGURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
