"""Mean silhouette: how much closer samples are to their own cluster than to the next (Rousseeuw, 1987)."""

from __future__ import annotations

from collections.abc import Sequence

from harness import metric

from ._checks import check_separable
from ._types import Floats, Labels


def together(embedding: Floats, labelings: Sequence[Labels], *, device: str = "cpu") -> list[float | None]:
    """Return the silhouette of each labelling, None if undefined."""
    from .._silhouettes import mean_silhouettes  # threads and sparse sums, which planning does not need

    return mean_silhouettes(embedding, labelings, device)


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("embedding",),
    source="Rousseeuw 1987",
    all_rows=True,
    together=together,
)
def silhouette(truth: Labels | None, labels: Labels, embedding: Floats, *, device: str = "cpu") -> float:
    """Return the mean silhouette, in Euclidean distances.

    All pairs of samples are used, tile by tile: time grows with the square of n, memory does not.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : ndarray of shape (n, k), float32 or float64
        The clustered embedding.
    device : {"cpu", "cuda", "mps"}
        Device for computing the distances; set by ``--device``.

    Returns
    -------
    float
        Higher is better, from -1 to 1; a cluster of one sample adds 0.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    P. J. Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster
    analysis, 1987.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(silhouette(None, np.array([0, 0, 1, 1]), codes), 4)
    0.746
    """
    check_separable("silhouette", labels)
    (value,) = together(embedding, [labels], device=device)
    assert value is not None
    return value
