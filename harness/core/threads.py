"""Limit the threads of the numeric libraries in this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from .errors import HarnessError, Unavailable

# Read by the libraries when they are loaded.
VARIABLES = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NUMEXPR_NUM_THREADS"),
)
NUMBA = "NUMBA_NUM_THREADS"  # numba raises an error when this changes in a process that has used its threads


def variables(threads: int) -> dict[str, str]:
    """Return the environment of a new process whose libraries use this many threads."""
    return dict.fromkeys((*VARIABLES, NUMBA), str(threads))


def cores() -> int:
    """Return the number of processors this process may use.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def limit_threads(threads: int) -> Iterator[None]:
    """Limit BLAS, OpenMP, numba, PyTorch and TensorFlow to a number of threads, then undo it.

    This holds for libraries that are loaded already and for those that are loaded meanwhile. Several threads
    of a process may do so at the same time with the same number.

    Parameters
    ----------
    threads : int

    Raises
    ------
    HarnessError
        If another thread of this process has set another number, since most libraries have one per process.
    Unavailable
        If TensorFlow already runs here with another number, which cannot be changed.

    Examples
    --------
    >>> import numpy
    >>> from threadpoolctl import threadpool_info
    >>> with limit_threads(1):
    ...     {each["num_threads"] for each in threadpool_info()}
    {1}
    """
    _users.enter(threads)
    try:
        with _this_thread(threads):
            yield
    finally:
        _users.leave()


class _Users:
    """The stages that run in this process now: the first sets what all of them share, the last undoes it."""

    def __init__(self) -> None:
        self.lock, self.count, self.threads = Lock(), 0, 0
        self.undo = ExitStack()

    def enter(self, threads: int) -> None:
        with self.lock:
            if self.count and threads != self.threads:
                raise HarnessError(
                    f"Stages with {self.threads} and {threads} threads cannot run at the same time in one "
                    "process. Run them one after the other, or in worker processes (jobs=1 or more)."
                )
            if not self.count:
                self.undo.enter_context(_whole_process(threads))
            self.count, self.threads = self.count + 1, threads

    def leave(self) -> None:
        with self.lock:
            self.count -= 1
            if not self.count:
                self.undo.close()


_users = _Users()


def _libraries() -> list[Any]:
    """Return the BLAS and OpenMP libraries that are loaded, as threadpoolctl controls them."""
    return _loaded(len(sys.modules))


@lru_cache(maxsize=1)
def _loaded(n_modules: int) -> list[Any]:
    from threadpoolctl import ThreadpoolController

    return list(ThreadpoolController().lib_controllers)


def _set(library: Any, threads: int) -> None:
    """Set the number of a library, also where threadpoolctl keeps that for another Python thread."""
    release = getattr(library, "clear_controlling_thread", None)  # since threadpoolctl 3.7, for OpenBLAS
    if release is not None:
        release(force=True)
    library.set_num_threads(threads)
    if release is not None:
        release()


@contextmanager
def _whole_process(threads: int) -> Iterator[None]:
    """Limit BLAS and what is loaded meanwhile; afterwards that may use as many threads as is usual here."""
    variables = {name: os.environ.get(name) for name in VARIABLES}
    modules = {*sys.modules}
    before = {library.filepath: library.num_threads for library in _libraries()}
    usual = max(before.values(), default=cores())
    if "tensorflow" in modules:
        _limit_tensorflow(sys.modules["tensorflow"], threads)
    os.environ.update(dict.fromkeys(VARIABLES, str(threads)))
    for library in _libraries():
        if library.user_api == "blas":
            _set(library, threads)
    try:
        yield
    finally:
        for name, value in variables.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        for library in _libraries():
            if library.user_api == "blas" or library.filepath not in before:
                _set(library, before.get(library.filepath, usual))
        for name, limit in _LIMITERS.items():
            if name in sys.modules and name not in modules:
                limit(sys.modules[name], usual)
        if "tensorflow" in sys.modules and "tensorflow" not in modules:
            _tensorflow_threads.add(str(threads))


@contextmanager
def _this_thread(threads: int) -> Iterator[None]:
    """Limit what has a number for each thread that calls it."""
    with ExitStack() as undo:
        for library in _libraries():
            if library.user_api == "openmp":
                undo.callback(library.set_num_threads, library.num_threads)
                library.set_num_threads(threads)
        for name, limit in _LIMITERS.items():
            if name in sys.modules:
                undo.callback(limit(sys.modules[name], threads))
        yield


def _limit_numba(numba: Any, threads: int) -> Callable[[], None]:
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    return partial(numba.set_num_threads, before)


def _limit_torch(torch: Any, threads: int) -> Callable[[], None]:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    return partial(torch.set_num_threads, before)


_tensorflow_threads = {os.environ.get("TF_NUM_INTRAOP_THREADS", "")}  # what it may have started with


def _limit_tensorflow(tensorflow: Any, threads: int) -> None:
    """Set the number that TensorFlow takes when it starts, once and for all."""
    settings = tensorflow.config.threading
    try:
        settings.set_intra_op_parallelism_threads(threads)
        settings.set_inter_op_parallelism_threads(threads)
    except RuntimeError:  # it has started
        if str(threads) not in _tensorflow_threads:
            raise Unavailable(
                f"TensorFlow already runs in this process, and not with {threads} threads. Run stages in "
                "worker processes (jobs=1 or more)."
            ) from None


_LIMITERS: Mapping[str, Callable[[Any, int], Callable[[], None]]] = {
    "numba": _limit_numba,
    "torch": _limit_torch,
}
