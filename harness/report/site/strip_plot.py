"""Inline strip plot of a row's runs: a dot per run and a line at the mean."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = (
    90,
    18,
    5,
)  # as the style of pages has it, which also says where dots stand and how large


def strip(values: Sequence[float], low: float, high: float, name: str, own: float | None = None) -> Markup:
    """Draw values on a scale from `low` to `high`, with one optionally highlighted.

    Examples
    --------
    >>> print(strip([0.5], 0.0, 1.0, "ari"))  # doctest: +ELLIPSIS
    <svg class="dots" ... aria-label="ari of 1 run: 0.500"><circle cx="45"/></svg>
    """
    if not values:
        return Markup("")
    room = WIDTH - 2 * EDGE
    span = high - low

    def place(value: float) -> str:
        return f"{EDGE + room * ((value - low) / span if span else 0.5):.0f}"

    several = len(values) > 1
    extent = f"{min(values):.3f} to {max(values):.3f}" if several else f"{values[0]:.3f}"
    label = f"{name} of {len(values)} run{'s' if several else ''}: {extent}"
    dots = Markup("").join(Markup('<circle cx="{}"/>').format(place(value)) for value in values)
    if own is not None:
        dots += Markup('<circle class="own" cx="{}"/>').format(place(own))
        label += f", this run {own:.3f}"
    mean = Markup('<path d="M{} 2v{}"/>').format(place(fmean(values)), HEIGHT - 4) if several else ""
    return Markup('<svg class="dots" role="img" aria-label="{}">{}{}</svg>').format(label, mean, dots)
