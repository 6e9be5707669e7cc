"""Who knows the code, and makes all hashes and pages right again, is found out by plugins and labels."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from press import Press

from harness.core.cell import CellRecord, cell_from_json, cell_to_json
from harness.core.hashing import digest
from harness.core.record import Record
from harness.planning.request import Request
from harness.publishing.bundle import Bundle, Published, drawn
from harness.publishing.findings import Findings
from harness.publishing.read import read_folder
from harness.publishing.verify.unverifiable import tell_of_claims
from harness.publishing.write import write_folder
from harness.registry.loading import load_plugin


class Forger:
    """Changes a board, and makes it fit together again."""

    def __init__(self, bundle: Bundle) -> None:
        self.cells: list[dict[str, Any]] = [
            json.loads(json.dumps(cell_to_json(cell))) for cell in bundle.cells.values()
        ]
        self.records: dict[str, Record] = dict(bundle.records)
        self.bundle = bundle

    def of(self, encoder: str = "identity", clusterer: str = "gmm") -> list[dict[str, Any]]:
        """Return the cells of a row."""
        return [each for each in self.cells if (each["encoder"], each["clusterer"]) == (encoder, clusterer)]

    def change(self, key: str, **fields: Any) -> None:
        """Replace fields of a record."""
        self.records[key] = replace(self.records[key], **fields)

    def facts(self, key: str, **fields: Any) -> None:
        """Replace facts that a key is made of."""
        self.change(key, facts={**self.records[key].facts, **fields})

    def params(self, key: str, **fields: Any) -> None:
        """Replace parameters that a key is made of."""
        pairs = {**dict(self.records[key].facts["params"]["mapping"]), **fields}
        self.facts(key, params={"mapping": [[name, value] for name, value in pairs.items()]})

    def score(self, cells: list[dict[str, Any]], value: float = 0.99) -> None:
        """Give rows another accuracy."""
        for body in cells:
            self.change(body["scores"]["accuracy"]["key"], status="ok", values={"score": value})

    def done(self, folder: Path) -> Path:
        """Compute keys anew, and write everything with the project's own code."""
        keys: dict[str, str] = {}
        records: dict[str, Record] = {}
        for kind in ("encode", "cluster", "score"):
            for key, record in self.records.items():
                if record.kind == kind:
                    after = [keys.get(each, each) for each in record.facts["after"]]
                    facts = {**record.facts, "after": after}
                    keys[key] = digest(facts)
                    records[keys[key]] = replace(record, key=keys[key], facts=facts)
        cells: dict[str, CellRecord] = {}
        for body in self.cells:
            body["steps"] = [keys.get(key, key) for key in body["steps"]]
            body["cluster"] = keys.get(body["cluster"], body["cluster"])
            for each in body["scores"].values():
                each["key"] = keys.get(each["key"], each["key"])
                facts = records[each["key"]].facts
                each["code"] = digest({name: facts[name] for name in ("code", "engine", "params", "device")})
            cell = cell_from_json(body)
            cells[cell.identity] = cell
        forged = Bundle(self.bundle.name, cells, records, self.bundle.labels, self.bundle.truth)
        list(write_folder(Published(folder, {forged.name: drawn(forged, lambda cell: True)}), folder))
        return folder


Forgery = Callable[[Forger], None]


def scores_without_labels(forger: Forger) -> None:
    for body in forger.of():
        forger.change(body["cluster"], arrays={})
    forger.score(forger.of())


def scores_without_fits(forger: Forger) -> None:
    for body in forger.of():
        body["steps"], body["encoder"], body["specs"] = [], "my-net", ["my-net", "gmm"]
    forger.score([each for each in forger.cells if each["encoder"] == "my-net"])


def scores_of_what_failed(forger: Forger) -> None:
    for body in forger.of():
        forger.change(body["cluster"], status="timeout", error="too long", arrays={}, values={})
    forger.score(forger.of())


def a_cell_that_could_not_be_run_and_did(forger: Forger) -> None:
    for body in forger.of():
        body["blocked"] = ["ok", "fine"]


def a_name_of_ones_own(forger: Forger) -> None:
    for body in forger.of():
        body["encoder"], body["specs"] = "my-net", ["my-net", "gmm"]


def an_alias_like_a_plugin(forger: Forger) -> None:
    for body in forger.of():
        body["encoder"] = "dense-ae-torch(epochs=500)"


def a_parameter_that_did_not_run(forger: Forger) -> None:
    for body in forger.of():
        body["clusterer"] = "gmm(best_of=9)"
        body["specs"] = ["identity", "gmm(best_of=9)"]


def another_k(forger: Forger) -> None:
    for body in forger.of("identity", "kmeans"):
        forger.params(body["cluster"], n_clusters=20)


def an_estimated_k(forger: Forger) -> None:
    for body in forger.of():
        body["k"] = "estimated"


def one_run_as_two(forger: Forger) -> None:
    one, other = forger.of()
    for name in ("steps", "cluster", "scores"):
        other[name] = copy.deepcopy(one[name])


def a_seed_hidden(forger: Forger) -> None:
    lucky, *others = forger.of()
    forger.cells = [body for body in forger.cells if body not in others]
    lucky["seeds"] = [None, None]


def a_direction(forger: Forger) -> None:
    for body in forger.cells:
        body["scores"]["accuracy"]["direction"] = "lower"


def a_need(forger: Forger) -> None:
    for body in forger.cells:
        body["scores"]["silhouette"]["needs"] = []


def the_data(forger: Forger) -> None:
    for body in forger.cells:
        body["data"] = {**body["data"], "classes": 7, "licence": "MIT"}


def the_data_of_most(forger: Forger) -> None:
    for body in forger.cells[1:]:
        body["data"] = {**body["data"], "licence": "MIT"}


def an_embedding_that_is_said_to_be_the_input(forger: Forger) -> None:
    for body in forger.of("pca(n_components=2)"):
        forger.change(body["steps"][0], arrays={"fitted": "=input"})


def prior_knowledge(forger: Forger) -> None:
    for body in forger.of():
        body["prior"] = ["certified"]


FORGERIES: dict[Forgery, str] = {
    scores_without_labels: "no labels",
    scores_without_fits: "it has no encode or no cluster stage",
    scores_of_what_failed: "it has scores, although its fit failed",
    a_cell_that_could_not_be_run_and_did: "it could not be run, but has stages",
    a_name_of_ones_own: "it is named 'my-net', but encoder identity ran",
    an_alias_like_a_plugin: "Invalid encoder alias",
    a_parameter_that_did_not_run: "cannot plan it: Clusterer 'gmm' has no parameter 'best_of'",
    another_k: "n_clusters is reported as '20', but its name means 3",
    an_estimated_k: "K is reported as 'estimated', not '3 given'",
    one_run_as_two: "it is the same fit as the run with seed",
    a_seed_hidden: "a plan of this row has no run with these seeds",
    a_direction: "direction of accuracy is reported as 'lower', not 'higher'",
    a_need: "needs of silhouette is reported as '[]', not ['embedding']",
    the_data: "classes of toy is reported as '7', but is 3",
    the_data_of_most: "its cells are of several datasets",
    prior_knowledge: "prior is reported as \"['certified']\", not []",
}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> tuple[Press, Bundle]:
    press = Press(tmp_path_factory.mktemp("forged"))
    folder = press.publish(press.store("store", protocols=["full"]), "board")
    return press, read_folder(folder, Findings()).bundles["toy.full"]


def test_what_is_only_written_anew_is_clean(board: tuple[Press, Bundle], tmp_path: Path) -> None:
    press, bundle = board
    assert press.verify(Forger(bundle).done(tmp_path / "same")).clean


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_forgeries_are_named(board: tuple[Press, Bundle], forgery: Forgery, tmp_path: Path) -> None:
    press, bundle = board
    forger = Forger(bundle)
    forgery(forger)
    findings = press.verify(forger.done(tmp_path / "forged"))
    assert FORGERIES[forgery] in " | ".join(each.what for each in findings.of("wrong"))


def test_an_embedding_is_not_believed_to_be_the_input(board: tuple[Press, Bundle], tmp_path: Path) -> None:
    press, bundle = board
    forger = Forger(bundle)
    an_embedding_that_is_said_to_be_the_input(forger)
    findings = press.verify(forger.done(tmp_path / "forged"))
    assert "silhouette: the embedding by pca(n_components=2) is not here" in [
        each.what for each in findings.of("unverified")
    ]


def test_seeds_that_are_left_out_are_told(board: tuple[Press, Bundle], tmp_path: Path) -> None:
    press, _ = board
    store = press.store("chosen", "identity", "kmeans", seeds=4, protocols=["full"])
    folder = press.publish(store, "chosen board")
    bundle = read_folder(folder, Findings()).bundles["toy.full"]
    forger = Forger(bundle)
    forger.cells = [body for body in forger.cells if body["seeds"][1] in (0, 3)]
    told = [each.what for each in press.verify(forger.done(tmp_path / "few")).of("unverified")]
    assert "clusterer seeds [1] are missing, others are present: were runs selected?" in told


def test_other_first_seeds_are_told(board: tuple[Press, Bundle], tmp_path: Path) -> None:
    press, _ = board
    store = press.store("late", "identity", "kmeans", seeds=2, first_seed=100, protocols=["full"])
    folder = press.publish(store, "late board")
    told = [each.what for each in press.verify(folder).of("unverified")]
    assert "clusterer seeds begin at 100: were other first seeds tried?" in told
    assert not [text for text in told if "are missing" in text]


def test_a_run_that_failed_is_not_left_out(board: tuple[Press, Bundle]) -> None:
    _, bundle = board
    (first,) = (body for body in Forger(bundle).of() if body["seeds"] == [None, 0])
    fit = bundle.records[first["cluster"]]
    failed = replace(fit, status="failed", error="no luck", arrays={}, values={})
    told = Findings()
    records = {**bundle.records, fit.key: failed}
    tell_of_claims(Bundle(bundle.name, bundle.cells, records), told)
    assert [each.what for each in told.of("unverified")] == ["that it is failed: try --rerun"]


def test_no_code_is_loaded_that_a_metric_names(
    board: tuple[Press, Bundle], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press, bundle = board
    (tmp_path / "evil.py").write_text("from pathlib import Path\nPath(__file__).with_name('ran').touch()\n")
    monkeypatch.syspath_prepend(tmp_path)
    forger = Forger(bundle)
    for body in forger.cells:
        body["scores"]["evil:f"] = body["scores"].pop("accuracy")
    findings = press.verify(forger.done(tmp_path / "forged"))
    assert "evil:f: no metric of that name is installed here" in [
        each.what for each in findings.of("unverified")
    ]
    assert not (tmp_path / "ran").exists()


def test_pairs_of_seeds_are_planned_as_they_are(board: tuple[Press, Bundle]) -> None:
    from harness.planning.planner import make_plan

    press, _ = board
    data = load_plugin(press.registry.find("dataset", "toy"))()
    request = Request(["identity"], ["kmeans"], ["ari"], pairs=[(0, 4_000_000_000)])
    (cell,) = make_plan(data, "full", request, press.registry).cells
    assert (cell.encoder_seed, cell.clusterer_seed) == (None, 4_000_000_000)
