"""Plugins that `--all` leaves out: preprocessing steps, missing plugins, and slow ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..core.cell import IMPORTED, has_flag
from ..core.counts import counted
from ..core.plugin import Kind
from ..core.spec import CONCAT
from ..registry.configure import Configured

Made = list[Configured] | Configured | str  # a chain, a clusterer, or why there is none


def left_out(kind: Kind, made: Iterable[tuple[str, Made]], slow: bool) -> tuple[set[str], list[str]]:
    """Return the names that `--all` leaves out, and a line per reason.

    Parameters
    ----------
    kind : {"encoder", "clusterer"}
    made : iterable of (str, object)
        The name of each plugin with its chain or clusterer, or with the reason why it is unavailable.
    slow : bool
        Whether to include slow plugins.
    """
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, each in made:
        for reason in _reasons(each, slow):
            names[reason].append(name)
    notes = [f"{counted(len(n), kind)} left out, {why} ({', '.join(n)})." for why, n in names.items() if why]
    return {name for some in names.values() for name in some}, notes


def _reasons(made: Made, slow: bool) -> Iterator[str]:
    """Yield why a plugin is left out, if it is."""
    if isinstance(made, str):
        needed = made.partition(" needs ")[2]
        yield f"which need {needed}" if needed else f"as {made}"
        return
    first = made[0] if isinstance(made, list) else made
    if first.preprocessing:
        yield "preprocessing steps, for use as in -e standardize+pca"
    elif first.plugin.name == CONCAT and not first.parts:
        yield "which joins others, as in -e 'concat(pca, umap)'"
    elif has_flag(first.prior, IMPORTED):
        yield ""  # there is nothing to run, and so nothing to say
    elif not slow and any(step.slow for step in first.all):
        yield "slow or special: run them too with --slow"
