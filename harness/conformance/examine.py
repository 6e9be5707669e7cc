"""Checking plugins in processes of their own: one that hangs or crashes fails a check and harms no other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..configure import configure
from ..errors import HarnessError, Unavailable
from ..interfaces import DatasetInfo, MetricInfo
from ..registry import KINDS, Kind, Plugin
from ..scoring import ROLES
from ..spec import Spec
from ..worker import TimedOut, Worker, WorkerDied
from . import checks
from .outcome import Check, Result
from .subject import K, Subject, parameters

SECONDS = 60.0  # that a check may take


def examine(
    plugin: Plugin,
    spec: Spec | None = None,
    seconds: float = SECONDS,
    starting: Callable[[Check], None] = lambda check: None,
) -> Iterator[Result]:
    """Make all checks of a plugin in a child process, and yield how each ended.

    Parameters
    ----------
    plugin : Plugin
    spec : Spec, optional
        The parameters that were written with its name.
    seconds : float
        What each check may take.
    starting : callable
        Is told of each check before it is made.

    Raises
    ------
    HarnessError
        When the plugin cannot be loaded or has no such parameters.

    Examples
    --------
    >>> from harness.registry import load_registry
    >>> plugin = load_registry().find("metric", "coverage")
    >>> {result.status for result in examine(plugin)}
    {'passed', 'skipped'}
    """
    spec = spec or Spec(plugin.name)
    worker = Worker()
    try:
        refused = _prepared(worker, plugin, spec, seconds)
        for check in checks(plugin.kind):
            if refused is not None:
                yield Result(check.name, "skipped", refused)
                continue
            if not worker.usable:
                worker.stop()
                worker = Worker()
            starting(check)
            yield _watched(worker, check, plugin, spec, seconds)
    finally:
        worker.stop()


def _prepared(worker: Worker, plugin: Plugin, spec: Spec, seconds: float) -> str | None:
    """Load the plugin with its parameters; return why it cannot be used here."""
    try:
        worker.call(_subject_in, plugin, spec, seconds=seconds)
    except Unavailable as problem:
        return str(problem)
    except WorkerDied as problem:
        raise HarnessError(f"{plugin.title} cannot be loaded: {problem}.") from None
    return None


def _watched(worker: Worker, check: Check, plugin: Plugin, spec: Spec, seconds: float) -> Result:
    try:
        return worker.call(_made, plugin, spec, check.name, seconds=seconds)
    except WorkerDied as problem:
        what = f"it did not end within {seconds:g} s" if isinstance(problem, TimedOut) else str(problem)
        how = (
            "Let it end sooner on 90 samples; if it must take so long, give more with --timeout."
            if isinstance(problem, TimedOut)
            else "Run the check in a test of your own, with python -X faulthandler, to see where it ends."
        )
        return Result(check.name, "failed", f"{what}.", check.why, how)


def _subject_in(plugin: Plugin, spec: Spec) -> None:
    _subject(plugin, spec)


def _made(plugin: Plugin, spec: Spec, name: str) -> Result:
    """Make one check, in the child."""
    check = next(each for each in checks(plugin.kind) if each.name == name)
    return check.result(_subject(plugin, spec))


def _subject(plugin: Plugin, spec: Spec) -> Subject:
    factory = plugin.load()
    if plugin.kind != "dataset":
        configure(plugin, spec, {"n_clusters": K})  # refuses parameters that it does not have
    written = {**dict(zip(parameters(factory), spec.args, strict=False)), **dict(spec.kwargs)}
    return Subject.of(plugin.kind, partial(factory, **written), plugin)


def kind_of(target: str) -> Kind:
    """Tell the kind of what an import path leads to, looking at it in a child process.

    Raises
    ------
    HarnessError
        When it cannot be told.

    Examples
    --------
    >>> kind_of("sklearn.cluster:Birch"), kind_of("sklearn.metrics:rand_score")
    ('clusterer', 'metric')
    """
    worker = Worker()
    try:
        return worker.call(_kind, target)
    finally:
        worker.stop()


def _kind(target: str) -> Kind:
    found: Any = Plugin("encoder", target, target, "import path").load()
    names = parameters(found)
    info = getattr(found, "info", None)
    if isinstance(found, type):
        if hasattr(found, "fit_predict"):
            return "clusterer"
        if hasattr(found, "transform") or hasattr(found, "fit_transform"):
            return "encoder"
    elif isinstance(info, MetricInfo) or (inspect.isfunction(found) and names.keys() & ROLES.keys()):
        return "metric"
    elif isinstance(info, DatasetInfo):
        return "dataset"
    raise HarnessError(
        f"It cannot be told what {target!r} is. Say --kind {', '.join(KINDS[:-1])} or {KINDS[-1]}."
    )
