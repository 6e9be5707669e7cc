"""Plugins of installed distributions: which there are, and whether they fit this harness and load."""

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
    """What a distribution names as a plugin, or why that cannot be used."""

    name: str
    origin: str
    reason: str = ""
    load: Callable[[], Any] = lambda: None


def sources() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the origin of each installed plugin, and a function that imports it or raises why not."""
    brought = (source for dist in _installed() for source in _of(dist))
    for source in sorted(brought, key=lambda source: source.name):
        yield source.origin, _loader(source)


def _installed() -> Iterator[Distribution]:
    """Yield each distribution that can be imported from: the first on the path of those of one name."""
    seen = set()
    for dist in distributions():
        try:
            name: Any = getattr(dist, "_normalized_name", "") or dist.name  # the first reads no file
        except Exception:  # what is left of one, or what others have written in its place
            name = id(dist)
        if name not in seen:
            seen.add(name)
            yield dist


def _of(dist: Distribution) -> Iterable[_Source]:
    """Return what one distribution brings; whatever is wrong with its metadata is its own fault alone."""
    try:
        entries = [each for each in dist.entry_points if each.group == GROUP]
    except Exception as error:
        reason = f"its entry points cannot be read: {_line(error)}"
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
        return _Source(entry.name, origin, f"its metadata cannot be read: {_line(error)}")
    return _Source(entry.name, origin, reason, entry.load)


def _line(error: Exception) -> str:
    return error_line(error)


def _may_be_meant(dist: Distribution) -> bool:
    """Whether entry points that cannot be read hold some of this group's."""
    try:
        return f"[{GROUP}]".encode() in (_folder(dist) / "entry_points.txt").read_bytes()
    except OSError:
        return True


def _origin(dist: Distribution, otherwise: str = "") -> str:
    """Return name and version; what is left of a half-removed distribution may not tell."""
    with suppress(Exception):  # each finder has errors of its own
        if dist.name:
            return f"{dist.name} {dist.version}"
    return otherwise or _folder(dist).name


def _folder(dist: Distribution) -> Path:
    return Path(getattr(dist, "_path", None) or "")  # importlib.metadata has no public name for it


def _requires(dist: Distribution) -> list[str]:
    try:
        return list(dist.requires or ())
    except (OSError, KeyError):  # as the importlib_metadata package raises, where something has imported it
        return []


def _loader(source: _Source) -> Callable[[], Any]:
    def load() -> Any:
        if source.reason:
            raise Unavailable(source.reason)
        return source.load()

    return load


def _misfit(dist: Distribution) -> str:
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
