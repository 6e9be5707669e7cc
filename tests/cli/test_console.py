"""What the command line prints of what takes long."""

from __future__ import annotations

import sys

import pytest
from waiting import until

from harness.cli import console


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
