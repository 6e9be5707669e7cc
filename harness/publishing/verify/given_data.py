"""Data given by the user for verification, e.g. ``flowers=flowers.csv(label=species)``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...core.errors import BadParameter, suggest
from ...core.interfaces import Dataset
from ...planning.datasets import open_dataset
from ...registry.registry import Registry
from ..bundle import Published


def given_data(texts: Sequence[str], published: Published, registry: Registry) -> dict[str, Dataset]:
    """Open datasets by their names on boards.

    Parameters
    ----------
    texts : sequence of str
        ``NAME=PATH``, each path with the options of its reader.
    published : Published
    registry : Registry

    Raises
    ------
    BadParameter
        If a text has no name, or no board has that name.
    HarnessError
        If a path cannot be read.
    """
    names = {cell.dataset for name in published.boards() for cell in published.cells(name)}
    found: dict[str, Dataset] = {}
    for text in texts:
        name, path = _split(text, names)
        data = open_dataset(path, registry)
        found[name] = data if data.name == name else replace(data, name=name)
    return found


def _split(text: str, names: set[str]) -> tuple[str, str]:
    """Split a text at the ``=`` after the longest dataset name; names may contain it too."""
    pairs = [(text[:place].strip(), text[place + 1 :]) for place in _signs(text)]
    found = max((pair for pair in pairs if pair[0] in names), default=None, key=lambda pair: len(pair[0]))
    if found is not None:
        return found
    known = ", ".join(sorted(names)) or "none"
    if not pairs or not pairs[0][0]:
        raise BadParameter(f"-d {text!r}: give NAME=PATH, e.g. -d '{min(names, default='flowers')}={text}'.")
    name = pairs[0][0]
    raise BadParameter(f"-d {text!r}: no leaderboard of {name!r}.{suggest(name, names)} Datasets: {known}.")


def _signs(text: str) -> Iterator[int]:
    """Yield the positions of ``=`` outside parentheses."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "=" and depth == 0:
            yield place
