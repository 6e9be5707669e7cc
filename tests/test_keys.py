"""What changes a key, and what must not."""

from __future__ import annotations

import importlib
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Dataset, fingerprint, source
from harness.fingerprint import canonical, digest
from harness.plan import Request, make_plan
from harness.registry import load_registry

SAMPLES = np.random.default_rng(0).random((30, 3), dtype=np.float32)
TRUTH = np.arange(30) % 3

HELPER = "def shift():\n    return 1\n"
MODULE = '''"""An encoder."""
from .helper import shift


class Shift:
    """Add a number."""

    def __init__(self, by=1, n_jobs=None):
        self.by = by
        self.n_jobs = n_jobs

    def fit(self, X):
        return self

    def transform(self, X):
        return X + self.by * shift()
'''


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Forget what was read of sources, as a new process would."""
    for function in (fingerprint.identity, fingerprint._engine, fingerprint.distribution, source._parse):
        function.cache_clear()


def install(folder: Path, module: str = MODULE, helper: str = HELPER, version: str = "1.0") -> None:
    """Write an installed distribution with one encoder, and forget an earlier one."""
    package = folder / "shiftpack"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(
        "from harness import hookimpl\n@hookimpl\n"
        "def encoders():\n    return {'shift': 'shiftpack.encoder:Shift'}\n"
    )
    (package / "encoder.py").write_text(module)
    (package / "helper.py").write_text(helper)
    info = folder / "shiftpack-1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: shiftpack\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[harness]\nshift = shiftpack\n")
    for name in [name for name in sys.modules if name.startswith("shiftpack")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    for function in (fingerprint.identity, fingerprint.distribution, source._parse):
        function.cache_clear()


def keys(
    encoder: str = "pca(n_components=2)",
    clusterer: str = "kmeans",
    protocol: str = "full",
    data: Dataset | None = None,
    **options: object,
) -> tuple[str, str]:
    """Return the keys of the encode and cluster stage of the last cell."""
    data = data or Dataset("toy", SAMPLES, TRUTH, n_train=20)
    request = Request([encoder], [clusterer], ["accuracy"], **{"seeds": 1, **options})  # type: ignore[arg-type]
    cell = make_plan(data, protocol, request, load_registry()).cells[-1]
    assert not cell.blocked, cell.blocked
    return cell.encode, cell.cluster


def test_the_same_call_has_the_same_keys() -> None:
    assert keys() == keys()


def test_parameters_seed_rows_and_data_change_keys() -> None:
    base = keys()
    assert keys("pca(n_components=1)")[0] != base[0]
    assert keys(clusterer="kmeans(tol=0.1)")[1] != base[1]
    assert keys(clusterer="kmeans(tol=0.1)")[0] == base[0]
    assert keys(seeds=2)[1] != base[1]
    assert keys(protocol="train")[0] != base[0]
    assert keys(n_clusters=4)[1] != base[1]
    other = SAMPLES.copy()
    other[3, 1] += 0.01
    assert keys(data=Dataset("toy", other, TRUTH, n_train=20))[0] != base[0]


def test_names_labels_folders_and_order_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = keys()
    assert keys(data=Dataset("renamed", SAMPLES, TRUTH[::-1].copy(), n_train=20)) == base
    monkeypatch.chdir(tmp_path)
    assert keys() == base
    assert keys("pca(whiten=False, n_components=2)") == keys("pca(n_components=2, whiten=False)") == base
    assert keys("pca(2)") == base


def test_default_written_out_is_the_same_stage() -> None:
    assert keys(clusterer="kmeans(n_init=1)") == keys()


@pytest.mark.parametrize(
    ("module", "helper", "version"),
    [
        (MODULE.replace("X + self", "X - self"), HELPER, "1.0"),
        (MODULE.replace("by=1", "by=2"), HELPER, "1.0"),
        (MODULE, HELPER.replace("1", "2"), "1.0"),
        (MODULE, HELPER, "1.1"),
    ],
    ids=["code", "default", "helper module", "version"],
)
def test_changed_code_changes_keys(
    module: str, helper: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path)
    before = keys("shift")
    install(tmp_path, module, helper, version)
    assert keys("shift")[0] != before[0]


@pytest.mark.parametrize(
    ("module", "helper"),
    [
        (MODULE.replace("return self\n", "return self  # a comment\n"), "# another\n" + HELPER),
        (
            MODULE.replace(
                "X + self.by * shift()", "(\n            X\n            + self.by * shift()\n        )"
            ),
            HELPER,
        ),
        (MODULE.replace("Add a number.", "Add some number."), HELPER.replace("    ", "  ")),
    ],
    ids=["comments", "line breaks", "docstring and indentation"],
)
def test_comments_and_formatting_do_not(
    module: str, helper: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path)
    before = keys("shift")
    install(tmp_path, module, helper)
    assert keys("shift") == before


def test_moved_folder_and_n_jobs_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as here:
        here.syspath_prepend(tmp_path / "a")
        install(tmp_path / "a")
        before = keys("shift")
    monkeypatch.syspath_prepend(tmp_path / "b")
    install(tmp_path / "b")
    assert keys("shift") == before
    assert keys("shift(n_jobs=2)") == before


def test_library_version_changes_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys()
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == "scikit-learn" else real(name))
    for function in (fingerprint.identity, fingerprint.distribution):
        function.cache_clear()
    assert keys()[0] != before[0]


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(plain, plain)
def test_different_parameters_never_share_a_key(a: object, b: object) -> None:
    same = digest({"p": canonical(a)}) == digest({"p": canonical(b)})
    assert same == (repr(a) == repr(b))


def test_look_alikes_differ() -> None:
    values = [1, 1.0, True, "1", (1,), [1], {1: 1}, None, "None", [], (), {}, {"tuple": [1]}]
    assert len({digest({"p": canonical(value)}) for value in values}) == len(values)


@given(st.dictionaries(st.text(), st.integers()))
def test_order_does_not_matter(facts: dict[str, int]) -> None:
    assert digest(facts) == digest(dict(reversed(facts.items())))
