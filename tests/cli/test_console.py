"""What the command line prints of what takes long."""

from __future__ import annotations

import sys

import pytest
from waiting import until

from harness.cli import console
from harness.cli.fitting import Fitted, fitting


def test_a_slow_import_is_named_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "SLOW", 0.01)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    printed: list[str] = []
    with console.slow_import("slow 2.5"):
        until(lambda: printed.append(capsys.readouterr().err) or "".join(printed), "the line")
    assert "".join(printed) == "Importing plugins from slow 2.5 ...\n"


@pytest.mark.parametrize(("terminal", "seconds"), [(False, 0.0), (True, 60.0)])
def test_no_line_elsewhere_or_in_time(
    terminal: bool, seconds: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "SLOW", seconds)
    monkeypatch.setattr(console.Timer, "start", lambda timer: terminal or pytest.fail("it started"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with console.slow_import("quick 2.5"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("spare", range(-2, 3))
def test_what_is_counted_to_fit_is_not_folded(
    spare: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    name, number = "standardize", "1" * (80 - len("standardize") - 7 - spare)
    kept, _ = fitting([Fitted("name", [name]), Fitted("number", [number], drop=1)])
    assert len(kept) == (2 if spare >= 0 else 1)
    console.table([each.title for each in kept], [[each.cells[0] for each in kept]])
    assert name in capsys.readouterr().out
