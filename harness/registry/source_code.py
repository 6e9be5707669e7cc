"""Read summary, imports and digest of a module from its source, without importing it."""

from __future__ import annotations

import ast
import atexit
import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from multiprocessing import parent_process
from pathlib import Path
from threading import Lock
from typing import Any

from ..core.files import cache_folder, read_memo, write_memo

Import = tuple[int, str, list[str], bool, bool]
ABSOLUTE = -1  # the level of a plain import
MOST = 5_000  # files whose content is remembered

_parsing = Lock()  # Python 3.11 may raise SystemError with several threads at once

CONTRACT = "harness"  # the bare package only re-exports the contract, so it is never followed into
FILE = "harness_file_"  # prefix of the name of a module loaded from a file by its path


@dataclass(frozen=True)
class Closure:
    """A module and its imports.

    Parameters
    ----------
    files : tuple of (module, path)
        The module itself, and the modules of its own package that it imports, sorted by name.
    outside : frozenset of str
        Top-level names of other packages imported, standard library left out.
    optional : frozenset of str
        Those of `outside` that are imported under ``try`` or within functions alone, so that the module
        can be imported without them.
    """

    files: tuple[tuple[str, Path], ...]
    outside: frozenset[str]
    optional: frozenset[str]

    @property
    def digest(self) -> str:
        """SHA-256 of the code, blind to comments, docstrings, formatting, folders and the name of a file."""
        digest = hashlib.sha256()
        for module, path in self.files:
            name = FILE if module.startswith(FILE) else module.rpartition(".")[2]
            digest.update(f"{name}\n{code_digest(path)}\n".encode())
        return digest.hexdigest()


def find_module(name: str) -> ModuleSpec | None:
    """Find a module's spec with the finders, so that no parent package is imported.

    Examples
    --------
    >>> find_module("json.decoder").origin.endswith("decoder.py")
    True
    >>> find_module("no_such_package.at_all") is None
    True
    """
    path: Any = None
    spec: ModuleSpec | None = None
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        if depth > 1 and path is None:  # a plain module contains no others
            return None
        full = ".".join(parts[:depth])
        try:
            found = (finder.find_spec(full, path) for finder in sys.meta_path)
            spec = next((each for each in found if each is not None), None)
        except KeyError:  # a folder without __init__.py inside a package that is not imported
            return None
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def module_file(name: str) -> Path | None:
    """Return the Python file of a module, or None if it has none (built in, compiled, absent)."""
    return _lasting_file(name) if name.startswith(f"{CONTRACT}.") else _found_file(name)


def _found_file(name: str) -> Path | None:
    spec = find_module(name)
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        return None
    return Path(spec.origin)


# Built-in plugins import the same modules of the harness again and again, and these stay where they are while
# it runs: looking for them each time took a third of planning. Files of users may change between two runs.
_lasting_file = cache(_found_file)


def summary(path: Path) -> str:
    """Return the first line of a module's docstring, or an empty string."""
    try:
        return _parse(path).summary
    except (OSError, SyntaxError, ValueError):
        return ""


def closure(name: str, path: Path | None = None, follow: bool = True, later: bool = True) -> Closure:
    """Collect a module's own code and the names of the packages that it imports.

    Parameters
    ----------
    name : str
        Dotted name of the module.
    path : Path, optional
        Its file, if it cannot be imported by that name.
    follow : bool
        Whether to include other modules of its package, and modules that belong to no installed package.
    later : bool
        Whether to include imports within functions, after those of the module itself.
    """
    files: dict[str, Path] = {}
    outside: dict[str, bool] = {}
    start = path or module_file(name)
    waiting = [(name, start)] if start is not None else []
    while waiting:
        module, file = waiting.pop()
        if module in files:
            continue
        files[module] = file
        package = module if file.name == "__init__.py" else module.rpartition(".")[0]
        for target, needed in _targets(_parse(file).imports, package, later):
            top = target.partition(".")[0]
            if top in sys.stdlib_module_names or target == CONTRACT:
                continue
            own = _own_file(target, name) if follow else None
            if own is not None:
                waiting.append(own)
            elif top != name.partition(".")[0] or top == CONTRACT:
                outside[top] = outside.get(top, False) or needed
    optional = frozenset(top for top, needed in outside.items() if not needed)
    return Closure(tuple(sorted(files.items())), frozenset(outside), optional)


def _own_file(target: str, module: str) -> tuple[str, Path] | None:
    """Return the module that `target` names (or is in) if it is `module`'s own code, or loose code."""
    for candidate in (target, target.rpartition(".")[0]):
        if not candidate or candidate == CONTRACT:
            continue
        file = module_file(candidate)
        if file is None:
            continue
        same = candidate.partition(".")[0] == module.partition(".")[0]
        if same or not is_installed(file):
            return candidate, file
    return None


def is_installed(file: Path) -> bool:
    """Return whether a file is in an installed, versioned package rather than in a working folder."""
    return bool({"site-packages", "dist-packages"} & set(file.parts))


def _targets(imports: Iterable[Import], package: str, later: bool) -> Iterator[tuple[str, bool]]:
    """Yield each imported name, absolute, and whether it is required."""
    for level, module, names, needed, called in imports:
        if called and not later:
            continue
        if level == ABSOLUTE:
            yield from ((name, needed) for name in names)
            continue
        base = _absolute(level, module, package)
        yield from ((f"{base}.{name}" if base != CONTRACT else base, needed) for name in names)


def _imports(tree: ast.AST, needed: bool = True, called: bool = False) -> Iterator[Import]:
    """Yield the imports of a file: level, module, names, whether required, or within a function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and _checks_types(node.test):
            yield from _imports(ast.Module(node.orelse, []), needed, called)
        elif isinstance(node, ast.Import):
            yield ABSOLUTE, "", [alias.name for alias in node.names], needed, called
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names], needed, called
        else:
            # An import within a function may serve only one of several plugins.
            function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            optional = function or isinstance(node, ast.Try)
            yield from _imports(node, needed and not optional, called or function)


def _checks_types(test: ast.expr) -> bool:
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def _absolute(level: int, module: str, package: str) -> str:
    if not level:
        return module
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{module}" if module else base


@dataclass(frozen=True)
class Parsed:
    """Parsed content of a file: digest of its code, first line of its docstring, imports."""

    digest: str
    summary: str
    imports: list[Import]


@cache
def _parse(path: Path) -> Parsed:
    content = path.read_bytes()  # bytes, so that a byte order mark or a coding line is respected
    name = hashlib.sha256(content).hexdigest()
    with _parsing:
        known = _known()
        if name not in known:
            tree = ast.parse(content)
            text = (ast.get_docstring(tree) or "").strip().partition("\n")[0]
            known[name] = [_digest(tree), text, [*_imports(tree)]]
            _new.add(name)
    return Parsed(*known[name])


_new: set[str] = set()


@cache
def _known() -> dict[str, Any]:
    """Return the cache of parsed files by content; it is saved when this process ends."""
    path = cache_folder() / "code.json"
    found = read_memo(path)
    here = [sys.version, hashlib.sha256(Path(__file__).read_bytes()).hexdigest()]
    files = found.get("files") if found.get("by") == here else None
    known: dict[str, Any] = files if isinstance(files, dict) else {}
    if parent_process() is None:
        atexit.register(_keep, path, here, known)
    return known


def _keep(path: Path, here: list[str], known: dict[str, Any]) -> None:
    if _new:
        write_memo(path, {"by": here, "files": dict([*known.items()][-MOST:])})


def code_digest(path: Path) -> str:
    """SHA-256 of a file's syntax tree, without positions, comments and docstrings.

    The tree is formatted here, not by ``ast.dump``, which changes between Python versions.
    """
    return _parse(path).digest


def _digest(tree: ast.Module) -> str:
    docstrings = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(id(first))
    digest = hashlib.sha256()
    _write(tree, digest.update, docstrings)
    return digest.hexdigest()


def _fields(node: ast.AST) -> Iterable[tuple[str, Any]]:
    """Return the fields of a node; for an import from the own package only the last part of its path.

    So a package can be rearranged: imported modules are themselves part of the digest of a closure.
    """
    if isinstance(node, ast.ImportFrom):
        name = node.module or ""
        if node.level or name.partition(".")[0] == CONTRACT:
            last = name.rpartition(".")[2]
            return [("module", "" if last == CONTRACT else last), ("names", node.names)]
    return ast.iter_fields(node)


def _write(node: Any, update: Any, skipped: set[int]) -> None:
    if isinstance(node, ast.AST):
        update(f"({type(node).__name__}".encode())
        for name, value in _fields(node):
            if value not in (None, []) and name not in ("ctx", "kind", "type_comment"):
                update(f" {name}=".encode())
                _write(value, update, skipped)
        update(b")")
    elif isinstance(node, list):
        for item in node:
            if id(item) not in skipped:
                _write(item, update, skipped)
        update(b";")
    else:
        update(repr(node).encode())
