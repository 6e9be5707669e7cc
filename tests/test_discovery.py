"""Plugins are found where they lie, loaded only when used, and a broken one harms no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import BadParameter, HarnessError, Unavailable, UnknownName
from harness.plan import Request, make_plan
from harness.registry import Registry, load_registry

HEAVY = ("torch", "tensorflow", "keras", "sklearn", "umap", "scipy", "pandas")


def write(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text("from harness import hookimpl\n" + text)
    return path


@pytest.mark.parametrize(
    ("arguments", "light"),
    [
        (["--help"], (*HEAVY, "numpy")),
        (["bench", "--help"], HEAVY),
        (["plugins"], HEAVY),
        (["bench"], HEAVY),
        (["bench", "--nonsense"], HEAVY),
        (["nonsense"], (*HEAVY, "numpy")),
    ],
)
def test_light_commands_import_nothing_heavy(arguments: list[str], light: tuple[str, ...]) -> None:
    code = (
        "import sys\nsys.argv[0] = 'harness'\nfrom harness.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('LOADED', [name for name in {light!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_built_ins_have_summaries_and_can_be_loaded() -> None:
    registry = load_registry()
    assert not registry.broken
    for plugin in registry.plugins.values():
        assert plugin.origin == "built-in"
        assert plugin.summary.endswith(".")
        assert plugin.unavailable() is None
        assert callable(plugin.load())
        assert plugin.module.rpartition(".")[2] == plugin.name.replace("-", "_")


def test_built_ins_survive_imports_of_their_modules() -> None:
    import harness.plugins.metrics.ari  # noqa: F401  # it once hid the hook of the same name

    assert "ari" in load_registry().names("metric")


def test_file_plugin(tmp_path: Path) -> None:
    path = write(tmp_path, "class Mine:\n    pass\n@hookimpl\ndef encoders():\n    return {'mine': Mine}\n")
    plugin = load_registry([path]).find("encoder", "mine")
    assert plugin.origin == f"file {path}"
    assert plugin.load().__name__ == "Mine"


def install(folder: Path, name: str, module: str) -> None:
    (folder / f"{name}.py").write_text(module)
    info = folder / f"{name}-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text(f"[harness]\n{name} = {name}\n")


def test_installed_plugin_is_lazy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = (
        "from harness import hookimpl\n@hookimpl\ndef clusterers():\n    return {'lazy': 'lazy_part:Lazy'}\n"
    )
    install(tmp_path, "lazy_hooks", hooks)
    (tmp_path / "lazy_part.py").write_text('"""Is lazy."""\nimport no_such_framework\nclass Lazy: pass\n')
    monkeypatch.syspath_prepend(tmp_path)
    plugin = load_registry().find("clusterer", "lazy")
    assert plugin.origin == "lazy_hooks 2.5"
    assert plugin.summary == "Is lazy."
    assert "lazy_part" not in sys.modules
    assert plugin.unavailable() == "needs no_such_framework: pip install no_such_framework"
    with pytest.raises(Unavailable, match="pip install no_such_framework"):
        plugin.load()


BROKEN = {
    "import error": ("import no_such_module\n", "ModuleNotFoundError"),
    "syntax error": ("def (:\n", "SyntaxError"),
    "exit": ("raise SystemExit(1)\n", "SystemExit"),
    "wrong return": ("@hookimpl\ndef encoders():\n    return ['a']\n", "mapping"),
    "unknown hook": ("@hookimpl\ndef encodrs():\n    return {}\n", "Did you mean 'encoders'"),
    "wrong signature": ("@hookimpl\ndef encoders(x):\n    return {}\n", "encoders"),
    "bad name": ("@hookimpl\ndef encoders():\n    return {'a+b': dict}\n", "plain word"),
    "bad target": ("@hookimpl\ndef encoders():\n    return {'a': 'module'}\n", "module:attribute"),
    "not a class": ("@hookimpl\ndef encoders():\n    return {'a': 3}\n", "must be a class"),
    "raises": ("@hookimpl\ndef encoders():\n    raise RuntimeError('no')\n", "RuntimeError: no"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_plugin_is_listed_and_harms_no_other(kind: str, tmp_path: Path) -> None:
    text, reason = BROKEN[kind]
    good = write(tmp_path, "@hookimpl\ndef encoders():\n    return {'good': dict}\n", "good.py")
    registry = load_registry([write(tmp_path, text), good])
    (broken,) = registry.broken
    assert reason in broken.error
    assert "mine.py" in broken.origin
    assert "\n" not in broken.error
    assert {"good", "pca"} <= set(registry.names("encoder"))


def duplicate(tmp_path: Path) -> Registry:
    text = "@hookimpl\ndef encoders():\n    return {'pca': dict, 'other': dict}\n"
    return load_registry([write(tmp_path, text)])


def test_two_plugins_of_one_name(tmp_path: Path) -> None:
    registry = duplicate(tmp_path)
    with pytest.raises(HarnessError, match=r"built-in and file .*mine\.py"):
        registry.find("encoder", "pca")
    assert registry.find("encoder", "other")
    assert registry.find("encoder", "identity")


def test_unknown_names_suggest() -> None:
    registry = load_registry()
    with pytest.raises(UnknownName, match="Did you mean 'kmeans'"):
        registry.find("clusterer", "kmean")
    with pytest.raises(UnknownName, match="Did you mean 'Birch'"):
        registry.find("clusterer", "sklearn.cluster:Brch").load()
    with pytest.raises(UnknownName, match="no module"):
        registry.find("clusterer", "sklearn.clusterr:Birch").load()


def test_lenient_request_keeps_a_row_for_what_cannot_be_made(tmp_path: Path, toy: object) -> None:
    path = write(
        tmp_path,
        "class Needs:\n    def __init__(self, must):\n        raise TypeError('must be given')\n"
        "@hookimpl\ndef encoders():\n    return {'needs': Needs}\n",
    )
    registry = load_registry([path])
    names = (["needs", "identity"], ["kmeans"], ["accuracy"])
    with pytest.raises(BadParameter, match="must be given"):
        make_plan(toy, "full", Request(*names), registry)  # type: ignore[arg-type]
    cells = make_plan(toy, "full", Request(*names, swept=["encoder"]), registry).cells  # type: ignore[arg-type]
    assert cells[0].blocked
    assert cells[0].blocked[0] == "failed"
    assert not cells[1].blocked
