"""Flags: what a reader must know before a row is held against another, each in a word or two."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.board import Row

SINGLE = "single seed"
WRITTEN = "written seed"
UNSEEDED = "unseeded"
MEANINGS = {
    "internal K": "K was chosen by an internal criterion, which sees no labels",
    "internal settings": "the settings were chosen by an internal criterion, which sees no labels",
    "oracle settings": "the settings were chosen with help of the true labels: an upper bound, no result",
    "augmentation": "trained on altered copies of the samples: prior knowledge of what may change in them",
    "pretrained": "began from what was learned on other data: prior knowledge",
    SINGLE: "one finished run of a pipeline that depends on a seed: no result yet",
    WRITTEN: "a seed was written by hand: nothing is known of results with another one",
    UNSEEDED: "no seed can be set, and repeated fits were not found equal: its runs may not be reproducible",
    "unverified": "at least one of its runs was computed by one contributor alone",
}


def flags(row: Row) -> list[str]:
    """Return the flags of a row, in the order of `MEANINGS`; one may say more after a colon.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = SimpleNamespace(curves=[], settings="oracle", prior=["pretrained: ImageNet"],
    ...                       deterministic=False, runs=1, unverified=False, seeding=[])
    >>> flags(row)
    ['oracle settings', 'pretrained: ImageNet', 'single seed']
    """
    found = ["internal K"] if row.curves else []
    found += [f"{row.settings} settings"] if row.settings in ("internal", "oracle") else []
    found += row.prior
    found += [SINGLE] if row.runs == 1 and _is_seeded(row) else []
    found += row.seeding
    return [*found, "unverified"] if row.unverified else found


def _is_seeded(row: Row) -> bool:
    """Whether more seeds give it more runs."""
    return not row.deterministic and WRITTEN not in row.seeding


def meaning(flag: str) -> str:
    """Say what a flag means.

    Examples
    --------
    >>> meaning("pretrained: ImageNet")
    'began from what was learned on other data: prior knowledge'
    """
    return MEANINGS.get(flag.partition(":")[0], "")


def legend(found: Sequence[str]) -> dict[str, str]:
    """Return what each of some flags means, each flag once, in the order of `MEANINGS`."""
    names = {flag.partition(":")[0] for flag in found}
    return {name: text for name, text in MEANINGS.items() if name in names}


def shared(rows: Sequence[Row]) -> list[str]:
    """Return the flags that every row has which could have them.

    A pipeline without a seed, or without a finished run, cannot have a single one.
    """
    found = []
    for flag in dict.fromkeys(flag for row in rows for flag in flags(row)):
        able = [row for row in rows if flag != SINGLE or (row.runs and _is_seeded(row))]
        if all(flag in flags(row) for row in able):
            found.append(flag)
    return found


def explained(rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the flags mean that all rows share, and what the others mean that occur."""
    every = shared(rows)
    others = [flag for row in rows for flag in flags(row) if flag not in every]
    return {flag: meaning(flag) for flag in every}, legend(others)
