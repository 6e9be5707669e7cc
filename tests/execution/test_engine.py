"""What is computed, what is reused, and that one bad cell harms no other: on real stores and plugin files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from pooled import Pooled

from harness import Dataset
from harness.core.cell import CellRecord
from harness.core.errors import BadParameter, StoreError
from harness.core.events import Outcome, Progress
from harness.core.plan import Plan
from harness.core.record import Record
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import Registry, load_registry
from harness.store.store import Store

PLUGINS = '''"""Plugins that note each fit in a file."""
from pathlib import Path
import numpy as np
from harness import NotApplicable, hookimpl, metric

LOG = Path(__file__).with_name("fits.txt")
def note(what):
    with LOG.open("a") as file: file.write(what + "\\n")

class Noisy:
    def __init__(self, random_state=None, scale=0.01): self.random_state, self.scale = random_state, scale
    def fit(self, X, y=None):
        assert y is None
        note("encode")
        self.noise_ = np.random.default_rng(self.random_state).normal(size=X.shape[1]) * self.scale
        return self
    def transform(self, X): return X + self.noise_
class Fixed:
    def fit(self, X): note("encode"); return self
    def transform(self, X): return X[:, :2] * 2
class Cut:
    def __init__(self, n_clusters=2, random_state=None):
        self.n_clusters, self.random_state = n_clusters, random_state
    def fit(self, X):
        note("cluster"); self.edges_ = np.quantile(X[:, 0], np.linspace(0, 1, self.n_clusters + 1)[1:-1])
        self.labels_ = self.predict(X); return self
    def predict(self, X): return np.searchsorted(self.edges_, X[:, 0])
class Halves:
    def fit(self, X): note("cluster"); self.labels_ = (X[:, 0] > X[:, 0].mean()).astype(int)

class Base:
    def fit(self, X): self.labels_ = self.make(X)
class Raises(Base):
    def make(self, X): raise RuntimeError("it broke\\nbadly")
class Exits(Base):
    def make(self, X): raise SystemExit(3)
class Nan(Base):
    def make(self, X): return np.full(len(X), np.nan)
class Float(Base):
    def make(self, X): return np.zeros(len(X))
class Below(Base):
    def make(self, X): return np.full(len(X), -2)
class Short(Base):
    def make(self, X): return np.zeros(len(X) - 1, int)
class Objects(Base):
    def make(self, X): return np.array(["a"] * len(X), object)
class Writes(Base):
    def make(self, X): X[:] = 0; return np.zeros(len(X), int)
class Memory(Base):
    def make(self, X): raise MemoryError("too much")
class NotHere(Base):
    def make(self, X): raise NotApplicable("needs images")
class Missing(Base):
    def make(self, X): import no_such_package
class Flat:
    def fit(self, X): return self
    def transform(self, X): return X[:, 0]
class Infinite:
    def fit(self, X): return self
    def transform(self, X): return X / 0

@metric(direction="higher", low=0, high=1, needs=(), source="test")
def share(truth, labels, embedding):
    assert truth is None and embedding is None
    note("score"); return float((labels == 0).mean())
@metric(direction="higher", low=0, high=1, needs=(), source="test")
def nothing(truth, labels, embedding): return float("nan")

@hookimpl
def encoders(): return {"noisy": Noisy, "fixed": Fixed, "flat": Flat, "infinite": Infinite}
@hookimpl
def clusterers():
    bad = (Raises, Exits, Nan, Float, Below, Short, Objects, Writes, Memory, NotHere, Missing)
    return {"cut": Cut, "halves": Halves, **{each.__name__.lower(): each for each in bad}}
@hookimpl
def metrics(): return {"share": share, "nothing": nothing}
'''


@pytest.fixture
def data() -> Dataset:
    rng = np.random.default_rng(0)
    samples = rng.random((60, 4), dtype=np.float32)
    return Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)


class Bench:
    """A plugin file, a registry with it, a store, and a count of fits."""

    def __init__(self, folder: Path, data: Dataset) -> None:
        self.data = data
        self.log = folder / "fits.txt"
        (folder / "counting.py").write_text(PLUGINS)
        self.registry: Registry = load_registry([folder / "counting.py"])
        assert not self.registry.broken
        self.store = Store(folder / "store")

    def plan(self, encoders: str, clusterers: str, metrics: str = "share", **options: object) -> Plan:
        protocol = str(options.pop("protocol", "full"))
        request = Request(encoders.split(), clusterers.split(), metrics.split(), **options)  # type: ignore[arg-type]
        return make_plan(self.data, protocol, request, self.registry)

    def run(
        self, *args: str, listen: Callable[[Progress], None] = lambda _: None, **options: object
    ) -> Outcome:
        retry = options.pop("retry", ())
        return run(self.plan(*args, **options), self.store, listen=listen, retry=retry)  # type: ignore[arg-type]

    def fits(self) -> dict[str, int]:
        """Return how often each kind was fitted since the last call."""
        lines = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return {kind: lines.count(kind) for kind in ("encode", "cluster", "score")}


@pytest.fixture
def bench(tmp_path: Path, data: Dataset) -> Bench:
    return Bench(tmp_path, data)


def test_cold_grid_fits_each_stage_once(bench: Bench) -> None:
    bench.run("noisy noisy(scale=0.1)", "cut cut(n_clusters=5)", seeds=3)
    assert bench.fits() == {"encode": 2 * 3, "cluster": 2 * 2 * 3, "score": 2 * 2 * 3}


def test_deterministic_encoder_is_fitted_once(bench: Bench) -> None:
    bench.run("fixed", "cut halves", seeds=3)
    assert bench.fits() == {"encode": 1, "cluster": 3 + 1, "score": 2}, "the three cuts have equal labels"


def test_one_framework_is_loaded_by_one_process_while_there_is_other_work(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "harness.execution.runner.frameworks"
    monkeypatch.setattr(module, lambda plugin: "torch" if plugin.name == "noisy" else "")
    busy: list[list[str]] = []
    running: list[str] = []
    two = Event()

    def at_a_time(function: Callable[..., Any], task: Any) -> Any:
        two.wait(60)
        return function(task)

    class Watched(Pooled):
        def submit(self, function: Callable[..., Any], task: Any, /) -> Any:
            running.append(task.plugin.name)
            busy.append([*running])
            if len(busy) == 2:
                two.set()
            future = super().submit(partial(at_a_time, function), task)
            future.add_done_callback(lambda _: running.remove(task.plugin.name))
            return future

    with Watched(ThreadPoolExecutor(2)) as executor:
        executor.slots = 2
        run(bench.plan("noisy noisy(scale=2) fixed", "cut", seeds=1), bench.store, executor=executor)
        assert busy[1] == ["noisy", "fixed"]
        busy.clear()
        two.clear()
        run(bench.plan("noisy(scale=3)", "cut", seeds=4), bench.store, executor=executor)
        assert busy[1] == ["noisy", "noisy"], "none waits for nothing"


def test_fits_of_wide_embeddings_are_not_left_to_the_end(bench: Bench) -> None:
    ended: list[str] = []
    plan = bench.plan("noisy fixed", "halves cut cut(n_clusters=4) cut(n_clusters=5)", seeds=1)
    with Pooled(ThreadPoolExecutor(1)) as executor:
        executor.slots = 2  # it takes two stages at a time, and computes one
        run(plan, bench.store, executor=executor, listen=lambda progress: ended.append(progress.stage.label))
    narrow, wide = (
        [n for n, label in enumerate(ended) if label.startswith(f"cluster {name}")]
        for name in ("fixed", "noisy")
    )
    assert len(narrow) == len(wide) == 4
    assert wide[-1] < narrow[-1]
    assert wide[-1] < narrow[1], "what was not started yet waits"


def test_a_whole_board_of_one_seed_stands_before_the_next_seed_is_begun(bench: Bench) -> None:
    seeds: list[int] = []
    plan = bench.plan("noisy fixed", "cut halves cut(n_clusters=4)", seeds=4)

    def listen(cell: CellRecord, records: Mapping[str, Record]) -> None:
        seeds.append(max(seed or 0 for seed in cell.seeds))

    run(plan, bench.store, listen_cell=listen)
    assert seeds == sorted(seeds)
    assert seeds.count(0) == 6


def test_warm_grid_computes_nothing(bench: Bench) -> None:
    bench.run("noisy fixed", "cut halves", seeds=2)
    bench.fits()
    outcome = bench.run("noisy fixed", "cut halves", seeds=2)
    assert bench.fits() == {"encode": 0, "cluster": 0, "score": 0}
    assert not outcome.computed


def test_new_metric_and_new_clusterer_compute_only_their_own(bench: Bench) -> None:
    bench.run("noisy", "cut", "accuracy", seeds=2)
    bench.fits()
    bench.run("noisy", "cut", "accuracy share", seeds=2)
    assert bench.fits() == {"encode": 0, "cluster": 0, "score": 2}
    bench.run("noisy", "cut halves", "accuracy share", seeds=2)
    assert bench.fits() == {"encode": 0, "cluster": 2, "score": 2}
    bench.run("noisy", "cut halves", "share", seeds=3)
    assert bench.fits() == {"encode": 1, "cluster": 2, "score": 2}


def test_protocols_share_fits_on_the_same_rows(bench: Bench) -> None:
    bench.run("noisy", "cut", seeds=1, protocol="train")
    bench.run("noisy", "cut", seeds=1, protocol="train-test")
    assert bench.fits() == {"encode": 1, "cluster": 1, "score": 2}


def test_chain_shares_its_first_step(bench: Bench) -> None:
    bench.run("noisy noisy+fixed", "halves", seeds=1)
    assert bench.fits()["encode"] == 2


def test_interrupted_run_goes_on(bench: Bench) -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.run("noisy", "cut", seeds=3, listen=stop)
    done = bench.fits()
    bench.run("noisy", "cut", seeds=3)
    rest = bench.fits()
    assert {kind: done[kind] + rest[kind] for kind in done} == {"encode": 3, "cluster": 3, "score": 3}
    assert rest["encode"] < 3


def test_identity_is_not_stored_again(bench: Bench) -> None:
    outcome = bench.run("identity", "halves", "silhouette", seeds=1, protocol="train")
    encoded = next(record for record in outcome.records.values() if record.kind == "encode")
    assert set(encoded.arrays.values()) == {"=input"}
    assert all(record.ok for record in outcome.records.values())


BAD = {
    "raises": ("failed", "RuntimeError: it broke badly"),
    "exits": ("failed", "SystemExit: 3"),
    "nan": ("failed", "integers, got dtype float64"),
    "float": ("failed", "integers, got dtype float64"),
    "below": ("failed", "from 0, got -2"),
    "short": ("failed", r"shape (60,), got (59,)"),
    "objects": ("failed", "integers, got dtype object"),
    "writes": ("failed", "read-only"),
    "memory": ("out-of-memory", "too much"),
    "nothere": ("not-applicable", "needs images"),
    "missing": ("unavailable", "no_such_package"),
}


def test_bad_clusterers_harm_only_their_own_cells(bench: Bench) -> None:
    bench.run("identity", " ".join(["cut", *BAD]), seeds=2)
    rows = {row.clusterer: row for row in load_board(bench.store, "toy.full").rows}
    assert rows["cut"].complete
    assert rows["cut"].scores["share"].n == 2
    for name, (status, reason) in BAD.items():
        assert dict(rows[name].statuses) == {status: 1}, name
        assert len(rows[name].notes) == 1
        assert reason in rows[name].notes[0]
        assert "\n" not in rows[name].notes[0]
        assert not rows[name].scores


@pytest.mark.parametrize(("name", "reason"), [("flat", "shape (60, k)"), ("infinite", "finite")])
def test_bad_encoders_fail(bench: Bench, name: str, reason: str) -> None:
    bench.run(f"{name} identity", "cut", seeds=1)
    rows = {row.encoder: row for row in load_board(bench.store, "toy.full").rows}
    assert rows["identity"].complete
    assert dict(rows[name].statuses) == {"failed": 1}
    assert reason in rows[name].notes[0]


def test_failures_are_remembered_until_asked_for(bench: Bench) -> None:
    assert bench.run("identity", "raises", seeds=1).computed["cluster"] == 1
    assert bench.run("identity", "raises", seeds=1).computed["cluster"] == 0
    assert bench.run("identity", "raises", seeds=1, retry=("failed",)).computed["cluster"] == 1
    assert bench.run("identity", "missing", seeds=1).computed["cluster"] == 1
    assert bench.run("identity", "missing", seeds=1).computed["cluster"] == 1, "may be installed by now"


def test_score_without_value_is_not_applicable(bench: Bench) -> None:
    outcome = bench.run("identity", "cut", "nothing share", seeds=1)
    statuses = {
        record.facts["code"]["plugin"].rpartition(":")[2]: record.status
        for record in outcome.records.values()
    }
    assert statuses["nothing"] == "not-applicable"
    assert statuses["share"] == "ok"


def test_clusterer_without_predict_has_no_train_test_cell(bench: Bench) -> None:
    bench.run("identity", "halves cut", seeds=1, protocol="train-test")
    rows = {row.clusterer: row for row in load_board(bench.store, "toy.train-test").rows}
    assert dict(rows["halves"].statuses) == {"not-applicable": 1}
    assert "--protocol full" in rows["halves"].notes[0]
    assert rows["cut"].complete


def test_damaged_array_is_dropped_and_computed_again(bench: Bench) -> None:
    outcome = bench.run("fixed", "halves", seeds=1)
    bench.fits()
    labels = next(record.arrays["fitted"] for record in outcome.records.values() if record.kind == "cluster")
    path = bench.store.folder / "arrays" / labels[:2] / f"{labels}.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    store = Store(bench.store.folder)
    with pytest.raises(StoreError, match="damaged"):
        run(bench.plan("fixed", "halves", "share silhouette", seeds=1), store)
    run(bench.plan("fixed", "halves", "share silhouette", seeds=1), Store(bench.store.folder))
    assert bench.fits()["cluster"] == 1


def test_soft_assignments_on_request(bench: Bench) -> None:
    plain = bench.run("identity", "gmm", seeds=1)
    assert not any("soft" in name for record in plain.records.values() for name in record.arrays)
    soft = bench.run("identity", "gmm", seeds=1, soft=True)
    assert soft.computed["cluster"] == 1
    record = next(record for record in soft.records.values() if record.kind == "cluster")
    assert bench.store.arrays.get(record.arrays["fitted_soft"]).shape == (60, 3)
    assert bench.run("identity", "gmm", seeds=1, soft=True).computed["cluster"] == 0


def test_labels_change_no_fit(bench: Bench) -> None:
    bench.run("noisy", "cut", "accuracy", seeds=1)
    bench.fits()
    swapped = bench.data.truth
    assert swapped is not None
    bench.data = Dataset("toy", bench.data.samples, (swapped + 1) % 3, n_train=40)
    outcome = bench.run("noisy", "cut", "accuracy share", seeds=1)
    assert bench.fits() == {"encode": 0, "cluster": 0, "score": 1}
    assert outcome.computed["score"] == 2


@pytest.mark.parametrize(("clusterers", "runs"), [("cut", 5), ("cut halves", 6), ("halves", 1)])
def test_five_seeds_by_default(bench: Bench, clusterers: str, runs: int) -> None:
    plan = bench.plan("identity", clusterers)
    assert (plan.seeds, len(plan.cells)) == (5, runs)


def test_swept_plugin_that_cannot_be_made_keeps_a_row(tmp_path: Path, toy: object) -> None:
    path = tmp_path / "needs.py"
    path.write_text(
        "from harness import hookimpl\n"
        "class Needs:\n    def __init__(self, must):\n        raise TypeError('must be given')\n"
        "@hookimpl\ndef encoders():\n    return {'needs': Needs}\n",
    )
    registry = load_registry([path])
    names = (["needs", "identity"], ["kmeans"], ["accuracy"])
    with pytest.raises(BadParameter, match="is required"):
        make_plan(toy, "full", Request(*names), registry)  # type: ignore[arg-type]
    cells = make_plan(toy, "full", Request(*names, swept=["encoder"]), registry).cells  # type: ignore[arg-type]
    assert cells[0].blocked
    assert cells[0].blocked[0] == "failed"
    assert not cells[1].blocked


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor_gives_the_same_scores(
    kind: Callable[..., Executor], bench: Bench, tmp_path: Path
) -> None:
    plan = bench.plan("identity pca(n_components=2)", "kmeans gmm", "accuracy ari", seeds=2)
    inline = run(plan, Store(tmp_path / "inline"))
    options = {"mp_context": get_context("spawn")} if kind is ProcessPoolExecutor else {}
    with Pooled(kind(2, **options), jobs=2) as executor:
        outcome = run(plan, Store(tmp_path / "other"), executor=executor)
    values = {key: record.values for key, record in inline.records.items()}
    assert {key: record.values for key, record in outcome.records.items()} == values


def test_failed_step_of_a_chain_is_told(bench: Bench) -> None:
    bench.run("infinite+identity", "cut", seeds=1)
    (row,) = load_board(bench.store, "toy.full").rows
    assert dict(row.statuses) == {"failed": 1}
    assert "finite" in row.notes[0]


def test_seconds_and_parameters_of_a_chain_are_of_all_its_steps(bench: Bench) -> None:
    outcome = bench.run("noisy(scale=0.5)+fixed", "halves", seeds=1)
    board = load_board(bench.store, "toy.full")
    encodes = [record.seconds for record in outcome.records.values() if record.kind == "encode"]
    assert len(encodes) == 2
    assert board.rows[0].encode_seconds is not None
    assert board.rows[0].encode_seconds.mean == pytest.approx(sum(encodes))
    assert board.parameters["noisy(scale=0.5)"] == "scale=0.5"


def test_metrics_of_earlier_calls_stay_on_the_board(bench: Bench) -> None:
    bench.run("identity", "cut", "accuracy", seeds=2)
    bench.run("identity", "cut", "ari", seeds=2)
    (row,) = load_board(bench.store, "toy.full").rows
    assert set(row.scores) == {"accuracy", "ari"}


def test_scores_follow_labels_that_came_out_otherwise(bench: Bench) -> None:
    plugin = bench.log.with_name("fickle.py")
    plugin.write_text(
        "import numpy as np\nfrom harness import hookimpl\nclass Fickle:\n"
        "    def fit(self, X): self.labels_ = np.random.default_rng().integers(0, 3, len(X))\n"
        "    def predict_proba(self, X): return np.eye(3)[self.labels_]\n"
        "@hookimpl\ndef clusterers(): return {'fickle': Fickle}\n"
    )
    bench.registry = load_registry([plugin])
    bench.run("identity", "fickle", "accuracy", seeds=1)
    again = bench.run("identity", "fickle", "accuracy", seeds=1, soft=True)
    assert again.computed == {"cluster": 1, "score": 1}
