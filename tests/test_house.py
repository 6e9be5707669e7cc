"""The shape of the house: which way imports go, and what has no place where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CORE = sorted((ROOT / "harness").rglob("*.py"))
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))
# From the top down: a module imports from its own layer or a lower one, never from a higher.
LAYERS = [
    ["cli", "__main__"],
    ["render", "leaderboard"],
    ["board", "run"],
    ["supervise"],
    ["stages"],
    ["plan", "store"],
    ["fingerprint", "datasets"],
    ["configure"],
    ["scoring"],
    ["registry", "data", "spec", "hardware"],
    ["hookspecs", "source"],
    ["interfaces"],
    ["errors", "__init__"],
]
LEVEL = {name: len(LAYERS) - depth for depth, names in enumerate(LAYERS) for name in names}
FRAMEWORKS = {"torch", "tensorflow", "keras", "umap"}


def imports(path: Path, *, types: bool = False) -> Iterator[str]:
    """Yield what a file imports, absolute; imports for type checking alone are left out."""
    package = [*path.relative_to(ROOT).parts[:-1]]

    def walk(node: ast.AST) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test) and not types:
                continue
            if isinstance(child, ast.Import):
                yield from (alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = package[: len(package) - child.level + 1] if child.level else []
                stem = ".".join([*base, *([child.module] if child.module else [])])
                yield from (f"{stem}.{alias.name}" for alias in child.names)
            yield from walk(child)

    yield from walk(ast.parse(path.read_text()))


def home(module: str) -> str:
    """Return the part of the core that a module name such as harness.cli.bench lies in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LEVEL else "__init__"


def part(path: Path) -> str:
    parts = path.relative_to(ROOT / "harness").parts
    return parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    own = part(path)
    assert own in LEVEL, f"give {own} a layer"
    for module in imports(path):
        if module.split(".")[0] == "harness":
            assert LEVEL[home(module)] <= LEVEL[own], f"{own} imports {module}"


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_names_no_framework_and_only_the_command_line_prints(path: Path) -> None:
    tops = {module.split(".")[0] for module in imports(path)}
    assert not tops & FRAMEWORKS
    if part(path) not in ("cli", "__main__"):
        assert not tops & {"click", "rich"}
        assert not [
            node
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
        ]


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: str(path.relative_to(ROOT)))
def test_plugins_use_public_names_and_siblings_alone(path: Path) -> None:
    import harness
    import harness.data

    public = {f"harness.{name}" for name in harness.__all__}
    public |= {f"harness.data.{name}" for name in harness.data.__all__}
    for module in imports(path, types=True):
        if module.split(".")[0] == "harness":
            assert module in public
        if module.split(".")[0] == "plugins":
            assert module.startswith(f"plugins.{path.parent.name}."), "siblings only"


def test_boards_never_compute() -> None:
    for name in ("board", "leaderboard", "render"):
        for module in imports(ROOT / "harness" / f"{name}.py"):
            assert home(module) not in ("run", "stages", "supervise")


def test_one_plugin_a_file() -> None:
    from harness.registry import load_registry

    registered = {plugin.module for plugin in load_registry().plugins.values()}
    for path in PLUGINS:
        if path.parent.name != "plugins" and not path.name.startswith("_"):
            assert f"harness.plugins.{path.parent.name}.{path.stem}" in registered


def test_every_module_says_what_it_is() -> None:
    for path in [*CORE, *PLUGINS]:
        doc = ast.get_docstring(ast.parse(path.read_text()))
        assert doc, path
        assert doc.splitlines()[0].endswith("."), path
