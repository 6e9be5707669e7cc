"""Names of one's own for encoders and clusterers: on boards, and never in a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import BadParameter, Dataset
from harness.core.plan import Plan
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.leaderboard.markdown import markdown
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import Registry, load_registry
from harness.store.store import Store


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def plan(toy: Dataset, registry: Registry, *encoders: str, clusterers: tuple[str, ...] = ("kmeans",)) -> Plan:
    return make_plan(toy, "full", Request(encoders, clusterers, ["ari"], seeds=2), registry)


@pytest.mark.parametrize(
    "spec", ["pca(n_components=2)", "pca(n_components=2)+identity", "sklearn.decomposition:PCA"]
)
def test_keys_do_not_depend_on_aliases(toy: Dataset, registry: Registry, spec: str) -> None:
    plain = plan(toy, registry, spec)
    named = plan(toy, registry, f"small={spec}", clusterers=("lloyd = kmeans",))
    assert named.stages.keys() == plain.stages.keys()
    assert [cell.keys for cell in named.cells] == [cell.keys for cell in plain.cells]
    assert {cell.variant for cell in named.cells} == {cell.variant for cell in plain.cells}
    assert {(cell.encoder, cell.clusterer) for cell in named.cells} == {("small", "lloyd")}


def test_the_board_shows_aliases_and_what_they_are(toy: Dataset, registry: Registry, tmp_path: Path) -> None:
    named = plan(
        toy, registry, "deep=pca(n_components=3)+pca(n_components=2)", "pca", clusterers=("a=kmeans",)
    )
    store = Store(tmp_path)
    run(named, store)
    board = load_board(store, "toy.full")
    assert {(row.encoder, row.clusterer) for row in board.rows} == {("deep", "a"), ("pca", "a")}
    assert board.parameters["deep"] == "pca(n_components=3)+pca(n_components=2)"
    assert board.parameters["a"] == "kmeans"
    assert board.parameters["pca(n_components=2)"].startswith("n_components=2")
    assert "n_clusters=3" in board.parameters["kmeans, K 3 given"]
    assert "| deep " in markdown(board)


def test_what_an_alias_renames_is_reused(toy: Dataset, registry: Registry, tmp_path: Path) -> None:
    store = Store(tmp_path)
    run(plan(toy, registry, "pca"), store)
    again = run(plan(toy, registry, "other=pca", "another=pca"), store)
    assert again.computed.total() == 0
    assert {row.encoder for row in load_board(store, "toy.full").rows} == {"pca", "other", "another"}


@pytest.mark.parametrize(
    ("encoders", "clusterers", "reason"),
    [
        (("a=pca", "a=identity"), ("kmeans",), "Two encoders are named 'a'"),
        (("pca",), ("a=kmeans", "a=kmeans(n_init=3)"), "Two clusterers are named 'a'"),
        (("=pca",), ("kmeans",), "A name is missing before '='"),
        (("a=",), ("kmeans",), "A name is missing in ''"),
        (("pca",), ("kmeans+gmm",), "A clusterer cannot be a chain"),
    ],
)
def test_wrong_aliases(
    toy: Dataset, registry: Registry, encoders: tuple[str, ...], clusterers: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(BadParameter, match="^" + reason.replace("(", r"\(")):
        plan(toy, registry, *encoders, clusterers=clusterers)


def test_the_same_twice_is_once(toy: Dataset, registry: Registry) -> None:
    assert len(plan(toy, registry, "pca", "pca()", "a=identity", "a = identity").cells) == 4


def test_the_name_of_a_plugin_may_be_one_s_own_and_is_noted(toy: Dataset, registry: Registry) -> None:
    named = plan(toy, registry, "identity=pca", "pca=pca", clusterers=("kmeans=kmeans(n_init=3)",))
    assert {(cell.encoder, cell.clusterer) for cell in named.cells} == {
        ("identity", "kmeans"),
        ("pca", "kmeans"),
    }
    assert [note.partition(" here")[0] for note in named.notes] == [
        "'identity' means pca",
        "'kmeans' means kmeans(n_init=3)",
    ]
    with pytest.raises(BadParameter, match=r"^Two encoders are named 'pca'"):
        plan(toy, registry, "pca=identity", "pca")
