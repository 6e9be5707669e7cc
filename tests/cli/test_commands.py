"""The commands, as they are called."""

from __future__ import annotations

import csv
import io
import json
import shlex
from html.parser import HTMLParser
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner, Result
from few import shorten_digits

from harness.cli import COMMANDS, app
from harness.core.threads import cores


def call(line: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, shlex.split(line), standalone_mode=False)
    assert result.exception is None, result.output
    assert (result.return_value or 0) == code, result.output
    return result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_digits: None, one_process: None) -> Path:
    """An empty working folder; what is benched there by default is little."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_when_to_use_a_command_and_has_two_examples_that_parse(name: str) -> None:
    text = call(f"{name} --help").output
    assert COMMANDS[name] in " ".join(text.split())
    examples = text.split("Examples:\n")[1].strip().splitlines()
    assert len(examples) == 2
    for line in examples:
        program, command, *words = shlex.split(line)
        assert (program, command) == ("harness", name)
        found = app.get_command(click.Context(app), name)
        while isinstance(found, click.Group) and words:
            found = found.commands[words.pop(0)]
        assert found is not None
        found.make_parser(click.Context(found)).parse_args(words)


def test_help_lists_all_commands() -> None:
    text = call("--help").output
    assert all(name in text for name in COMMANDS)


def test_bench_all_writes_table_and_file(
    whole_grid: tuple[Path, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_digits(monkeypatch, 100)
    folder, result = whole_grid
    assert result.exception is None, result.output
    assert not result.return_value, result.output
    board = (folder / "leaderboard" / "digits.full.md").read_text()
    for name in ("identity", "pca", "kmeans", "gmm", "accuracy", "silhouette"):
        assert name in result.stdout
        assert name in board
    assert "One seed only" in result.stdout
    assert "One seed only" in board
    assert "\x1b" not in result.output
    assert "[1/" in result.stderr
    monkeypatch.chdir(folder)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    again = call("bench --all --seeds 1")
    assert "Computed 0 encode, 0 cluster, 0 score" in again.stderr
    assert again.stdout == result.stdout
    assert (folder / "leaderboard" / "digits.full.md").read_text() == board


def test_json_stands_alone_on_standard_output(folder: Path) -> None:
    (board,) = json.loads(call("bench -e identity -c kmeans -m accuracy --seeds 3 --json").stdout)
    (row,) = board["rows"]
    score = row["scores"]["accuracy"]
    assert (row["k"], score["n"], board["protocol"]) == ("10 given", 3, "full")
    assert score["min"] <= score["mean"] <= score["max"]


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []

    def handle_data(self, data: str) -> None:
        self.cells.append(data.strip())


def test_formats_of_the_leaderboard(folder: Path) -> None:
    call("bench -e identity -e pca -c kmeans -m accuracy -m ari --seeds 2")
    rows = list(csv.DictReader(io.StringIO(call("leaderboard --format csv").stdout)))
    (board,) = json.loads(call("leaderboard digits.full --format json").stdout)
    assert {row["encoder"] for row in rows} == {"identity", "pca"}
    for row, other in zip(rows, board["rows"], strict=True):
        assert float(row["accuracy_mean"]) == other["scores"]["accuracy"]["mean"]
    parser = _Cells()
    parser.feed(call("leaderboard --format html").stdout)
    assert {"identity", "pca", "kmeans"} <= set(parser.cells)
    latex = call("leaderboard --format latex").stdout
    assert latex.count(r"\\") == 3
    assert r"\toprule" in latex
    table = [
        line for line in call("leaderboard --format markdown").stdout.splitlines() if line.startswith("|")
    ]
    assert len({line.count("|") for line in table[:4]}) == 1
    assert "identity" in call("leaderboard").stdout


def test_several_boards_make_one_document(folder: Path) -> None:
    np.save("points.npy", np.random.default_rng(0).random((50, 3)))
    call("bench -d digits -d points.npy -e identity -c kmeans -k 3 --seeds 2")
    assert len(json.loads(call("leaderboard --format json").stdout)) == 2
    rows = list(csv.DictReader(io.StringIO(call("leaderboard --format csv").stdout)))
    assert [row["dataset"] for row in rows] == ["digits", "points"]
    assert rows[1]["accuracy_mean"] == ""
    assert call("leaderboard --format markdown").stdout.count("\n# ") == 1


def test_plugins(folder: Path) -> None:
    text = call("plugins").stdout
    assert all(word in text for word in ("kmeans", "clusterer", "built-in", "Lloyd, 1982", "yes"))
    found = json.loads(call("plugins --kind metric --json").stdout)["plugins"]
    assert {plugin["kind"] for plugin in found} == {"metric"}
    assert len(found) == 21
    Path("bad.py").write_text("import nothing_like_this\n")
    result = call("plugins --plugin bad.py")
    assert "Broken" in result.stderr
    assert "nothing_like_this" in result.stderr
    assert "kmeans" in result.stdout


def test_datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    rows = {row["name"]: row for row in json.loads(call("datasets --json").stdout)}
    assert rows["digits"]["samples"] == 1797
    assert rows["digits"]["digest"].startswith("fd7ca9c94ce8e2b0")
    assert rows["kmnist"]["found"] == "no: harness datasets fetch kmnist"
    assert rows["kmnist"]["licence"] == "CC BY-SA 4.0"
    assert "nothing to download" in call("datasets fetch digits").stdout


def test_import_paths_and_chains(folder: Path) -> None:
    text = call(
        'bench -e "sklearn.preprocessing:StandardScaler+pca(n_components=5)" '
        '-e "sklearn.random_projection:GaussianRandomProjection(n_components=8)" '
        "-c sklearn.cluster:Birch -c sklearn.cluster:DBSCAN "
        "-m accuracy -m sklearn.metrics:rand_score --seeds 2"
    ).stdout
    assert "sklearn.cluster:Birch" in text
    assert "10 given" in text
    assert "estimated" in text
    assert "deterministic" in text
    assert "sklearn.metrics:rand_score" in text


def write_csv(path: Path, label: str) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{a:.4f},{b:.4f},{'uvw'[i % 3]}" for i, (a, b) in enumerate(rng.random((60, 2)))]
    path.write_text("\n".join([f"a,b,{label}", *rows]))


def test_own_data(folder: Path) -> None:
    write_csv(folder / "named.csv", "species")
    write_csv(folder / "plain.csv", "label")
    np.save("points.npy", np.random.default_rng(0).random((50, 3)))
    result = call('bench -d "named.csv(label=species)" -e identity -c kmeans -m accuracy')
    assert "3 given" in result.stdout
    assert "named.csv: 60 samples x 2 features, 3 classes from 'species' (20 each)" in result.stderr
    assert "3 given" in call("bench -d plain.csv -e identity -c kmeans -m accuracy").stdout
    result = call("bench -d points.npy --all -e pca --seeds 1")  # test_odd_data_works takes every encoder
    assert "8 default" in result.stdout
    assert "accuracy" not in result.stdout
    assert "has no labels" in result.stderr
    assert "4 given" in call("bench -d points.npy -e identity -c kmeans -k 4").stdout
    board = (folder / "leaderboard" / "points.full.md").read_text()
    assert "no labels" in board
    assert "silhouette" in board


def test_rows_of_earlier_calls_stay_in_the_file_but_are_not_printed(folder: Path) -> None:
    call("bench -e identity -c kmeans -m ari --seeds 2")
    result = call("bench -e pca -c kmeans -m ari --seeds 2")
    assert "identity" not in result.stdout
    assert "2 rows" in result.stderr
    assert "identity" in (folder / "leaderboard" / "digits.full.md").read_text()
    call("bench -e pca -c kmeans -m ari --seeds 2 -k 4")
    table = call("leaderboard").stdout
    assert "4 given" in table
    assert "10 given" in table


def test_bench_alone_is_a_tour(folder: Path) -> None:
    result = call("bench -m ari --seeds 1")
    rows = {tuple(line.split()[:2]) for line in result.stdout.splitlines()[3:12]}
    assert rows == {
        (encoder, clusterer)
        for encoder in ("identity", "pca", "standardize+pca")
        for clusterer in ("kmeans", "gmm", "agglomerative")
    }
    assert "This was a tour of three encoders and three clusterers." in result.stderr
    assert "harness report digits.full" in result.stderr
    assert "a tour" not in call("bench -e pca -c kmeans -m ari --seeds 1").stderr
    wrong = CliRunner().invoke(app, ["bench", "-c", "kmeans"], standalone_mode=False)
    assert "Also name encoders with -e, or" in str(wrong.exception)


def test_notes_are_grouped_by_kind(folder: Path) -> None:
    result = call("bench -e standardize -c kmeans -c gmm -m ari --seeds 1")
    told = [line for line in result.stdout.splitlines() if "are constant" in line]
    assert len(told) == 1
    assert "(2 rows, e.g. standardize + " in told[0]
    every = call("leaderboard --notes").stdout
    assert sum("are constant" in line for line in every.splitlines()) == 2


def test_all_keeps_what_turns_out_to_be_unavailable_as_a_row(folder: Path) -> None:
    Path("needs.py").write_text(
        "from harness import hookimpl\n"
        "class Needs:\n    def fit(self, X):\n        import no_such_framework\n"
        "@hookimpl\ndef clusterers():\n    return {'needs': Needs}\n"
    )
    result = call("bench --all -e identity -m ari --seeds 2 --plugin needs.py")
    assert "unavailable" in result.stdout
    assert "pip install no_such_framework" in result.stdout
    call("bench -e identity -c needs -m ari --plugin needs.py", code=1)


def test_what_is_not_installed_is_one_line_of_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("needing.py").write_text(
        "import no_such_framework\nclass One:\n    def fit(self, X): ...\nclass Two(One): ...\n"
    )
    monkeypatch.syspath_prepend(folder)
    Path("needs.py").write_text(
        "from harness import hookimpl\n"
        "@hookimpl\ndef clusterers():\n    return {'one': 'needing:One', 'two': 'needing:Two'}\n"
    )
    result = call("bench --all -e identity -m ari --seeds 1 --plugin needs.py --dry-run")
    told = [line for line in result.stderr.splitlines() if "no_such_framework" in line]
    assert told == [
        "Note: 2 clusterers left out, which need no_such_framework: pip install no_such_framework (one, two)."
    ]
    call("bench -e identity -c one -m ari --seeds 1 --plugin needs.py", code=1)


def test_plugins_follow_a_run_and_cannot_stop_it(folder: Path) -> None:
    Path("follow.py").write_text(
        "from pathlib import Path\nfrom harness import hookimpl\n"
        "def note(text):\n    with Path('log.txt').open('a') as file:\n        file.write(text + '\\n')\n"
        "@hookimpl\ndef run_started(plan): note(f'started {plan.dataset.name}')\n"
        "@hookimpl\ndef stage_finished(progress): note(progress.stage.kind)\n"
        "@hookimpl\ndef run_finished(board): note(f'finished {board.name}')\n"
    )
    Path("stumble.py").write_text(
        "from harness import hookimpl\n@hookimpl\ndef run_finished(board): raise RuntimeError('oh')\n"
    )
    call("bench -e pca -c kmeans -m ari --seeds 2 --plugin follow.py")
    told = Path("log.txt").read_text().split("\n")[:-1]
    assert told[0] == "started digits"
    assert told[-1] == "finished digits.full"
    assert sorted(told[1:-1]) == ["cluster", "cluster", "encode", "score", "score"]
    result = call("bench -e pca -c kmeans -m ari --seeds 2 --plugin stumble.py --plugin follow.py")
    assert "stumble.py failed in run_finished: RuntimeError: oh" in result.stderr
    assert Path("log.txt").read_text().count("finished") == 2


def test_events_are_lines_of_json(folder: Path) -> None:
    words = "bench -e pca -c kmeans -c kmeans(n_clusters=9999) -m ari --seeds 2 --events events.jsonl"
    result = CliRunner().invoke(app, words.split(), standalone_mode=False)
    assert result.return_value == 1
    told = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert [told[0]["event"], told[-1]["event"]] == ["started", "finished"]
    assert told[0]["stages"] == told[0]["cells"] * 2 + 1
    stages = [each for each in told if each["event"] == "stage"]
    assert len(stages) == told[0]["stages"]
    assert {each["status"] for each in stages} == {"ok", "failed", None}
    assert next(each for each in stages if each["status"] == "failed")["error"].startswith("ValueError")
    assert told[-1] | {"time": ""} == {
        **{"event": "finished", "time": "", "board": "digits.full"},
        **{"computed": 7, "reused": 0, "stopped": False},
    }
    CliRunner().invoke(app, words.split(), standalone_mode=False)
    again = (folder / "events.jsonl").read_text().splitlines()
    assert json.loads(again[-1])["reused"] == 7
    assert len(again) == 2 * len(told), "lines are added"


def test_jobs_and_threads_stay_within_the_cores(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.execution.pool.cores", cores)
    result = call(f"bench -e identity -c kmeans -m ari --seeds 1 --jobs {2 * cores()} --threads 1")
    assert f"Note: more jobs and threads than cores; using --jobs {cores()} --threads 1." in result.output
    assert "than cores" not in call("bench -e identity -c kmeans -m ari --seeds 1 --jobs 1").output


def test_retry_takes_statuses_joined_by_commas_or_one_by_one(folder: Path) -> None:
    Path("bad.py").write_text(
        "import os\nfrom harness import hookimpl\n"
        "class Fails:\n    def fit(self, X): raise ValueError('no')\n"
        "class Dies:\n    def fit(self, X): os._exit(3)\n"
        "@hookimpl\ndef clusterers(): return {'fails': Fails, 'dies': Dies}\n"
    )
    line = "bench -e identity -c fails -c dies -m n-clusters --seeds 1 --plugin bad.py"
    call(line, code=1)
    for more, computed in {
        "": 0,
        " --retry failed": 1,
        " --retry timeout,not-applicable": 0,
        " --retry failed,crashed": 2,
        " --retry crashed --retry timeout,failed": 2,
        " --retry 'crashed, failed'": 2,
    }.items():
        assert f"Computed 0 encode, {computed} cluster, 0 score" in call(line + more, code=1).stderr, more
