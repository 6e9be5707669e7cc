"""A stage runs with the number of threads that its key says, wherever it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sklearn.cluster  # noqa: F401  # brings OpenMP
from pooled import Pooled
from threadpoolctl import threadpool_info, threadpool_limits
from waiting import PATIENCE

from harness import Dataset, HarnessError
from harness.core.threads import limit_threads
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store

PLUGIN = """
import numpy as np
from harness import hookimpl
from threadpoolctl import threadpool_info, threadpool_limits

class Counts:
    def __init__(self, name="", random_state=None):
        self.name, self.random_state = name, random_state
    def fit(self, X):
        self.history_ = {"threads": sorted({each["num_threads"] for each in threadpool_info()})}
        threadpool_limits(3)  # and does not undo it
        self.labels_ = np.arange(len(X)) % 3

@hookimpl
def clusterers():
    return {"counts": Counts}
"""


@contextmanager
def inline() -> Iterator[None]:
    yield None


def numbers() -> set[int]:
    return {each["num_threads"] for each in threadpool_info()}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("where", ["inline", "threads", "workers"])
def test_a_stage_has_the_threads_of_its_key(toy: Dataset, tmp_path: Path, where: str, threads: int) -> None:
    (tmp_path / "counts.py").write_text(PLUGIN)
    registry = load_registry([tmp_path / "counts.py"])
    request = Request(["identity"], ["counts", "counts(name=again)"], ["ari"], seeds=2, threads=threads)
    plan = make_plan(toy, "full", request, registry)
    executors: dict[str, Any] = {"inline": inline, "threads": lambda: Pooled(ThreadPoolExecutor(1))}
    executors["workers"] = lambda: Workers(1, threads)
    with threadpool_limits(4):  # as where nobody has set anything, on four cores
        with executors[where]() as executor:
            outcome = run(plan, Store(tmp_path / "store"), executor=executor)
        if where == "inline":
            assert numbers() == {4}, "what was there before is there again"
    fits = [record for record in outcome.records.values() if record.kind == "cluster"]
    assert len(fits) == 4
    assert [(record.error, record.values["history"]["threads"]) for record in fits] == [("", [threads])] * 4


def test_stages_at_the_same_time_share_a_limit() -> None:
    barrier = Barrier(2, timeout=PATIENCE)

    def leaves_first() -> None:
        with limit_threads(1):
            barrier.wait()
        barrier.wait()

    def stays() -> set[int]:
        with limit_threads(1):
            barrier.wait()
            barrier.wait()
            return numbers()

    with threadpool_limits(4), ThreadPoolExecutor(2) as pool:
        pool.submit(leaves_first)
        assert pool.submit(stays).result() == {1}
        assert {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"} == {4}


def test_two_limits_at_the_same_time_are_refused() -> None:
    with limit_threads(1):
        with pytest.raises(HarnessError, match="Stages with 1 and 2 threads cannot run at the same time"):
            limit_threads(2).__enter__()
        assert numbers() == {1}
    with limit_threads(2):
        assert numbers() == {2}


def test_numba() -> None:
    numba = pytest.importorskip("numba")
    before = numba.get_num_threads()
    with limit_threads(1):
        assert numba.get_num_threads() == 1
    assert numba.get_num_threads() == before


def python(code: str, **environment: str) -> str:
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env={**free, **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout


TORCH = """
from harness.core.threads import limit_threads
import os; os.environ["OMP_NUM_THREADS"] = "4"; import numpy
for time in ("loaded within", "loaded before"):
    with limit_threads(1):
        import torch
        print(torch.get_num_threads(), end=" ")
    print(torch.get_num_threads() > 1, os.environ["OMP_NUM_THREADS"])
"""


def test_torch_loaded_within_or_before() -> None:
    assert python(TORCH) == "1 True 4\n" * 2


TENSORFLOW = """
from harness import HarnessError
from harness.core.threads import limit_threads
for threads in (1, 1, 2):
    try:
        with limit_threads(threads):
            import tensorflow as tf
            tf.ones(3)
        print("held")
    except HarnessError as error:
        print(type(error).__name__, error)
"""


def test_tensorflow_takes_its_threads_once() -> None:
    first, second, third = python(TENSORFLOW, TF_CPP_MIN_LOG_LEVEL="3").splitlines()
    assert first == second == "held"
    assert third.startswith("Unavailable TensorFlow already runs in this process, and not with 2 threads.")
