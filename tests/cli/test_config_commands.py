"""A call that is kept in a file: what it runs, which option wins, and that what is saved is read back."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from harness.cli.bench_config import as_table, registry_of, write_config
from harness.cli.bench_options import Call
from harness.cli.commands import bench
from harness.core.interfaces import Dataset
from harness.planning.planner import make_plan

Run = Callable[..., tuple[int, str, str]]
FILE = """
seeds = 2
metrics = ["ari"]
encoders = [
  "identity",
  {name = "pca", alias = "pca-{n_components}", params = {n_components = [2, 3]}},
]
clusterers = [{name = "kmeans", alias = "lloyd"}, "mine"]
out = "boards"

[plugins.clusterers]
mine = "parts.py:Parts"

[plugins.metrics]
share = "parts.py:share"

[plugins.encoders]
scaled = "sklearn.preprocessing:StandardScaler"

[plugins.datasets]
tiny = "parts.py:tiny"
"""
PARTS = '''"""A clusterer, a metric and a dataset, without hooks."""
import numpy as np
from harness import Dataset

class Parts:
    def __init__(self, n_clusters=2): self.n_clusters = n_clusters
    def fit(self, X):
        self.labels_ = np.arange(len(X)) * self.n_clusters // len(X)
        return self

def share(truth, labels, embedding): return np.bincount(labels).max() / len(labels)

def tiny():
    X = np.random.default_rng(0).random((40, 4), dtype=np.float32)
    return Dataset("tiny", X, (X[:, 0] * 2).astype(np.int64))
'''


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command_line: Callable[..., tuple[int, str, str]],
    one_process: None,
) -> Run:
    """Call the command line in a folder with these files; return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    Path("bench.toml").write_text(FILE)
    Path("parts.py").write_text(PARTS)

    return lambda line: command_line(*shlex.split(line))


def test_a_benchmark_runs_from_a_file_and_the_command_line_wins(run: Run) -> None:
    code, output, errors = run("bench --config bench.toml -d tiny")
    assert code == 0, errors
    assert all(name in output for name in ("pca-2", "pca-3", "lloyd", "mine", "identity"))
    assert "nmi" not in output
    assert "pca-2: pca(n_components=2)" in Path("boards/tiny.full.md").read_text()
    more = "-d tiny -e scaled+pca -c mine -c kmeans -m share --out other --seeds 1"
    code, output, errors = run(f"bench --config bench.toml {more}")
    assert code == 0, errors
    assert "scaled+pca" in output
    assert "pca-2" not in output
    assert "pca-2" in Path("other/tiny.full.md").read_text(), "the whole board"
    assert "Computed 1 encode" not in errors


def test_the_environment_wins_over_the_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bench.toml").write_text(
        "store = 'a'\nencoders = ['identity']\nclusterers = ['kmeans']\nseeds = 1\n"
    )
    run("bench --config bench.toml --dry-run")
    monkeypatch.setenv("HARNESS_STORE", "b")
    run("bench --config bench.toml --dry-run")
    run("bench --config bench.toml --dry-run --store c")
    assert [path.name for path in sorted(Path().iterdir()) if path.is_dir()] == ["a", "b", "c"]


def test_dry_run_shows_the_grid(run: Run) -> None:
    code, output, _ = run("bench --config bench.toml -d tiny --dry-run")
    assert code == 0
    assert "bench.toml:6: encoders[1]: 2 entries: pca-2=pca(n_components=2), pca-3=pca(n_comp" in output
    lines = [line.split("  ") for line in output.splitlines()]
    cells = [[word.strip() for word in line if word] for line in lines]
    assert ["pca-2 = pca(n_components=2)", "lloyd = kmeans", "2 given", "2"] in cells
    assert ["identity", "mine", "2 given", "1"] in cells
    assert "tiny, full: 9 runs" in output
    assert not Path("boards").exists()


WRONG: list[tuple[tuple[str, str], list[str]]] = [
    (
        ('  "identity"', '  "idntity"'),
        [":5: encoders[0]: Unknown encoder 'idntity'. Did you mean 'ident"],
    ),
    (
        ("n_components =", "n_compnents ="),
        [":6: encoders[1]: alias 'pca-{n_components}': unknown parameter 'n_components'. Par"],
    ),
    (
        ('"identity",', '"identty", {name="pca", params={whitn=true}},'),
        [
            ":5: encoders[0]: Unknown encoder 'identty'.",
            ":5: encoders[1]: Encoder 'pca' has no parameter 'whitn'. Did you mean 'whiten'",
        ],
    ),
    (('alias = "lloyd"', 'alias = "g|m"'), [":8: clusterers[0].alias: 'g|m' must not contain"]),
    (('["ari"]', '["arri"]'), [":3: metrics[0]: Unknown metric 'arri'. Did you mean 'ari'"]),
    (("share =", "ari ="), [":15: plugins.metrics.ari: a metric of this name already exists, from built"]),
    (('mine = "parts', 'mine = "part'), [":12: plugins.clusterers.mine: no plugin file 'part.py'"]),
    (("seeds", "seds"), [":2: seds: unknown key 'seds' here. Did you mean 'seeds'?"]),
    (
        ("[plugins.clusterers]", "[plugins]\nfiles = ['none.py']\n[plugins.clusterers]"),
        [":12: plugins.files[0]: no file 'none.py'. Give the path of a Python file."],
    ),
    (
        ('alias = "lloyd"}, "mine"', 'alias = "lloyd"}, "lloyd=gmm"'),
        [":8: clusterers[1]: 'lloyd' is also the name of clusterers[0]."],
    ),
    (
        ('clusterers = [{name = "kmeans", alias = "lloyd"}, "mine"]', ""),
        [": clusterers: name at least one here or with -c, or use all with all = true."],
    ),
    ((FILE, ""), [": encoders: name at least one", ": clusterers: name at least one"]),
    (
        ('clusterers = [{name = "kmeans", alias = "lloyd"}, "mine"]', "clusterers = []"),
        [":8: clusterers: name at least one here or with -c, or use all with all = true."],
    ),
    (
        ('  "identity",', "".join(f"  'x{number}',\n" for number in range(300))),
        [f":{5 + number}: encoders[{number}]: Unknown encoder 'x{number}'." for number in range(20)]
        + [": and 280 more."],
    ),
    (("seeds = 2", 'datasets = ["digit"]'), [":2: datasets[0]: Unknown dataset 'digit'"]),
]


@pytest.mark.parametrize(("change", "reasons"), WRONG)
def test_wrong_files_end_in_a_line_for_each_fault(
    change: tuple[str, str], reasons: list[str], run: Run
) -> None:
    assert change[0] in FILE
    Path("bench.toml").write_text(FILE.replace(*change))
    code, output, errors = run("bench --config bench.toml")
    assert (code, output) == (2, "")
    lines = errors.splitlines()
    assert len(lines) == len(reasons)
    for line, reason in zip(lines, reasons, strict=True):
        assert line.startswith(f"Error: bench.toml{reason}")


def test_an_error_of_the_command_line_does_not_blame_the_file(run: Run) -> None:
    code, _, errors = run("bench --config bench.toml -e pcaa")
    assert code == 2
    assert errors.startswith("Error: Unknown encoder 'pcaa'.")


def parsed(arguments: list[str]) -> Call:
    context = bench.command.make_context("bench", list(arguments))
    return Call(**context.params)


SPECS = some.sampled_from(
    [
        *("identity", "pca", "pca(n_components=2)", 'pca(n_components=3)+"x"', "a b = pca(whiten=True)"),
        *("pca+identity", "x=pca(2)", "sklearn.decomposition:PCA", "é=identity", "identity()", "a\\b", "'"),
    ]
)
PATHS = some.text("ab/.()=\"'\\\n é", min_size=1)
TIMES = some.one_of(some.sampled_from(["60", "encode=3,score=1e-3"]), some.floats(1e-9, 1e9).map(repr))
NUMBERS = some.integers(1, 99).map(str)
MANY: dict[str, Any] = {
    **dict.fromkeys(["--encoder", "--clusterer", "--metric"], SPECS),
    "--dataset": PATHS,
    "--protocol": some.sampled_from(["full", "test", "train-test"]),
    "--retry": some.sampled_from(["failed", "timeout,crashed"]),
    "--plugin": some.sampled_from(["a.py", "b/c.py"]),
}
ONCE: dict[str, Any] = {
    **dict.fromkeys(["-k", "--jobs", "--threads"], NUMBERS),
    "--device": some.sampled_from(["auto", "cpu"]),
    "--memory": some.sampled_from(["4G", "0.3G", "1.7 KiB", "500m"]),
    "--timeout": TIMES,
    "--store": some.sampled_from([".harness", "s"]),
    "--out": some.sampled_from(["leaderboard", "o o"]),
    "--arrays": some.just("file:///a"),
    "--dask": some.just("local"),
    "--events": some.just("e.jsonl"),
}


def words(options: dict[str, Any]) -> some.SearchStrategy[tuple[str, str]]:
    return some.one_of(*(some.tuples(some.just(name), value) for name, value in options.items()))


SEEDS = some.one_of(
    some.just(()),
    some.tuples(some.just("--seeds"), NUMBERS),
    some.tuples(some.just("--encoder-seeds"), NUMBERS, some.just("--clusterer-seeds"), NUMBERS),
)
LINES = some.builds(
    lambda seeds, many, once, flags: [*seeds, *(word for pair in [*many, *once] for word in pair), *flags],
    SEEDS,
    some.lists(words(MANY), max_size=8),
    some.lists(words(ONCE), max_size=5, unique_by=lambda pair: pair[0]),
    some.lists(some.sampled_from(["--all", "--soft", "--no-soft"]), max_size=2, unique=True),
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(line=LINES)
@example(line=[])
def test_what_is_saved_is_read_back(line: list[str], tmp_path: Path) -> None:
    path = tmp_path / "saved.toml"
    path.unlink(missing_ok=True)
    call = parsed(line)
    write_config(call, path)
    again = parsed(["--config", str(path)])
    assert again.plugin_files == call.plugin_files
    assert as_table(again) == as_table(call)
    assert replace(again, config=None, plugins=call.plugins) == call


@pytest.mark.parametrize(
    "line",
    [
        "-e pca -c kmeans -m ari --seeds 2",
        "-e 'a=pca(n_components=2, whiten=True)+identity' -e identity -c 'gmm(covariance_type=diag)' -k 4",
        "--all --soft --no-soft",
        "-e pca -c kmeans -m ari --settings oracle",
        "-e sklearn.preprocessing:StandardScaler -c 'kmeans-elbow(k_values=[2, 3])' -m 'nmi(average=min)'",
        "-e 'pca((2))' -c 'b = kmeans(init=random)' -c kmeans --seeds 1",
        "-e identity --all -m ari",
        "-e sklearn.decomposition:PCA -c kmeans --encoder-seeds 2 --clusterer-seeds 3",
    ],
)
def test_what_is_saved_gives_the_same_plan(line: str, run: Run, toy: Dataset) -> None:
    code, _, errors = run(f"bench {line} --write-config saved.toml")
    assert code == 0, errors
    assert errors.splitlines()[-1].startswith("Wrote saved.toml; nothing was computed. Run it with: harness")
    assert not Path(".harness").exists()
    plans = []
    for call in (parsed(shlex.split(line)), parsed(["--config", "saved.toml"])):
        registry = registry_of(call)
        plans.append(make_plan(toy, "full", call.filled(registry), registry))
    assert [*plans[0].stages] == [*plans[1].stages]
    assert plans[0].cells == plans[1].cells


def test_a_file_saved_from_a_file_keeps_its_plugins(run: Run) -> None:
    assert run("bench --config bench.toml -d tiny -m share --write-config new.toml")[0] == 0
    text = Path("new.toml").read_text()
    assert 'mine = "parts.py:Parts"' in text
    first, second = (
        run(f"bench --config {name} -d tiny -m share")[1:] for name in ("bench.toml", "new.toml")
    )
    assert first[0] == second[0]
    assert "Computed 0 encode, 0 cluster, 0 score" in second[1]


def test_nothing_is_overwritten_and_a_wrong_call_is_not_saved(run: Run) -> None:
    code, _, errors = run("bench -e pca -c kmeans --write-config bench.toml")
    assert (code, "File exists" in errors, Path("bench.toml").read_text()) == (2, True, FILE)
    assert run("bench -e pcaa -c kmeans --write-config new.toml")[0] == 2
    assert not Path("new.toml").exists()


def test_named_plugins_have_the_keys_of_import_paths_and_files(run: Run, toy: Dataset) -> None:
    hooks = "from harness import hookimpl\n@hookimpl\ndef clusterers(): return {'m': Parts}\n"
    Path("hooks.py").write_text(PARTS + hooks)
    Path("c.toml").write_text(
        "encoders = ['identity', 'scaled']\nclusterers = ['mine']\n"
        "[plugins.clusterers]\nmine = 'hooks.py:Parts'\n"
        "[plugins.encoders]\nscaled = 'sklearn.preprocessing:StandardScaler'\n"
    )
    named = parsed(["--config", "c.toml"])
    paths = parsed(shlex.split("-e identity -e sklearn.preprocessing:StandardScaler -c m --plugin hooks.py"))
    plans = []
    for call in (named, paths):
        registry = registry_of(call)
        plans.append(make_plan(toy, "full", call.filled(registry), registry))
    assert [*plans[0].stages] == [*plans[1].stages]
