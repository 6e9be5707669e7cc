"""Plugins are found where they lie, loaded only when used, and a broken one harms no other."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.core.errors import HarnessError, Unavailable, UnknownName
from harness.core.plugin import KINDS, Plugin
from harness.planning.cache_keys import identity
from harness.registry import distributions
from harness.registry.loading import (
    borrowed,
    code_closure,
    load_plugin,
    missing_packages,
    summary_of,
    unavailable_reason,
)
from harness.registry.registry import Broken, Registry, load_registry

HEAVY = ("torch", "tensorflow", "keras", "sklearn", "umap")
HEAD = "from harness import hookimpl\n"
MINE = "class Mine:\n    pass\n@hookimpl\ndef encoders():\n    return {'mine': Mine}\n"


def write(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(HEAD + text)
    return path


def distribution(folder: Path, name: str, entries: str, version: str = "2.5") -> Path:
    """Write what pip writes beside an installed package."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[harness]\n{entries}\n")
    importlib.invalidate_caches()
    return info


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, for packages; what a test imports from it is forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_built_ins_are_there_without_any_entry_point() -> None:
    registry = load_registry()
    assert not registry.broken
    assert {"identity", "pca"} <= set(registry.names("encoder"))
    assert {"kmeans", "gmm"} <= set(registry.names("clusterer"))
    assert {"accuracy", "nmi", "ari", "silhouette"} <= set(registry.names("metric"))
    assert {"digits", "mnist"} <= set(registry.names("dataset"))
    assert {plugin.kind for plugin in registry.plugins.values()} == set(KINDS)
    kmeans = registry.find("clusterer", "kmeans")
    assert (kmeans.origin, kmeans.target) == ("built-in", "harness.plugins.clusterers.kmeans:KMeans")
    assert summary_of(kmeans) == "K-means on the embedding (Lloyd, 1982)."
    assert unavailable_reason(kmeans) is None
    assert load_plugin(kmeans)(3).n_clusters == 3


@pytest.mark.parametrize(
    ("arguments", "light"),
    [
        (["--help"], (*HEAVY, "numpy")),
        (["plugins"], HEAVY),
        (["bench", "--nonsense"], HEAVY),
        (["no"], HEAVY),
    ],
    ids=" ".join,
)
def test_discovery_imports_nothing_heavy(arguments: list[str], light: tuple[str, ...]) -> None:
    code = "import sys\nsys.argv[0] = 'harness'\nfrom harness.cli import main\nmain()"
    command = [sys.executable, "-X", "importtime", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == (0 if arguments[0] in ("--help", "plugins") else 2), done.stderr[-500:]
    loaded = {
        line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")
    }
    assert {"harness", "harness.cli", "click"} <= loaded, "or nothing was measured"
    assert not loaded & set(light)


def test_a_registry_in_a_bare_process_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom harness.registry.loading import summary_of, unavailable_reason\n"
        "from harness.registry.registry import load_registry\nregistry = load_registry()\n"
        "for plugin in registry.plugins.values(): summary_of(plugin), unavailable_reason(plugin)\n"
        f"print(len(registry.plugins) > 10, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "True []\n", done.stderr


def test_an_installed_plugin_is_named_by_its_distribution_and_loaded_when_used(site: Path) -> None:
    (site / "lazy_pack").mkdir()
    hooks = "@hookimpl\ndef clusterers():\n    return {'lazy': 'lazy_pack.part:Lazy'}\n"
    write(site / "lazy_pack", hooks, "__init__.py")
    (site / "lazy_pack/part.py").write_text('"""Is lazy."""\nclass Lazy:\n    pass\n')
    distribution(site, "lazy_dist", "any-name = lazy_pack")
    plugin = load_registry().find("clusterer", "lazy")
    assert plugin == Plugin("clusterer", "lazy", "lazy_pack.part:Lazy", "lazy_dist 2.5")
    assert summary_of(plugin) == "Is lazy."
    assert unavailable_reason(plugin) is None
    assert "lazy_pack.part" not in sys.modules
    assert load_plugin(plugin).__name__ == "Lazy"


def test_a_distribution_may_have_several_entry_points(site: Path) -> None:
    for name in ("one", "two"):
        text = f"class E: pass\n@hookimpl\ndef encoders(): return {{'{name}': E}}\n"
        write(site, f"{text}@hookimpl\ndef run_finished(): 1 / 0\n", f"mod_{name}.py")
    distribution(site, "several", "a = mod_one\nb = mod_two\nc = mod_absent")
    registry = load_registry()
    assert {"one", "two", "pca"} <= set(registry.names("encoder"))
    assert [(each.origin, each.error) for each in registry.broken] == [
        ("several 2.5", "ModuleNotFoundError: No module named 'mod_absent'")
    ]
    assert len(registry.tell("run_finished", board=None)) == 2, "both follow a run"


def test_leftovers_of_a_distribution_harm_nothing(site: Path) -> None:
    write(site, MINE, "left_over.py")
    (distribution(site, "left", "a = left_over") / "METADATA").unlink()
    assert {"mine", "pca"} <= set(load_registry().names("encoder"))


def test_a_file_plugin(tmp_path: Path) -> None:
    path = write(tmp_path, MINE)
    path.write_text(f'"""Is mine."""\n{path.read_text()}')
    plugin = load_registry([path, path]).find("encoder", "mine")
    assert (plugin.origin, plugin.file, summary_of(plugin)) == (f"file {path}", path, "Is mine.")
    assert load_plugin(plugin)().__class__.__name__ == "Mine"
    assert "mine" not in load_registry().names("encoder")


def test_two_files_of_one_name_are_two_plugins(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [write(tmp_path, MINE), write(tmp_path / "other", MINE.replace("'mine'", "'yours'"))]
    registry = load_registry(paths)
    files = [
        sys.modules[load_plugin(registry.find("encoder", name)).__module__].__file__
        for name in ("mine", "yours")
    ]
    assert files == [str(path) for path in paths]


def test_a_file_may_name_what_lies_elsewhere(tmp_path: Path) -> None:
    text = (
        "import sklearn.cluster\nclass Own:\n    class Inner: pass\n@hookimpl\ndef clusterers():\n"
        "    return {'b': sklearn.cluster.Birch, 's': 'sklearn.cluster:Birch', 'i': Own.Inner,\n"
        "            'o': 'elsewhere:Own'}\n"
    )
    registry = load_registry([write(tmp_path, text, "elsewhere.py")])
    names = [load_plugin(registry.find("clusterer", name)).__name__ for name in "bsio"]
    assert names == ["Birch", "Birch", "Inner", "Own"]
    assert len(code_closure(registry.find("clusterer", "b")).files) == 1, "a library is told by its version"


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.py", tmp_path):
        with pytest.raises(UnknownName, match="No plugin file"):
            load_registry([path])


def test_one_file_by_two_spellings_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, MINE)
    (tmp_path / "link.py").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    registry = load_registry([Path("mine.py"), path, tmp_path / "." / "mine.py", Path("link.py")])
    assert not registry.broken
    assert registry.find("encoder", "mine").origin == "file mine.py"


def test_a_string_that_leads_nowhere_is_listed_as_unavailable(tmp_path: Path) -> None:
    names = (
        "{'away': 'no_such_top.part:Away', 'typo': 'sklearn.clustr:Birch', 'there': 'sklearn.cluster:Birch'}"
    )
    registry = load_registry([write(tmp_path, f"@hookimpl\ndef clusterers():\n    return {names}\n")])
    reasons = {
        name: unavailable_reason(registry.find("clusterer", name)) for name in ("away", "typo", "there")
    }
    assert reasons == {
        "away": "needs no_such_top: pip install no_such_top",
        "typo": "has no module 'sklearn.clustr': correct the hook that names 'sklearn.clustr:Birch'",
        "there": None,
    }
    with pytest.raises(Unavailable, match=r"^Clusterer 'typo' has no module 'sklearn\.clustr'"):
        load_plugin(registry.find("clusterer", "typo"))


def test_an_import_path_is_a_plugin(site: Path) -> None:
    (site / "my_part.py").write_text('"""Mine."""\nclass Outer:\n    class Mine:\n        pass\n')
    plugin = load_registry().find("encoder", "my_part:Outer.Mine")
    assert (plugin.name, plugin.origin, summary_of(plugin)) == ("my_part:Outer.Mine", "import path", "Mine.")
    assert "my_part" not in sys.modules
    assert load_plugin(plugin).__name__ == "Mine"
    birch = load_registry().find("clusterer", "sklearn.cluster:Birch")
    assert load_plugin(birch).__name__ == "Birch"
    assert len(code_closure(birch).files) == 1


def test_unknown_names_suggest_the_nearest() -> None:
    registry = load_registry()
    for kind, wrong, right in [
        ("clusterer", "kmean", "Did you mean 'kmeans'"),
        ("encoder", "pac", "Did you mean 'pca'"),
        ("metric", "v_measure", "Did you mean 'v-measure'"),
        ("dataset", "fashion_mnist", "Did you mean 'fashion-mnist'"),
        ("encoder", "kmeans", r"Unknown encoder 'kmeans'\. 'harness plugins' lists"),
        ("clusterer", "sklearn.cluster:Brch", "has no 'Brch'. Did you mean 'Birch'"),
        ("clusterer", "sklearn.clusterr:Birch", "no module 'sklearn.clusterr'"),
        ("clusterer", "sklearn.cluster:", "has no ''"),
        ("clusterer", "no_such.thing:X", "no module 'no_such.thing'"),
    ]:
        with pytest.raises(UnknownName, match=right) as caught:
            load_plugin(registry.find(kind, wrong))  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)


HOOK = "@hookimpl\ndef encoders():\n    "
BROKEN = {
    "import error": ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
    "syntax error": ("def (:\n", "SyntaxError: invalid syntax"),
    "exit": ("raise SystemExit('bye')\n", "SystemExit: bye"),
    "several lines": ("raise ValueError('one\\ntwo')\n", "ValueError: one"),
    "no text": ("raise ValueError\n", "^ValueError$"),
    "hook raises": (HOOK + "raise RuntimeError('no')\n", "RuntimeError: no"),
    "hook exits": (HOOK + "raise SystemExit(3)\n", "SystemExit: 3"),
    "wrong return": (HOOK + "return ['a']\n", r"encoders\(\) must return a mapping.* got list"),
    "unknown hook": (
        "@hookimpl\ndef encodrs():\n    return {}\n",
        "unknown hook 'encodrs'. Did you mean 'encoders'",
    ),
    "far hook": ("@hookimpl\ndef zzz():\n    return {}\n", "unknown hook 'zzz'. Hooks: encoders, clusterers"),
    "wrong signature": (
        "@hookimpl\ndef encoders(x):\n    return {}\n",
        r"encoders\(x\); Argument\(s\) {'x'}",
    ),
    "plus in a name": (HOOK + "return {'a+b': dict}\n", "plain word .* got 'a\\+b'"),
    "bracket in a name": (HOOK + "return {'a(b)': dict}\n", "plain word"),
    "colon in a name": (HOOK + "return {'a:b': dict}\n", "plain word"),
    "comma in a name": (HOOK + "return {'a,b': dict}\n", "plain word"),
    "bar in a name": (HOOK + "return {'a|b': dict}\n", "plain word"),
    "line in a name": (HOOK + "return {'a\\nb': dict}\n", "plain word"),
    "empty name": (HOOK + "return {'': dict}\n", "plain word .* got ''"),
    "number as name": (HOOK + "return {3: dict}\n", "plain word .* got 3"),
    "half a target": (HOOK + "return {'a': 'module'}\n", "'module:attribute', got 'module'"),
    "no module": (HOOK + "return {'a': ':x'}\n", "'module:attribute', got ':x'"),
    "not a class": (HOOK + "return {'a': 3}\n", "must be a class, a function or a string, got 3"),
    "local": (HOOK + "class L: pass\n    return {'a': L}\n", "top of a module"),
    "one bad of two": (HOOK + "return {'fine': dict, 'a': 3}\n", "must be a class"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_listed_and_harms_no_other(kind: str, tmp_path: Path) -> None:
    text, reason = BROKEN[kind]
    good = write(tmp_path, MINE.replace("'mine'", "'good'"), "good.py")
    before = load_registry()
    registry = load_registry([write(tmp_path, text), good])
    (broken,) = registry.broken
    assert (broken.name, broken.origin) == ("plugin", f"file {tmp_path / 'mine.py'}")
    assert re.search(reason, broken.error)
    assert "\n" not in broken.error
    assert registry.names("encoder") == [*before.names("encoder"), "good"]
    assert all(registry.names(each) == before.names(each) for each in KINDS[1:])
    assert load_plugin(registry.find("encoder", "good")).__name__ == "Mine"


def test_a_broken_installed_plugin_harms_no_other(site: Path) -> None:
    (site / "bad_pack.py").write_text("import sys\nsys.exit(3)\n")
    write(site, MINE, "good_pack.py")
    distribution(site, "bad", "a = bad_pack")
    distribution(site, "good", "b = good_pack")
    registry = load_registry()
    assert registry.broken == [Broken("plugin", "bad 2.5", "SystemExit: 3")]
    assert {"mine", "pca"} <= set(registry.names("encoder"))


def test_two_plugins_of_one_name_may_neither_be_used(site: Path) -> None:
    write(site, "@hookimpl\ndef encoders():\n    return {'pca': 'a:B', 'first': 'a:B'}\n", "dup_pack.py")
    distribution(site, "dup", "a = dup_pack")
    path = write(site, "@hookimpl\ndef encoders():\n    return {'first': 'a:B', 'last': 'a:B'}\n")
    registry = load_registry([path])
    assert [each.name for each in registry.broken] == ["encoder pca", "encoder first"]
    for name, origins in [("pca", "built-in and dup 2.5"), ("first", f"dup 2.5 and file {path}")]:
        with pytest.raises(HarnessError, match=f"Cannot use encoder '{name}': .*{origins}. Remove one"):
            registry.find("encoder", name)
        assert name not in registry.names("encoder")
    assert registry.find("encoder", "last")
    assert load_plugin(registry.find("encoder", "identity"))
    assert load_plugin(registry.find("clusterer", "kmeans"))


def test_a_third_of_the_name_is_not_used_either() -> None:
    registry = Registry()
    for origin in "abc":
        registry.add(Plugin("metric", "x", "m:f", origin))
    assert not registry.plugins
    with pytest.raises(HarnessError, match="from a and b"):
        registry.find("metric", "x")
    registry.add(Plugin("encoder", "x", "m:f", "d"))
    assert registry.find("encoder", "x").origin == "d", "names are by kind"


def test_what_needs_a_missing_package_says_how_to_get_it(site: Path) -> None:
    (site / "framed.py").write_text(
        "import json, no_such_b\nfrom no_such_a.nn import Module\n"
        "try:\n    import no_such_c\nexcept ImportError:\n    pass\nclass Framed(Module): pass\n"
    )
    plugin = load_registry().find("encoder", "framed:Framed")
    assert missing_packages(plugin) == ["no_such_a", "no_such_b"]
    assert unavailable_reason(plugin) == "needs no_such_a, no_such_b: pip install no_such_a no_such_b"
    with pytest.raises(
        Unavailable, match=r"Encoder 'framed:Framed' needs .*: pip install no_such_a no_such_b"
    ):
        load_plugin(plugin)
    for name in ("no_such_a", "no_such_b"):
        (site / name).mkdir()
        (site / name / "__init__.py").write_text("")
    (site / "no_such_a/nn.py").write_text("class Module: pass\n")
    importlib.invalidate_caches()
    assert load_plugin(plugin).__name__ == "Framed", "installing it is all that was needed"


def test_a_plugin_that_fails_while_it_follows_a_run_is_reported(tmp_path: Path) -> None:
    text = "seen = []\n@hookimpl\ndef run_started(plan):\n    seen.append(plan)\n    raise ValueError('oh')\n"
    path = write(tmp_path, text)
    registry = load_registry([path])
    assert registry.tell("run_started", plan=7) == [f"file {path} failed in run_started: ValueError: oh"]
    assert sys.modules["harness_file_mine"].seen == [7]
    assert registry.tell("run_finished", board=None) == []


@pytest.mark.parametrize("order", [sorted, lambda names: sorted(names, reverse=True)])
def test_plugins_come_in_one_order(site: Path, order: Callable[[list[str]], list[str]]) -> None:
    for name in order(["b_pack", "a_pack"]):
        write(site, f"@hookimpl\ndef encoders(): return {{'{name}': 'm:C'}}\n", f"{name}.py")
        distribution(site, f"dist_{name}", f"{name} = {name}")
    assert load_registry().names("encoder")[-2:] == ["a_pack", "b_pack"]


def test_what_an_installed_plugin_borrows_is_told_by_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library is not searched for what it may import one day, whoever names its class."""
    site = tmp_path / "site-packages"
    (site / "lends").mkdir(parents=True)
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    hooks = (
        "@hookimpl\ndef encoders():\n"
        "    return {'p': 'sklearn.decomposition:PCA', 'own': 'lends.own:Own', 'side': 'lends_more:More'}\n"
    )
    write(site / "lends", hooks, "__init__.py")
    (site / "lends/own.py").write_text("from .more import more\nclass Own: pass\n")
    (site / "lends/more.py").write_text("def more(): pass\n")
    (site / "lends_more.py").write_text("class More: pass\n")
    info = distribution(site, "lender", "a = lends")
    (info / "top_level.txt").write_text("lends\nlends_more\n")
    distributions.bringers.cache_clear()
    registry = load_registry()
    plugins = {name: registry.find("encoder", name) for name in ("p", "own", "side")}
    assert {name: unavailable_reason(each) for name, each in plugins.items()} == dict.fromkeys(plugins)
    told = {name: (len(code_closure(each).files), borrowed(each)) for name, each in plugins.items()}
    assert told == {"p": (1, True), "own": (2, False), "side": (1, False)}
    by_path = identity(registry.find("encoder", "sklearn.decomposition:PCA"))
    assert identity(plugins["p"]) == by_path
    distributions.bringers.cache_clear()
