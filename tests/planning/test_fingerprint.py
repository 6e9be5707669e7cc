"""Keys: what must change them, and what must not."""

from __future__ import annotations

import functools
import hashlib
import importlib
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from harness import Dataset
from harness.core.hashing import canonical, digest
from harness.core.plan import Stage
from harness.core.plugin import Plugin
from harness.planning import cache_keys
from harness.planning.cache_keys import identity, libraries
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry import distributions, source_code
from harness.registry.distributions import distribution
from harness.registry.loading import closure_of, code_closure, plugin_at
from harness.registry.registry import Registry, load_registry

SAMPLES = np.random.default_rng(0).random((30, 4), dtype=np.float32)
TRUTH = np.arange(30) % 3


def forget() -> None:
    """Forget what was read of sources and versions, as a new process would."""
    for function in (identity, distribution, source_code._parse, closure_of):
        function.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> Any:
    forget()
    yield
    forget()


@functools.cache
def _registry() -> Registry:
    return load_registry()


def stages(
    encoders: str = "pca(n_components=2)",
    clusterers: str = "kmeans",
    metrics: str = "accuracy,silhouette",
    protocol: str = "full",
    data: Dataset | None = None,
    registry: Registry | None = None,
    **options: Any,
) -> dict[str, Stage]:
    """Plan one cell, and return the stages that it is made of; encode is that of the last encoder."""
    data = data or Dataset("toy", SAMPLES, TRUTH, image_shape=(2, 2, 1), n_train=20)
    request = Request([encoders], [clusterers], metrics.split(","), **{"seeds": 1, **options})
    plan = make_plan(data, protocol, request, registry or _registry())
    cell = plan.cells[-1]
    assert not cell.blocked, cell.blocked
    scores = {name: plan.stages[score.key] for name, score in cell.scores.items()}
    return {"encode": plan.stages[cell.encode], "cluster": plan.stages[cell.cluster], **scores}


def keys(*arguments: Any, **options: Any) -> dict[str, str]:
    return {name: stage.key for name, stage in stages(*arguments, **options).items()}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


ALL = {"encode", "cluster", "accuracy", "silhouette"}


def test_digest_is_blind_to_order_and_to_nothing_else() -> None:
    assert digest({"a": 1, "b": {"c": 2, "d": 3}}) == digest({"b": {"d": 3, "c": 2}, "a": 1})
    facts = [
        {},
        {"a": 1},
        {"a": 1.0},
        {"a": "1"},
        {"a": True},
        {"a": None},
        {"b": 1},
        {"a": [1]},
        {"a": [1, 1]},
    ]
    assert len({digest(each) for each in facts}) == len(facts)
    assert len(digest({})) == 32
    assert set(digest({})) <= set("0123456789abcdef")


def test_digest_is_the_same_in_every_release() -> None:
    written = b'{"a":[1,2.5,"\\u00e9",null],"b":1}'
    assert digest({"b": 1, "a": [1, 2.5, "é", None]}) == hashlib.sha256(written).hexdigest()[:32]


@given(st.dictionaries(st.text(), st.integers()))
def test_order_does_not_matter(facts: dict[str, int]) -> None:
    assert digest(facts) == digest(dict(reversed(facts.items())))


def text(value: Any) -> str:
    return json.dumps(canonical(value), sort_keys=True)


class Other(KMeans):
    """Another class with the same parameters."""


LOOK_ALIKES: list[Any] = [
    *(1, 1.0, True, "1", "True", 0, 0.0, -0.0, False, None, "None", "", b"1", 1j, float("nan"), float("inf")),
    *((1,), [1], {1}, frozenset({1}), {1: 1}, {1: 2}, {"1": 2}, {1: "2"}, {1.0: 2}, {True: 2}, {(1,): 2}),
    *((), [], {}, set(), {"tuple": [1]}, {"mapping": [[1, 2]]}, [[1, 2]], [[1], 2], [1, [2]], [(1, 2)]),
    *(np.float32(1), np.int64(1), np.int32(1), np.bool_(True), np.array([1]), np.array([1.0]), np.array(1)),
    *(np.array([[1]]), np.array([1, 2]), np.array([1, 2], dtype=np.int32), np.array([2, 1])),
    *(int, float, np.float32, len, np.sum, KMeans(2), KMeans(3), Other(2), Path("a"), "a"),
]


def test_look_alikes_differ() -> None:
    seen: dict[str, Any] = {}
    for value in LOOK_ALIKES:
        other = seen.setdefault(text(value), value)
        assert other is value, f"{other!r} and {value!r} are one"


def test_equal_values_are_one_whoever_holds_them() -> None:
    assert text(np.array([[1, 2], [3, 4]]).T) == text(np.array([[1, 3], [2, 4]]))
    assert text(KMeans(n_clusters=2)) == text(KMeans(2))
    assert text(object()) == text(object()), "an address in memory is no parameter"
    assert text({3, 1, 2}) == text({2, 3, 1})


def test_sets_of_words_are_the_same_in_each_process() -> None:
    code = "from harness.core.hashing import canonical\nprint(canonical({'x', 'y', 'z', 'w', 1}))"
    command = [sys.executable, "-c", code]
    found = {subprocess.check_output(command, env={"PYTHONHASHSEED": seed}, text=True) for seed in ("1", "2")}
    assert len(found) == 1


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.text(max_size=1) | st.integers(0, 1) | st.booleans(), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(plain, plain)
def test_different_values_never_share_a_canonical_form(a: Any, b: Any) -> None:
    assert (text(a) == text(b)) == (repr(a) == repr(b))


def test_distributions() -> None:
    assert distribution("sklearn") == f"scikit-learn {metadata.version('scikit-learn')}"
    assert distribution("numpy") == f"numpy {np.__version__}"
    assert distribution("PIL") == f"pillow {metadata.version('pillow')}"
    assert distribution("no_such_module") is None
    assert libraries(frozenset({"sklearn", "no_such_module"})) == {
        name: metadata.version(name) for name in ("numpy", "scikit-learn", "scipy")
    }


MODULE = '''"""Adds a number."""
import click
from .helper import shift


class Shift:
    """Add a number."""

    def __init__(self, by=1, n_jobs=None, verbose=0, random_state=None, n_clusters=None, image_shape=None):
        for name, value in locals().items():
            setattr(self, name, value)

    def get_params(self, deep=True):
        names = "by n_jobs verbose random_state n_clusters image_shape"
        return {name: getattr(self, name) for name in names.split()}

    def fit(self, X):
        return self

    def transform(self, X):
        return X + self.by * shift()
'''
HELPER = "def shift():\n    return 1\n"


def install(folder: Path, module: str = MODULE, helper: str = HELPER, version: str = "1.0") -> Registry:
    """Write an installed distribution with one encoder, forget an earlier one, and find it."""
    package = folder / "shiftpack"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(
        "from harness import hookimpl\n@hookimpl\n"
        "def encoders(): return {'shift': 'shiftpack.encoder:Shift'}\n"
    )
    (package / "encoder.py").write_text(module)
    (package / "helper.py").write_text(helper)
    (package / "unrelated.py").write_text(f"version = {version}\n")
    info = folder / "shift_dist-1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: shift-dist\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[harness]\nshift = shiftpack\n")
    (info / "top_level.txt").write_text("shiftpack\n")
    for name in [name for name in sys.modules if name.startswith("shiftpack")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    distributions.bringers.cache_clear()
    forget()
    return load_registry()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two versions may be written within a second
    return tmp_path


def test_identity_says_who_and_what_a_plugin_is(site: Path) -> None:
    plugin = install(site).find("encoder", "shift")
    found = identity(plugin)
    assert found["plugin"] == "shiftpack.encoder:Shift"
    assert found["distribution"] == "shift-dist 1.0"
    assert found["libraries"] == {name: metadata.version(name) for name in ("click", "numpy", "scipy")}
    assert json.loads(json.dumps(found)) == found
    install(site, helper=HELPER.replace("1", "2"))
    edited = identity(plugin)
    assert {name for name in found if found[name] != edited[name]} == {"source"}
    install(site, helper=f"# {HELPER}"[2:].replace("return 1", "return 1  # a comment"))
    assert identity(plugin) == found
    install(site, MODULE.replace("import click\n", ""))
    assert "click" not in identity(plugin)["libraries"]


def test_identity_of_built_ins_and_of_files(tmp_path: Path) -> None:
    built_in = identity(load_registry().find("clusterer", "kmeans"))
    assert built_in["distribution"] == f"clustering-harness {metadata.version('clustering-harness')}"
    assert built_in["libraries"]["scikit-learn"] == metadata.version("scikit-learn")
    borrowed = identity(load_registry().find("clusterer", "sklearn.cluster:Birch"))
    assert borrowed["distribution"] == f"scikit-learn {metadata.version('scikit-learn')}"
    plugins = []
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(
            "from harness import hookimpl\nclass Mine: pass\n@hookimpl\ndef encoders(): return {'m': Mine}\n"
        )
        plugins.append(load_registry([tmp_path / name]).find("encoder", "m"))
    first = identity(plugins[0])
    assert (first["plugin"], first["distribution"]) == ("file:Mine", None)
    assert str(tmp_path) not in json.dumps(first)


def test_a_file_is_one_plugin_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "beside.py").write_text("def two(): return 2\n")
    (tmp_path / "parts.py").write_text(
        "from harness import hookimpl\nfrom beside import two\nclass Parts: pass\n"
        "@hookimpl\ndef encoders(): return {'m': Parts, 's': 'parts:Parts'}\n"
    )
    registry = load_registry([tmp_path / "parts.py"])
    named = [identity(registry.find("encoder", name)) for name in ("m", "s", "parts:Parts")]
    named.append(identity(plugin_at("encoder", "p", f"{tmp_path / 'parts.py'}:Parts")))
    assert named == named[:1] * 4
    assert (named[0]["plugin"], named[0]["distribution"]) == ("file:Parts", None)
    assert identity(registry.find("encoder", "statistics:mean"))["plugin"] == "statistics:mean"


def test_the_same_plan_has_the_same_keys_in_each_process(tmp_path: Path) -> None:
    here = keys(data=Dataset("toy", np.eye(4, dtype=np.float32), np.arange(4) % 2))
    code = (
        "import numpy as np, json\nfrom harness import Dataset\n"
        "from harness.planning.request import Request\n"
        "from harness.planning.planner import make_plan\n"
        "from harness.registry.registry import load_registry\n"
        "data = Dataset('toy', np.eye(4, dtype=np.float32), np.arange(4) % 2)\n"
        "request = Request(['pca(n_components=2)'], ['kmeans'], ['accuracy', 'silhouette'], seeds=1)\n"
        "print(json.dumps(list(make_plan(data, 'full', request, load_registry()).stages)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert json.loads(done.stdout) == list(here.values()), done.stderr


CHANGES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "encoder parameter": ({"encoders": "pca(n_components=1)"}, ALL),
    "type of a parameter": ({"encoders": "pca(n_components=2.0)"}, ALL),
    "encoder": ({"encoders": "identity"}, ALL),
    "longer chain": ({"encoders": "identity+pca(n_components=2)"}, ALL),
    "clusterer parameter": ({"clusterers": "kmeans(tol=0.1)"}, ALL - {"encode"}),
    "clusterer": ({"clusterers": "gmm"}, ALL - {"encode"}),
    "written seed": ({"clusterers": "kmeans(random_state=1)"}, ALL - {"encode"}),
    "seed": ({"seeds": 2}, ALL - {"encode"}),
    "number of clusters": ({"n_clusters": 4}, ALL - {"encode"}),
    "rows fitted": ({"protocol": "train"}, ALL),
    "other rows fitted": ({"protocol": "test"}, ALL),
}


@pytest.mark.parametrize("what", CHANGES)
def test_keys_change_with(what: str) -> None:
    options, expected = CHANGES[what]
    assert changed(keys(), keys(**options)) == expected


def test_rows_scored_enter_the_keys_of_scores_alone() -> None:
    assert changed(keys(protocol="train"), keys(protocol="train-test")) == {"accuracy", "silhouette"}


def test_option_of_a_metric_enters_its_own_key_alone() -> None:
    path = "sklearn.metrics:rand_score,sklearn.metrics:fbeta_score(beta={})"
    first, second = (set(keys(metrics=path.format(beta)).values()) for beta in (1, 2))
    assert len(first - second) == len(second - first) == 1


def test_keys_change_with_the_data() -> None:
    one_value = SAMPLES.copy()
    shape: Any = {"image_shape": (2, 2, 1), "n_train": 20}
    one_value[29, 3] = np.nextafter(one_value[29, 3], np.float32(1))
    base = keys()
    assert changed(base, keys(data=Dataset("toy", one_value, TRUTH, **shape))) == ALL
    assert changed(base, keys(data=Dataset("toy", SAMPLES[::-1], TRUTH, **shape))) == ALL
    assert changed(base, keys(data=Dataset("toy", SAMPLES, TRUTH, **{**shape, "n_train": 21}))) == ALL
    assert changed(base, keys(data=Dataset("toy", SAMPLES, TRUTH, image_shape=(1, 4, 1), n_train=20))) == ALL
    assert changed(base, keys(data=Dataset("toy", SAMPLES[:-1], TRUTH[:-1], **shape))) == ALL


def test_labels_enter_the_keys_of_scores_that_read_them_alone() -> None:
    shape: Any = {"image_shape": (2, 2, 1), "n_train": 20}
    other = Dataset("toy", SAMPLES, TRUTH[::-1].copy(), **shape)
    assert changed(keys(), keys(data=other)) == {"accuracy"}
    without = Dataset("toy", SAMPLES, None, **shape)
    found = keys(data=without, n_clusters=3, metrics="silhouette")
    assert found == {name: key for name, key in keys().items() if name != "accuracy"}


def test_names_places_order_and_threads_do_not_change_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = keys()
    renamed = Dataset(
        "renamed",
        SAMPLES.copy(),
        TRUTH,
        (2, 2, 1),
        20,
        ["a", "b", "c"],
        "MIT",
        source="there",
        scaling="min-max",
    )
    assert keys(data=renamed) == base
    assert keys("pca(whiten=False, n_components=2)") == keys("pca(n_components=2, whiten=False)") == base
    assert keys("pca(2)") == keys(" pca( 2 ) ") == base
    assert keys(clusterers="kmeans(n_init=1, tol=0.0001)") == base, "a default written out is the same"
    assert keys(n_clusters=3) == base, "K is the number of classes"
    assert keys(soft=True) == base
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_STORE", str(tmp_path))
    forget()
    assert keys() == base
    swapped = keys(metrics="silhouette,accuracy")
    assert swapped == base


def test_threads_and_verbosity_do_not_change_keys(site: Path) -> None:
    registry = install(site)
    base = keys("shift", registry=registry)
    assert keys("shift(n_jobs=4, verbose=2)", registry=registry) == base
    assert stages("shift(n_jobs=4)", registry=registry)["encode"].params["n_jobs"] == 4, "though it is told"


def test_what_the_harness_sets_changes_keys(site: Path) -> None:
    registry = install(site)
    base = keys("shift", registry=registry)
    assert changed(base, keys("shift", registry=registry, seeds=2)) == ALL
    assert changed(base, keys("shift", registry=registry, n_clusters=4)) == ALL
    assert changed(base, keys("shift(image_shape=None)", registry=registry)) == ALL


EDITS: dict[str, dict[str, str]] = {
    "code": {"module": MODULE.replace("X + self", "X - self")},
    "default": {"module": MODULE.replace("by=1", "by=2")},
    "helper module": {"helper": HELPER.replace("1", "2")},
    "version": {"version": "1.1"},
    "import": {"module": MODULE.replace("import click", "import click\nimport rich")},
}


@pytest.mark.parametrize("what", EDITS)
def test_keys_change_with_the_plugin_s(what: str, site: Path) -> None:
    before = keys("shift", registry=install(site))
    assert changed(before, keys("shift", registry=install(site, **EDITS[what]))) == ALL


LAYOUT: dict[str, dict[str, str]] = {
    "comments": {"module": f"# first\n{MODULE}", "helper": HELPER.replace("1", "1  # one")},
    "docstrings": {"module": MODULE.replace("Add a number", "Add").replace("Adds", "Shifts")},
    "formatting": {
        "module": MODULE.replace("(self, X)", "(\n        self,\n        X,\n    )").replace('"by', "'by")
    },
    "indentation": {"helper": HELPER.replace("    ", "\t")},
}
LAYOUT["formatting"]["module"] = LAYOUT["formatting"]["module"].replace('shape"', "shape'")


@pytest.mark.parametrize("what", LAYOUT)
def test_keys_do_not_change_with_the_plugin_s(what: str, site: Path) -> None:
    before = keys("shift", registry=install(site))
    assert keys("shift", registry=install(site, **LAYOUT[what])) == before


def test_keys_do_not_change_in_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as here:
        here.syspath_prepend(tmp_path / "a")
        before = keys("shift", registry=install(tmp_path / "a"))
    monkeypatch.syspath_prepend(tmp_path / "b")
    registry = install(tmp_path / "b")
    assert code_closure(registry.find("encoder", "shift")).files[0][1].is_relative_to(tmp_path / "b")
    assert keys("shift", registry=registry) == before


@pytest.mark.parametrize(
    ("library", "expected"),
    [("scikit-learn", ALL), ("numpy", ALL), ("scipy", ALL), ("click", set()), ("clustering-harness", ALL)],
)
def test_keys_change_with_the_libraries_that_compute(
    library: str, expected: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys()
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == library else real(name))
    forget()
    assert changed(before, keys()) == expected


def test_keys_change_with_the_version_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys(clusterers="kmeans-silhouette(k_max=3)")
    monkeypatch.setattr(cache_keys, "ENGINE", cache_keys.ENGINE + 1)
    assert changed(before, keys(clusterers="kmeans-silhouette(k_max=3)")) == ALL


def test_two_names_for_one_plugin_share_a_key() -> None:
    registry = load_registry()
    kmeans = registry.find("clusterer", "kmeans")
    registry.add(Plugin("clusterer", "alias", kmeans.target, kmeans.origin))
    assert keys(clusterers="alias", registry=registry) == keys()
