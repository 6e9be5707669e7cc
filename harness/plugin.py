"""A class or function that somebody brings: what its code tells, and how it is loaded."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from . import source
from .aside import printing_aside
from .distributions import brings, distribution
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
        return source.Closure((), frozenset(), frozenset()) if self.token else closure_of(self, later)

    def missing(self) -> list[str]:
        """Return the packages that it cannot be imported without, and that are not installed.

        One that is imported only within a function is missed here; then the stage ends as unavailable.
        """
        top = self.module.partition(".")[0]
        if not self._is_there and source.find_module(top) is None:
            return [top]
        try:
            needs = self.closure()
        except (OSError, SyntaxError, ValueError):
            return []
        return sorted(
            name for name in needs.outside - needs.optional if importlib.util.find_spec(name) is None
        )

    @property
    def _is_there(self) -> bool:
        """Whether there is such a module; nothing is imported."""
        known = self.file or self.token or self.module in sys.modules
        return bool(known) or source.find_module(self.module) is not None

    def unavailable(self) -> str | None:
        """Say why it cannot run here and what to do, or None when it can."""
        missing = self.missing()
        if missing:
            return needs(missing)
        if not self._is_there:
            return f"has no module {self.module!r}: correct the hook that names {self.target!r}"
        return None

    def load(self) -> Any:
        """Import the module and return the class or function.

        Raises
        ------
        Unavailable
            When a package that it needs is not installed.
        UnknownName
            When the module or the attribute does not exist.
        """
        module_name, _, attribute = self.target.partition(":")
        if self.origin.startswith("import path") and not self._is_there:
            raise UnknownName(
                f"{self.title}: there is no module {module_name!r}. Check the import path, "
                "or name a file of your own with --plugin FILE."
            )
        reason = self.unavailable()
        if reason:
            raise Unavailable(f"{self.title} {reason}")
        with printing_aside():
            value: Any = load_file(self.file) if self.file else importlib.import_module(module_name)
        for part in attribute.split("."):
            if not hasattr(value, part):
                near = suggest(part, dir(value))
                raise UnknownName(f"{self.title}: module {module_name!r} has no {attribute!r}.{near}")
            value = getattr(value, part)
        return value


@cache
def closure_of(plugin: Plugin, later: bool) -> source.Closure:
    """Read a plugin's code and imports, once."""
    file = loose_file(plugin)
    name = f"{source.FILE}{file.stem}" if file else plugin.module
    return source.closure(name, file, follow=not borrowed(plugin), later=later)


@cache
def loose_file(plugin: Plugin) -> Path | None:
    """Return the file that it lies in, where this is part of no package and of no distribution.

    It is then the same plugin, whether the file is loaded by its path or imported by its name.
    """
    if plugin.file or plugin.token or "." in plugin.module or plugin.module in sys.stdlib_module_names:
        return plugin.file
    path = source.module_file(plugin.module)
    if path is None or path.name == "__init__.py" or source.is_installed(path):
        return None
    return None if distribution(plugin.module) else path


@cache
def borrowed(plugin: Plugin) -> bool:
    """Whether it lies in an installed library of somebody else's, who knows nothing of plugins."""
    path = None if plugin.file or plugin.token else source.module_file(plugin.module)
    if path is None or not source.is_installed(path):
        return False
    top = plugin.module.partition(".")[0]
    if plugin.origin == "built-in":
        return top != source.CONTRACT
    return plugin.origin.startswith(("import path", "file ")) or not brings(plugin.origin, top)


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
