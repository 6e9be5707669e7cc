"""The connection to a Dask scheduler: who is there, what they have, and whether they reach the arrays."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from functools import partial
from importlib import import_module
from threading import Thread
from typing import Any
from uuid import uuid4

import numpy as np

from ...core.errors import HarnessError, Unavailable, needs
from ...registry.devices import accelerator
from ...store.arrays import Arrays
from .remote_worker import ask, leave, reaches

LEAVING = 5.0  # seconds in which workers must let go
PATIENCE = 60.0  # seconds in which a scheduler must answer and have a worker


class Scheduler:
    """A client of a scheduler, or of one that is started on this machine.

    Parameters
    ----------
    address : str
        As ``tcp://host:8786``; or ``local``, for `jobs` workers on this machine.
    jobs : int

    Raises
    ------
    HarnessError
        When the scheduler does not answer, has no workers, or these do not have the harness.
    """

    def __init__(self, address: str, jobs: int, threads: int) -> None:
        self.driver = f"harness-{uuid4().hex[:12]}"
        self._threads = threads
        self.client, self._cluster = _connected(address, jobs)
        self.address: str = self.client.scheduler.address
        try:
            self.client.wait_for_workers(1, PATIENCE)
            found = set(_within(PATIENCE, self.client.run, accelerator).values())
        except TimeoutError:
            self.close()
            raise HarnessError(
                f"The scheduler at {self.address} has no workers. Start some: dask worker {self.address}"
            ) from None
        except Exception as error:
            self.close()
            raise HarnessError(
                f"The workers at {self.address} cannot run the harness: {type(error).__name__}: {error}. "
                "Install the same clustering-harness and plugins there."
            ) from None
        self.accelerator: str = found.pop() if len(found) == 1 else ""  # where they differ, none is used

    def workers(self) -> dict[str, int]:
        """Return the workers that there are now, with the number of stages that each can run at a time."""
        try:
            return dict(self.client.nthreads())
        except Exception:  # the connection is being lost, which those who wait for a stage are told
            raise self.lost() from None

    def lost(self, error: BaseException | None = None) -> HarnessError:
        """Return what to say when the scheduler does not answer any more."""
        if isinstance(error, HarnessError):
            return error
        text = " ".join(str(error or "").split())
        what = f" ({type(error).__name__}: {text:.200})" if text else ""
        return HarnessError(
            f"The scheduler at {self.address} was lost{what}. What finished is kept: go on with the same "
            "command once it is back, or without --dask."
        )

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function on a worker, in the process of a framework."""
        try:
            words = (self.driver, self._threads, name, function, *args)
            return self.client.submit(ask, *words, pure=False).result()
        except (Exception, CancelledError) as error:
            raise self.lost(error) from None

    def check(self, arrays: Arrays) -> None:
        """Make sure that all workers reach the arrays.

        Raises
        ------
        HarnessError
            When one does not.
        """
        probe = arrays.put(np.frombuffer(self.driver.encode(), dtype=np.uint8))
        try:
            found: dict[str, str] = _within(PATIENCE, self.client.run, reaches, arrays, probe)
        except Exception as error:
            raise self.lost(error) from None
        finally:
            arrays.remove(probe)
        bad = [where for where, problem in found.items() if problem]
        if bad:
            raise HarnessError(
                f"Workers {', '.join(bad)} cannot read the arrays in {str(arrays)!r}. Name a folder or a URL "
                "that all workers reach with --arrays."
            )

    def close(self) -> None:
        """End what runs on the workers for this driver, and take leave; nothing that fails here matters."""
        for end in (self._leave, partial(self.client.close, LEAVING), self._cluster and self._cluster.close):
            with suppress(Exception, CancelledError):
                _within(2 * LEAVING, end or bool)

    def _leave(self) -> None:
        if self.client.status == "running":
            self.client.run(leave, self.driver, on_error="ignore")


def _within(seconds: float, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function that might wait for ever, such as for a machine that is cut off."""
    future: Future[Any] = Future()

    def call() -> None:
        try:
            future.set_result(function(*args))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=call, daemon=True).start()
    return future.result(seconds)


def _connected(address: str, jobs: int) -> tuple[Any, Any]:
    """Return a client, and a cluster of this machine's own where that was asked for."""
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise Unavailable(f"--dask {needs(['distributed'])}") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in one line
    cluster = None
    try:
        if address == "local":
            cluster = _local(dask, jobs)
        return dask.Client(cluster or _whole(address), timeout=PATIENCE / 4, set_as_default=False), cluster
    except (OSError, ValueError, TimeoutError, RuntimeError) as error:
        if cluster is not None:
            cluster.close()
        raise HarnessError(
            f"No scheduler answers at {address!r}: {error}. Start one with 'dask scheduler', or use "
            "--dask local."
        ) from None


def _local(dask: Any, jobs: int) -> Any:
    """Start workers on this machine; nannies change the environment of this process, which is undone."""
    before = dict(os.environ)
    try:
        quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
        return dask.LocalCluster(n_workers=jobs, threads_per_worker=1, **quiet)
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def _whole(address: str) -> str:
    """Return an address with its protocol and port; one that cannot be is a ValueError, at once."""
    known: Any = import_module("distributed.comm.addressing")
    scheme, place = known.parse_address(address)
    import_module("distributed.comm.registry").get_backend(scheme)
    return str(known.unparse_address(scheme, known.unparse_host_port(*known.parse_host_port(place, 8786))))
