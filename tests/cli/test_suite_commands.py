"""Suites on the command line: what is run, said and left out, and exit codes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
RUN = ("bench", "-c", "kmeans", "--seeds", "1", "--jobs", "1", "--suite")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite of a table and of a dataset with two references; the working folder is beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    made = tmp_path / "mine"
    made.mkdir()
    (made / "flowers.csv").write_text("a,b,label\n" + "1,2,x\n1,3,x\n9,9,y\n8,9,y\n" * 3)
    (made / "ring.data.gz").write_bytes(gzip.compress(b"0 0\n0 1\n9 9\n9 8\n5 5\n"))
    (made / "ring.labels0.gz").write_bytes(gzip.compress(b"1\n1\n2\n2\n2\n"))
    (made / "ring.labels1.gz").write_bytes(gzip.compress(b"1\n1\n2\n2\n0\n"))
    return made


@pytest.mark.usefixtures("one_process")
def test_a_suite_has_a_line_for_each_dataset_and_no_tables(folder: Path, command_line: Run) -> None:
    code, out, err = command_line(*RUN, str(folder), "-m", "ari")
    assert (code, out) == (0, "")
    lines = err.splitlines()
    assert lines[0] == "mine: 2 of 2 datasets, 3 leaderboards"
    assert [line.partition("] ")[2] for line in lines[1:3]] == [
        "flowers: 1 run, best ari 1.000 (kmeans)",
        "ring: 2 runs, best ari 1.000 (kmeans)",
    ]
    assert lines[1].startswith("[1/2, ")
    assert lines[2].startswith("[2/2, ")
    assert "left" not in lines[2].partition("]")[0]
    # Both references have K 2, so the samples are clustered once.
    assert lines[3] == "Computed 2 encode, 2 cluster, 3 score; reused 2. Wrote 3 leaderboards to leaderboard."
    written = sorted(path.name for path in Path("leaderboard").rglob("*.md"))
    assert written == ["flowers.full.md", "ring.0.full.md", "ring.1.full.md"]


@pytest.mark.usefixtures("one_process")
def test_what_cannot_be_run_is_named_and_the_rest_is_run(folder: Path, command_line: Run) -> None:
    (folder / "bad.csv").write_text("a,b,label\n1,2,x\n3,rose,y\n")
    code, _, err = command_line(*RUN, str(folder), "-m", "ari", "--max-samples", "10")
    assert code == 1
    lines = err.splitlines()
    assert lines[:2] == [
        "mine: 1 of 3 datasets, 2 leaderboards",
        "Left out, with more samples than --max-samples: flowers (12)",
    ]
    assert lines[2].startswith("Cannot be run: bad: ")
    assert "[1/1, " in lines[3]


@pytest.mark.usefixtures("one_process")
def test_a_failed_run_is_counted_in_its_line(folder: Path, command_line: Run) -> None:
    code, _, err = command_line(*RUN, str(folder), "-m", "ari", "-k", "6")
    assert code == 1
    assert "] flowers: 1 run, best ari" in err
    assert "] ring: 0 runs, 2 failed" in err.splitlines()[2]
    assert "Some runs did not finish: 2 failed. To see why" in err.splitlines()[-1]


@pytest.mark.usefixtures("one_process")
def test_the_boards_are_printed_as_json_on_request(folder: Path, command_line: Run) -> None:
    code, out, _ = command_line(*RUN, str(folder), "-m", "ari", "--json")
    assert code == 0
    assert "ring.1" in json.dumps(json.loads(out))


def write_suite(folder: Path, *datasets: str, more: str = "") -> str:
    file = folder / "suite.toml"
    file.write_text(f'name = "own"\nmetrics = ["nmi"]\n{more}\ndatasets = [{", ".join(datasets)}]\n')
    return str(file)


def test_metrics_protocol_and_k_of_a_suite_are_defaults(folder: Path, command_line: Run) -> None:
    suite = write_suite(folder, '{path = "flowers.csv"}', more="k = 3")
    code, out, _ = command_line(*RUN, suite, "--dry-run")
    assert code == 0
    assert [line.split() for line in out.splitlines() if "flowers" in line] == [
        ["flowers", "12", "2", "3", "1", "1", "3"]
    ]
    assert "score" in out
    _, out, _ = command_line(*RUN, suite, "--dry-run", "-k", "2", "-m", "ari", "-m", "ami")
    assert [line.split() for line in out.splitlines() if "flowers" in line] == [
        ["flowers", "12", "2", "2", "1", "1", "4"]
    ]


def test_a_dry_run_shows_sizes_and_references(folder: Path, command_line: Run) -> None:
    code, out, err = command_line(*RUN, str(folder), "-m", "ari", "--dry-run")
    assert code == 0
    assert err.splitlines() == ["mine: 2 of 2 datasets, 3 leaderboards"]
    header, _, *rows = out.splitlines()[1:5]
    assert " ".join(header.split()) == "dataset samples features K references runs stages to compute"
    assert [row.split() for row in rows] == [
        ["flowers", "12", "2", "2", "1", "1", "3"],
        ["ring", "5", "2", "2", "2", "2", "4"],
    ]
    assert "Nothing was computed." in out
    assert not Path("leaderboard").exists()


def test_absent_datasets_are_named_with_the_command_to_get_them(folder: Path, command_line: Run) -> None:
    suite = write_suite(folder, '{path = "gone.csv"}', '{path = "flowers.csv"}')
    code, _, err = command_line(*RUN, suite, "--dry-run")
    assert code == 0
    assert f"Not on this machine: gone. Get them: harness datasets fetch {suite}" in err.splitlines()
    code, _, err = command_line(*RUN, write_suite(folder, '{path = "gone.csv"}'))
    assert code == 2
    assert "Error: No dataset of the suite 'own' can be run: the lines above say why." in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--suite", "toy", "-d", "digits"), "Give either datasets (-d) or a suite (--suite), not both."),
        (("--max-samples", "3"), "--max-samples is for the datasets of a suite: give --suite too."),
        (("--suite", "toyy"), "No suite 'toyy', and no such file or folder. Did you mean 'toy'?"),
        (("--suite", "toy", "-e", "pce"), "Did you mean 'pca'?"),
    ],
)
def test_wrong_calls(words: tuple[str, ...], message: str, command_line: Run, folder: Path) -> None:
    code, _, err = command_line("bench", "-c", "kmeans", *words)
    assert code == 2
    assert message in err.splitlines()[-1]


def test_a_folder_of_a_suite_is_no_dataset(folder: Path, command_line: Run) -> None:
    code, _, err = command_line("bench", "-c", "kmeans", "-e", "pca", "-d", str(folder))
    assert code == 2
    assert f"Run them all: harness bench --suite {folder}" in err


def test_a_suite_is_an_option_of_a_bench_file(folder: Path, command_line: Run) -> None:
    Path("bench.toml").write_text('suite = "toy"\nmax_samples = 160\nclusterers = ["kmeans"]\nseeds = 1\n')
    code, out, err = command_line("bench", "--config", "bench.toml", "--dry-run")
    assert code == 0
    assert err.startswith("toy 1: 1 of 9 datasets")
    assert "iris" in out
    code, _, err = command_line(*RUN, "toy", "--max-samples", "160", "--write-config", "saved.toml")
    assert code == 0
    assert 'suite = "toy"' in Path("saved.toml").read_text()
    assert "datasets" not in Path("saved.toml").read_text()


def test_two_references_by_name_do_not_share_a_leaderboard(folder: Path, command_line: Run) -> None:
    texts = [f"{folder}/ring.data.gz(name=ring, reference={number})" for number in (0, 1)]
    code, _, err = command_line("bench", "-c", "kmeans", "-e", "pca", "-d", texts[0], "-d", texts[1])
    assert code == 2
    assert "Two datasets are named 'ring'. Rename one: add name=NAME." in err


def test_suites_are_listed(command_line: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    code, out, _ = command_line("datasets", "suites", "--json")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)}
    assert rows["toy"]["here"] == rows["toy"]["datasets"] == 9
    assert (rows["batteries-v1"]["datasets"], rows["batteries-v1"]["here"]) == (76, 0)
    assert "toy" in command_line("datasets", "suites")[1]


def test_what_is_embedded_needs_no_download(command_line: Run) -> None:
    code, out, _ = command_line("datasets", "fetch", "toy")
    assert (code, out) == (0, "toy: 9 datasets, as far as they can be downloaded.\n")
