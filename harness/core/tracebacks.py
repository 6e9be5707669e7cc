"""Text of a traceback without the harness's outer calls, and of bounded length."""

from __future__ import annotations

import traceback
from types import TracebackType

from .errors import HarnessError
from .plugin import Plugin

MOST = 20_000  # characters of a traceback that are kept


def traceback_of(error: BaseException, plugin: Plugin | None = None) -> str:
    """Return the traceback of an error, or of its original in another process, as text.

    Parameters
    ----------
    error : BaseException
    plugin : Plugin, optional
        Where it was called, the harness's own calls above it are left out. Where none of its code was
        running, as the harness itself failed, all are kept.

    Examples
    --------
    >>> try:
    ...     int("x")
    ... except ValueError as problem:
    ...     print(traceback_of(problem).splitlines()[-1])
    ValueError: invalid literal for int() with base 10: 'x'
    """
    if isinstance(error, HarnessError) and error.traceback:
        return error.traceback
    calls = error.__traceback__ if plugin is None else _from_plugin(error.__traceback__, plugin)
    try:
        lines = traceback.format_exception(type(error), error, calls)
        return bounded("".join(lines).rstrip())
    except Exception:  # out of memory, or a failing third-party __str__
        return ""


def bounded(text: str, most: int = MOST) -> str:
    """Return a text of several lines, cut in the middle if too long.

    Examples
    --------
    >>> print(bounded("first\\nsecond\\nthird\\nfourth", 18))
    first
    ... 14 characters left out ...
    fourth
    """
    if len(text) <= most:
        return text
    head, tail = text[: most // 2], text[-(most // 2) :]
    head, tail = head.rpartition("\n")[0] or head, tail.partition("\n")[2] or tail
    left_out = len(text) - len(head) - len(tail)
    return f"{head}\n... {left_out:,} characters left out ...\n{tail}"


def _from_plugin(calls: TracebackType | None, plugin: Plugin) -> TracebackType | None:
    """Drop the first calls of the harness if a plugin's code is among the calls."""
    first, found = calls, calls
    while found is not None and not _is_of(plugin, _module(found)):
        found = found.tb_next
    while found is not None and first is not None and _calls_plugins(_module(first)):
        first = first.tb_next
    return first


def _module(call: TracebackType) -> str:
    return str(call.tb_frame.f_globals.get("__name__", ""))


def _is_harness(module: str) -> bool:
    return module.startswith("harness.") and not module.startswith("harness.plugins.")


def _calls_plugins(module: str) -> bool:
    """Return whether a module only calls or imports third-party code."""
    return _is_harness(module) or module.partition(".")[0] == "importlib"


def _is_of(plugin: Plugin, module: str) -> bool:
    """Return whether a module is in the same package as a plugin's."""
    own = plugin.module.partition(".")[0]
    return not _is_harness(module) and module.partition(".")[0] == own
