"""Two interleaved half circles with noise, in two dimensions."""

from __future__ import annotations

from harness import Dataset, DatasetInfo, dataset

from ._generated import LICENCE, checked_seed, generated, spread, whole


@dataset(DatasetInfo(n_samples=500, n_features=2, n_classes=2, licence=LICENCE))
def moons(n_samples: int = 500, noise: float = 0.05, seed: int = 0) -> Dataset:
    """Return points on two half circles of radius 1.

    Parameters
    ----------
    n_samples : int
        Number of points, shared equally between the two.
    noise : float
        Standard deviation of the Gaussian noise added to each coordinate.
    seed : int
        Seed of the noise and of the order of the points.

    Raises
    ------
    BadParameter
        If a parameter is out of range.

    Examples
    --------
    >>> moons().samples.shape, moons(noise=0.1).name
    ((500, 2), 'moons(noise=0.1)')
    """
    from sklearn.datasets import make_moons

    n, std, seed = whole("n_samples", n_samples, 2), spread("noise", noise), checked_seed(seed)
    return generated(
        moons,
        {"n_samples": n, "noise": std, "seed": seed},
        lambda: make_moons(n, noise=std, random_state=seed),
        ("upper", "lower"),
    )
