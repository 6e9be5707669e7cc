"""Notes on features that need scaling for meaningful distances; nothing is scaled automatically."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.interfaces import Floats
from .advice import feature

FAR = 1000  # ratio of spreads, or of mean to spread, that is worth a note
MOST = 1_000_000_000  # largest ratio written as a number
SAMPLE = 20_000  # rows examined, evenly spaced
_ADVICE = "Scale with a step: -e standardize+pca"


def spread_notes(samples: Floats, names: Sequence[str] = ()) -> tuple[str, ...]:
    """Report features that differ much in spread, or lie far from 0 relative to it.

    Constant features do not count.

    Parameters
    ----------
    samples : ndarray of shape (n, d)
    names : sequence of str, optional
        Of the d features.

    Examples
    --------
    >>> spread_notes(np.array([[1e6, 1.0], [3e6, 2.0]]), ("income", "age"))[0]
    "features differ in spread: 'income' has 2,000,000 times the standard deviation of 'age', so it \
dominates distances. Scale with a step: -e standardize+pca"
    """
    mean, std = _moments(samples)
    varies = np.flatnonzero(std > 8 * np.finfo(samples.dtype).eps * np.abs(mean)).tolist()
    if not varies:
        return ()
    rows = f" (of {SAMPLE:,} rows)" if len(samples) > SAMPLE else ""
    found = _notes(mean[varies], std[varies], [feature(n, names) for n in varies])
    return tuple(f"{note}{rows}. {_ADVICE}" for note in found)


def _notes(mean: NDArray[Any], std: NDArray[Any], names: Sequence[str]) -> Iterator[str]:
    count, least, most = len(std), int(np.argmin(std)), int(np.argmax(std))
    if std[most] / FAR > std[least]:
        wide = int((std / FAR > std[least]).sum())
        more = f" ({wide:,} of {count:,} features have over {FAR:,} times)" if wide > 1 else ""
        ratio = float(std[most]) / float(std[least])
        times = f"{ratio:,.0f}" if ratio < MOST else f"over {MOST:,}"
        yield (
            f"features differ in spread: {names[most]} has {times} times the standard deviation of "
            f"{names[least]}{more}, so it dominates distances"
        )
    far = np.flatnonzero(np.abs(mean) / FAR > std)
    if 2 * len(far) > count:
        first = far[np.argmax(np.abs(mean[far]) / std[far])]
        yield (
            f"{len(far):,} of {count:,} features lie far from 0, e.g. {names[first]} at {mean[first]:.6g} "
            f"with a standard deviation of {std[first]:.2g}: directions and precision suffer"
        )


def _moments(samples: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of each feature, of at most 20,000 rows."""
    some = samples[:: -(-len(samples) // SAMPLE)]
    first = some[0].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = some - first  # so that an offset costs no digits
        return first + steps.mean(axis=0), np.nan_to_num(steps.std(axis=0), nan=np.inf)
