"""Samples as a Dask array whose tasks read their rows from the file, and the scheduler that runs them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import FileRows, HarnessError, Unavailable

from ._frame import Frame

CODE = ("clustering-harness", "dask", "dask-ml", "distributed", "numpy", "scikit-learn")  # in keys
TOGETHER = 64  # chunks whose results are fetched at a time


def _dask() -> Any:
    from ._dask_import import dask

    return dask


def dask_rows(X: Any, frame: Frame, n_rows: int, dtype: Any = None) -> Any:
    """Return samples of shape (n, d), in their frame, as a Dask array with chunks of `n_rows`.

    Of rows in a file, a task holds the place alone; other arrays are sent to the workers. The numbers are in
    `dtype`, by default that of the samples.

    Examples
    --------
    >>> X = np.arange(10, dtype=np.float32).reshape(5, 2)
    >>> dask_rows(X, Frame.of_file(X), 2).chunks
    ((2, 2, 1), (2,))
    """
    array, source, width, dtype = _dask().array, FileRows.of(X), X.shape[1], dtype or X.dtype
    if source is None:
        return array.from_array(frame.inside(np.asarray(X), dtype), chunks=(n_rows, width))
    sizes = [min(n_rows, len(X) - start) for start in range(0, len(X), n_rows)]
    # A function by its name and small values, so that nothing else is sent.
    read = partial(_read, source=source, frame=frame, dtype=dtype)
    chunks = (tuple(sizes), (width,))
    return array.map_blocks(read, chunks=chunks, dtype=dtype, meta=np.empty((0, width), dtype))


def _read(source: FileRows, frame: Frame, dtype: Any, block_info: Any = None) -> NDArray[Any]:
    start, stop = block_info[None]["array-location"][0]
    return frame.inside(source.read(start, stop), dtype)


def compute(*wanted: Any) -> tuple[Any, ...]:
    """Return the values of Dask's collections, computed together.

    Examples
    --------
    >>> rows = dask_rows(np.eye(3), Frame.of_file(np.eye(3)), 2)
    >>> [float(value) for value in compute(rows.sum(), rows.max())]
    [3.0, 1.0]
    """
    found: tuple[Any, ...] = _dask().compute(*wanted)
    return found


def each_chunk(rows: Any, function: Callable[..., Any], *args: Any) -> Iterator[Any]:
    """Yield what a function returns for each chunk, in order; few results are here at a time.

    Examples
    --------
    >>> X = np.arange(10, dtype=np.float32).reshape(5, 2)
    >>> [int(found) for found in each_chunk(dask_rows(X, Frame.of_file(X), 2), np.sum)]
    [6, 22, 17]
    """
    later = _dask().delayed(function)
    tasks = [later(chunk, *args) for chunk in rows.to_delayed().ravel()]
    for first in range(0, len(tasks), TOGETHER):
        yield from compute(*tasks[first : first + TOGETHER])


@contextmanager
def on_workers(X: Any, n_jobs: int) -> Iterator[None]:
    """Run Dask's tasks on the workers of the scheduler that `--dask` names, or else on threads here.

    The address is that of Dask's own variable, `DASK_SCHEDULER_ADDRESS`.

    Parameters
    ----------
    X : ndarray or MappedRows of shape (n, d)
        The samples that the workers must be able to read.
    n_jobs : int
        Threads, if there is no such scheduler.

    Examples
    --------
    >>> with on_workers(np.eye(2), n_jobs=1):
    ...     int(dask_rows(np.eye(2), Frame.of_file(np.eye(2)), 1).sum().compute())
    2
    """
    if not _dask().config.get("scheduler-address", None):
        with _dask().config.set(scheduler="threads", num_workers=n_jobs):
            yield
        return
    logging.getLogger("distributed").setLevel(logging.ERROR)  # workers may come and go
    connect: Any = import_module("distributed").Client  # Dask has few types
    with connect(timeout=60) as client:
        client.wait_for_workers(1, 60)
        _check(client, FileRows.of(X))
        yield


def _check(client: Any, source: FileRows | None) -> None:
    """Raise an error that names a worker with other code, or one that cannot read the file."""
    for worker, found in client.run(_versions).items():
        if found != _versions():
            mine = ", ".join(f"{name} {version}" for name, version in _versions().items())
            theirs = ", ".join(f"{name} {version}" for name, version in found.items())
            raise Unavailable(f"worker {worker} has {theirs}; this fit needs {mine}.")
    if source is None:
        return
    for worker, size in client.run(_size, source.path).items():
        if size != _size(source.path):
            raise HarnessError(
                f"Worker {worker} cannot read the samples in {source.path}. Name a folder that all workers "
                "can reach with --arrays."
            )


def _versions() -> dict[str, str]:
    found = {}
    for name in CODE:
        with suppress(metadata.PackageNotFoundError):  # not every fit needs all
            found[name] = metadata.version(name)
    return found


def _size(path: str) -> int:
    return Path(path).stat().st_size if Path(path).exists() else -1
