"""How often each criterion finds K: Gaussian blobs far apart and overlapping, and uniform noise.

Prints the tables of docs/choosing-k.md as Markdown. It takes about half an hour on one core:

    python studies/choosing_k.py [number of seeds]
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from harness import Fit, NotApplicable
from harness.plugins.clusterers.bayesian_gmm import BayesianGaussianMixture
from harness.plugins.clusterers.gmm_aic import MixtureAIC
from harness.plugins.clusterers.gmm_bic import MixtureBIC
from harness.plugins.clusterers.gmm_icl import MixtureICL
from harness.plugins.clusterers.kmeans_calinski_harabasz import KMeansCalinskiHarabasz
from harness.plugins.clusterers.kmeans_davies_bouldin import KMeansDaviesBouldin
from harness.plugins.clusterers.kmeans_elbow import KMeansElbow
from harness.plugins.clusterers.kmeans_gap import KMeansGap
from harness.plugins.clusterers.kmeans_silhouette import KMeansSilhouette

SAMPLES, FEATURES = 600, 5
K = (3, 5, 8)
BY_KMEANS = {
    "kmeans-elbow": KMeansElbow,
    "kmeans-silhouette": KMeansSilhouette,
    "kmeans-gap": KMeansGap,
    "kmeans-calinski-harabasz": KMeansCalinskiHarabasz,
    "kmeans-davies-bouldin": KMeansDaviesBouldin,
}
BY_MIXTURE = {"gmm-bic": MixtureBIC, "gmm-aic": MixtureAIC, "gmm-icl": MixtureICL}


def blobs(k: int, distance: float, seed: int) -> NDArray[np.float32]:
    """Draw k spherical Gaussians of standard deviation 1 whose nearest centres are `distance` apart."""
    rng = np.random.default_rng(seed)
    while True:
        centers = rng.normal(size=(k, FEATURES))
        gaps = np.linalg.norm(centers[:, None] - centers, axis=2)[np.triu_indices(k, 1)]
        if gaps.min() > 0.4 * gaps.mean():  # no pair much nearer than the others
            break
    X = centers[np.arange(SAMPLES) % k] * distance / gaps.min() + rng.normal(size=(SAMPLES, FEATURES))
    return X.astype(np.float32)  # type: ignore[no-any-return]


def noise(seed: int) -> NDArray[np.float32]:
    """Draw samples uniform in a box: there are no clusters."""
    return np.random.default_rng(seed).random((SAMPLES, FEATURES), dtype=np.float32)


def choices(
    X: NDArray[np.float32], seed: int, n_init: int, k_min: int = 2
) -> Iterator[tuple[str, int | None]]:
    """Yield what each criterion chooses, from one sweep of k-means and one of mixtures."""
    for family in (BY_KMEANS, BY_MIXTURE):
        fits: list[Fit] = []
        for name, selector in family.items():
            chooser: Any = selector(k_min=k_min, n_init=n_init, random_state=seed)
            if not fits:
                wanted = chooser.candidates(len(X)).items()
                fits = [Fit.of(k, chooser.clusterer(**params), X) for k, (_, params) in wanted]
            try:
                yield name, chooser.choose(X, fits).k
            except NotApplicable:
                yield name, None
    yield "bayesian-gmm", BayesianGaussianMixture(n_init=n_init, random_state=seed).fit(X).n_clusters_


def campaign(
    draw: Callable[[int], NDArray[np.float32]], seeds: int, **options: int
) -> dict[str, list[int | None]]:
    """Return the choices of each criterion over the seeds."""
    found: dict[str, list[int | None]] = {}
    for seed in range(seeds):
        for name, k in choices(draw(seed), seed, **options):
            found.setdefault(name, []).append(k)
        print(f"seed {seed} of {seeds} done", file=sys.stderr)
    return found


def share(found: Sequence[int | None], k: int) -> str:
    """Write how many of the choices are k, and the mean of those made where some are not."""
    made = [each for each in found if each is not None]
    hits = sum(each == k for each in found)
    mean = f" (mean {np.mean(made):.1f})" if made and hits < len(found) else ""
    none = f", {len(found) - len(made)} none" if len(made) < len(found) else ""
    return f"{hits}{mean}{none}"


def spread(found: Sequence[int | None]) -> str:
    """Write mean and range of the choices."""
    made = [each for each in found if each is not None]
    none = f", {len(found) - len(made)} none" if len(made) < len(found) else ""
    return (f"{np.mean(made):.1f} [{min(made)}, {max(made)}]" if made else "–") + none


def main(seeds: int) -> None:
    """Print the tables."""
    warnings.simplefilter("ignore")
    for title, distance in (("Far apart, 10 standard deviations", 10.0), ("Overlapping, 3", 3.0)):
        columns = {
            (k, n_init): campaign(partial(blobs, k, distance), seeds, n_init=n_init)
            for n_init in (1, 10)
            for k in K
        }
        names = list(next(iter(columns.values())))
        headers = ["criterion", *(f"K = {k}, n_init={n_init}" for k, n_init in columns)]
        rows = [[name, *(share(found[name], k) for (k, _), found in columns.items())] for name in names]
        print(
            f"\n**{title}**: how many of {seeds} seeds find K\n\n"
            + tabulate(rows, headers, tablefmt="github")
        )
    runs = {k_min: campaign(noise, seeds, n_init=10, k_min=k_min) for k_min in (2, 1)}
    headers = ["criterion", "K from 2 to 20", "K from 1 to 20"]
    rows = [[name, spread(runs[2][name]), spread(runs[1][name])] for name in runs[2]]
    print(
        f"\n**Uniform noise**: mean and range over {seeds} seeds\n\n"
        + tabulate(rows, headers, tablefmt="github")
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
