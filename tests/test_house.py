"""The plan of the house: floors, no circles, few names at the top, and names that say what a file holds."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from modules import HARNESS, MODULES, PLUGINS, ROOT, home, imports

from harness.registry.large_data import for_large
from harness.registry.registry import load_registry

# Packages by floor, the lowest first: a module imports its own package, and packages of floors below.
FLOORS = (
    ("core",),
    ("registry", "data", "store", "leaderboard"),
    ("planning", "report"),
    ("execution",),
    ("api", "publishing", "conformance"),
    ("__init__", "reproductions"),
    ("cli", "plugins"),
    ("__main__",),
)
FLOOR = {package: number for number, packages in enumerate(FLOORS, start=1) for package in packages}
MOST = 14  # names directly under harness/
VAGUE = {  # a file is named for what it holds
    *("utils", "util", "helpers", "common", "misc", "tools", "base", "main", "manager", "handler", "objects"),
    *("layout", "visit", "aside", "trial", "bodies", "material", "answers", "given", "places", "marks"),
    *("together", "foretell", "call", "campaign", "odd", "work", "how", "lines", "values", "names"),
}


def package(module: str) -> str:
    """Return the package directly under ``harness`` that a module lies in."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_only(module: str) -> None:
    for target in imports(module, types=True):
        found = home(target)
        if found is None or package(found) == package(module):
            continue
        assert FLOOR[package(found)] < FLOOR[package(module)], (
            f"{module} (floor {FLOOR[package(module)]}) imports {target} (floor {FLOOR[package(found)]}). "
            "Move what is shared to a lower floor, or pass it as an argument; see docs/architecture.md."
        )


def test_no_circles() -> None:
    needed = {name: {home(target) for target in imports(name, types=True)} for name in MODULES}
    graph = {name: found - {None, name} for name, found in needed.items()}
    assert sum(map(len, graph.values())) > 100, "or nothing was followed"
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(
            f"These modules import each other, for type checkers at least: {' -> '.join(error.args[1])}. "
            "Move what both need to a third one below them."
        )


def test_few_names_at_the_top() -> None:
    names = {path.name for path in (ROOT / "harness").iterdir()} - {"__pycache__", "py.typed"}
    assert len(names) <= MOST, f"{len(names)} names directly under harness/: put a file into a package"
    assert {package(module) for module in MODULES} <= FLOOR.keys(), "give a new package its floor above"


@pytest.mark.parametrize("module", MODULES)
def test_a_file_is_named_for_what_it_holds(module: str) -> None:
    name = module.rpartition(".")[2]
    assert name.lstrip("_") not in VAGUE, (
        f"{module}: the name {name!r} says nothing. Name the noun that it holds, in two words if need be."
    )


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PATH = re.compile(r"`((?:harness|plugins|reproductions|tests|studies|examples|docs)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_documents_name_exist(page: Path) -> None:
    named = PATH.findall(page.read_text())
    assert page.name != "architecture.md" or len(named) > 30
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_package_has_its_sentence() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    packages = {package(module) for module in HARNESS} - {"__init__", "__main__"}
    assert {name for name in packages if f"| `{name}` |" not in text} == set()


def test_one_plugin_a_file() -> None:
    plugins = load_registry().plugins.values()
    registered = {each.module for plugin in plugins for each in (plugin, for_large(plugin))}
    for path in PLUGINS.values():
        packages = ("plugins", "autoencoder", "contrastive", "costs", "deep")
        shared = path.parent.name in packages or path.name.startswith("_")
        assert shared or f"harness.plugins.{path.parent.name}.{path.stem}" in registered


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module: str) -> None:
    doc = ast.get_docstring(ast.parse(MODULES[module].read_text()))
    assert doc, f"{module} has no docstring"
    assert doc.splitlines()[0].endswith(".")


def test_built_ins_survive_imports_of_their_modules() -> None:
    import harness.plugins.metrics.ari  # noqa: F401  # a hook of that name must not be hidden by the package

    assert "ari" in load_registry().names("metric")


def test_the_modules_are_found() -> None:
    assert {"harness", "harness.execution.runner", "harness.plugins.encoders.pca"} <= MODULES.keys()
    assert len(HARNESS) > 150
