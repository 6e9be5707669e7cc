"""The comparison of benchmarks means the same on a machine that is slower."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from study_files import study

compare = study("benchmarks")


def write(folder: Path, seconds: float, machine: float) -> Path:
    folder.mkdir(exist_ok=True)
    run = {
        "calibration": {"gemm": 0.1 * machine, "memory": 0.4 * machine},
        "benchmarks": [{"group": "g", "name": "b", "stats": {"min": seconds * machine}}],
    }
    (folder / "test_speed_b.json").write_text(json.dumps(run))
    return folder


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compare, "BASELINE", tmp_path / "baseline.json")
    assert compare.main([str(write(tmp_path / "first", 1.0, 1.0)), "--store"]) == 0
    return tmp_path


def test_a_slower_machine_is_no_slower_code(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main([str(write(stored / "second", 1.0, 3.0))]) == 0
    assert "1.00" in capsys.readouterr().out


def test_slower_code_is_named(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare.main([str(write(stored / "second", 1.7, 0.5))]) == 1
    assert "Slower: g: b" in capsys.readouterr().err


def test_no_results(stored: Path) -> None:
    assert compare.main([str(stored / "none")]) == 2
