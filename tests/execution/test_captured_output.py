"""What was printed is there when it is asked for, whoever had no time to read or will not end to print."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import Pipe
from threading import Event, Thread
from unittest.mock import Mock

import pytest
from waiting import ended, until

from harness.execution.captured_output import KEPT, Output


@pytest.fixture
def pipe() -> Iterator[tuple[Output, int]]:
    """What reads, and where to write."""
    ours, theirs = Pipe(duplex=False)
    yield Output(ours), theirs.fileno()
    with suppress(OSError):
        theirs.close()


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the thread that reads have no time at all, as on a machine that is very busy."""
    monkeypatch.setattr("harness.execution.captured_output.Thread", Mock())


@pytest.mark.usefixtures("idle")
def test_all_that_was_printed_is_there_however_slow_the_reader_is(pipe: tuple[Output, int]) -> None:
    output, end = pipe
    os.write(end, b"before\n")
    output.start()
    os.write(end, b"first" + b"x" * 50_000 + b"last")
    text = output.text
    assert text.startswith("first")
    assert text.endswith("last")
    assert f"... {50_009 - 2 * KEPT:,} bytes left out ..." in text


def test_one_that_prints_for_ever_keeps_nobody_waiting(pipe: tuple[Output, int]) -> None:
    output, end = pipe
    enough, found = Event(), list[str]()

    def flood() -> None:
        while not enough.is_set():
            os.write(end, b"x" * 5000)

    flooding = Thread(target=flood)
    asking = Thread(target=lambda: found.append(output.text), daemon=True)
    flooding.start()
    until(lambda: output.text)
    asking.start()
    try:
        ended(asking)
    finally:
        enough.set()
        ended(flooding)
    assert set(found[0]) >= {"x"}


def test_an_output_that_was_closed_keeps_nobody_waiting() -> None:
    ours, theirs = Pipe(duplex=False)
    output = Output(ours)
    os.write(theirs.fileno(), b"the end")
    theirs.close()
    assert output.text == "the end"
    until(lambda: ours.closed, "the end of the reader")
    assert output.text == "the end"
    output.start()
    assert output.text == ""
