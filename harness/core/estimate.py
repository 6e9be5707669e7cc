"""A score estimated from a random sample, with its standard error."""

from __future__ import annotations

from typing import Self


class Estimate(float):
    """A number estimated from a random sample: what a metric that does not use all rows returns.

    It is created from the number and its standard error.

    Attributes
    ----------
    standard_error : float
        Of the estimate around the value of all rows; 0 if all were used. It is not the spread over seeds.

    Examples
    --------
    >>> found = Estimate(0.25, 0.01)
    >>> found + 0, found.standard_error
    (0.25, 0.01)
    """

    standard_error: float

    def __new__(cls, value: float, standard_error: float) -> Self:
        """Create the number."""
        made = super().__new__(cls, value)
        made.standard_error = float(standard_error)
        return made

    def __getnewargs__(self) -> tuple[float, float]:  # type: ignore[override]  # float has one argument
        """Return what it is created from, so that it can be copied and pickled."""
        return float(self), self.standard_error
