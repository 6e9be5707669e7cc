"""Cache of facts about plugins, kept in the store so that planning need not import them again."""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any

import numpy as np

from ..core import hashing
from ..core.executor import PluginHost
from ..core.files import read_memo, write_memo
from ..core.interfaces import MetricInfo
from ..core.plugin import Plugin
from ..registry import source_code
from ..registry.configure import Configured, configure
from ..registry.metrics import info_of
from ..registry.repeated_fits import Trial, fit_again
from ..registry.selectors import candidates
from . import cache_keys

FILE = "answers.json"
ASKING = (  # modules whose code is part of a question
    *("registry.configure", "registry.nested", "registry.parameters", "registry.suitability"),
    *("registry.metrics", "registry.selectors", "registry.repeated_fits", "registry.fitting"),
    *("registry.global_generators", "core.seeds", "core.spec", "planning.plugin_answers"),
)
MOST = 10_000  # newest answers to keep


class Answers(PluginHost):
    """A host that remembers what plugins answered before.

    Answers are stored under a hash of the plugin's code, its libraries' versions, the asking code
    and the question, as text of Python literals, so that reading them runs no code.

    Parameters
    ----------
    host : PluginHost
        Loads the plugins.
    folder : Path
        The store's; if it does not exist, nothing is kept.
    watch : callable
        Given a plugin's title, returns a context for its trial fits.
    """

    def __init__(
        self,
        host: PluginHost,
        folder: Path,
        watch: Callable[[str], AbstractContextManager[None]] = lambda title: nullcontext(),
    ) -> None:
        self._watch = watch
        self._host, self._path = host, folder / FILE
        self._new: dict[str, str] = {}
        self._known = read_memo(self._path)
        paths = [source_code.module_file(f"harness.{name}") for name in ASKING]
        code = b"".join(path.read_bytes() for path in paths if path)
        self._code = hashlib.sha256(code).hexdigest()

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Return the result of a function that loads the plugin."""
        return self._known_or(self._host.load, plugin, function, *args)

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Return the outcome of trial fits of the plugin."""
        with self._watch(plugin.title):
            return self._known_or(self._host.trial, plugin, function, *args)

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in the process of the framework of that name."""
        return self._host.ask(name, function, *args)

    def accelerator(self) -> str:
        """Return the kind of accelerator where stages run."""
        return self._host.accelerator()

    def _known_or(
        self, call: Callable[..., Any], plugin: Plugin, function: Callable[..., Any], *args: Any
    ) -> Any:
        question = self._question(plugin, function, args)
        answer = self._known.get(question) or self._new.get(question)  # another dataset may have asked it
        if answer is not None:
            with suppress(ValueError, SyntaxError, TypeError):  # unexpected content
                return _opened(plugin, function, ast.literal_eval(answer))
        value = call(plugin, function, *args)
        if question and value is not None:
            with suppress(ValueError):  # an object that cannot be written as text
                self._new[question] = literal(_closed(value))
        return value

    def _question(self, plugin: Plugin, function: Callable[..., Any], args: tuple[Any, ...]) -> str:
        if function not in (configure, candidates, info_of, fit_again):
            return ""
        if plugin.code is not None and not plugin.code.lasting:
            return ""
        asked = [_asked(each) for each in args if not isinstance(each, Plugin)]
        try:
            facts = {**cache_keys.identity(plugin), "asked": [function.__name__, *map(repr, asked)]}
        except (OSError, SyntaxError, ValueError):  # its code cannot be read: loading it will report why
            return ""
        return hashing.digest({**facts, "name": plugin.name, "code": self._code})

    def keep(self) -> None:
        """Write new answers, if the store exists and is writable."""
        if self._new and self._path.parent.is_dir():
            write_memo(self._path, dict([*{**read_memo(self._path), **self._new}.items()][-MOST:]))


def _asked(value: Any) -> Any:
    """Return a question as plain values: objects by their state, since their texts may be abbreviated."""
    if isinstance(value, Configured):
        return hashing.canonical(value.params)
    return hashing.canonical(value) if isinstance(value, Mapping | np.ndarray) else value


def _closed(value: Any) -> Any:
    """Return an answer as plain values."""
    if isinstance(value, Trial):
        return tuple(value)
    if isinstance(value, Configured | MetricInfo):
        return {name: each for name, each in vars(value).items() if name != "plugin"}
    return value


def _opened(plugin: Plugin, function: Callable[..., Any], value: Any) -> Any:
    """Return an answer with its original types."""
    if function is fit_again:
        return Trial(*value)
    if function is configure:
        return Configured(plugin, **value)
    return MetricInfo(**value) if function is info_of else value


def literal(value: Any) -> str:
    """Return the text that `ast.literal_eval` evaluates to this value.

    Raises
    ------
    ValueError
        If there is no such text.

    Examples
    --------
    >>> ast.literal_eval(literal({"layers": (32, 8), "tol": float("-inf")}))
    {'layers': (32, 8), 'tol': -inf}
    """
    if value is None or type(value) in (bool, int, str):
        return repr(value)
    if type(value) is float and not math.isnan(value):
        return repr(value) if math.isfinite(value) else f"{math.copysign(1, value):.0f}e999"
    if type(value) is dict:
        return f"{{{', '.join(f'{literal(name)}: {literal(each)}' for name, each in value.items())}}}"
    if type(value) is list:
        return f"[{', '.join(map(literal, value))}]"
    if type(value) is tuple:
        return f"({''.join(f'{literal(each)}, ' for each in value)})"
    raise ValueError(f"cannot write {value!r:.80} as a literal")
