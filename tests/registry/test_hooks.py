"""The plugins of docs/hooks.md tell MLflow and a web address what happened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from harness.cli import app

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = (ROOT / "docs/hooks.md").read_text()
    for name, code in re.findall(r"`(\w+\.py)`:\n\n```python\n(.+?)```", text, re.DOTALL):
        (tmp_path / name).write_text(code)
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "points.npz", X=rng.random((60, 4)), y=np.repeat([0, 1, 2], 20))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    return tmp_path


def call(*words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert result.exception is None, result.output
    assert (result.return_value or 0) == code, result.output
    return result


def bench(plugin: str, *more: str, code: int = 0) -> str:
    grid = ("-d", "points.npz", "-e", "identity", "-c", "kmeans", "-m", "ari", "--seeds", "2", "--jobs", "1")
    return call("bench", "--plugin", plugin, *grid, *more, code=code).stderr


def test_mlflow_has_a_run_for_each_cell(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mlflow = pytest.importorskip("mlflow")
    place = (folder / "mlruns").as_uri()  # a database needs more than mlflow-skinny has
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", place)
    told = bench("my_mlflow.py", "-c", "dbscan(eps=-1)", code=1)
    assert "failed in" not in told
    client = mlflow.MlflowClient(tracking_uri=place)
    experiment = client.get_experiment_by_name("points.full")
    runs = client.search_runs([experiment.experiment_id])
    found = {
        (run.data.params["clusterer"], run.data.params["clusterer_seed"]): (
            run.data.tags["status"],
            run.data.metrics.get("ari"),
        )
        for run in runs
    }
    assert len(runs) == 3
    assert found.pop(("dbscan(eps=-1)", "None")) == ("failed", None), "failures are told too"
    rows = json.loads(call("leaderboard", "--format", "json").stdout)
    rows = (rows[0] if isinstance(rows, list) else rows)["rows"]
    row = next(each for each in rows if each["clusterer"] == "kmeans")
    means = [value for status, value in found.values() if status == "ok"]
    assert np.mean(means) == pytest.approx(row["scores"]["ari"]["mean"]), "as on the board"


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address, and what was posted to it."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_address[1]}/hook", got
    listening.shutdown()
    listening.server_close()


def test_a_web_address_is_told_of_each_cell_and_of_the_end(
    folder: Path, server: tuple[str, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, got = server
    monkeypatch.setenv("HARNESS_WEBHOOK", address)
    told = bench("my_webhook.py")
    assert "failed in" not in told
    assert [each["event"] for each in got] == ["cell", "cell", "finished"]
    cell = {"event": "cell", "board": "points.full", "encoder": "identity", "clusterer": "kmeans"}
    assert got[0] == {**cell, "status": "ok", "reason": ""}
    (row,) = got[-1]["rows"]
    assert (row["encoder"], row["clusterer"], row["runs"]) == ("identity", "kmeans", 2)
    assert -1 <= row["means"]["ari"] <= 1


def test_an_address_that_does_not_answer_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_WEBHOOK", "http://127.0.0.1:9/none")
    told = bench("my_webhook.py")
    assert told.count("failed in cell_finished") == told.count("failed in run_finished") == 1
    assert (folder / "leaderboard/points.full.md").is_file()
