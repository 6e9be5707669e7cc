"""Find the distribution that provides a module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import metadata

KNOWN = {"sklearn": "scikit-learn"}  # scanning all distributions is slow


@cache
def distribution(module: str) -> str | None:
    """Return name and version of the distribution that provides a top-level module.

    Examples
    --------
    >>> distribution("sklearn").startswith("scikit-learn ")
    True
    >>> distribution("no_such_module") is None
    True
    """
    name = KNOWN.get(module, module)
    try:
        version = metadata.version(name)
    except (metadata.PackageNotFoundError, OSError):
        names = bringers().get(module)
        if not names:
            return None
        name, version = names[0], metadata.version(names[0])
    return f"{name} {version}"


@cache
def bringers() -> Mapping[str, list[str]]:
    """Return the names of the distributions that provide each top-level module."""
    return metadata.packages_distributions()


def brings(origin: str, module: str) -> bool:
    """Return whether a distribution, given with its version, may provide a top-level module.

    Examples
    --------
    >>> brings("scikit-learn 1.6", "sklearn"), brings("somebody 0.1", "sklearn")
    (True, False)
    """
    own = _plain(origin.rpartition(" ")[0] or origin)
    if own == _plain(module):  # the usual case, without a lookup
        return True
    names = bringers().get(module)
    return not names or own in map(_plain, names)


def _plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()
