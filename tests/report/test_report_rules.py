"""A report makes anew what has changed and nothing else, and removes what it made of cells that are gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from report_cases import BOARD, digits, small

import harness
from harness.core.cell import CellRecord, DataFacts
from harness.core.errors import HarnessError
from harness.report.cell_data import stored_cells
from harness.report.pages import file_names, write_report
from harness.report.pages.page_marks import mark_of, own_pages
from harness.report.pages.rerun_command import bench_line
from harness.store.store import Store


@pytest.fixture(scope="module")
def benched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    small(folder / "store", seeds=2).close()
    return folder / "store"


@pytest.fixture
def store(benched: Path, tmp_path: Path, one_process: None) -> Store:
    shutil.copytree(benched, tmp_path / "store")
    return Store(tmp_path / "store")


def written(store: Store, folder: Path, **options: object) -> set[str]:
    """The files that a report writes, by its own account and by their times, which agree."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.html")}
    report = write_report(store, folder, pictures=False, **options)  # type: ignore[arg-type]
    changed = {path for path in folder.rglob("*.html") if before.get(path) != path.stat().st_mtime_ns}
    assert {path.relative_to(folder).as_posix() for path in changed} == set(report.made)
    assert not set(report.made) & set(report.kept)
    return set(report.made)


def cell_files(store: Store) -> dict[str, str]:
    return {file_names.cell_file(cell): cell.title for cell in stored_cells(store, BOARD)}


def test_all_is_made_once_and_then_nothing(store: Store, tmp_path: Path) -> None:
    made = written(store, tmp_path / "report")
    encoders = {file_names.encoder_file(BOARD, name) for name in ("identity", "pca(n_components=4)")}
    shared = {"index.html", file_names.board_file(BOARD), file_names.compare_file(BOARD)}
    assert made == {*shared, *encoders, *cell_files(store)}
    assert set(own_pages(tmp_path / "report")) == made
    assert written(store, tmp_path / "report") == set()
    small(store.folder, seeds=2)  # the same again: nothing is computed, though cells are noted anew
    assert written(store, tmp_path / "report") == set()


def test_one_more_seed_makes_its_rows_their_encoders_and_the_boards_anew(
    store: Store, tmp_path: Path
) -> None:
    written(store, tmp_path / "report")
    harness.bench(
        digits(), "identity", "kmeans",
        ["accuracy", "nmi", "silhouette"], seeds=3, store=store.folder, progress=False, device="cpu",
    )  # fmt: skip
    row = {file for file, title in cell_files(store).items() if title.startswith("identity + kmeans")}
    assert len(row) == 3
    encoder = file_names.encoder_file(BOARD, "identity")
    shared = {"index.html", file_names.board_file(BOARD), file_names.compare_file(BOARD)}
    assert written(store, tmp_path / "report") == {*shared, encoder, *row}


def test_pages_of_cells_that_are_gone_go_and_what_is_not_ours_stays(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    written(store, folder)
    gone = next(cell for cell in stored_cells(store, BOARD) if cell.record.encoder == "identity")
    page = folder / file_names.cell_file(gone)
    shutil.copy(page, page.with_name("cell-mine.html"))
    (folder / "notes.html").write_text("mine")
    (page.parent / "notes.txt").write_text("mine")
    with store._connection() as database:
        database.execute("DELETE FROM cells WHERE json_extract(body, '$.encoder') = 'identity'")
    report = write_report(store, folder, pictures=False)
    assert file_names.cell_file(gone) in report.removed
    assert file_names.encoder_file(BOARD, "identity") in report.removed
    assert len(report.removed) == 3
    assert not page.exists()
    assert not page.with_suffix(".js").exists()
    assert len(list(page.parent.glob("cell-*.js"))) == len(cell_files(store))
    assert {"cell-mine.html", "notes.txt"} <= {path.name for path in page.parent.iterdir()}
    assert (folder / "notes.html").read_text() == "mine"


def test_pages_of_boards_that_are_not_named_stay(store: Store, tmp_path: Path) -> None:
    harness.bench({"other": digits().samples}, "identity", "kmeans", n_clusters=3, seeds=1,
                  store=store.folder, progress=False)  # fmt: skip
    folder = tmp_path / "report"
    written(store, folder, boards=[BOARD])
    assert not (folder / "other.full.html").exists()
    assert "other.full" not in (folder / "index.html").read_text()
    written(store, folder)
    assert written(store, folder, boards=[BOARD]) == set()
    assert (folder / "other.full.html").exists()


def test_a_stop_in_the_middle_loses_nothing_that_is_finished(store: Store, tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(store, tmp_path / "report", tell=stop)
    assert len(list(own_pages(tmp_path / "report"))) == 3
    report = write_report(store, tmp_path / "report", pictures=False)
    assert len(report.kept) == 3
    assert not [path for path in (tmp_path / "report").rglob("*") if path.name.startswith(".")]


def test_several_processes_write_the_same(store: Store, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    told: list[str] = []
    written(store, one)
    written(store, two, processes=2, tell=lambda what, done, total: told.append(f"{what} {done} of {total}"))
    assert told[-1] == "pages 7 of 7"
    files = [*own_pages(one), *(path.relative_to(one).as_posix() for path in one.rglob("*.js"))]
    assert len(files) > 10
    for file in files:
        assert (one / file).read_bytes() == (two / file).read_bytes(), file


def test_a_file_that_no_report_wrote_is_not_overwritten(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "index.html").write_text("mine")
    with pytest.raises(
        HarnessError,
        match=r"is not a page of a report, and was not overwritten\. Move it, or name another folder",
    ):
        write_report(store, folder, pictures=False)
    assert [path.name for path in folder.iterdir()] == ["index.html"]
    assert (folder / "index.html").read_text() == "mine"


def test_a_page_whose_script_is_gone_or_of_another_report_is_made_anew(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    written(store, folder)
    one, two, *_ = cell_files(store)
    compared = file_names.compare_file(BOARD)
    (folder / file_names.script_of(one)).unlink()
    for file in (two, compared):
        script = folder / file_names.script_of(file)
        whole = script.read_text()
        mark = whole.split()[3]
        script.write_text(whole.replace(mark, "0" * len(mark)))
    assert set(write_report(store, folder, pictures=False).made) == {one, two, compared}
    assert written(store, folder) == set()
    (folder / file_names.script_of(one)).write_text("mine")
    with pytest.raises(
        HarnessError, match=r"cell-\w+\.js' is not a page of a report, and was not overwritten"
    ):
        write_report(store, folder, pictures=False)
    assert (folder / file_names.script_of(one)).read_text() == "mine"


def test_marks_are_those_of_their_own_file(store: Store, tmp_path: Path) -> None:
    written(store, tmp_path)
    assert mark_of(tmp_path / "index.html", "index.html") == "0"
    with pytest.raises(HarnessError, match="not a page of a report"):
        mark_of(tmp_path / "index.html", "other.html")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("digits.full", "digits.full"), ("Digits.full", "digits.full-"), ("..", "-"), ("a/../b", "a---b-")],
)
def test_names_of_files_are_plain_and_single(name: str, expected: str) -> None:
    found = file_names.plain(name)
    assert found.startswith(expected)
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert found not in ("", ".", "..")
    assert len(file_names.plain("x" * 500)) < 100


def test_the_call_that_makes_it_again() -> None:
    data = DataFacts(60, 4, 10, None, None, None, "none", "unknown")
    cell = CellRecord("my data", "", "full", data, "pca", "gmm", "7 given", (1, 2), settings="oracle")
    assert bench_line(cell, device="cuda", soft=True) == (
        "harness bench -d 'my data' -e pca -c gmm -k 7 --encoder-seeds 2 --clusterer-seeds 3 "
        "--settings oracle --device cuda --soft"
    )
    late = [bench_line(replace(cell, seeds=seeds)) for seeds in ((3, 3), (104, 104), (None, 12), (100, 102))]
    assert [text.partition("-k 7 ")[2] for text in late] == [
        "--seeds 4 --settings oracle",
        "--seeds 1 --first-seed 104 --settings oracle",
        "--seeds 1 --first-seed 12 --settings oracle",
        "--encoder-seeds 1 --clusterer-seeds 3 --first-seed 100 --settings oracle",
    ]
    assert bench_line(replace(cell, specs=("f(x=<object>)", "gmm"))) == ""


def test_the_command_says_what_it_made_and_how_to_open_it(
    benched: Path, tmp_path: Path, command_line: Callable[..., tuple[int, str, str]]
) -> None:
    call = ("report", "--store", str(benched), "--out", str(tmp_path / "out"), "--no-pictures", "--jobs", "1")
    code, out, _ = command_line(*call)
    assert code == 0
    assert out.splitlines()[0] == "9 pages: 9 regenerated, 0 unchanged."
    assert out.splitlines()[1] == (
        f"Open {tmp_path}/out/index.html in a browser: {(tmp_path / 'out' / 'index.html').as_uri()}"
    )
    code, out, _ = command_line(*call)
    assert out.splitlines()[0] == "9 pages: 0 regenerated, 9 unchanged."


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["some-digits.test"], "has no leaderboard 'some-digits.test'. Did you mean 'some-digits.full'?"),
        (["--maps", "pca,tnse"], "Unknown map 'tnse'. Did you mean 'tsne'? Maps: pca, tsne, umap."),
        (["--maps", " , "], "Give maps joined by commas"),
        (["--store", "nowhere"], "No store in 'nowhere'"),
        (["--out", "{file}"], "is a file"),
        (["--out", "{file}/within"], "cannot write"),
        (["--jobs", "0"], "0 is not in the range"),
    ],
)
def test_wrong_calls_are_one_clear_line(
    words: list[str],
    error: str,
    benched: Path,
    tmp_path: Path,
    command_line: Callable[..., tuple[int, str, str]],
) -> None:
    (tmp_path / "file").write_text("")
    given = [word.format(file=tmp_path / "file") for word in words]
    rest = [] if "--store" in words else ["--store", str(benched)]
    rest += [] if "--out" in words else ["--out", str(tmp_path / "out")]
    code, _, err = command_line("report", *given, *rest, "--no-pictures")
    assert not list((tmp_path / "out").rglob("*"))
    assert code == 2
    assert error in err
    assert len([line for line in err.splitlines() if line.startswith("Error")]) == 1
