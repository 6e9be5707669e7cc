"""Colours and markers of groups, distinguishable with colour blindness and, by shape, in gray."""

from __future__ import annotations

from typing import NamedTuple

from .style import DIM

# Okabe & Ito (2008), with gray for black, which is invisible on dark web pages.
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#808080", "#F0E442")
# Petroff (2021), "Accessible color sequences for data visualization", its ten colours.
PETROFF = (
    *("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"),
    *("#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", "p", ">")
MOST = 20  # groups with their own look


class Look(NamedTuple):
    """Colour and marker of a group."""

    colour: str
    marker: str


def looks(n: int) -> list[Look]:
    """Return the looks of `n` groups; those beyond the twentieth share one look, dim and small.

    Up to eight have the colours of Okabe and Ito, up to twenty the ten of Petroff, each of them once or
    twice with another marker; no two have both the same.

    Examples
    --------
    >>> looks(2)
    [Look(colour='#0072B2', marker='o'), Look(colour='#D55E00', marker='s')]
    >>> len(set(looks(20))), looks(21)[20]
    (20, Look(colour='#5b646f', marker='.'))
    """
    colours = OKABE_ITO if n <= len(OKABE_ITO) else PETROFF
    own = [
        Look(colours[place % len(colours)], MARKERS[(place + place // len(colours)) % len(MARKERS)])
        for place in range(min(n, MOST))
    ]
    return own + [Look(DIM, ".")] * (n - len(own))
