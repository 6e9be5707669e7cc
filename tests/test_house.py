"""One plugin a file, and every module says what it is."""

from __future__ import annotations

import ast
from pathlib import Path

from harness.registry import load_registry

ROOT = Path(__file__).parent.parent
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))


def test_one_plugin_a_file() -> None:
    registered = {plugin.module for plugin in load_registry().plugins.values()}
    for path in PLUGINS:
        if path.parent.name != "plugins" and not path.name.startswith("_"):
            assert f"harness.plugins.{path.parent.name}.{path.stem}" in registered


def test_every_module_says_what_it_is() -> None:
    for path in [*(ROOT / "harness").rglob("*.py"), *PLUGINS]:
        doc = ast.get_docstring(ast.parse(path.read_text()))
        assert doc, path
        assert doc.splitlines()[0].endswith("."), path


def test_built_ins_survive_imports_of_their_modules() -> None:
    import harness.plugins.metrics.ari  # noqa: F401  # a hook of that name must not be hidden by the package

    assert "ari" in load_registry().names("metric")
