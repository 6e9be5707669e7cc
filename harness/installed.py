"""Plugins of installed distributions: which there are, and whether they fit this harness and load."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from typing import Any

from . import __version__, trial
from .errors import Unavailable

NAME = "clustering-harness"


def sources() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the origin of each installed plugin, and a function that imports it or says why not.

    Each module is first tried in a process of its own, once for each version of its distribution, so that
    one that hangs or crashes on import harms no command.
    """
    found = sorted(entry_points(group="harness"), key=lambda each: each.name)
    misfits = [_misfit(each.dist) for each in found]
    modules = [each.value.partition(":")[0].strip() for each in found]
    fit = [n for n, misfit in enumerate(misfits) if not misfit]
    unfit = trial.verdicts({modules[n]: _mark(found[n].dist) for n in fit}, _memory()) if fit else {}
    for entry, module, misfit in zip(found, modules, misfits, strict=True):
        yield _origin(entry), _loader(entry, misfit or _refusal(module, unfit[module]))


def _origin(entry: EntryPoint) -> str:
    """Return who brings an entry point; what is left of a half-removed distribution may not tell."""
    try:
        return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.name
    except (OSError, KeyError):  # as the importlib_metadata package raises, where something has imported it
        return entry.name


def _requires(dist: Distribution | None) -> list[str]:
    try:
        return list((dist.requires if dist else None) or ())
    except (OSError, KeyError):
        return []


def _loader(entry: EntryPoint, reason: str) -> Callable[[], Any]:
    def load() -> Any:
        if reason:
            raise Unavailable(reason)
        return entry.load()

    return load


def _refusal(module: str, reason: str) -> str:
    again = f"It is tried again after an hour, or once {str(_memory())!r} is deleted."
    return f"module {module!r} is not imported: {reason}. {again}" if reason else ""


def _misfit(dist: Distribution | None) -> str:
    """Say which version of the harness a distribution requires, if it is not this one."""
    lines = [line for line in _requires(dist) if NAME in line.replace("_", "-").lower()]
    if not lines:  # most often; what reads requirements is then not even imported
        return ""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        needed = [Requirement(line) for line in lines]
    except InvalidRequirement as error:
        return f"its metadata cannot be read: {str(error).splitlines()[0]}"
    for each in needed:
        applies = canonicalize_name(each.name) == NAME and (
            not each.marker or each.marker.evaluate({"extra": ""})
        )
        if applies and not each.specifier.contains(__version__, prereleases=True):
            needs = f"{NAME}{each.specifier}"
            return f"it needs {needs}, and this is {__version__}: pip install '{needs}'"
    return ""


def _mark(dist: Distribution | None) -> str:
    """Return what changes when a distribution is installed again."""
    folder = getattr(dist, "_path", None)  # importlib.metadata has no public name for it
    if dist is None or folder is None:
        return ""
    stamps = [path for path in (Path(folder) / "RECORD", Path(folder)) if path.exists()]
    return f"{folder} {stamps[0].stat().st_mtime_ns if stamps else 0}"


def _memory() -> Path:
    import platformdirs

    root = os.environ.get("HARNESS_CACHE") or platformdirs.user_cache_dir(
        "clustering-harness", appauthor=False
    )
    return Path(root).expanduser() / "imports.json"
