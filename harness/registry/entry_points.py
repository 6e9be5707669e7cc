"""Plugins of installed distributions: find them, and check that they are compatible and load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import Any

from ..core.errors import Unavailable, error_line
from ..core.version import __version__

NAME = "clustering-harness"
GROUP = "harness"


@dataclass(frozen=True)
class _Source:
    """A plugin named by a distribution, or why it cannot be used."""

    name: str
    origin: str
    reason: str = ""
    load: Callable[[], Any] = lambda: None


def sources() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the origin of each installed plugin, and a function that imports it or raises an error."""
    brought = (source for dist in _installed() for source in _of(dist))
    for source in sorted(brought, key=lambda source: source.name):
        yield source.origin, _loader(source)


def _installed() -> Iterator[Distribution]:
    """Yield each importable distribution: the first on the path of each name."""
    seen = set()
    for dist in distributions():
        try:
            name: Any = getattr(dist, "_normalized_name", "") or dist.name  # the first reads no file
        except Exception:  # leftovers of one, or foreign files in its place
            name = id(dist)
        if name not in seen:
            seen.add(name)
            yield dist


def _of(dist: Distribution) -> Iterable[_Source]:
    """Return the plugins of one distribution; wrong metadata affects only that distribution."""
    try:
        entries = [each for each in dist.entry_points if each.group == GROUP]
    except Exception as error:
        reason = f"cannot read its entry points: {_line(error)}"
        return [_Source("", _origin(dist), reason)] if _may_be_meant(dist) else []
    return [_source(dist, entry) for entry in entries]


def _source(dist: Distribution, entry: EntryPoint) -> _Source:
    origin = _origin(dist, entry.name)
    if not (entry.pattern.match(entry.value) and all(entry.module.split("."))):
        wrong = f"entry point {entry.name!r} must read 'module' or 'module:object', got {entry.value!r}"
        return _Source(entry.name, origin, wrong)
    try:
        reason = _misfit(dist)
    except Exception as error:
        return _Source(entry.name, origin, f"cannot read its metadata: {_line(error)}")
    return _Source(entry.name, origin, reason, entry.load)


def _line(error: Exception) -> str:
    return error_line(error)


def _may_be_meant(dist: Distribution) -> bool:
    """Return whether unreadable entry points include some of this group."""
    try:
        return f"[{GROUP}]".encode() in (_folder(dist) / "entry_points.txt").read_bytes()
    except OSError:
        return True


def _origin(dist: Distribution, otherwise: str = "") -> str:
    """Return name and version; leftovers of a half-removed distribution may lack them."""
    with suppress(Exception):  # each finder has its own errors
        if dist.name:
            return f"{dist.name} {dist.version}"
    return otherwise or _folder(dist).name


def _folder(dist: Distribution) -> Path:
    return Path(getattr(dist, "_path", None) or "")  # importlib.metadata has no public name for it


def _requires(dist: Distribution) -> list[str]:
    try:
        return list(dist.requires or ())
    except (OSError, KeyError):  # raised by the importlib_metadata package, if it has been imported
        return []


def _loader(source: _Source) -> Callable[[], Any]:
    def load() -> Any:
        if source.reason:
            raise Unavailable(source.reason)
        return source.load()

    return load


def _misfit(dist: Distribution) -> str:
    """Return the version of the harness that a distribution requires, if not this one."""
    lines = [line for line in _requires(dist) if NAME in line.replace("_", "-").lower()]
    if not lines:  # the usual case, without importing the parser of requirements
        return ""
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    try:
        needed = [Requirement(line) for line in lines]
    except InvalidRequirement as error:
        return f"cannot read its metadata: {str(error).splitlines()[0]}"
    for each in needed:
        applies = canonicalize_name(each.name) == NAME and (
            not each.marker or each.marker.evaluate({"extra": ""})
        )
        if applies and not each.specifier.contains(__version__, prereleases=True):
            needs = f"{NAME}{each.specifier}"
            return f"it needs {needs}, but this is {__version__}: pip install '{needs}'"
    return ""
