"""`harness compare` says what differs and what cannot be tested, and is wrong in one line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lasting import lasting

from harness.cli import main

Call = Callable[..., tuple[int, str, str]]
BENCH = (
    "bench",
    "-e",
    "identity",
    "-e",
    "pca(n_components=1)",
    "-c",
    "kmeans(n_init=1)",
    "-c",
    "agglomerative",
)


@pytest.fixture(scope="module")
@lasting()
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of six small datasets."""
    folder = tmp_path_factory.mktemp("compare")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("HARNESS_STORE", raising=False)
        rng = np.random.default_rng(0)
        for number in range(6):
            X = rng.normal(size=(60, 3)) + np.repeat(np.eye(3), 20, axis=0) * (1 + number)
            np.savez(f"d{number}.npz", X=X, y=np.repeat(range(3), 20))
        data = [word for number in range(6) for word in ("-d", f"d{number}.npz")]
        for words in (
            (
                *BENCH,
                *data,
                "-m",
                "accuracy",
                "-m",
                "silhouette",
                "-c",
                "gmm(n_clusters=99)",
                "--jobs",
                "1",
            ),
            (
                *BENCH,
                "-d",
                "d0.npz",
                "-m",
                "accuracy",
                "--protocol",
                "full",
                "--store",
                "alone",
                "--seeds",
                "1",
            ),
        ):
            patch.setattr("sys.argv", ["harness", *words])
            with pytest.raises(SystemExit):
                main()
    return folder


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call) -> Call:
    monkeypatch.chdir(folder)
    return lambda *words: command_line("compare", *words)


def test_one_board(call: Call) -> None:
    code, out, _ = call("d0.full")
    assert code == 0
    lines = {tuple(line.split()[:2]): line for line in out.splitlines()}
    row = lines["pca(n_components=1)", "kmeans(n_init=1)"]
    assert "(unpaired, n 5)" in row
    assert "0% / 100% / 0%" in row
    failed = lines["identity", "gmm(n_clusters=99)"]
    assert "failed" in failed
    assert failed.split()[-1] == "–"
    assert "difference from identity + kmeans(n_init=1)" in out, "found without its parameters"
    assert "No interval, deterministic: 2 rows." in out
    assert (
        "vs best: difference from the best mean, by Welch (2), exact where both rows are deterministic (1)."
        in out
    )
    assert "2 rows have no answer: fewer than 5 seeds, or a run that did not finish." in out


def test_programs_read_it(call: Call) -> None:
    _, out, _ = call("d1.full", "--format", "csv", "--baseline", "identity + agglomerative")
    rows = list(csv.DictReader(io.StringIO(out)))
    first = next(
        row for row in rows if row["clusterer"] == "kmeans(n_init=1)" and row["encoder"] == "identity"
    )
    assert float(first["low"]) - 1e-9 <= float(first["mean"]) <= float(first["high"]) + 1e-9
    assert first["minus identity + agglomerative how"] == "unpaired"
    _, out, _ = call("d1.full", "--format", "json", "-m", "silhouette")
    assert {row["vs_best"] for row in json.loads(out)} == {None}
    _, out, _ = call("d1.full", "--format", "markdown")
    table = [line for line in out.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in table}) == 1


def test_six_boards(call: Call, folder: Path) -> None:
    code, out, err = call("--diagram", "ranks.svg")
    assert code == 0, err
    assert "Friedman: chi-squared" in out
    assert "Wilcoxon with Holm's correction" in out
    assert "shares its last rank" in out
    assert (folder / "ranks.svg").read_text().startswith("<?xml")
    (failed,) = [line for line in out.splitlines() if line.startswith("identity + gmm")]
    assert failed.split()[3:5] == ["5.500", "6"], "the two that failed everywhere share ranks 5 and 6"
    _, out, _ = call("--failed", "leave-out", "--format", "json")
    found = json.loads(out)
    assert len(found["pipelines"]) == 4
    assert len(found["left_out"]) == 2
    assert found["friedman"]["df"] == 3


def test_too_few_boards_are_ranked_and_not_tested(call: Call) -> None:
    code, out, err = call("d0.full", "d1.full", "d2.full", "d3.full", "d4.full")
    assert (code, err) == (0, "")
    assert "Friedman: chi-squared" in out
    assert "Wilcoxon's test needs at least 6 datasets: with fewer no p-value can be below 0.05, got 5." in out
    code, out, err = call("d0.full", "d1.full", "--diagram", "few.svg")
    assert code == 2
    assert "mean rank" in out
    assert "Mean ranks only: untested" in out
    assert "Cannot draw the diagram" in err
    assert not Path("few.svg").exists()


def test_single_runs_are_not_tested(call: Call) -> None:
    _, out, _ = call("--store", "alone")
    assert "Rows are not compared with the best" in out or "no answer" in out
    assert "2 rows have no answer: fewer than 5 seeds" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("d1.ful",), "Did you mean 'd1.full'"),
        (("d1.full", "-m", "acuracy"), "Did you mean 'accuracy'"),
        (("d1.full", "--baseline", "identity + kmean"), "Did you mean 'identity + kmeans(n_init=1)'"),
        (("d1.full", "--diagram", "a.svg"), "--diagram needs several leaderboards"),
        (
            ("d1.full", "d2.full", "--baseline", "identity + kmeans"),
            "--baseline works with one leaderboard only",
        ),
        (("--diagram", "a.pdf"), "must end in .svg or .png"),
        (("-m", "silhouette"), "embedding-dependent"),
        (("--store", "nowhere"), "No store in 'nowhere'"),
    ],
)
def test_wrong_calls_are_one_line(call: Call, words: tuple[str, ...], says: str) -> None:
    code, out, err = call(*words)
    assert code == 2
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_pivot_keeps_what_does_not_stand_everywhere(call: Call, folder: Path) -> None:
    code, out, _ = call("d0.full", "d1.full", "--pivot", "-m", "accuracy")
    assert code == 0
    heads, *_ = [line for line in out.splitlines() if line.startswith("pipeline")]
    assert heads.split() == ["pipeline", "mean", "rank", "d0", "d1"]
    (failed, *_) = [line for line in out.splitlines() if line.startswith("identity + gmm")]
    assert failed.split()[-2:] == ["failed", "failed"]
    _, out, _ = call("d0.full", "d1.full", "--pivot", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 6
    assert float(rows[0]["mean rank"]) <= float(rows[1]["mean rank"])


def test_a_margin_is_what_it_is_called(call: Call) -> None:
    _, out, _ = call("d5.full", "--margin", "2")
    assert "lies within ±2 (--margin)" in out
    _, out, _ = call("d5.full", "--margin", "2", "--format", "json")
    assert {row["vs_best"] for row in json.loads(out)} <= {"best", "equal", "worse", None}
