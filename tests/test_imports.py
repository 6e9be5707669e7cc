"""Who may import what."""

from __future__ import annotations

import ast
import sys
from itertools import chain

import pytest
from modules import HARNESS, MODULES, PLUGINS, ROOT, home, imports, tree, within


def tops(name: str) -> set[str]:
    return {target.partition(".")[0] for target in imports(name, types=True)}


def test_the_modules_are_found() -> None:
    assert {
        "harness",
        "harness.execution.runner",
        "harness.cli.commands.bench",
        "harness.data",
        "harness.plugins.encoders.pca",
    } <= set(MODULES)
    assert "harness.core.errors.HarnessError" in set(imports("harness.core.spec")) | set(
        imports("harness.registry.registry")
    )
    assert "harness.core.errors.HarnessError" in set(imports("harness.cli")), (
        "imports within functions are seen"
    )
    assert "harness.core.errors.HarnessError" not in set(imports("harness.cli", later=False))
    assert home("harness.core.errors.HarnessError") == "harness.core.errors"
    assert home("numpy.typing.NDArray") is None


@pytest.mark.parametrize("name", MODULES)
def test_only_a_framework_s_engine_names_it(name: str) -> None:
    allowed = {
        "harness.plugins.autoencoder.torch_engine": {"torch"},
        "harness.plugins.autoencoder.torch_layers": {"torch"},
        "harness.plugins.autoencoder.torch_variational": {"torch"},
        "harness.plugins.clusterers._torch_heads": {"torch"},
        "harness.plugins.contrastive.torch_engine": {"torch"},
        "harness.plugins.contrastive.torch_losses": {"torch"},
        "harness.plugins.contrastive.torch_views": {"torch"},
        "harness.plugins.deep.torch_dcn": {"torch"},
        "harness.plugins.deep.torch_student": {"torch"},
        "harness.plugins.deep.torch_vade": {"torch"},
        "harness.plugins.autoencoder.tensorflow_import": {"tensorflow", "keras"},
        "harness.plugins.encoders._umap_import": {"umap"},
    }
    assert tops(name) & {"torch", "tensorflow", "keras", "jax", "umap"} == allowed.get(name, set())


@pytest.mark.parametrize("name", [name for name in HARNESS if not within(name, "harness.cli")])
def test_only_the_command_line_knows_the_command_line(name: str) -> None:
    assert not tops(name) & {"click", "rich"} - (
        {"rich"} if name == "harness.execution.progress.bars" else set()
    )
    if name != "harness.__main__":
        assert not [target for target in imports(name, types=True) if within(target, "harness.cli")]
    calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in calls if ast.unparse(node.func) in ("print", "sys.stdout.write")]


@pytest.mark.parametrize("name", PLUGINS)
def test_plugins_use_the_contract_and_siblings_alone(name: str) -> None:
    folder = name if PLUGINS[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ImportFrom):
            by_several_kinds = ("_", "autoencoder", "contrastive", "deep")
            shared = (node.module or "").startswith(by_several_kinds)
            assert node.level <= 1 or (node.level == 2 and shared), "siblings only"
            if not node.level and within(node.module or "", "harness"):
                assert node.module in ("harness", "harness.data")
                assert not any(alias.name.startswith("_") for alias in node.names)
        if isinstance(node, ast.Import):
            assert not [alias.name for alias in node.names if within(alias.name, "harness", "plugins")]
    for target in imports(name, types=True):
        shared = target.startswith("harness.plugins._") or within(
            target, "harness.plugins.autoencoder", "harness.plugins.contrastive", "harness.plugins.deep"
        )
        if within(target, "harness.plugins") and not shared:
            assert within(target, folder)
    calls = [node for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in calls if ast.unparse(node.func) in ("print", "sys.stdout.write")]


def test_plugins_take_public_names_alone() -> None:
    import harness
    import harness.data

    public = {f"harness.{name}" for name in harness.__all__} | {"harness.data"}
    public |= {f"harness.data.{name}" for name in harness.data.__all__}
    used = {target for name in PLUGINS for target in imports(name) if within(target, "harness")}
    assert {target for target in used if not within(target, "harness.plugins")} <= public


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
