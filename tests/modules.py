"""The modules of the house and what each imports, read from syntax trees, so that nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(parts if parts[0] == "harness" else ("harness", *parts))


HARNESS = {_name(path): path for path in sorted((ROOT / "harness").rglob("*.py"))}
PLUGINS = {_name(path): path for path in sorted((ROOT / "plugins").rglob("*.py"))}
REPRODUCTIONS = {_name(path): path for path in sorted((ROOT / "reproductions").rglob("*.py"))}
MODULES = HARNESS | PLUGINS | REPRODUCTIONS


def imports(name: str, *, later: bool = True, types: bool = False) -> tuple[str, ...]:
    """Return each name that a module imports: see `_imports`."""
    return _found(name, later, types)


@cache
def _found(name: str, later: bool, types: bool) -> tuple[str, ...]:
    return tuple(_imports(name, later, types))


@cache
def tree(name: str) -> ast.Module:
    """Return the syntax tree of a module, read once for all tests."""
    return ast.parse(MODULES[name].read_text())


def _imports(name: str, later: bool, types: bool) -> Iterator[str]:
    """Yield each name that a module imports, absolute, such as ``harness.core.errors.HarnessError``.

    Without `later` those within functions are left out; with `types` those for type checkers are there too.
    """
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    waiting: list[ast.AST] = [tree(name)]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not types:
                continue
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not later:
                continue
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parts = package.split(".")
                base = parts[: len(parts) - node.level + 1] if node.level else []
                stem = ".".join([*base, *([node.module] if node.module else [])])
                yield from (f"{stem}.{alias.name}" for alias in node.names)
            waiting.append(node)


def home(target: str) -> str | None:
    """Return the module of the house that an imported name lies in."""
    while target and target not in MODULES:
        target = target.rpartition(".")[0]
    return target or None


def within(target: str, *modules: str) -> bool:
    return any(target == module or target.startswith(f"{module}.") for module in modules)
