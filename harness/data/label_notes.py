"""Notes on suspicious classes: only one, a single sample, no label, or two spellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from ..core.counts import counted
from ..core.interfaces import Labels
from .advice import either

NONE = {"-1", "?", "", "na", "n/a", "nan", "none", "null", "missing", "noise", "unassigned", "unknown"}
NONE |= {"unlabelled", "unlabeled"}  # names that often mark samples without a class
MOST = 3  # classes that a note names


def label_notes(
    truth: Labels | None, names: Sequence[str], where: str = "", noise: int | None = None
) -> Iterator[str]:
    """Report suspicious classes.

    Examples
    --------
    >>> list(label_notes(np.array([0, 1, 1, 2, 2]), ("?", "Cat", "cat")))
    ["the label '?' counts as a class; write unlabelled='?' if it is not one", \
"the classes 'Cat' and 'cat' differ only in capitals or blanks"]
    """
    if truth is None:
        return
    if len(names) == 1:
        yield f"all samples are of one class, {names[0]!r}"
    for name in names:
        if name.lower() in NONE and len(names) > 1:
            shown = name if name == "-1" else repr(name)
            way = either(where, f"write unlabelled={shown}", "give a harness.Dataset with truth -1")
            yield f"the label {shown} counts as a class; {way} if it is not one"
    yield from _spellings(names)
    counts = np.bincount(truth[truth >= 0], minlength=len(names))
    single = [repr(names[n]) for n in np.flatnonzero(counts == 1).tolist()]
    if 0 < len(single) <= MOST and np.median(counts) >= 5:
        yield f"only one sample in class {', '.join(single)}"
    if unlabelled := int((truth < 0).sum()):
        if noise is not None:
            yield f"{counted(unlabelled, 'noise point')} (label {noise}): clustered, left out of scores"
            return
        yield f"{unlabelled:,} unlabelled samples: clustered, but left out of scores that use the classes"


def _spellings(names: Sequence[str]) -> Iterator[str]:
    alike = defaultdict(list)
    for name in names:
        alike[" ".join(name.casefold().split())].append(repr(name))
    several = [group for group in alike.values() if len(group) > 1]
    for group in several[:MOST]:
        yield f"the classes {' and '.join(group)} differ only in capitals or blanks"
