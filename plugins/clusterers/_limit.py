"""Size limit of methods whose memory or time grows with the square of the number of samples."""

from __future__ import annotations

from harness import NotApplicable


def check_size(name: str, n: int, max_samples: int, bytes_per_pair: float = 0, what: str = "samples") -> None:
    """Raise NotApplicable if there are more samples than the limit, with the memory they would need.

    Parameters
    ----------
    name : str
        The plugin's name.
    n : int
        Number of samples.
    max_samples : int
        Number allowed.
    bytes_per_pair : float
        Memory per ordered pair of samples; 0 if only time grows with their number.
    what : str
        What is counted, e.g. samples.

    Examples
    --------
    >>> check_size("agglomerative", 70_000, 20_000, bytes_per_pair=4)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    harness.core.errors.NotApplicable: agglomerative compares all pairs: 70,000 samples, 18.3 GiB of memory...
    """
    if n > max_samples:
        gib = n**2 * bytes_per_pair / 2**30
        memory = f", {gib:.1f} GiB of memory," if gib > 0.05 else ""
        raise NotApplicable(
            f"{name} compares all pairs: {n:,} {what}{memory} are more than max_samples={max_samples}. "
            f"To allow it: {name}(max_samples={n})"
        )
