"""Flags of rows: what to know before comparing a row with another."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.board import Row
from ..core.cell import IMPORTED, has_flag

SINGLE = "single seed"
WRITTEN = "written seed"
UNSEEDED = "unseeded"
ESTIMATED = "estimated"
MEANINGS = {
    "internal K": "K was chosen by an internal criterion, without labels",
    "internal settings": "the settings were chosen by an internal criterion, without labels",
    "oracle settings": "the settings were chosen using the true labels: an upper bound, not a result",
    "augmentation": "trained on altered copies of the samples: prior knowledge about the samples",
    "balanced": "clusters of about equal size are preferred or enforced: prior knowledge about the classes",
    "pretrained": "pretrained on other data: prior knowledge",
    "imported": "its labels were computed elsewhere and only scored here: it is not ranked among the others",
    SINGLE: "only one finished run of a seeded pipeline: no spread",
    WRITTEN: "the user fixed the seed: results with other seeds are unknown",
    UNSEEDED: "no seed can be set, and repeated fits differ: its runs may not be reproducible",
    ESTIMATED: "a score marked est. was computed on a random sample of the rows: ± ... est. is its standard "
    "error, not a spread over seeds",
    "unverified": "at least one of its runs was computed by a single contributor",
}


def flags(row: Row) -> list[str]:
    """Return the flags of a row, in the order of `MEANINGS`; details follow a colon.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = SimpleNamespace(curves=[], settings="oracle", prior=["pretrained: ImageNet"],
    ...                       deterministic=False, runs=1, unverified=False, seeding=[], standard_errors={})
    >>> flags(row)
    ['oracle settings', 'pretrained: ImageNet', 'single seed']
    """
    found = ["internal K"] if row.curves else []
    found += [f"{row.settings} settings"] if row.settings in ("internal", "oracle") else []
    found += row.prior
    found += [SINGLE] if row.runs == 1 and _is_seeded(row) else []
    found += row.seeding
    found += [ESTIMATED] if row.standard_errors else []
    return [*found, "unverified"] if row.unverified else found


def _is_seeded(row: Row) -> bool:
    """Return whether more seeds give more runs."""
    return not row.deterministic and WRITTEN not in row.seeding and not has_flag(row.prior, IMPORTED)


def meaning(flag: str) -> str:
    """Explain a flag.

    Examples
    --------
    >>> meaning("pretrained: ImageNet")
    'pretrained on other data: prior knowledge'
    """
    return MEANINGS.get(flag.partition(":")[0], "")


def legend(found: Sequence[str]) -> dict[str, str]:
    """Return the meanings of flags, each flag once, in the order of `MEANINGS`."""
    names = {flag.partition(":")[0] for flag in found}
    return {name: text for name, text in MEANINGS.items() if name in names}


def shared(rows: Sequence[Row]) -> list[str]:
    """Return the flags of every row that could have them.

    A deterministic pipeline, or one without a finished run, cannot have a single seed.
    """
    found = []
    for flag in dict.fromkeys(flag for row in rows for flag in flags(row)):
        able = [row for row in rows if flag != SINGLE or (row.runs and _is_seeded(row))]
        if all(flag in flags(row) for row in able):
            found.append(flag)
    return found


def explained(rows: Sequence[Row]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the meanings of the flags that all rows share, and of the other flags that occur."""
    every = shared(rows)
    others = [flag for row in rows for flag in flags(row) if flag not in every]
    return {flag: meaning(flag) for flag in every}, legend(others)
