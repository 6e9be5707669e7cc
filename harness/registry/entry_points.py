"""Plugins of installed distributions: which there are, and whether they fit this harness and load."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import Any

from ..core.errors import Unavailable
from ..core.files import cache_folder
from ..core.version import __version__
from . import safe_import, source_code

NAME = "clustering-harness"
GROUP = "harness"


@dataclass(frozen=True)
class _Source:
    """What a distribution names as a plugin, or why that cannot be used."""

    name: str
    origin: str
    reason: str = ""
    place: str = ""  # module, or module:object
    mark: str = ""
    load: Callable[[], Any] = lambda: None


def sources() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the origin of each installed plugin, and a function that imports it or says why not.

    Each is first tried in a process of its own, once for each version of its distribution and its code, so
    that one that hangs or crashes harms no command.
    """
    found = sorted((each for dist in _installed() for each in _of(dist)), key=lambda each: each.name)
    new = {each.place: each.mark for each in found if not each.reason}
    unfit = safe_import.verdicts(new, _memory()) if new else {}
    for each in found:
        yield each.origin, _loader(each, each.reason or _refusal(each.place, unfit[each.place]))


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
        reason, mark = _misfit(dist), _mark(dist, entry.module)
    except Exception as error:
        return _Source(entry.name, origin, f"its metadata cannot be read: {_line(error)}")
    place = f"{entry.module}:{entry.attr}" if entry.attr else entry.module
    return _Source(entry.name, origin, reason, place, mark, entry.load)


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


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


def _loader(found: _Source, reason: str) -> Callable[[], Any]:
    def load() -> Any:
        if reason:
            raise Unavailable(reason)
        return found.load()

    return load


def _refusal(place: str, reason: str) -> str:
    module = place.partition(":")[0]
    again = f"It is tried again once it changes, after an hour, or once {str(_memory())!r} is deleted."
    return f"module {module!r} is not imported: {reason}. {again}" if reason else ""


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


def _mark(dist: Distribution, module: str) -> str:
    """Return what changes when a distribution is installed again, or its code is edited in its place."""
    folder = _folder(dist)
    paths = [folder / "RECORD", folder]
    file = source_code.module_file(module)
    if file is not None:
        in_place = file.name == "__init__.py" and not source_code.is_installed(file)
        paths += [file, *(sorted(file.parent.rglob("*.py")) if in_place else ())]
    stamps = [(str(path), *_stamp(path)) for path in paths]
    return f"{folder} {hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]}"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _memory() -> Path:
    return cache_folder() / "imports.json"
