"""How strongly the views of an image differ."""

from __future__ import annotations

from dataclasses import dataclass

from harness import BadParameter

from ..autoencoder.checks import above_zero, from_zero, share


@dataclass(frozen=True)
class Strengths:
    """Ranges from which a view is drawn, uniformly; lengths are shares of the image's side.

    Parameters
    ----------
    flip : bool
        Whether half of the views are mirrored left to right.
    shift : float
        Largest shift in each direction.
    zoom : tuple of float
        Least and largest magnification.
    turn : float
        Largest rotation either way, in degrees.
    gamma : float
        Values in [0, 1] are raised to ``exp(g)``, with g from -gamma to gamma.
    contrast : tuple of float
        Least and largest factor of the difference from the background.
    cutout : float
        Largest side of a square that is filled with the background.
    """

    flip: bool
    shift: float
    zoom: tuple[float, float]
    turn: float
    gamma: float
    contrast: tuple[float, float]
    cutout: float

    def check(self) -> None:
        """Check the ranges.

        Raises
        ------
        BadParameter
            Naming the parameter, what was given and what is allowed.
        """
        if not isinstance(self.flip, bool):
            raise BadParameter(f"flip must be True or False, got {self.flip!r}.")
        for name in ("shift", "cutout"):
            share(name, getattr(self, name))
        for name in ("turn", "gamma"):
            from_zero(name, getattr(self, name))
        for name in ("zoom", "contrast"):
            given = getattr(self, name)
            if not isinstance(given, tuple | list) or len(given) != 2:
                raise BadParameter(f"{name} must be two numbers, as (0.8, 1.2), got {given!r}.")
            for value in given:
                above_zero(f"each of {name}", value)
            if given[0] > given[1]:
                raise BadParameter(f"{name} must be the least and the largest in this order, got {given!r}.")
