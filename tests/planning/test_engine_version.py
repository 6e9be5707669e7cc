"""The version of the engine in keys, and that moves of modules change no key."""

from __future__ import annotations

import ast
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

import harness
from harness.core.plugin import Plugin
from harness.planning import cache_keys
from harness.registry import source_code
from harness.registry.registry import load_registry

# What computes a stage around a plugin. A change of one of these can change a result of every plugin.
MODULES = (
    *("execution/compute", "execution/scoring", "execution/selection", "execution/batches"),
    *(
        "registry/fitted",
        "registry/fitting",
        "registry/global_generators",
        "registry/metrics",
        "core/threads",
    ),
)
# The digest of their code under the engine's version: see `test_the_version_is_that_of_the_code`.
VERSION, DIGEST = 2, "251be315f50a8d305fc58db3ef26c960"


def digest(paths: Iterable[Path]) -> str:
    """Digest of the modules' code, blind to their places, comments and formatting."""
    found = sorted(map(source_code.code_digest, paths))
    return hashlib.sha256(" ".join(found).encode()).hexdigest()[:32]


HERE = [Path(harness.__file__).parent / f"{name}.py" for name in MODULES]


def test_the_version_is_that_of_the_code() -> None:
    now = digest(HERE)
    assert (cache_keys.ENGINE, now) == (VERSION, DIGEST), (
        f"The code that computes stages has changed ({', '.join(MODULES)}). If a result can differ, "
        "raise ENGINE in harness/planning/cache_keys.py; users then compute everything again. In both cases "
        f"write VERSION, DIGEST = {cache_keys.ENGINE}, {now!r} here."
    )


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda text: ast.unparse(ast.parse(text)), True),  # formatted anew, without comments
        (lambda text: text.replace("from ..core.interfaces", "from .interfaces"), True),
        (lambda text: text.replace("(found >= 0).sum()", "(found > 0).sum()"), False),
    ],
)
def test_the_guard_sees_changes_of_code_alone(change: object, same: bool, tmp_path: Path) -> None:
    paths = [Path(shutil.copy(path, tmp_path)) for path in HERE]
    path = tmp_path / "compute.py"
    before = path.read_text()
    path.write_text(change(before))  # type: ignore[operator]
    assert path.read_text() != before
    assert (digest(paths) == digest(HERE)) == same


def test_a_built_in_plugin_may_be_moved_and_formatted_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load_registry().find("clusterer", "kmeans-gap")
    path = source_code.module_file(plugin.module)
    assert path is not None
    text = ast.unparse(ast.parse(path.read_text())).replace("from ._", "from ..clusterers._")
    moved, real = tmp_path / path.name, source_code.module_file
    places = {"harness.plugins.rearranged.kmeans_gap": moved}
    monkeypatch.setattr(source_code, "module_file", lambda name: places.get(name) or real(name))
    elsewhere = Plugin("clusterer", "moved", "harness.plugins.rearranged.kmeans_gap:KMeansGap", "built-in")
    for code, same in ((text, True), (text.replace("n_references", "n_reference_sets"), False)):
        moved.write_text(code)
        cache_keys.look_again()
        assert (cache_keys.identity(elsewhere) == cache_keys.identity(plugin)) == same


def test_an_import_from_another_sibling_is_another_code(tmp_path: Path) -> None:
    digests = set()
    for line in ("from .fast import solve", "from .slow import solve", "from ..core.fast import solve"):
        (tmp_path / "module.py").write_text(f"{line}\nfrom .slow import other\n")
        source_code._parse.cache_clear()
        digests.add(source_code.code_digest(tmp_path / "module.py"))
    assert len(digests) == 2
