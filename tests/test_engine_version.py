"""The version of the engine in keys, and that moves of modules change no key."""

from __future__ import annotations

import ast
import hashlib
import shutil
from pathlib import Path

import pytest

from harness import fingerprint, source
from harness.plugin import Plugin
from harness.registry import load_registry

# What computes a stage around a plugin. A change of one of these can change a result of every plugin.
MODULES = ("stages", "scoring", "selection", "together", "fitted", "threads")
# The digest of their code under the engine's version: see `test_the_version_is_that_of_the_code`.
VERSION, DIGEST = 1, "82e32f7ee1e60dfeff51132c827dbfa1"


def digest(folder: Path) -> str:
    """Digest of the modules' code, blind to their places, comments and formatting."""
    found = sorted(source.code_digest(folder / f"{name}.py") for name in MODULES)
    return hashlib.sha256(" ".join(found).encode()).hexdigest()[:32]


HARNESS = Path(fingerprint.__file__).parent


def test_the_version_is_that_of_the_code() -> None:
    now = digest(HARNESS)
    assert (fingerprint.ENGINE, now) == (VERSION, DIGEST), (
        f"The code that computes stages has changed ({', '.join(MODULES)}). If a result can differ, "
        f"raise ENGINE in harness/fingerprint.py; users then compute everything again. In both cases write "
        f"VERSION, DIGEST = {fingerprint.ENGINE}, {now!r} here."
    )


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda text: ast.unparse(ast.parse(text)), True),  # formatted anew, without comments
        (lambda text: text.replace("from .interfaces", "from ..core.interfaces"), True),
        (lambda text: text.replace("(found >= 0).sum()", "(found > 0).sum()"), False),
    ],
)
def test_the_guard_sees_changes_of_code_alone(change: object, same: bool, tmp_path: Path) -> None:
    for name in MODULES:
        shutil.copy(HARNESS / f"{name}.py", tmp_path)
    path = tmp_path / "stages.py"
    before = path.read_text()
    path.write_text(change(before))  # type: ignore[operator]
    assert path.read_text() != before
    assert (digest(tmp_path) == digest(HARNESS)) == same


def test_a_built_in_plugin_may_be_moved_and_formatted_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = load_registry().find("clusterer", "kmeans-gap")
    path = source.module_file(plugin.module)
    assert path is not None
    text = ast.unparse(ast.parse(path.read_text())).replace("from ._", "from ..clusterers._")
    moved, real = tmp_path / path.name, source.module_file
    places = {"harness.plugins.rearranged.kmeans_gap": moved}
    monkeypatch.setattr(source, "module_file", lambda name: places.get(name) or real(name))
    elsewhere = Plugin("clusterer", "moved", "harness.plugins.rearranged.kmeans_gap:KMeansGap", "built-in")
    for code, same in ((text, True), (text.replace("n_references", "n_reference_sets"), False)):
        moved.write_text(code)
        fingerprint.look_again()
        assert (fingerprint.identity(elsewhere) == fingerprint.identity(plugin)) == same


def test_an_import_from_another_sibling_is_another_code(tmp_path: Path) -> None:
    digests = set()
    for line in ("from .fast import solve", "from .slow import solve", "from ..core.fast import solve"):
        (tmp_path / "module.py").write_text(f"{line}\nfrom .slow import other\n")
        source._parse.cache_clear()
        digests.add(source.code_digest(tmp_path / "module.py"))
    assert len(digests) == 2
