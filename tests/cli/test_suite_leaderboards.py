"""Leaderboards of suites on the command line: run, shown, reported, published, verified and merged."""

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
BENCH = ("bench", "--suite", "mine", "-c", "kmeans", "-c", "agglomerative", "-m", "ari", "-m", "accuracy")


@pytest.fixture(scope="module")
@lasting()
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three datasets in two batteries, one with two references, that was run."""
    folder = tmp_path_factory.mktemp("suite")
    rng = np.random.default_rng(0)
    for name, k in (("a/one", 2), ("a/two", 3), ("b/three", 3)):
        (folder / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        X = np.concatenate([rng.normal(2 * n, 1, (30, 2)) for n in range(k)])
        np.savetxt(folder / "mine" / f"{name}.data", X)
        np.savetxt(folder / "mine" / f"{name}.labels0", np.repeat(range(1, k + 1), 30), fmt="%d")
    np.savetxt(folder / "mine" / "a" / "two.labels1", np.repeat((1, 2), 45), fmt="%d")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("HARNESS_STORE", raising=False)
        patch.setattr("sys.argv", ["harness", *BENCH, "--seeds", "2", "--jobs", "1"])
        with pytest.raises(SystemExit):
            main()
    return folder


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call) -> Call:
    monkeypatch.chdir(folder)
    return command_line


def test_bench_ends_with_the_suite_and_its_page(folder: Path, call: Call) -> None:
    page = (folder / "leaderboard" / "suites" / "mine.md").read_text()
    code, text, _ = call(*BENCH, "--seeds", "2", "--jobs", "1")
    assert code == 0
    assert "Suite mine: 3 datasets, 2 methods, protocol full, metric ari" in text
    assert "Best mean ari:" in text
    assert (folder / "leaderboard" / "suites" / "mine.md").read_text() == page


def test_tables_and_formats_have_the_same_numbers(call: Call) -> None:
    _, text, _ = call("leaderboard", "--suite", "mine", "--pivot")
    assert "a-two" in text
    metrics = ("-m", "ari", "-m", "accuracy")
    found, other = json.loads(call("leaderboard", "--suite", "mine", *metrics, "--format", "json")[1])
    assert (found["metric"]["name"], other["metric"]["name"]) == ("ari", "accuracy")
    lines = list(
        csv.DictReader(io.StringIO(call("leaderboard", "--suite", "mine", *metrics, "--format", "csv")[1]))
    )
    ari = [each for each in lines if each["metric"] == "ari"]
    values = {(each["dataset"], each["method"]): each["value"] for each in ari}
    first = found["methods"][0]
    for dataset, cell in zip(found["datasets"], first["cells"], strict=True):
        assert float(values[dataset["name"], first["name"]]) == cell["value"]
    assert "\\toprule" in call("leaderboard", "--suite", "mine", "--format", "latex")[1]
    assert call("leaderboard", "--suite", "mine", "--format", "html")[1].startswith("<!doctype html>")
    assert "## Methods by datasets" in call("leaderboard", "--suite", "mine", "--format", "markdown")[1]


def test_each_reference_and_another_metric(call: Call) -> None:
    _, text, _ = call("leaderboard", "--suite", "mine", "--references", "each", "--pivot", "-m", "accuracy")
    assert "4 datasets" in text
    assert "a-two.1" in text
    assert "metric accuracy" in text


def test_report_and_site_have_its_page(folder: Path, call: Call) -> None:
    code, text, _ = call("report", "--suite", "mine", "--out", "pages")
    assert (code, "2 pages" in text) == (0, True)
    assert "suite-mine.html" in (folder / "pages" / "index.html").read_text()
    code, _, _ = call("report", "a-one.full", "--no-pictures", "--out", "pages", "--jobs", "1")
    assert code == 0
    assert (folder / "pages" / "suite-mine.html").exists(), "pages of suites stay"
    assert "suite-mine.html" in (folder / "pages" / "index.html").read_text()


def test_publish_verify_and_merge(folder: Path, call: Call) -> None:
    code, text, _ = call("publish", "--suite", "mine", "--with-truth", "--out", "out", "--site", "site", "-y")
    assert (code, "a-two.1.full" in text) == (0, True)
    assert (folder / "site" / "suite-mine.html").exists()
    assert call("verify", "out")[0] == 0
    page = folder / "out" / "suites" / "mine.md"
    text = page.read_text()
    page.write_text(text.replace("kmeans", "kmeens", 1))
    code, text_wrong, _ = call("verify", "out")
    assert code == 1
    assert "WRONG       suites/mine.md: differs from the records" in text_wrong
    assert call("merge", "out", "--out", "out")[0] == 0
    assert page.read_text() == text


def test_withheld_classes_are_verified_with_the_data_of_the_suite(call: Call) -> None:
    code, text, _ = call("publish", "--suite", "mine", "--no-truth", "--out", "held", "-y")
    assert code == 0
    assert "can be checked only with the data: harness verify held --suite mine" in text
    assert call("verify", "held", "--strict")[0] == 1
    code, text, _ = call("verify", "held", "--suite", "mine", "--strict")
    assert code == 0, text
    assert "0 wrong, 0 could not be checked" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("leaderboard", "--suite", "toyy"), "No suite 'toyy'"),
        (("leaderboard", "--suite", "toy"), "no leaderboard of suite 'toy'"),
        (("leaderboard", "--suite", "mine", "--top", "3"), "--top does not go with --suite."),
        (
            ("leaderboard", "a-one.full", "--suite", "mine"),
            "The name of a leaderboard does not go with --suite.",
        ),
        (("leaderboard", "--pivot"), "--pivot needs --suite."),
        (("leaderboard", "--suite", "mine", "--protocol", "train"), "Choose --protocol among full."),
        (("leaderboard", "--suite", "mine", "-m", "acuracy"), "Did you mean 'accuracy'?"),
        (("publish", "--suite", "toy"), "no leaderboard of suite 'toy'"),
    ],
)
def test_wrong_calls(words: tuple[str, ...], told: str, call: Call) -> None:
    code, _, error = call(*words)
    assert code == 2
    assert told in error
    assert len(error.strip().splitlines()) == 1
