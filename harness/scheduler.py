"""The connection to a Dask scheduler: who is there, what they have, and whether they reach the arrays."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any
from uuid import uuid4

import numpy as np

from .arrays import Arrays
from .devices import accelerator
from .errors import HarnessError, Unavailable, needs
from .visit import ask, leave, reaches

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

    def __init__(self, address: str, jobs: int) -> None:
        self.driver = f"harness-{uuid4().hex[:12]}"
        self.client, self._cluster = _connected(address, jobs)
        self.address: str = self.client.scheduler.address
        try:
            self.client.wait_for_workers(1, PATIENCE)
            found = set(self.client.run(accelerator).values())
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
        return dict(self.client.nthreads())

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function on a worker, in the process of a framework."""
        return self.client.submit(ask, self.driver, name, function, *args, pure=False).result()

    def check(self, arrays: Arrays) -> None:
        """Make sure that all workers reach the arrays.

        Raises
        ------
        HarnessError
            When one does not.
        """
        probe = arrays.put(np.frombuffer(self.driver.encode(), dtype=np.uint8))
        try:
            found: dict[str, str] = self.client.run(reaches, arrays, probe)
        finally:
            arrays.remove(probe)
        bad = [where for where, problem in found.items() if problem]
        if bad:
            raise HarnessError(
                f"Workers {', '.join(bad)} cannot read the arrays in {str(arrays)!r}. Name a folder or a URL "
                "that all workers reach with --arrays."
            )

    def close(self) -> None:
        """End what runs on the workers for this driver, and take leave."""
        try:
            if self.client.status == "running":
                self.client.run(leave, self.driver, on_error="ignore")
        finally:
            self.client.close(5)
            if self._cluster is not None:
                self._cluster.close()


def _connected(address: str, jobs: int) -> tuple[Any, Any]:
    """Return a client, and a cluster of this machine's own where that was asked for."""
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise Unavailable(f"--dask {needs(['distributed'])}") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in one line
    cluster = None
    if address == "local":
        # Else a nanny changes the number of threads in the environment of this process.
        with import_module("dask").config.set({"distributed.nanny.pre-spawn-environ": {}}):
            cluster = dask.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)
    try:
        return dask.Client(cluster or _whole(address), timeout=PATIENCE / 4, set_as_default=False), cluster
    except (OSError, ValueError, TimeoutError) as error:
        raise HarnessError(
            f"No scheduler answers at {address!r}: {error}. Start one with 'dask scheduler', or use "
            "--dask local."
        ) from None


def _whole(address: str) -> str:
    """Return an address with its protocol and port; one that cannot be is a ValueError, at once."""
    known: Any = import_module("distributed.comm.addressing")
    scheme, place = known.parse_address(address)
    import_module("distributed.comm.registry").get_backend(scheme)
    return str(known.unparse_address(scheme, known.unparse_host_port(*known.parse_host_port(place, 8786))))
