"""Run one stage, and record its result, time, warnings and errors."""

from __future__ import annotations

import contextlib
import time
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from ..core.errors import HarnessError, NotApplicable, StoreError, Unavailable, one_line, reason_line
from ..core.extras import needs
from ..core.notebook import aside
from ..core.plan import Stage
from ..core.progress import labelled
from ..core.record import Record
from ..core.threads import limit_threads
from ..core.tracebacks import traceback_of
from ..registry.global_generators import seeded_for
from ..registry.loading import load_plugin
from .batches import shared_out, together
from .compute import compute
from .machine import forget_peak, hardware, peak, versions
from .reuse import seen
from .selection import select
from .task import Task


def work(task: Task) -> Record:
    """Compute one stage, store its arrays, and return its record; errors become its status.

    Raises
    ------
    StoreError
        If the store itself fails, since then no stage can be stored.
    """
    if task.beside and not task.stage.shares:
        with contextlib.ExitStack() as limits:
            with contextlib.suppress(HarnessError):  # each stage that cannot be limited says so itself
                limits.enter_context(limit_threads(task.stage.threads))  # set once for all
            first, *others = (
                work(replace(task, stage=each, beside=())) for each in (task.stage, *task.beside)
            )
        return replace(first, beside=tuple(others))
    forget_peak()
    stage, fits = task.stage, task.fits
    dataset = task.dataset
    status, error, place, calls = "ok", "", "", ""
    found: dict[str, dict[str, Any]] = {}  # values of a batch
    arrays: dict[str, str] = {}
    values: dict[str, Any] = {}
    started, busy = time.perf_counter(), time.process_time()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with (
                contextlib.redirect_stdout(aside()),
                labelled(stage.label),
            ):  # stdout is reserved for leaderboards
                load_plugin(stage.plugin)  # once per process, and not part of the stage's time
                with limit_threads(stage.threads), seeded_for(stage.plugin, stage.seed):
                    started, busy = time.perf_counter(), time.process_time()
                    if stage.fits:
                        chosen, values = select(stage, task.read, fits)
                        arrays = chosen.arrays
                    else:
                        found = together(task) if task.beside else {}
                        done = stage.key in found
                        made, values = ({}, found[stage.key]) if done else compute(stage, dataset, task.read)
            seconds, cpu = time.perf_counter() - started, time.process_time() - busy
            if stage.kind == "encode":
                values = {**values, "features": int(made["fitted"].shape[1])}
            if not stage.fits:
                arrays = {name: task.keep(name, array) for name, array in made.items()}
        except (Exception, SystemExit, KeyboardInterrupt) as problem:
            if isinstance(problem, KeyboardInterrupt) and not parent_process():
                raise  # here the user stopped the run; in a worker, a plugin raised it
            seconds, cpu = time.perf_counter() - started, time.process_time() - busy
            status, error, place = _explain(problem)
            calls = traceback_of(problem, stage.plugin) if status != "not-applicable" else ""
            values = dict(problem.values) if isinstance(problem, NotApplicable) else {}
        if stage.fits:
            shared = [record for record in fits if record is not None]  # stages that share them
            seconds += sum(record.seconds for record in shared)
            cpu += sum(record.cpu_seconds for record in shared)
            values = {**values, "seen": seen(fits)}
    if stage.soft:
        values["soft"] = True
    record = replace(
        unfinished(stage, status, error, seconds),
        values=values,
        arrays=arrays,
        warnings=list(dict.fromkeys(one_line(each.message) or each.category.__name__ for each in caught)),
        place=place,
        memory=peak(),
        cpu_seconds=cpu,
        operations=stage.cost.operations if stage.cost and status == "ok" else 0.0,
    )
    return replace(shared_out(record, task, found), traceback=calls)


def unfinished(stage: Stage, status: str, error: str, seconds: float = 0.0) -> Record:
    """Return the record of a failed stage."""
    return Record(
        key=stage.key,
        kind=stage.kind,
        status=status,
        facts=dict(stage.facts),
        seconds=seconds,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=versions(_libraries(stage.facts["code"])),
        hardware=hardware(),
        error=error,
    )


def _explain(problem: BaseException) -> tuple[str, str, str]:
    """Return status, message and location of an error."""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    if isinstance(problem, NotApplicable):
        return "not-applicable", one_line(problem), ""
    if isinstance(problem, ModuleNotFoundError) and problem.name:
        return "unavailable", needs([problem.name.partition(".")[0]]), place
    if isinstance(problem, Unavailable | ImportError):
        return "unavailable", one_line(problem) or type(problem).__name__, place
    if isinstance(problem, MemoryError):
        return "out-of-memory", one_line(problem) or "MemoryError", place
    if isinstance(problem, StoreError):
        raise problem
    return "failed", reason_line(problem), place


def _libraries(code: Mapping[str, Any]) -> dict[str, str]:
    own = code["distribution"]
    return {**code["libraries"], **dict([own.split(" ", 1)] if own else [])}
