"""Finding plugins: built in, installed, from a file, or by import path."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pluggy

from . import hookspecs, installed, source, trial
from .errors import HarnessError, Unavailable, UnknownName, needs, suggest

Kind = Literal["encoder", "clusterer", "metric", "dataset"]
KINDS: tuple[Kind, ...] = ("encoder", "clusterer", "metric", "dataset")


@dataclass(frozen=True)
class Plugin:
    """A class or function that can be loaded when it is used.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric", "dataset"}
    name : str
        The name on boards and on the command line.
    target : str
        Where it lies, as ``module:attribute``.
    origin : str
        Who brings it: ``built-in``, a distribution and its version, a file, or ``import path``.
    file : Path, optional
        The file to load the module from, for ``--plugin``.
    token : str
        Stands for its code in keys, where this process alone has it: see `harness.given`.
    """

    kind: Kind
    name: str
    target: str
    origin: str
    file: Path | None = None
    token: str = ""

    @property
    def module(self) -> str:
        """Dotted name of the module it lies in."""
        return self.target.partition(":")[0]

    @property
    def title(self) -> str:
        """Kind and name as errors show them."""
        return f"{self.kind.capitalize()} {self.name!r}"

    @property
    def summary(self) -> str:
        """One sentence, read from the module's docstring without importing it."""
        path = self.file or source.module_file(self.module)
        return source.summary(path) if path else ""

    def closure(self, later: bool = True) -> source.Closure:
        """Return its code and imports; a library's own modules are told by the library's version.

        Without `later`, only what is imported together with the plugin's module.
        """
        return source.Closure((), frozenset(), frozenset()) if self.token else _closure(self, later)

    def missing(self) -> list[str]:
        """Return the packages that it cannot be imported without, and that are not installed.

        One that is imported only within a function is missed here; then the stage ends as unavailable.
        """
        try:
            needs = self.closure()
        except (OSError, SyntaxError, ValueError):
            return []
        return sorted(
            name for name in needs.outside - needs.optional if importlib.util.find_spec(name) is None
        )

    def unavailable(self) -> str | None:
        """Say why it cannot run here and what to do, or None when it can."""
        missing = self.missing()
        return needs(missing) if missing else None

    def load(self) -> Any:
        """Import the module and return the class or function.

        Raises
        ------
        Unavailable
            When a package that it needs is not installed.
        UnknownName
            When the module or the attribute does not exist.
        """
        reason = self.unavailable()
        if reason:
            raise Unavailable(f"{self.title} {reason}")
        module_name, _, attribute = self.target.partition(":")
        if self.origin.startswith("import path") and source.find_module(module_name) is None:
            raise UnknownName(
                f"{self.title}: there is no module {module_name!r}. Check the import path, "
                "or name a file of your own with --plugin FILE."
            )
        value: Any = load_file(self.file) if self.file else importlib.import_module(module_name)
        for part in attribute.split("."):
            if not hasattr(value, part):
                near = suggest(part, dir(value))
                raise UnknownName(f"{self.title}: module {module_name!r} has no {attribute!r}.{near}")
            value = getattr(value, part)
        return value


@cache
def _closure(plugin: Plugin, later: bool) -> source.Closure:
    path = plugin.file or source.module_file(plugin.module)
    others = not plugin.file and plugin.origin.startswith(("import path", "file "))
    borrowed = others and path is not None and source.is_installed(path)
    return source.closure(plugin.module, plugin.file, follow=not borrowed, later=later)


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be registered, and why."""

    name: str
    origin: str
    error: str


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("harness")
    manager.add_hookspecs(hookspecs)
    return manager


@dataclass
class Registry:
    """All plugins that were found, by kind and name."""

    plugins: dict[tuple[Kind, str], Plugin] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    hooks: pluggy.PluginManager = field(default_factory=_manager)

    def names(self, kind: Kind) -> list[str]:
        """Return the names of one kind, in the order of registration."""
        return [name for each, name in self.plugins if each == kind]

    def find(self, kind: Kind, name: str) -> Plugin:
        """Return a plugin by its name, or by an import path ``module:attribute``.

        Raises
        ------
        UnknownName
            When there is none; the nearest name is suggested.
        HarnessError
            When two plugins claim the name.
        """
        plugin = self.plugins.get((kind, name))
        if plugin is not None:
            return plugin
        for broken in self.broken:
            if broken.name == f"{kind} {name}":
                raise HarnessError(f"{kind.capitalize()} {name!r} cannot be used: {broken.error}")
        if ":" in name:
            return Plugin(kind, name, name, "import path")
        raise UnknownName(
            f"There is no {kind} {name!r}.{suggest(name, self.names(kind))} 'harness plugins' lists them all."
        )

    def tell(self, hook: str, **arguments: Any) -> list[str]:
        """Tell all plugins of an event; return what went wrong in them, as none may stop a run."""
        problems = []
        for each in getattr(self.hooks.hook, hook).get_hookimpls():
            try:
                each.function(*(arguments[name] for name in each.argnames))
            except (Exception, SystemExit) as error:
                problems.append(f"{each.plugin_name} failed in {hook}: {type(error).__name__}: {error}")
        return problems

    def add(self, plugin: Plugin) -> None:
        """Add a plugin; if its name is taken, neither may be used, and both origins are named."""
        key = (plugin.kind, plugin.name)
        other = self.plugins.pop(key, None)
        label = f"{plugin.kind} {plugin.name}"
        if other is None and not any(broken.name == label for broken in self.broken):
            self.plugins[key] = plugin
            return
        origins = f"{other.origin} and {plugin.origin}" if other else plugin.origin
        self.broken.append(Broken(label, origins, f"two plugins have this name, from {origins}. Remove one."))

    def add_source(
        self, origin: str, load: Callable[[], Any], file: Path | None = None, seconds: float = math.inf
    ) -> None:
        """Register all that one module brings; whatever goes wrong is listed and harms no other."""
        try:
            with trial.within(seconds):
                module = load()
                found = list(_read_hooks(module, origin, file))
        except (Exception, SystemExit, trial.TooLong) as error:
            lines = str(error).strip().splitlines() or [""]
            several = isinstance(error, pluggy.PluginValidationError)  # tells the reason in its last line
            reason = "; ".join(lines) if several else lines[0]
            self.broken.append(Broken("plugin", origin, f"{type(error).__name__}: {reason}"))
            return
        if not self.hooks.is_registered(module):
            number = sum(name.partition("#")[0] == origin for name, _ in self.hooks.list_name_plugin())
            self.hooks.register(module, name=f"{origin}#{number}" if number else origin)
        for plugin in found:
            self.add(plugin)


def plugin_at(kind: Kind, name: str, place: str, note: str = "") -> Plugin:
    """Name what lies at an import path, ``module:Thing``, or in a file, ``my_plugins.py:Thing``.

    It is the same plugin, with the same keys, as without a name or from a file with hooks.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric", "dataset"}
    name, place : str
    note : str
        Is added to its origin.

    Raises
    ------
    UnknownName
        When there is no such file.

    Examples
    --------
    >>> plugin_at("clusterer", "birch", "sklearn.cluster:Birch", " in bench.toml").origin
    'import path in bench.toml'
    """
    module, _, attribute = place.rpartition(":")
    if not module.endswith(".py"):
        return Plugin(kind, name, place, f"import path{note}")
    file = Path(module).expanduser()
    if not file.is_file():
        raise UnknownName(f"there is no plugin file {module!r}. Give the path of a Python file.")
    return Plugin(kind, name, f"{source.FILE}{file.stem}:{attribute}", f"file {module}{note}", file.resolve())


def load_registry(files: Iterable[Path] = ()) -> Registry:
    """Find the built-in plugins, those of installed distributions, and those in the given files.

    Examples
    --------
    >>> load_registry().find("clusterer", "kmeans").origin
    'built-in'
    """
    registry = Registry()
    registry.add_source("built-in", lambda: importlib.import_module("harness.plugins.builtin"))
    for origin, load in installed.sources():
        registry.add_source(origin, load, seconds=trial.limit())
    for file in dict.fromkeys(files):
        if not file.is_file():
            raise UnknownName(f"There is no plugin file {str(file)!r}. Give the path of a Python file.")
        registry.add_source(f"file {file}", partial(load_file, file), file)
    return registry


def _read_hooks(module: ModuleType, origin: str, file: Path | None) -> Iterable[Plugin]:
    manager = _manager()  # its own, so that a fault is this plugin's alone
    manager.register(module)
    known = [name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "harness_spec")]
    for name, value in vars(module).items():
        if hasattr(value, "harness_impl") and name not in known:
            raise HarnessError(f"there is no hook {name!r}.{suggest(name, known)} Hooks: {', '.join(known)}.")
    for kind in KINDS:
        for hook in getattr(manager.hook, f"{kind}s").get_hookimpls():
            mapping = hook.function()  # not by pluggy, which passes over a hook that forgot to return
            if not isinstance(mapping, Mapping):
                raise HarnessError(
                    f"hook {kind}s() must return a mapping from name to {kind}, got {type(mapping).__name__}."
                )
            for name, value in mapping.items():
                target = _target(kind, name, value)
                own = file and target.partition(":")[0] in (module.__name__, file.stem)
                yield Plugin(kind, name, target, origin, file.resolve() if own and file else None)


def _target(kind: Kind, name: Any, value: Any) -> str:
    if not isinstance(name, str) or not name or set(name) & set("()+,:=\n|"):
        raise HarnessError(
            f"hook {kind}s(): a name must be a plain word without ( ) + , : = |, got {name!r}."
        )
    if isinstance(value, str):
        module, colon, attribute = value.partition(":")
        if not (module and colon and attribute):
            raise HarnessError(f"{kind} {name!r}: a string must read 'module:attribute', got {value!r}.")
        return value
    if not callable(value):
        raise HarnessError(f"{kind} {name!r} must be a class, a function or a string, got {value!r}.")
    if "<locals>" in value.__qualname__ or inspect.ismodule(value):
        raise HarnessError(
            f"{kind} {name!r} must be defined at the top of a module, so that workers find it."
        )
    return f"{value.__module__}:{value.__qualname__}"


def load_file(file: Path) -> ModuleType:
    """Import a file of plugins, once, under a name that does not clash with any package."""
    name = f"{source.FILE}{file.stem}"
    loaded = sys.modules.get(name)
    if loaded is not None and loaded.__file__ == str(file.resolve()):
        return loaded
    spec = importlib.util.spec_from_file_location(name, file.resolve())
    if spec is None or spec.loader is None:
        raise HarnessError(f"{file} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
