"""Choosers of K share their fits with each other and with the clusterers they choose from; counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans

from harness import Dataset
from harness.core.events import Outcome
from harness.core.plan import Plan
from harness.core.threads import limit_threads
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.leaderboard.k_curves import chosen
from harness.leaderboard.markdown import markdown
from harness.leaderboard.text import clusters
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

CRITERIA = "kmeans-elbow kmeans-silhouette kmeans-calinski-harabasz kmeans-davies-bouldin"

PLUGIN = '''"""A chooser with candidates that can break."""
from pathlib import Path
import numpy as np
from harness import NotApplicable, hookimpl
BROKEN = Path(__file__).with_name("broken.txt")
class Parts:
    def __init__(self, n_clusters=2): self.n_clusters = n_clusters
    def fit(self, X):
        if str(self.n_clusters) in BROKEN.read_text().split(): raise RuntimeError("it broke")
        self.labels_ = np.argsort(np.argsort(X[:, 0])) * self.n_clusters // len(X)
        self.inertia_ = float(self.n_clusters)
class Most:
    def candidates(self, n_samples): return {k: ("parts", {"n_clusters": k}) for k in (2, 3, 4)}
    def choose(self, X, fits):
        assert len(X) == len(fits[0].labels)
        self.selection_ = {"criterion": "most", "k": [f.k for f in fits],
                           "values": [f.values["inertia"] for f in fits], "chosen": fits[-1].k, "edge": True}
        return fits[-1]
class NoneOfThem(Most):
    def choose(self, X, fits): return 4
class Nowhere(Most):
    def candidates(self, n_samples): return {2: ("no-such-thing", {})}
class LooksLikeOne:
    def __init__(self, candidates=5): self.candidates = candidates
    def fit(self, X): self.labels_ = np.arange(len(X)) % self.candidates
class CannotSay(Most):
    def candidates(self, n_samples): raise NotApplicable("needs images")
class Refuses(Most):
    def choose(self, X, fits):
        super().choose(X, fits); self.selection_ |= {"chosen": None, "edge": False}
        raise NotApplicable("nothing stands out")
@hookimpl
def clusterers():
    return {"parts": Parts, "most": Most, "none-of-them": NoneOfThem, "nowhere": Nowhere, "refuses": Refuses,
            "looks-like-one": LooksLikeOne, "cannot-say": CannotSay}
'''


class Bench:
    def __init__(self, folder: Path, data: Dataset) -> None:
        self.folder, self.data, self.store = folder, data, Store(folder / "store")
        (folder / "chooser.py").write_text(PLUGIN)
        self.broken("")

    def broken(self, ks: str) -> None:
        (self.folder / "broken.txt").write_text(ks)

    def plan(self, clusterers: str, seeds: int = 1, protocol: str = "full", **options: object) -> Plan:
        registry = load_registry([self.folder / "chooser.py"])
        request = Request(["identity"], clusterers.split(), ["accuracy"], seeds=seeds, **options)  # type: ignore[arg-type]
        return make_plan(self.data, protocol, request, registry)

    def run(self, clusterers: str, retry: tuple[str, ...] = (), **options: object) -> Outcome:
        return run(self.plan(clusterers, **options), self.store, retry=retry)  # type: ignore[arg-type]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    rng = np.random.default_rng(0)
    truth = np.arange(120) % 3
    samples = (np.eye(3)[truth] * 0.8 + rng.random((120, 3)) * 0.2).astype(np.float32)
    return Bench(tmp_path, Dataset("toy", samples, truth.astype(np.int64), n_train=80))


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often k-means is really fitted, by K."""
    counted: Counter[int] = Counter()
    fit = KMeans.fit

    def count(self: KMeans, *args: object, **options: object) -> KMeans:
        counted[self.n_clusters] += 1
        done: KMeans = fit(self, *args, **options)
        return done

    monkeypatch.setattr(KMeans, "fit", count)
    return counted


def test_one_sweep_serves_every_criterion_and_kmeans_itself(bench: Bench, fits: Counter[int]) -> None:
    outcome = bench.run(f"kmeans kmeans(n_clusters=7) {CRITERIA}", seeds=2)
    assert fits == dict.fromkeys(range(2, 21), 2), "each K once per seed, K = 3 and 7 not once more"
    assert outcome.computed["cluster"] == 2 * (19 + 4)
    bench.run("kmeans-elbow(k_max=9) kmeans-silhouette(k_values=[4,16])", seeds=2)
    assert sum(fits.values()) == 38, "another range of the same fits"
    bench.run("kmeans-elbow(n_init=2)", seeds=2)
    assert sum(fits.values()) == 2 * 38, "other fits"


def test_the_fit_at_k_is_the_stage_of_kmeans_at_k(bench: Bench) -> None:
    plan = bench.plan(
        "kmeans(n_clusters=10) kmeans-elbow gmm(n_clusters=4) gmm-icl kmeans(n_clusters=5,n_init=2)"
    )
    own = {cell.clusterer: cell.cluster for cell in plan.cells}
    elbow = dict(plan.stages[own["kmeans-elbow"]].fits)
    assert elbow[10] == own["kmeans(n_clusters=10)"]
    assert dict(plan.stages[own["gmm-icl"]].fits)[4] == own["gmm(n_clusters=4)"]
    assert own["kmeans(n_clusters=5, n_init=2)"] not in elbow.values()


def test_gap_counts_only_its_references(bench: Bench, fits: Counter[int]) -> None:
    bench.run("kmeans-elbow(k_max=4) kmeans-gap(k_max=4,n_references=3)")
    assert fits == {2: 4, 3: 4, 4: 4}


def test_the_choosers_labels_are_those_of_the_fit(bench: Bench) -> None:
    for protocol, names in (("full", ["fitted"]), ("train-test", ["fitted", "other"])):
        plan = bench.plan("kmeans(n_clusters=3) kmeans-silhouette", protocol=protocol)
        outcome = run(plan, bench.store)
        given, chose = (outcome.records[cell.cluster] for cell in plan.cells)
        assert chose.values["selection"]["chosen"] == 3
        assert chose.arrays == given.arrays
        assert sorted(chose.arrays) == names
        assert chose.values["inertia"] == given.values["inertia"]


def test_seconds_are_those_of_the_whole_sweep(bench: Bench) -> None:
    plan = bench.plan("kmeans-elbow")
    outcome = run(plan, bench.store)
    chose = outcome.records[plan.cells[0].cluster]
    fits = plan.stages[chose.key].fits
    assert chose.seconds > sum(outcome.records[key].seconds for _, key in fits)
    assert chose.values["selection"]["seconds"] == [outcome.records[key].seconds for _, key in fits]


def test_reused_whole_and_python_gives_the_same(bench: Bench, fits: Counter[int]) -> None:
    from harness.plugins.clusterers.kmeans_elbow import KMeansElbow

    bench.run("kmeans-elbow", seeds=2)
    before = sum(fits.values())
    again = bench.run("kmeans-elbow", seeds=2)
    assert (sum(fits.values()), again.computed.total()) == (before, 0)
    record = again.records[bench.plan("kmeans-elbow", seeds=2).cells[1].cluster]
    with limit_threads(1):
        alone = KMeansElbow(random_state=1).fit(bench.data.samples)
    np.testing.assert_array_equal(bench.store.arrays.get(record.arrays["fitted"]), alone.labels_)
    assert record.values["selection"]["values"] == alone.selection_["values"]


def test_no_choice_stands_on_the_board_with_its_curve(bench: Bench) -> None:
    bench.run("kmeans-elbow(k_values=[2,3]) refuses kmeans", seeds=2)
    board = load_board(bench.store, "toy.full")
    rows = {row.clusterer: row for row in board.rows}
    elbow = rows["kmeans-elbow(k_values=[2, 3])"]
    assert (elbow.statuses, elbow.scores) == ({"not-applicable": 2}, {})
    assert chosen(elbow.curves) == "none (2 runs)"
    assert len(elbow.curves[0]["values"]) == 2
    text = markdown(board)
    assert "no elbow from K = 2 to 3" in text
    assert "refuses: not-applicable in cluster: nothing stands out" in text
    assert "none (1 run)" in text


def test_estimated_k_is_shown_beside_the_classes(bench: Bench) -> None:
    bench.run("kmeans kmeans-silhouette(k_max=6) most gmm-aic(k_max=3)", seeds=3)
    board = load_board(bench.store, "toy.full")
    rows = {row.clusterer: row for row in board.rows}
    assert clusters(rows["kmeans-silhouette(k_max=6)"]) == "3 estimated"
    assert clusters(rows["most"]) == "4 estimated, 1 at edge"
    assert "3 at edge" in clusters(rows["gmm-aic(k_max=3)"])
    text = markdown(board)
    assert "| K (3 classes)" in text
    assert "| identity  | most " in text.partition("## Choice of K")[2]
    assert "K = 3 is at the edge of the range 2 to 3 that was tried: try larger K too" in text


def test_a_failed_candidate_is_left_out_and_told(bench: Bench) -> None:
    bench.broken("4")
    plan = bench.plan("most")
    outcome = run(plan, bench.store)
    record = outcome.records[plan.cells[0].cluster]
    assert record.values["selection"]["k"] == [2, 3]
    assert record.warnings == ["K = 4 is left out, failed: RuntimeError: it broke"]
    bench.broken("")
    assert bench.run("most").computed.total() == 0, "what failed is not tried again unasked"
    again = bench.run("most", retry=("failed",))
    assert again.computed == {"cluster": 2, "score": 1}, "the candidate, and what depends on it"
    assert again.records[record.key].values["selection"]["k"] == [2, 3, 4]


def test_a_choice_is_made_anew_when_a_fit_has_been_mended_elsewhere(bench: Bench) -> None:
    bench.broken("4")
    bench.run("most")
    bench.broken("")
    bench.run("parts(n_clusters=4)", retry=("failed",))
    again = bench.run("most")
    assert again.computed["cluster"] == 1
    (record,) = (each for each in again.records.values() if "selection" in each.values)
    assert record.values["selection"]["chosen"] == 4
    assert bench.run("most").computed.total() == 0


def test_candidates_are_asked_of_choosers_alone_and_with_care(bench: Bench) -> None:
    plan = bench.plan("looks-like-one cannot-say")
    assert [cell.blocked for cell in plan.cells] == [None, ("not-applicable", "needs images")]


def test_nothing_to_choose_from_is_a_failure(bench: Bench) -> None:
    bench.broken("2 3 4")
    plan = bench.plan("most none-of-them", swept=["clusterer"])
    record = run(plan, bench.store).records[plan.cells[0].cluster]
    assert (record.status, record.error) == (
        "failed",
        "none of the 3 fits succeeded: RuntimeError: it broke",
    )


def test_a_chooser_that_is_wrong_harms_itself_alone(bench: Bench) -> None:
    plan = bench.plan("none-of-them nowhere most", swept=["clusterer"])
    outcome = run(plan, bench.store)
    wrong, nowhere, right = plan.cells
    assert outcome.records[wrong.cluster].error == "choose must return one of the fits, got 4"
    assert nowhere.blocked is not None
    assert nowhere.blocked[0] == "failed"
    assert "no-such-thing" in nowhere.blocked[1]
    assert outcome.records[right.cluster].ok


@pytest.mark.parametrize("name", ["agglomerative", "hdbscan", "sklearn.cluster:DBSCAN"])
def test_what_cannot_label_unseen_rows_is_not_even_fitted_for_them(bench: Bench, name: str) -> None:
    (cell,) = bench.plan(name, protocol="train-test").cells
    assert cell.blocked == (
        "not-applicable",
        "the clusterer cannot label rows that it was not fitted on; use --protocol full, train or test",
    )
    assert bench.plan(name, protocol="train").cells[0].blocked is None
