"""The study of the batteries scores as a leaderboard does: best reference, K of each, without noise."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_files import study


def test_it_agrees_with_a_leaderboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    (tmp_path / "data" / "own").mkdir(parents=True)
    start = str(tmp_path / "data" / "own" / "dots")
    np.savetxt(f"{start}.data.gz", np.concatenate([rng.normal(n, 0.4, (30, 2)) for n in range(3)]))
    two = np.repeat((1, 1, 2), 30)
    two[::7] = 0  # noise
    np.savetxt(f"{start}.labels0.gz", two, fmt="%d")
    np.savetxt(f"{start}.labels1.gz", np.repeat((1, 2, 3), 30), fmt="%d")
    found = study("batteries")
    methods = [word for name in found.METHODS for word in ("-c", name)]
    code, _, err = command_line("bench", "--suite", "data", *methods, "-m", "ari", "--jobs", "1")
    assert code == 0, err
    _, text, _ = command_line("leaderboard", "--suite", "data", "--references", "each", "--format", "csv")
    Path("scores.csv").write_text(text)
    assert {line["dataset"] for line in csv.DictReader(text.splitlines())} == {"own-dots.0", "own-dots.1"}
    found.main("data", "scores.csv")
    lines = [line.split("|") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [line[1].strip() for line in lines] == list(found.METHODS)
    for line in lines:
        assert line[2].strip() == line[3].strip()
        assert line[4].strip() == "0 of 2"
