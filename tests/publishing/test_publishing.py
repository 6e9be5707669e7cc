"""Publishing is lossless and deterministic; verification says what it did not check, and runs cells again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from press import Lines, Press

from harness import Dataset
from harness.cli import app
from harness.core.errors import HarnessError
from harness.execution.pool import Workers
from harness.leaderboard.build import load_board
from harness.leaderboard.markdown import markdown
from harness.planning import planner
from harness.planning.request import Request
from harness.publishing.bundle import Bundle, gather
from harness.publishing.findings import Findings
from harness.publishing.jsonl import write_lines
from harness.publishing.pages import fill
from harness.publishing.read import read_folder
from harness.publishing.verify import replan
from harness.publishing.verify.options import How
from harness.publishing.verify.replay import Replay
from harness.publishing.verify.reruns import run_again
from harness.publishing.write import read_own
from harness.registry.loading import load_plugin
from harness.store.store import Store

MARK, END = "<!-- harness:board", "<!-- harness:end -->"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Press, Store, Path]:
    press = Press(tmp_path_factory.mktemp("printed"))
    store = press.store(
        "store", clusterers="kmeans optics(max_eps=1e3) kmeans(n_clusters=99) kmeans-gap(k_max=6)"
    )
    return press, store, press.publish(store, "board")


def call(press: Press, *words: str) -> Result:
    more = {
        "verify": ["--plugin", str(press.folder / "toy_data.py")],
        "publish": ["--all", "--with-truth"],
    }
    return CliRunner().invoke(app, [*words, *more.get(words[0], [])], standalone_mode=False)


def test_nothing_is_lost(printed: tuple[Press, Store, Path]) -> None:
    _, store, folder = printed
    published = read_folder(folder, Findings())
    for name in store.boards():
        bundle = gather(store, name, "a tester")
        read = published.bundles[name]
        assert (read.cells, read.labels, read.truth) == (bundle.cells, bundle.labels, bundle.truth)
        assert read.records.keys() == bundle.records.keys()
        assert write_lines(read) == write_lines(bundle), "as text, since NaN is not equal to itself"
        own = markdown(load_board(store, name)).splitlines()
        told = markdown(load_board(published, name)).splitlines()
        assert [line for line in told if not line.startswith("- Computed by a tester only")] == own
        assert len(told) == len(own) + 1, "all rows are of one contributor"


def test_same_records_same_bytes(printed: tuple[Press, Store, Path]) -> None:
    press, store, folder = printed
    again = press.publish(store, "again")
    for path in folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes()


def test_labels_are_read_by_numpy_alone(printed: tuple[Press, Store, Path]) -> None:
    _, _, folder = printed
    with np.load(folder / "labels" / "toy.train-test.npz") as found:
        shapes = {name: (found[name].shape, found[name].dtype) for name in found.files}
    assert shapes.pop("truth") == ((60,), np.int64)
    assert set(shapes.values()) == {((20,), np.dtype(np.int64))}, "of the rows that were scored"


def test_failures_are_published_and_verified(printed: tuple[Press, Store, Path]) -> None:
    press, _, folder = printed
    assert "should be &gt;= n_clusters=99" in (folder / "toy.full.md").read_text()
    assert press.verify(folder).clean


def unverified(findings: Findings) -> set[str]:
    """Return what could not be checked, but for that some runs failed."""
    return {each.what for each in findings.of("unverified") if "try --rerun" not in each.what}


def replays(press: Press) -> Callable[[Dataset], Replay]:
    return lambda data: Replay(data, press.registry, Store(press.folder / "other"), Workers())


def test_embeddings_are_taken_from_a_store_or_computed_again(printed: tuple[Press, Store, Path]) -> None:
    press, store, folder = printed
    assert unverified(press.verify(folder)) == {
        "silhouette: the embedding by pca(n_components=2) is not here"
    }
    assert not unverified(press.verify(folder, store=store))
    assert not unverified(press.verify(folder, remake=60, replays=replays(press)))


def test_an_embedding_that_comes_out_otherwise_here_proves_nothing(
    printed: tuple[Press, Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As that of an autoencoder does on another processor."""
    press, _, folder = printed
    monkeypatch.setattr(
        Replay, "embedding", lambda self, cell, records: (self.data.samples[cell.rows, ::-1], "0" * 32)
    )
    findings = press.verify(folder, remake=60, replays=replays(press))
    assert findings.clean, findings.found
    assert unverified(findings) == {
        "silhouette: the embedding by pca(n_components=2) comes out otherwise on this machine"
    }


def test_cells_are_run_again(printed: tuple[Press, Store, Path], tmp_path: Path) -> None:
    press, store, folder = printed
    with Workers() as workers:

        def replays(data: object) -> Replay:
            return Replay(data, press.registry, Store(tmp_path / "new"), workers)  # type: ignore[arg-type]

        findings = press.verify(folder, store=store, rerun=100, replays=replays)
        assert findings.clean
        assert findings.checked["scores of rerun cells"] >= 72
        assert findings.checked["labels of rerun cells, bit for bit"] >= 12
        lines = Lines(folder)
        before = lines.path.read_text()
        for line in lines.of("accuracy"):
            line["values"]["score"] = 0.987
        lines.write()
        lied = press.verify(folder, store=store, rerun=3, replays=replays)
        lines.path.write_text(before)
    assert any("is reported as 0.987, on rerun it is" in each.what for each in lied.of("wrong"))


def test_labels_that_are_others_when_run_again_are_named(
    printed: tuple[Press, Store, Path], tmp_path: Path
) -> None:
    press, _, folder = printed
    bundle = read_folder(folder, Findings()).bundles["toy.full"]
    records = {
        key: replace(each, arrays={**each.arrays, bundle.part: "0" * 64}) if each.kind == "cluster" else each
        for key, each in bundle.records.items()
    }
    other, findings = Bundle(bundle.name, bundle.cells, records, bundle.labels), Findings()
    data = load_plugin(press.registry.find("dataset", "toy"))()
    with Workers() as workers:
        replay = Replay(data, press.registry, Store(tmp_path / "new"), workers)
        run_again(other, press.registry, replay, How(rerun=len(bundle.cells)), findings)
    labelled = [cell for cell in bundle.cells.values() if bundle.records[cell.cluster].ok]
    assert 0 < len(labelled) < len(bundle.cells), "failed runs have no labels to compare"
    assert [each.what for each in findings.of("unverified")] == [
        "its labels differ on rerun, perhaps only in a few rows"
    ] * len(labelled)


def test_a_plugin_that_is_not_known_here_is_never_imported(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    folder = press.publish(press.store("store", "identity", "sklearn.cluster:KMeans(3)"), "board")
    with Workers() as workers:

        def replays(data: object) -> Replay:
            return Replay(data, press.registry, Store(tmp_path / "new"), workers)  # type: ignore[arg-type]

        findings = press.verify(folder, rerun=1, replays=replays)
    assert findings.clean
    told = "clusterer 'sklearn.cluster:KMeans' is an import path: it is loaded only if named with --plugin"
    assert f"was not rerun: {told}" in [each.what for each in findings.of("unverified")]


def test_without_the_data_the_published_classes_serve(printed: tuple[Press, Store, Path]) -> None:
    _, _, folder = printed
    result = CliRunner().invoke(app, ["verify", str(folder), "--remake", "0"], standalone_mode=False)
    assert result.return_value == 0
    assert "no dataset is named 'toy' here, so its digest was not compared" in result.output
    assert "silhouette: the embedding by identity is not here" in result.output
    words = ["verify", str(folder), "--remake", "0", "--strict"]
    strict = CliRunner().invoke(app, words, standalone_mode=False)
    assert strict.return_value == 1
    words = ["verify", str(folder), "--remake", "0", "--json"]
    told = json.loads(CliRunner().invoke(app, words, standalone_mode=False).stdout)
    assert told["clean"] is True


def test_rows_are_planned_on_the_cpu_whatever_this_machine_has(
    printed: tuple[Press, Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[Request] = []
    monkeypatch.setattr(
        replan, "make_plan", lambda *given: requests.append(given[2]) or planner.make_plan(*given)
    )
    assert call(printed[0], "verify", str(printed[2]), "--remake", "0").return_value == 0
    assert {request.device for request in requests} == {"cpu"}


def test_a_marked_table_is_made_anew(printed: tuple[Press, Store, Path], tmp_path: Path) -> None:
    _, _, folder = printed
    page, published = tmp_path / "README.md", read_own(folder)
    begin = "<!-- harness:board toy.full rows=2 metrics=accuracy -->"
    page.write_text(f"Before\n{begin}\nold\n<!-- harness:end -->\nafter\n")
    text = fill(page, published)
    assert text.startswith(f"Before\n{begin}\n| encoder")
    assert text.endswith("|\n<!-- harness:end -->\nafter\n")
    assert len(text.splitlines()) == 4 + 4
    page.write_text(text)
    assert fill(page, published) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nothing", "has no place for a table. Add two lines"),
        (f"{MARK} toy.ful -->\n{END}", "names unknown leaderboard 'toy.ful'. Did you mean 'toy.full'?"),
        (f"{MARK} toy.full rows=x -->\n{END}", "a mark takes rows=NUMBER"),
        (f"{MARK} toy.full metrics=acc -->\n{END}", "names metric 'acc', which"),
        (f"{MARK} toy.full rows=² -->\n{END}", "a mark takes rows=NUMBER"),
        (f"{MARK}  -->\n{END}", "names unknown leaderboard ''."),
        (f"{MARK} toy.full -->\n{MARK} toy.full -->\n{END}", "line 1: no '<!-- harness:end -->' follows"),
        (f"{MARK} toy.full -->\n{END}\n{MARK} toy.full -->\n", "line 3: no '<!-- harness:end -->' follows"),
    ],
)
def test_a_wrong_mark(printed: tuple[Press, Store, Path], tmp_path: Path, text: str, told: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(HarnessError, match=told.replace("?", r"\?")):
        fill(page, read_own(printed[2]))


def test_line_ends_of_a_document_are_kept(printed: tuple[Press, Store, Path], tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_bytes(f"Before\r\n{MARK} toy.full rows=1 -->\r\n{END}\r\nafter\r\n".encode())
    text = fill(page, read_own(printed[2]))
    assert len(text.splitlines()) == 4 + 3
    assert text.count("\r\n") == text.count("\n") == 4 + 3


def test_publishing_under_two_names_is_no_second_contributor(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    store.close()
    words = ["publish", "--store", str(store.folder), "--out", str(tmp_path / "out")]
    for by in (["--by", "Ada"], [], ["--by", "Bob"]):
        assert call(press, *words, *by).return_value == 0
        published = read_own(tmp_path / "out")
        assert {each.by for cell in published.cells("toy.full") for each in cell.origins} == {"Ada"}
        board = load_board(published, "toy.full")
        assert board.contributors == ["Ada"]
        assert not any(row.unverified for row in board.rows), "which is said of the board, once"


def test_published_results_stay_until_told_otherwise(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    store.close()
    out = tmp_path / "out"
    publish = ["publish", "--store", str(store.folder), "--out", str(out)]
    merge = ["merge", str(out), "--out", str(out)]
    steps = [
        *((publish, False), ([*publish, "--reference"], True), (publish, True), (merge, True)),
        *(([*merge, "--no-reference"], False), (merge, False), ([*merge, "--reference"], True)),
        (["merge", str(out), "--out", str(tmp_path / "new")], True),
    ]
    for words, there in steps:
        assert call(press, *words).return_value == 0
        assert (
            "\n## Published results\n"
            in (Path(words[-1]) if words[-1].endswith("new") else out).joinpath("toy.full.md").read_text()
        ) is there, words


def test_a_choice_shows_what_it_chose_between(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    folder = press.publish(store, "board")
    store.close()
    lines = Lines(folder)
    lines.of("accuracy")[0]["values"]["score"] -= 0.05
    lines.write()
    words = ["publish", "--store", str(store.folder), "--out", str(folder)]
    for choice, code in (([], 1), (["--prefer", "store"], 0)):
        result = call(press, *words, *choice)
        assert result.return_value == code
        assert "1 result of the same key differs:" in result.stdout


def test_a_file_in_place_of_the_folder_is_told_in_one_line(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    folder = press.publish(store, "board")
    store.close()
    file = tmp_path / "file"
    file.write_text("")
    for words in (["publish", "--store", str(store.folder)], ["merge", str(folder)]):
        result = call(press, *words, "--out", str(file))
        assert isinstance(result.exception, HarnessError)
        assert str(result.exception).startswith("Cannot write ")
        assert ": Not a directory." in str(result.exception)


def test_the_index_leads_with_the_metric_that_ranks(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans gmm", protocols=["full"], metrics=("silhouette", "ari"))
    text = (press.publish(store, "board") / "README.md").read_text()
    store.close()
    assert " | ari 0." in text
    assert "| silhouette " not in text


def test_publishing_adds_and_never_drops_what_others_sent(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    one = press.store("one", "identity", "kmeans", protocols=["full"])
    two = press.store("two", "identity", "gmm", protocols=["full"])
    one.close()
    two.close()
    out = str(tmp_path / "out")
    for store, by in ((one, "Ann"), (two, "Ben")):
        result = call(press, "publish", "--store", str(store.folder), "--out", out, "--by", by)
        assert result.return_value == 0, result.output
    assert "1 leaderboard, 4 runs" in result.output
    assert "Computed by: Ann, Ben." in (tmp_path / "out" / "README.md").read_text()
    again = call(press, "publish", "--store", str(two.folder), "--out", out, "--by", "Ben")
    assert "nothing changed" in again.output
    only = call(press, "publish", "--store", str(two.folder), "--out", out, "--replace")
    assert "1 leaderboard, 2 runs" in only.output
    assert call(press, "verify", out).return_value == 0


def test_a_folder_in_which_something_is_wrong_is_not_added_to(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    folder = press.publish(store, "board")
    store.close()
    lines = Lines(folder)
    lines.of("cell")[0]["cell"]["encoder"] = "<b>"
    lines.write()
    result = call(press, "publish", "--store", str(store.folder), "--out", str(folder))
    assert isinstance(result.exception, HarnessError)
    assert "Something is wrong in" in str(result.exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["verify", "nowhere"], "No folder 'nowhere'. Name one written by 'harness publish'."),
        (["verify", "."], "holds no published leaderboard"),
        (["merge", ".", ".", "--out", "x"], "holds no leaderboard written by 'harness publish'."),
        (["publish", "--store", "nowhere"], "No store in 'nowhere'."),
    ],
)
def test_wrong_calls_are_told_in_one_line(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert isinstance(result.exception, HarnessError)
    assert told in str(result.exception)
    assert "\n" not in str(result.exception)


def test_a_name_that_cannot_be_published_says_so(tmp_path: Path) -> None:
    press = Press(tmp_path / "press")
    store = press.store("one", "identity", "kmeans", protocols=["full"])
    with pytest.raises(HarnessError, match=r"Cannot publish '<b>': a name must not contain <, >"):
        press.publish(store, "board", "<b>")


@pytest.mark.usefixtures("one_process")
def test_bench_leaves_a_published_page_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("points.npy", np.random.default_rng(0).random((30, 3)))
    bench = ["bench", "-d", "points.npy", "-e", "identity", "-c", "kmeans", "-k", "3", "--jobs", "1"]
    run = CliRunner().invoke
    assert run(app, [*bench, "--seeds", "2"], standalone_mode=False).return_value == 0
    assert run(app, ["publish", "points.full"], standalone_mode=False).return_value == 0, "no classes"
    before = Path("leaderboard/points.full.md").read_text()
    assert run(app, [*bench, "--seeds", "3"], standalone_mode=False).return_value == 0
    assert Path("leaderboard/points.full.md").read_text() == before
    assert "| 3 " in Path("leaderboard/unpublished/points.full.md").read_text()
    assert run(app, ["verify", "--remake", "0"], standalone_mode=False).return_value == 0
