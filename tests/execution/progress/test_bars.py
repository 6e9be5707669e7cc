"""Bars on a terminal and lines elsewhere: complete at the end, whoever tells of what at the same time."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from rich.console import Console
from waiting import PATIENCE

from harness import Dataset
from harness.core.events import Progress
from harness.core.plan import Plan
from harness.core.record import Record
from harness.execution.forecast import Forecast, forecast
from harness.execution.progress.bars import Bars
from harness.execution.progress.reporter import Lines
from harness.execution.runner import run
from harness.execution.time_left import Estimate
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

PLUGINS = """from harness import hookimpl
class Fails:
    def fit(self, X): raise ValueError("it [red]broke[/red]")
class Flat:
    def fit(self, X): return self
    def transform(self, X): return X[:, 0]
@hookimpl
def encoders(): return {"flat": Flat}
@hookimpl
def clusterers(): return {"fails": Fails}
"""


def make(toy: Dataset, folder: Path, seeds: int = 3) -> Plan:
    (folder / "bad.py").write_text(PLUGINS)
    request = Request(["pca", "flat"], ["kmeans", "gmm", "fails"], ["ari", "silhouette"], seeds=seeds)
    return make_plan(toy, "full", request, load_registry([folder / "bad.py"]))


def screen(plan: Plan, estimate: Estimate, width: int = 80) -> Bars:
    options = {"file": io.StringIO(), "force_terminal": True, "color_system": None}
    return Bars("toy", plan.stages.values(), estimate, width=width, height=50, **options)


def shown(bars: Bars) -> list[str]:
    """Return the lines of the bars as they are now."""
    console = Console(file=io.StringIO(), width=bars.console.width, color_system=None)
    console.print(bars.frame())
    return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def printed(bars: Bars) -> str:
    text: str = bars.console.file.getvalue()  # type: ignore[attr-defined]
    return text


@pytest.mark.parametrize("width", [80, 120])
def test_bars_end_complete_with_failures_skipped_and_reused_stages(
    width: int, toy: Dataset, tmp_path: Path
) -> None:
    plan, store = make(toy, tmp_path), Store(tmp_path / "store")
    totals = {
        kind: [each.kind for each in plan.stages.values()].count(kind)
        for kind in ("encode", "cluster", "score")
    }
    for reused in (False, True):
        with screen(plan, Estimate(forecast(plan, store), 2), width) as bars:
            begun = shown(bars)
            run(plan, store, listen=bars.stage)
        assert [line.split()[0] for line in begun] == ["toy", "encode", "cluster", "score"]
        assert all(len(line) <= width for line in begun)
        head, *rows = shown(bars)
        assert "left" not in head
        assert head.endswith("  2 failed")
        for row, (kind, total) in zip(rows, totals.items(), strict=True):
            assert re.match(rf"{kind} +━+ +{total}/{total} +done", row)
            assert ("reused" in row) == reused
        assert printed(bars).count("it [red]broke[/red]") == 1


def ended(plan: Plan, status: str) -> list[Progress]:
    stages = list(plan.stages.values())
    records = [
        Record(each.key, each.kind, status, dict(each.facts), 1.0, "", {}, "", error="oh") for each in stages
    ]
    return [
        Progress(*pair, False, n, len(stages)) for n, pair in enumerate(zip(stages, records, strict=True))
    ]


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("kind", [Bars, Lines])
def test_several_threads_may_tell_at_once(
    kind: type, toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    plan = make(toy, tmp_path, seeds=30)
    all_ended, threads = ended(plan, "failed"), 6
    estimate = Estimate(Forecast([*plan.stages.values()]), 2)
    monkeypatch.setattr(Lines, "EVERY", 0.0)
    show = screen(plan, estimate) if kind is Bars else Lines("toy", plan.stages.values(), estimate)
    barrier = Barrier(threads)

    def tell(part: list[Progress]) -> None:
        barrier.wait()
        for progress in part:
            for other in (progress, *all_ended[:3]):  # some are told of by several threads
                for step in range(3):
                    show.pulse(step, 3, f"{other.stage.label}: epoch {step}")
            show.stage(progress)

    if isinstance(show, Bars):
        show.RATE = 500
        show.__enter__()
    pool = ThreadPoolExecutor(threads)
    tasks = [pool.submit(tell, all_ended[n::threads]) for n in range(threads)]
    for task in tasks:
        task.result(PATIENCE)  # or they wait for each other
    pool.shutdown()
    assert estimate.of() == 0
    if isinstance(show, Bars):
        show.__exit__()
        assert show.failed == len(all_ended)
        assert all(task.finished for task in show.bars.tasks)
        assert not show.fits
        assert not show.long.tasks
        lines = printed(show)
    else:
        lines = capsys.readouterr().err
    assert len(re.findall(r"failed: \w+ ", lines)) == len(all_ended)


def test_a_row_for_each_long_fit_until_it_ends(toy: Dataset, tmp_path: Path) -> None:
    request = Request(["pca"], ["sklearn.cluster:KMeans(init='a: b')", "kmeans"], ["ari"], seeds=1)
    plan = make_plan(toy, "full", request, load_registry())
    odd, other = (stage for stage in plan.stages.values() if stage.kind == "cluster")
    assert ": " in odd.label
    bars = screen(plan, Estimate(Forecast(), 1))
    bars.pulse(3, 20, f"{odd.label}: step: 3")
    bars.pulse(4, 20, f"{odd.label}: step: 4")
    bars.pulse(7, 0, other.label)
    rows = shown(bars)[4:]
    assert re.match(r"  cluster pca by sklearn.+ 4/20$", rows[0])
    assert re.match(rf"  {other.label} .+ 7/\?$", rows[1])
    progress = next(each for each in ended(plan, "ok") if each.stage is odd)
    bars.stage(progress)
    bars.pulse(5, 20, f"{odd.label}: step: 5")  # too late
    assert len(shown(bars)) == 5


def test_the_time_left_of_a_long_fit(
    toy: Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the rate of its own reports, on bars and in lines; none until there is a rate."""
    request = Request(["pca"], ["kmeans"], ["ari"], seeds=1)
    plan = make_plan(toy, "full", request, load_registry())
    (fit,) = (stage for stage in plan.stages.values() if stage.kind == "cluster")
    estimate = Estimate(Forecast(), 1)
    bars, lines = screen(plan, estimate), Lines("toy", plan.stages.values(), estimate)
    now = time.monotonic()
    for done, expected in ((10, ""), (30, "about 35 s left")):
        monkeypatch.setattr(time, "monotonic", lambda done=done: now + 100 + done)
        bars.pulse(done, 65, f"{fit.label}: loss 0.{done}")
        lines.pulse(done, 65, f"{fit.label}: loss 0.{done}")
        (row,) = [row for row in shown(bars) if fit.label in row]
        assert row.endswith(f"{done}/65 {expected}".strip())
        said = capsys.readouterr().err.splitlines()[-1]
        assert said.endswith(f"({done} of 65, {expected})" if expected else f"({done} of 65)")


def test_time_left_of_each_kind_and_of_all(toy: Dataset, tmp_path: Path) -> None:
    plan = make(toy, tmp_path)
    bars = screen(plan, Estimate(Forecast([*plan.stages.values()]), 1))
    assert "left" not in "".join(shown(bars)), "as nothing is known"
    for kind in ("encode", "cluster", "score"):
        bars.stage(next(each for each in ended(plan, "ok") if each.stage.kind == kind))
    head, *rows = shown(bars)
    number = len(plan.stages) - 3
    assert re.search(rf"about {number} s left|about {number - 1} s left", head)
    assert all(re.search(r"/\d+ \d+ s left|under 1 s left", row) for row in rows)


def test_lines_tell_time_and_what_is_left(toy: Dataset, tmp_path: Path, capsys: Any) -> None:
    plan, store = make(toy, tmp_path), Store(tmp_path / "store")
    for _ in range(2):
        expected = forecast(plan, store)
        show = Lines("toy", expected.todo, Estimate(expected, 1))
        run(plan, store, listen=show.stage)
    first, *lines = capsys.readouterr().err.splitlines()
    assert first == "toy"
    assert all(re.match(r"\[\d+/\d+, \d+ s(, (about \d+|under 1) s left)?\] \w", line) for line in lines[:-1])
    assert any("left]" in line for line in lines)
    assert lines[-1].startswith("[") or lines[-1] == "toy", "what is reused fills no screen"


def test_lines_are_numbered_by_what_is_printed(toy: Dataset, tmp_path: Path, capsys: Any) -> None:
    plan, store = make(toy, tmp_path), Store(tmp_path / "store")
    few = make_plan(toy, "full", Request(["pca"], ["kmeans"], ["ari"], seeds=1), load_registry())
    run(few, store)  # some fits are there already, those after the flat encoder are never reached
    expected = forecast(plan, store)
    show = Lines("toy", expected.todo, Estimate(expected, 1))
    run(plan, store, listen=show.stage)
    lines = capsys.readouterr().err.splitlines()[1:]
    numbers = [re.match(r"\[(\d+)/(\d+),", line).groups() for line in lines]  # type: ignore[union-attr]
    assert [int(done) for done, _ in numbers] == [*range(1, len(lines) + 1)]
    assert int(numbers[-1][1]) == len(lines), "at the end as many are said to be as there are"
    assert len(lines) < len(expected.todo), "scores that went well have no line"


def test_a_terminal_gets_bars(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    command = [
        *(sys.executable, "-m", "harness", "bench", "-e", "pca", "-c", "kmeans"),
        *("-m", "ari", "--seeds", "2"),
    ]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "NO_COLOR": "1"}
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, env=environment)
    os.close(slave)
    found = b""
    try:
        while part := os.read(master, 4096):
            found += part
    except OSError:  # the other end is closed
        pass
    output = process.communicate()[0].decode()
    os.close(master)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[\d;?]*\w", "", found.decode())
    for kind, total in (("encode", 1), ("cluster", 2), ("score", 2)):
        assert re.search(rf"{kind} +━+ +{total}/{total} +done", text)
    assert "kmeans" in output
