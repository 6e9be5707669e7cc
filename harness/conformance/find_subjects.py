"""Find the plugins to check: names, files of plugins and import paths, all untrusted."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..core.errors import HarnessError, Unavailable, UnknownName, error_line, suggest
from ..core.interfaces import DatasetInfo, MetricInfo
from ..core.plugin import KINDS, Kind, Plugin
from ..core.spec import Spec, parse
from ..execution.worker import TimedOut, Worker, WorkerDied
from ..registry.loading import load_file
from ..registry.metrics import ROLES
from ..registry.registry import Broken, Registry, load_registry
from .run_checks import SECONDS, started, usable
from .subject import parameters

Found = tuple[Plugin, Spec]


def find(
    targets: Sequence[str], kind: Kind | None, files: Iterable[Path], seconds: float = SECONDS
) -> tuple[list[Found], list[Broken]]:
    """Return the plugins named by the targets, with their written parameters, and failed imports.

    Parameters
    ----------
    targets : sequence of str
        Names, ``.py`` files, and import paths.
    kind : {"encoder", "clusterer", "metric", "dataset"} or None
        Their kind, if it cannot be detected.
    files : iterable of Path
        Additional files of plugins, whose names may be targets.
    seconds : float
        Time limit per import.

    Raises
    ------
    HarnessError
        If a target does not exist, or its kind cannot be detected.

    Examples
    --------
    >>> found, broken = find(["ari", "sklearn.cluster:Birch"], None, [])
    >>> [plugin.title for plugin, _ in found], broken
    (["Metric 'ari'", "Clusterer 'sklearn.cluster:Birch'"], [])
    """
    own = [*dict.fromkeys([*files, *(Path(target) for target in targets if target.endswith(".py"))])]
    harmful = _tried(own, seconds)
    registry = load_registry(file for file in own if _origin(file) not in {each.origin for each in harmful})
    broken = [each for each in registry.broken if each.origin in map(_origin, own)] + harmful
    found: list[Found] = []
    for target in targets:
        answer = _named(target, kind, registry, broken, seconds)
        if isinstance(answer, Broken):
            broken.append(answer)
        else:
            found += answer
    return found, broken


def _origin(file: Path) -> str:
    return f"file {file}"


def _tried(files: Sequence[Path], seconds: float) -> list[Broken]:
    """Load files and call their hooks in a child process; return those that hang or end it."""
    broken = []
    worker: Worker | None = None
    try:
        for file in files:
            if not file.is_file():
                continue  # reported by load_registry
            if worker is not None and not worker.usable:
                worker.stop()
                worker = None
            worker = worker or started()
            try:
                worker.call(_load, file, seconds=seconds)
            except WorkerDied as problem:
                broken.append(Broken("plugin", _origin(file), _harm(problem, seconds)))
    finally:
        if worker is not None:
            worker.stop()
    return broken


def _load(file: Path) -> None:
    Registry().add_source(_origin(file), partial(load_file, file), file)


def _harm(problem: WorkerDied, seconds: float) -> str:
    if isinstance(problem, TimedOut):
        return f"import took longer than {seconds:g} s"
    return f"during import, {problem}"


def _named(
    target: str, kind: Kind | None, registry: Registry, broken: Sequence[Broken], seconds: float
) -> list[Found] | Broken:
    """Return the plugins named by a target, each with its written parameters."""
    if target.endswith(".py"):
        origin = _origin(Path(target))
        own = [each for each in registry.plugins.values() if each.origin == origin]
        if not own and not any(each.origin == origin for each in broken):
            raise UnknownName(f"{target} contains no plugin. Mark its hooks with @hookimpl.")
        return [(each, Spec(each.name)) for each in own if kind in (None, each.kind)]
    spec = parse(target)
    if kind is None and ":" in spec.name:
        told = kind_of(spec.name, seconds)
        return told if isinstance(told, Broken) else [(registry.find(told, spec.name), spec)]
    if kind is not None:
        return [(registry.find(kind, spec.name), spec)]
    named = [each for each in registry.plugins.values() if each.name == spec.name]
    if not named:
        known = {name for _, name in registry.plugins}
        raise UnknownName(
            f"Unknown plugin {spec.name!r}.{suggest(spec.name, known)} 'harness plugins' lists them all."
        )
    return [(each, spec) for each in named]


def kind_of(target: str, seconds: float = SECONDS) -> Kind | Broken:
    """Detect the kind of an import path's target, in a child process.

    Returns
    -------
    str or Broken
        Broken if importing it fails, takes longer than `seconds` or ends the process.

    Raises
    ------
    HarnessError
        If it does not exist, or its kind cannot be detected.

    Examples
    --------
    >>> kind_of("sklearn.cluster:Birch"), kind_of("sklearn.metrics:rand_score")
    ('clusterer', 'metric')
    """
    worker = started()
    try:
        return worker.call(_kind, target, seconds=seconds)
    except WorkerDied as problem:
        return Broken(target, "import path", _harm(problem, seconds))
    finally:
        worker.stop()


def _kind(target: str) -> Kind | Broken:
    try:
        found: Any = usable(Plugin("encoder", target, target, "import path"))
    except Unavailable as problem:
        return Broken(target, "import path", str(problem))
    except HarnessError:
        raise
    except (Exception, SystemExit) as problem:
        return Broken(target, "import path", error_line(problem))
    info = getattr(found, "info", None)
    if isinstance(found, type):
        if hasattr(found, "fit_predict"):
            return "clusterer"
        if hasattr(found, "transform") or hasattr(found, "fit_transform"):
            return "encoder"
    elif isinstance(info, MetricInfo) or (inspect.isfunction(found) and _has_roles(found)):
        return "metric"
    elif isinstance(info, DatasetInfo):
        return "dataset"
    raise HarnessError(
        f"Cannot detect the kind of {target!r}. Give --kind {', '.join(KINDS[:-1])} or {KINDS[-1]}."
    )


def _has_roles(function: Any) -> bool:
    """Return whether the arguments are those of a metric: labels, and classes or samples."""
    roles = {ROLES[name] for name in parameters(function) if name in ROLES}
    return "labels" in roles and len(roles) > 1
