"""Check plugins in child processes, so that one that hangs or crashes fails only that check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from ..core.errors import HarnessError, Unavailable, error_line, one_line
from ..core.plugin import Plugin
from ..core.spec import Spec
from ..execution.worker import TimedOut, Worker, WorkerDied
from ..registry.configure import configure
from ..registry.loading import load_plugin
from . import checks
from .check import Check, Result
from .subject import K, Subject, parameters

SECONDS = 60.0  # time limit per check
LOADS = Check(
    "loads", "A plugin that cannot be imported can be neither checked nor run.", lambda subject: None
)


def examine(
    plugin: Plugin,
    spec: Spec | None = None,
    seconds: float = SECONDS,
    starting: Callable[[Check], None] = lambda check: None,
) -> Iterator[Result]:
    """Run all checks of a plugin in a child process, and yield the results.

    Parameters
    ----------
    plugin : Plugin
    spec : Spec, optional
        The parameters written with its name.
    seconds : float
        Time limit per check.
    starting : callable
        Called with each check before it runs.

    Raises
    ------
    HarnessError
        If an import path does not exist, or the plugin lacks a parameter.

    Examples
    --------
    >>> from harness.registry.registry import load_registry
    >>> plugin = load_registry().find("metric", "coverage")
    >>> sorted({result.status for result in examine(plugin)})
    ['passed', 'skipped']
    """
    spec = spec or Spec(plugin.name)
    worker = started()
    failed: set[str] = set()
    try:
        starting(LOADS)
        refused = _prepared(worker, plugin, spec, seconds)
        if refused is not None:
            yield refused
            return
        for check in checks(plugin.kind):
            reason = check.waits_for(failed)
            if reason:
                yield Result(check.name, "skipped", reason)
                continue
            if not worker.usable:
                worker.stop()
                worker = started()
            starting(check)
            result = _watched(worker, check, plugin, spec, seconds)
            failed |= {check.name} if result.status == "failed" else set()
            yield result
    finally:
        worker.stop()


def started() -> Worker:
    """Return a process that has loaded the harness, so that this does not count as a plugin's time."""
    worker = Worker()
    worker.call(_nothing)
    return worker


def _nothing() -> None:
    pass


def _prepared(worker: Worker, plugin: Plugin, spec: Spec, seconds: float) -> Result | None:
    """Load the plugin with its parameters; if it cannot be used here, return why."""
    try:
        return worker.call(_load_in, plugin, spec, seconds=seconds)
    except Unavailable as problem:
        return Result(LOADS.name, "skipped", str(problem))
    except WorkerDied as problem:
        ended = isinstance(problem, TimedOut)
        return _not_loaded(f"import took longer than {seconds:g} s." if ended else f"{problem}.")


def _not_loaded(what: str) -> Result:
    how = "Fix its module, or the string with its location; python -c 'import ...' shows more."
    return Result(LOADS.name, "failed", what, LOADS.why, how)


def _watched(worker: Worker, check: Check, plugin: Plugin, spec: Spec, seconds: float) -> Result:
    try:
        return worker.call(_made, plugin, spec, check.name, seconds=seconds)
    except WorkerDied as problem:
        what = f"it took longer than {seconds:g} s" if isinstance(problem, TimedOut) else str(problem)
        how = (
            "Make it faster on 90 samples, or raise the limit with --timeout."
            if isinstance(problem, TimedOut)
            else "Run the check in your own test with python -X faulthandler to see where it ends."
        )
        return Result(check.name, "failed", f"{what}.", check.why, how)


def _load_in(plugin: Plugin, spec: Spec) -> Result | None:
    try:
        usable(plugin)
    except (Exception, SystemExit) as problem:
        if isinstance(problem, Unavailable) or (plugin.origin == "import path" and _own(problem)):
            raise  # nothing to check, or it does not exist
        return _not_loaded(one_line(problem) if _own(problem) else error_line(problem))
    _subject(plugin, spec)
    return None


def _own(problem: BaseException) -> bool:
    return isinstance(problem, HarnessError)


def usable(plugin: Plugin) -> Any:
    """Load a plugin; raise HarnessError if it is not callable."""
    found = load_plugin(plugin)
    if not callable(found):
        raise HarnessError(
            f"{plugin.target!r} is a {type(found).__name__}, not a class or a function. Name one in a "
            "module: module:Class."
        )
    return found


def _made(plugin: Plugin, spec: Spec, name: str) -> Result:
    """Run one check, in the child."""
    check = next(each for each in checks(plugin.kind) if each.name == name)
    return check.result(_subject(plugin, spec))


def _subject(plugin: Plugin, spec: Spec) -> Subject:
    factory = load_plugin(plugin)
    if plugin.kind != "dataset":
        configure(plugin, spec, {"n_clusters": K})  # raises an error for unknown parameters
    written = {**dict(zip(parameters(factory), spec.args, strict=False)), **dict(spec.kwargs)}
    target = partial(factory, **written)
    return replace(Subject.of(plugin.kind, target, plugin), memory=_memory(plugin, str(spec)))


@lru_cache(maxsize=1)
def _memory(plugin: Plugin, spec: str) -> dict[str, Any]:
    """Return the results that checks of one plugin share in this process."""
    return {}
