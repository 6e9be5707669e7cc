"""Which way imports go; read from the syntax tree, so that nothing is imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(("harness", *parts) if parts[0] == "plugins" else parts)


HARNESS = {_name(path): path for path in sorted((ROOT / "harness").rglob("*.py"))}
PLUGINS = {_name(path): path for path in sorted((ROOT / "plugins").rglob("*.py"))}
MODULES = HARNESS | PLUGINS


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
    """Yield each name that a module imports, absolute, such as ``harness.errors.HarnessError``.

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


def tops(name: str) -> set[str]:
    return {target.partition(".")[0] for target in imports(name, types=True)}


def test_the_modules_are_found() -> None:
    assert {
        "harness",
        "harness.run",
        "harness.cli.bench",
        "harness.data",
        "harness.plugins.encoders.pca",
    } <= set(MODULES)
    assert "harness.errors.HarnessError" in set(imports("harness.spec")) | set(imports("harness.registry"))
    assert "harness.errors.HarnessError" in set(imports("harness.cli")), "imports within functions are seen"
    assert "harness.errors.HarnessError" not in set(imports("harness.cli", later=False))
    assert home("harness.errors.HarnessError") == "harness.errors"
    assert home("numpy.typing.NDArray") is None


@pytest.mark.parametrize("name", HARNESS)
def test_only_a_framework_s_engine_names_it(name: str) -> None:
    allowed = {
        "harness.autoencoder.torch_engine": {"torch"},
        "harness.autoencoder.torch_layers": {"torch"},
        "harness.autoencoder.tensorflow_import": {"tensorflow", "keras"},
    }
    assert tops(name) & {"torch", "tensorflow", "keras", "jax", "umap"} == allowed.get(name, set())


@pytest.mark.parametrize("name", [name for name in HARNESS if not within(name, "harness.cli")])
def test_only_the_command_line_knows_the_command_line(name: str) -> None:
    assert not tops(name) & {"click", "rich"} - ({"rich"} if name == "harness.follow.bars" else set())
    if name != "harness.__main__":
        assert not [target for target in imports(name, types=True) if within(target, "harness.cli")]
    calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in calls if ast.unparse(node.func) in ("print", "sys.stdout.write")]


@pytest.mark.parametrize("name", [name for name in HARNESS if within(name, "harness.data")])
def test_data_imports_the_contract_and_files_alone(name: str) -> None:
    for target in imports(name, types=True):
        if within(target, "harness"):
            assert within(
                target, "harness.data", *(f"harness.{each}" for each in ("interfaces", "errors", "files"))
            )


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (("leaderboard", "render", "markdown", "marks", "board"), ("run", "stages", "supervise", "cli")),
        (
            ("statistics",),
            ("run", "stages", "store", "plan", "leaderboard", "render", "export", "follow", "api", "cli"),
        ),
        (("run",), ("leaderboard", "render", "report", "publish", "follow", "cli")),
        (("follow",), ("leaderboard", "render", "report", "publish", "api", "cli")),
        (
            ("stages", "store", "plan"),
            ("run", "supervise", "leaderboard", "render", "markdown", "marks", "board", "cli"),
        ),
        (("publishing",), ("follow", "api", "cli")),
        (("report",), ("run", "stages", "supervise", "follow", "publishing", "api", "cli")),
        (("site", "figures", "material", "lookup"), ("report", "run", "stages", "publishing", "api", "cli")),
        (("reproduction",), ("run", "stages", "supervise", "report", "site", "cli")),
        (("publishing", "api", "report", "site", "figures"), ("reproduction",)),
        (("figures",), ("run", "stages", "planner", "follow", "publishing", "site", "api", "cli")),
        (("board", "rows", "render", "leaderboard", "store", "run", "follow"), ("publishing",)),
        (
            ("conformance",),
            ("run", "planner", "leaderboard", "render", "markdown", "marks", "board", "publish", "cli"),
        ),
        (
            ("run", "stages", "scoring", "selection", "configure", "worker", "store", "plan", "registry"),
            ("conformance",),
        ),
        (
            ("registry", "plugin", "hooks", "installed", "trial", "data"),
            ("plan", "stages", "store", "run", "fingerprint", "configure", "scoring"),
        ),
        (("interfaces", "hookspecs"), ("registry", "data", "plan", "stages", "store", "run", "source")),
        (("errors",), ("",)),
    ],
    ids=lambda names: "+".join(names) or "anything",
)
def test_arrows(low: tuple[str, ...], high: tuple[str, ...]) -> None:
    forbidden = [f"harness.{name}".rstrip(".") for name in high]
    lower = [name for name in HARNESS if within(name, *(f"harness.{each}" for each in low))]
    assert lower
    for name in lower:
        for target in imports(name):
            assert not within(target, *forbidden), f"{name} imports {target}"


@pytest.mark.parametrize("name", PLUGINS)
def test_plugins_use_the_contract_and_siblings_alone(name: str) -> None:
    folder = name if PLUGINS[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ImportFrom):
            shared = node.level == 2 and (node.module or "").startswith("_")  # by several kinds of plugins
            assert node.level <= 1 or shared, "siblings only"
            if not node.level and within(node.module or "", "harness"):
                assert node.module in ("harness", "harness.data", "harness.autoencoder")
                assert not any(alias.name.startswith("_") for alias in node.names)
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if within(alias.name, "harness", "plugins")]
    for target in imports(name, types=True):
        if within(target, "harness.plugins") and not target.startswith("harness.plugins._"):
            assert within(target, folder)
    calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in calls if ast.unparse(node.func) in ("print", "sys.stdout.write")]


def test_plugins_take_public_names_alone() -> None:
    import harness
    import harness.autoencoder
    import harness.data

    public = {f"harness.{name}" for name in harness.__all__} | {"harness.data"}
    public |= {f"harness.data.{name}" for name in harness.data.__all__}
    public |= {f"harness.autoencoder.{name}" for name in harness.autoencoder.__all__}
    public |= {f"harness.autoencoder.{name}_engine" for name in ("torch", "keras")}
    used = {target for name in PLUGINS for target in imports(name) if within(target, "harness")}
    assert {target for target in used if not within(target, "harness.plugins")} <= public


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {}
    for name in MODULES:
        needed = {home(target) for target in imports(name, later=False)}
        graph[name] = needed - {None, name}
    assert sum(len(needed) for needed in graph.values()) > 100, "or nothing was followed"
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_what_is_imported_is_declared() -> None:
    import tomllib
    from importlib import metadata

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {line.partition(">")[0].partition("[")[0].lower() for line in declared}
    brings = metadata.packages_distributions()
    for name in MODULES:
        needed = {target.partition(".")[0] for target in imports(name, later=False)}
        for top in needed - set(sys.stdlib_module_names) - {"harness"}:
            assert {each.lower() for each in brings.get(top, [top])} & names, f"{name} imports {top}"
