"""A missing package is named with the command that installs it, and extras are named in one place."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from harness.core import extras as module
from harness.core.extras import extras, install_line, needs
from harness.registry.loading import code_closure
from harness.registry.registry import load_registry

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OPTIONAL = PROJECT["optional-dependencies"]


def test_what_is_read_is_what_is_declared() -> None:
    declared = {
        re.split("[<>=]", line)[0].lower(): extra
        for extra, lines in OPTIONAL.items()
        for line in lines
        if extra not in ("all", "dev")
    }
    assert extras() == declared, "install again: pip install -e ."


def test_all_is_all_but_what_holds_pandas_back() -> None:
    (line,) = OPTIONAL["all"]
    others = {"all", "dev", "docs", "anndata"}
    assert set(re.findall(r"[\w-]+", line.partition("[")[2])) == {*OPTIONAL} - others


@pytest.mark.parametrize(
    ("modules", "line"),
    [
        (["pyarrow"], "pip install 'clustering-harness[parquet]'"),
        (["openTSNE", "umap"], "pip install 'clustering-harness[tsne,umap]'"),
        (["keras", "tensorflow"], "pip install 'clustering-harness[tensorflow]'"),
        (["torch", "no_such"], "pip install 'clustering-harness[torch]' no_such"),
        (["playwright"], "pip install playwright"),
        (["sklearn"], "pip install scikit-learn"),
    ],
)
def test_lines_to_type(modules: list[str], line: str) -> None:
    assert install_line(modules) == line
    assert needs(modules) == f"needs {', '.join(modules)}: {line}"


def test_what_the_plain_install_runs_needs_no_extra() -> None:
    framed = {"dense-ae-torch", "dense-ae-keras", "conv-ae-torch", "conv-ae-keras"}
    framed |= {"genie", "umap", "tsne", "leiden", "dask-kmeans", "dask-pca"}
    framed |= {"simclr", "vicreg", "scan", "vae", "denoising-ae", "stacked-ae"}
    framed |= {"dec", "idec", "dcn", "vade"}
    for plugin in load_registry().plugins.values():
        code = code_closure(plugin)
        imported = code.outside - code.optional
        needed = {module.INSTALLED_AS.get(each, each).lower() for each in imported} & {*extras()}
        assert bool(needed) == (plugin.name in framed), f"{plugin.title} needs {needed}"


def test_without_metadata_packages_are_named_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(module.metadata, "metadata", missing)
    extras.cache_clear()
    assert install_line(["umap"]) == "pip install umap-learn"
    monkeypatch.undo()
    extras.cache_clear()
