"""Load plugins, and inspect their code without importing it."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from ..core.errors import HarnessError, Unavailable, UnknownName, suggest
from ..core.extras import needs
from ..core.plugin import Kind, Plugin
from . import source_code
from .distributions import brings, distribution
from .pickled_code import unpickled
from .redirect import printing_aside

IMPORT_PATH = "import path"  # the origin of plugins named as module:Class


def look_in_working_folder(module: str) -> None:
    """Find modules of import paths in the working folder too, after all other places."""
    here = str(Path.cwd())
    if module and source_code.find_module(module) is None and not {"", here} & {*sys.path}:
        sys.path.append(here)
        importlib.invalidate_caches()
        if source_code.find_module(module) is None:
            sys.path.remove(here)


def summary_of(plugin: Plugin) -> str:
    """Return the first sentence of the module's docstring, without importing it."""
    path = plugin.file or source_code.module_file(plugin.module)
    return source_code.summary(path) if path else ""


def code_closure(plugin: Plugin, later: bool = True) -> source_code.Closure:
    """Return a plugin's code and imports; for a library's own modules only the library's version.

    Without `later`, only what is imported together with the plugin's module.
    """
    if plugin.code is not None:
        return source_code.Closure((), plugin.code.libraries, plugin.code.libraries)
    return closure_of(plugin, later)


def missing_packages(plugin: Plugin) -> list[str]:
    """Return packages that a plugin's import needs and that are not installed.

    One that is imported only within a function is missed here; then the stage ends as unavailable.
    """
    top = plugin.module.partition(".")[0]
    if not _is_there(plugin) and source_code.find_module(top) is None:
        return [top]
    try:
        code = code_closure(plugin)
    except (OSError, SyntaxError, ValueError):
        return []
    return sorted(name for name in code.outside - code.optional if importlib.util.find_spec(name) is None)


def _is_there(plugin: Plugin) -> bool:
    """Return whether a module exists, without importing it."""
    known = plugin.file or plugin.code or plugin.module in sys.modules
    return bool(known) or source_code.find_module(plugin.module) is not None


def unavailable_reason(plugin: Plugin) -> str | None:
    """Return why a plugin cannot run here and the remedy, or None if it can."""
    missing = missing_packages(plugin)
    if missing:
        return needs(missing)
    if not _is_there(plugin):
        return f"has no module {plugin.module!r}: correct the hook that names {plugin.target!r}"
    return None


def load_plugin(plugin: Plugin) -> Any:
    """Import a plugin's module and return its class or function.

    Raises
    ------
    Unavailable
        If a required package is not installed.
    UnknownName
        If the module or the attribute does not exist.
    """
    module_name, _, attribute = plugin.target.partition(":")
    if plugin.code and plugin.code.pickled and not _is_defined(module_name, attribute):
        return unpickled(plugin.code.pickled)
    if plugin.origin.startswith(IMPORT_PATH):
        look_in_working_folder(module_name)  # also in a worker process
    if plugin.origin.startswith(IMPORT_PATH) and not _is_there(plugin):
        raise UnknownName(
            f"{plugin.title}: no module {module_name!r}. Check the import path: installed modules and those "
            "in this folder are found; name a file elsewhere as path/to/file.py:Class."
        )
    reason = unavailable_reason(plugin)
    if reason:
        raise Unavailable(f"{plugin.title} {reason}")
    with importing(f"{plugin.kind} {plugin.name!r} from {plugin.origin}"):
        value: Any = load_file(plugin.file) if plugin.file else importlib.import_module(module_name)
    for part in attribute.split("."):
        if not hasattr(value, part):
            near = suggest(part, dir(value))
            raise UnknownName(f"{plugin.title}: module {module_name!r} has no {attribute!r}.{near}")
        value = getattr(value, part)
    return value


def _is_defined(module: str, path: str) -> bool:
    """Return whether this process is the one that defines it."""
    found: Any = sys.modules.get(module)
    return all((found := getattr(found, part, None)) is not None for part in path.split("."))


@cache
def closure_of(plugin: Plugin, later: bool) -> source_code.Closure:
    """Read a plugin's code and imports, once."""
    file = loose_file(plugin)
    name = f"{source_code.FILE}{file.stem}" if file else plugin.module
    return source_code.closure(name, file, follow=not borrowed(plugin), later=later)


@cache
def loose_file(plugin: Plugin) -> Path | None:
    """Return the plugin's file if it belongs to no package and no distribution.

    The plugin is then the same whether the file is loaded by path or imported by name.
    """
    if plugin.file or plugin.code or "." in plugin.module or plugin.module in sys.stdlib_module_names:
        return plugin.file
    path = source_code.module_file(plugin.module)
    if path is None or path.name == "__init__.py" or source_code.is_installed(path):
        return None
    return None if distribution(plugin.module) else path


@cache
def borrowed(plugin: Plugin) -> bool:
    """Return whether the plugin is a class of an installed third-party library."""
    path = None if plugin.file or plugin.code else source_code.module_file(plugin.module)
    if path is None or not source_code.is_installed(path):
        return False
    top = plugin.module.partition(".")[0]
    if plugin.origin == "built-in":
        return top != source_code.CONTRACT
    return plugin.origin.startswith((IMPORT_PATH, "file ")) or not brings(plugin.origin, top)


def plugin_at(kind: Kind, name: str, place: str, note: str = "") -> Plugin:
    """Return the plugin at an import path, ``module:Thing``, or in a file, ``my_plugins.py:Thing``.

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
        If there is no such file.

    Examples
    --------
    >>> plugin_at("clusterer", "birch", "sklearn.cluster:Birch", " in bench.toml").origin
    'import path in bench.toml'
    """
    module, _, attribute = place.rpartition(":")
    if not module.endswith(".py"):
        look_in_working_folder(module)
        return Plugin(kind, name, place, f"{IMPORT_PATH}{note}")
    file = Path(module).expanduser()
    if not file.is_file():
        raise UnknownName(f"no plugin file {module!r}. Give the path of a Python file.")
    return Plugin(
        kind, name, f"{source_code.FILE}{file.stem}:{attribute}", f"file {module}{note}", file.resolve()
    )


@contextmanager
def importing(what: str) -> Iterator[None]:
    """Redirect output of third-party code during import to standard error, and name it on Ctrl-C.

    Raises
    ------
    KeyboardInterrupt
        If interrupted; the message names the code, which may hang.
    """
    try:
        with printing_aside():
            yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"Interrupted while importing {what}. If it hangs, uninstall it or leave it out."
        ) from None


def load_file(file: Path) -> ModuleType:
    """Import a file of plugins, once, under a name that does not clash with any package."""
    name = f"{source_code.FILE}{file.stem}"
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
