"""Subject of a check: a class, a function or a factory, and construction of estimators from it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..core.plugin import Plugin
from ..core.seeds import is_seed
from ..execution.worker import Worker
from ..registry.nested import k_name

K = 3  # clusters in the samples of the checks, and requested of estimators


@dataclass(frozen=True)
class Subject:
    """A plugin under test.

    Parameters
    ----------
    kind : str
        ``encoder``, ``clusterer``, ``metric`` or ``dataset``.
    target : object
        A class, a function, an instance to copy, or a factory of instances.
    written : mapping
        Parameters given by the user; nothing else sets them.
    plugin : Plugin, optional
        Its plugin; None if the target itself was given.
    other : Worker, optional
        The process to send estimators to (default: a new one each time).
    memory : dict
        Results shared between checks.
    """

    kind: str
    target: Any
    written: Mapping[str, Any] = field(default_factory=dict)
    plugin: Plugin | None = None
    other: Worker | None = None
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @staticmethod
    def of(kind: str, target: Any, plugin: Plugin | None = None) -> Subject:
        """Create a subject from a target; keywords of a `functools.partial` are written parameters."""
        if isinstance(target, partial) and not target.args:
            return Subject(kind, target.func, target.keywords, plugin)
        return Subject(kind, target, {}, plugin)

    @property
    def borrowed(self) -> bool:
        """Whether it is named by import path, so that it may not be meant as a plugin."""
        return self.plugin is not None and self.plugin.origin == "import path"

    @property
    def skips(self) -> Mapping[str, Any]:
        """The checks it skips, and why."""
        found = getattr(self.target, "conformance_skips", {})
        return found if isinstance(found, Mapping) else {}

    @property
    def home(self) -> str:
        """Dotted name of its module."""
        target = self.target if hasattr(self.target, "__qualname__") else type(self.target)
        return self.plugin.module if self.plugin else str(target.__module__)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return, or raise, the remembered result of a function; call it the first time."""
        if name not in self.memory:
            try:
                self.memory[name] = (make(), None)
            except (Exception, SystemExit) as problem:
                self.memory[name] = (None, problem)
        value, refusal = self.memory[name]
        if refusal is not None:
            raise refusal
        return value

    def make(self, seed: int | None = 0, image_shape: tuple[int, int, int] | None = None) -> Any:
        """Construct an estimator like the harness, setting the parameters that its constructor has."""
        settings: dict[str, Any] = {
            "random_state": seed,
            "device": "cpu",
            "image_shape": image_shape,
            "n_clusters": K,
        }
        if isinstance(self.target, type):
            known = parameters(self.target)
            settings |= {name: seed for name in known if is_seed(name)}
            if self.kind == "clusterer":
                settings |= {k_name(known, self.target): K}
            chosen = {name: value for name, value in settings.items() if name in known and value is not None}
            return self.target(**{**chosen, **self.written})
        made = copy.deepcopy(self.target) if hasattr(self.target, "fit") else self.target(**self.written)
        for name, value in settings.items():  # choices of a factory stay
            if getattr(made, name, "") is None and value is not None:
                setattr(made, name, value)
        return made


def parameters(target: Any) -> dict[str, inspect.Parameter]:
    """Return the parameters of a class or function that can be set by name.

    Examples
    --------
    >>> from sklearn.cluster import KMeans
    >>> list(parameters(KMeans))[:3]
    ['n_clusters', 'init', 'n_init']
    """
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found = inspect.signature(target).parameters
    return {name: each for name, each in found.items() if each.kind in kinds}
