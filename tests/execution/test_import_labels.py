"""Labels computed elsewhere: rows flagged imported, scored as others, never best, ranked or rerun."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from harness import BadParameter, DataError, Dataset
from harness.data.label_files import read_labels, result_files
from harness.execution.import_labels import import_labels
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.leaderboard.flags import flags
from harness.leaderboard.formats import to_csv, to_json
from harness.leaderboard.markdown import markdown
from harness.leaderboard.statistics.ranks import rank
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.planning.suites.read import read_suite
from harness.registry.registry import Registry, load_registry
from harness.store.store import Store

CommandLine = Callable[..., tuple[int, str, str]]
LABELS = "a,b\n0,-1\n0,1\n1,1\n2,0\n"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def table(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def both(toy: Dataset, store: Store, registry: Registry) -> np.ndarray:
    """Store computed rows of k-means, and imported ones: the true classes, and half of them wrong."""
    run(make_plan(toy, "full", Request(["identity"], ["kmeans"], ["ari", "nca"], seeds=2), registry), store)
    assert toy.truth is not None
    half = np.where(np.arange(60) % 2 == 0, toy.truth, 0)
    labels = {"Genie_G0.3": np.array(toy.truth), "half": half}
    import_labels(toy, "", labels, "Genie/own/toy.result3.gz", 3, store, registry)
    return half


def test_imported_rows_are_flagged_scored_and_last(toy: Dataset, tmp_path: Path, registry: Registry) -> None:
    store = Store(tmp_path)
    half = both(toy, store, registry)
    board = load_board(store, "toy.full")
    assert [row.clusterer for row in board.rows] == ["kmeans", "Genie_G0.3", "half"]
    computed, perfect, other = board.rows
    assert [row.imported for row in board.rows] == [False, True, True]
    assert flags(perfect) == ["imported: Genie/own/toy.result3.gz"]
    assert flags(computed) == []
    assert (perfect.encoder, perfect.k, perfect.runs) == ("imported", "3 given", 1)
    assert not perfect.deterministic
    assert perfect.scores["ari"].mean == perfect.scores["nca"].mean == 1
    assert other.scores["ari"].mean == adjusted_rand_score(toy.truth, half)
    assert "silhouette" not in perfect.scores
    assert perfect.cluster_seconds is perfect.encode_seconds is None
    for text in (to_csv(board), to_json(board), markdown(board)):
        assert "imported: Genie/own/toy.result3.gz" in text


def test_an_imported_row_is_never_the_best_nor_ranked(
    toy: Dataset, tmp_path: Path, registry: Registry
) -> None:
    store = Store(tmp_path)
    both(toy, store, registry)
    run(make_plan(toy, "full", Request(["identity"], ["gmm"], ["ari"], seeds=2), registry), store)
    board = load_board(store, "toy.full")
    means = {row.clusterer: row.scores["ari"].mean for row in board.rows}
    assert board.best["ari"] == max(means["kmeans"], means["gmm"]) < means["Genie_G0.3"]
    assert sorted(rank([board], "ari").pipelines) == ["identity + gmm", "identity + kmeans"]


def test_labels_are_not_computed_again(toy: Dataset, tmp_path: Path, registry: Registry) -> None:
    labels = {"one": np.array(toy.truth)}
    cells = import_labels(toy, "", labels, "labels.csv", None, Store(tmp_path / "first"), registry)
    assert cells[0].k == "estimated"
    request = Request(["identity"], [f"imported(labels='{'0' * 32}', origin='labels.csv')"], ["ari"])
    plan = make_plan(toy, "full", request, registry)
    outcome = run(plan, Store(tmp_path / "second"))
    record = outcome.records[plan.cells[0].cluster]
    assert (record.status, record.error[:36]) == ("not-applicable", "its labels were computed elsewhere a")


def test_other_labels_replace_earlier_ones_and_names_of_plugins_are_refused(
    toy: Dataset, tmp_path: Path, registry: Registry
) -> None:
    store, truth = Store(tmp_path), np.array(toy.truth)
    import_labels(toy, "", {"one": truth}, "labels.csv", 3, store, registry, ["ari"])
    import_labels(toy, "", {"one": np.roll(truth, 7)}, "labels.csv", 3, store, registry, ["ari"])
    (row,) = load_board(store, "toy.full").rows
    assert row.scores["ari"].mean == adjusted_rand_score(truth, np.roll(truth, 7))
    with pytest.raises(BadParameter, match="'kmeans' is already the name of another clusterer"):
        import_labels(toy, "", {"kmeans": truth}, "labels.csv", 3, store, registry)


def test_all_leaves_imported_out(toy: Dataset, registry: Registry) -> None:
    request = Request(["identity"], (), ["ari"], all=True, slow=True, seeds=1).filled(registry)
    plan = make_plan(toy, "full", request, registry)
    assert "imported" not in {cell.clusterer for cell in plan.cells}
    assert not any("imported" in note for note in plan.notes), "it is no choice of `--all`"


def test_tables_are_read(tmp_path: Path) -> None:
    found = read_labels(table(tmp_path / "labels.csv", LABELS), 4, 3)
    assert {name: each.tolist() for name, each in found.items()} == {"a": [0, 0, 1, 2], "b": [-1, 1, 1, 0]}
    packed = table(tmp_path / "x.result2.gz", '"Genie_G0.3"\n1\n2\n2\n')
    assert read_labels(packed, 3, 2, first=1)["Genie_G0.3"].tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("text", "k", "first", "message"),
    [
        (
            LABELS,
            3,
            0,
            r"4 rows of 2 columns, but the dataset has 5 samples and the header 2 names\. Give one",
        ),
        ("a\n0\n1.5\n2\n1\n1\n", 3, 0, r"'a': labels must be whole numbers, got '1\.5' in data row 2"),
        ("a\n0\nx\n2\n1\n1\n", 3, 0, "'a': labels must be whole numbers, got 'x' in data row 2"),
        ("a\n0\n1\n2\n1\n1\n", 2, 0, r"'a': 3 clusters, but K is said to be 2\. Give -k 3 or -k estimated"),
        ("a\n0\n-2\n2\n1\n1\n", 3, 0, "'a': labels must be from -1, got -2 to 2"),
        ("a\n0\n1\n2\n1\n1\n", 2, 1, "'a': labels must be from 1 to 2, got 0 to 2"),
        ("a,a\n0,0\n1,1\n2,2\n1,1\n1,1\n", 3, 0, "two columns are named 'a'"),
        ("0,0\n1,1\n2,2\n1,1\n1,1\n1,1\n", 3, 0, "two columns are named '0'|must name the methods"),
        ("0\n1\n2\n1\n1\n1\n", 3, 0, "the first line must name the methods, one per column, got 0"),
        ("", 3, 0, "cannot read it as a table of labels: .*Give a CSV with a header"),
    ],
)
def test_wrong_tables_are_one_line(tmp_path: Path, text: str, k: int, first: int, message: str) -> None:
    with pytest.raises(DataError, match=message) as refused:
        read_labels(table(tmp_path / "labels.csv", text), 5, k, first=first)
    assert "\n" not in str(refused.value)


def test_a_folder_without_label_files(tmp_path: Path) -> None:
    table(tmp_path / "Genie" / "wut" / "x2.result0.gz", '"a"\n1\n')
    with pytest.raises(DataError, match=r"no label files named METHOD/BATTERY/NAME\.resultK\.gz"):
        result_files(tmp_path)


def battery(folder: Path) -> Path:
    """Write a dataset with two references of other K, and label files of both K and of another dataset."""
    rows = "".join(f"{n}.5 {n % 3}\n" for n in range(12))
    table(folder / "data" / "own" / "dots.data.gz", rows)
    table(folder / "data" / "own" / "dots.labels0.gz", "".join(f"{1 + n // 6}\n" for n in range(12)))
    table(folder / "data" / "own" / "dots.labels1.gz", "".join(f"{1 + n // 4}\n" for n in range(12)))
    for k, size in ((2, 6), (3, 4), (4, 3)):
        labels = "".join(f"{1 + n // size},1\n" for n in range(12))
        table(folder / "res" / "M" / "own" / f"dots.result{k}.gz", f'"M_1","M_2"\n{labels}')
    table(folder / "res" / "M" / "own" / "lines.result2.gz", '"M_1"\n1\n2\n')
    return folder / "res"


def test_a_folder_of_a_suite(tmp_path: Path, command_line: CommandLine) -> None:
    results = battery(tmp_path)
    call = [
        "import-labels",
        str(results),
        "--suite",
        str(tmp_path / "data"),
        "--store",
        str(tmp_path / "store"),
    ]
    names = [name for each in read_suite(str(tmp_path / "data")).suite.datasets for name in each.boards]
    assert names == ["own-dots.0", "own-dots.1"]
    code, out, err = command_line(*call)
    assert (code, err) == (0, "")
    assert out.startswith("Imported 4 rows from 2 of 4 files; the others are of other datasets or K.")
    store = Store(tmp_path / "store")
    for name, k in zip(names, (2, 3), strict=True):
        rows = {row.clusterer: row for row in load_board(store, f"{name}.full").rows}
        assert rows["M_1"].k == f"{k} given"
        assert rows["M_1"].scores["ari"].mean == 1
        assert rows["M_2"].scores["nca"].mean == 0
        assert flags(rows["M_1"]) == [f"imported: M/own/dots.result{k}.gz"]
    table(results / "M" / "own" / "dots.result2.gz", '"M_1"\n1\n2\n')
    code, _, err = command_line(*call)
    assert code == 1
    assert "dots.result2.gz: 2 rows of 1 columns, but the dataset has 12 samples" in err


def test_a_file_and_wrong_calls(tmp_path: Path, command_line: CommandLine) -> None:
    file = table(
        tmp_path / "labels.csv", "mine,other\n" + "".join(f"{n // 50},{n % 3}\n" for n in range(150))
    )
    results, store = battery(tmp_path), ["--store", str(tmp_path / "store")]
    code, out, _ = command_line("import-labels", str(file), "-d", "iris", "-k", "3", *store)
    assert code == 0
    assert out.startswith("Imported mine, other: harness leaderboard iris.full")
    code, out, _ = command_line("leaderboard", "iris.full", *store)
    assert "imported: labels.csv" in out
    assert "--seeds" not in out
    for call, message in (
        ([str(file), "-d", "iris"], "Say which K was given to the methods: -k 3, or -k estimated"),
        ([str(file), "-d", "iris", "-k", "x"], "got 'x'"),
        ([str(file), "-k", "3"], "Name the dataset of the labels with -d"),
        ([str(file), "-d", "wine", "-k", "3"], "150 rows of 2 columns, but the dataset has 178 samples"),
        ([str(tmp_path / "store"), "-d", "iris"], "no label files named"),
        ([str(results), "-d", "iris"], "no labels of these datasets with the K of their classes"),
        ([str(results), "-d", "iris", "-k", "3"], "-k is for a file"),
    ):
        code, _, err = command_line("import-labels", *call, *store)
        assert code == 2
        assert message in err
        assert len(err.splitlines()) == 1


def test_published_labels_are_verified_and_not_rerun(tmp_path: Path, command_line: CommandLine) -> None:
    file = table(tmp_path / "labels.csv", "mine\n" + "".join(f"{(n + 5) // 50}\n" for n in range(150)))
    store, folder = ["--store", str(tmp_path / "store")], str(tmp_path / "out")
    command_line("import-labels", str(file), "-d", "iris", "-k", "estimated", *store)
    code, _, err = command_line("publish", "iris.full", "--by", "Ada", "--out", folder, *store)
    assert code == 0, err
    code, out, _ = command_line("verify", folder, "--rerun", "3")
    assert code == 0, out
    assert "scores recomputed from their labels" in out
    assert "1 imported row cannot be rerun: the labels were computed elsewhere" in out
    page = Path(folder, "iris.full.md").read_text()
    assert "imported: labels.csv" in page
    assert "origin=labels.csv" in page
