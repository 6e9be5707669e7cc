"""Mean silhouette estimated from a random sample of rows, with its standard error."""

from __future__ import annotations

from collections.abc import Sequence

from harness import BadParameter, Estimate, metric

from ._checks import check_separable
from ._types import Floats, Labels


def together(
    embedding: Floats, labelings: Sequence[Labels], *, sample: int = 10_000, random_state: int = 0
) -> list[Estimate | None]:
    """Return the estimate of each labelling, from the same rows, None if undefined."""
    from .._sampled_silhouettes import estimated_silhouettes  # threads and sparse sums

    if isinstance(sample, bool) or not isinstance(sample, int) or sample < 2:
        raise BadParameter(f"sample must be a number of rows, at least 2, got {sample!r}.")
    return estimated_silhouettes(embedding, labelings, sample, random_state)


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("embedding",),
    source="Rousseeuw 1987, sampled",
    all_rows=True,
    together=together,
    estimates="silhouette",
    slow=True,
)
def silhouette_estimate(
    truth: Labels | None,
    labels: Labels,
    embedding: Floats,
    *,
    sample: int = 10_000,
    random_state: int = 0,
) -> Estimate:
    """Return an unbiased estimate of the mean silhouette, and its standard error.

    The silhouettes of a simple random sample of rows are computed exactly, with their distances to all n
    rows, so time grows with the sample size times n. The standard error is that of their mean, with the
    correction for a finite population, 1 - sample / n: it says how far the exact silhouette of these labels
    may be, and nothing about other seeds.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : ndarray of shape (n, k), float32 or float64
        The clustered embedding.
    sample : int
        The number of rows drawn, without replacement; from n on, the value is exact and equal to that of
        `silhouette`.
    random_state : int
        The seed of the draw. All labellings of n rows get the same rows.

    Returns
    -------
    Estimate
        Higher is better, from -1 to 1, with `standard_error`.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    P. J. Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster
    analysis, 1987; W. G. Cochran, Sampling techniques, 1977, chapter 2.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> found = silhouette_estimate(None, np.array([0, 0, 1, 1]), codes, sample=4)
    >>> round(found, 4), found.standard_error
    (0.746, 0.0)
    """
    check_separable("silhouette-estimate", labels)
    (value,) = together(embedding, [labels], sample=sample, random_state=random_state)
    assert value is not None
    return value
