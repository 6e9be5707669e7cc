"""Making the maps and pages of a report, in this process or in several."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread

from ...core.errors import HarnessError
from ...core.files import write_whole
from ...core.progress import listening
from ...core.threads import variables
from ...store.store import Store
from ..cell_data import StoredCell, stored_cells
from ..figures.projections import Maps
from .cell_page import cell_page
from .encoder_page import encoder_page
from .page_digests import cell_digest, encoder_digest
from .page_marks import ALWAYS

Tell = Callable[[str, int, int], None]  # what is being done, how far, of how many
SITE = "Clustering report"
FEW = 4  # pages for which no process is worth starting
PATIENCE = 1.0  # seconds between two words of progress


@dataclass(frozen=True)
class Job:
    """A page or a map to make: `kind` is cell, encoder or map, `name` the cell's id or the encoder's name."""

    kind: str
    board: str
    name: str
    file: str = ""
    method: str = ""


@dataclass(frozen=True)
class Done:
    """A job that is done: what was written, and what went wrong in drawing it."""

    job: Job
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bench:
    """Where and how pages are made.

    Parameters
    ----------
    store, folder, maps : Path
        Where the results are, where pages go, and where maps are kept.
    kinds : tuple of str
        Of the pictures that pages show.
    """

    store: Path
    folder: Path
    maps: Path
    kinds: tuple[str, ...]


class Maker:
    """Makes pages from a store, whose boards it reads once."""

    def __init__(self, bench: Bench, store: Store | None = None) -> None:
        self.bench, self.maps = bench, Maps(bench.maps)
        self.store = Store(bench.store) if store is None else store
        self._cells: dict[str, list[StoredCell]] = {}

    def cells(self, board: str) -> list[StoredCell]:
        """Return the cells of a board."""
        if board not in self._cells:
            self._cells[board] = stored_cells(self.store, board)
        return self._cells[board]

    def make(self, job: Job) -> Done:
        """Make a page or a map; nothing is made of what has gone from the store meanwhile."""
        cells = self.cells(job.board)
        if job.kind == "encoder":
            own = [cell for cell in cells if cell.record.encoder == job.name]
        else:
            own = [cell for cell in cells if cell.id == job.name]
        if not own:
            return Done(job)
        if job.kind == "map":
            self._map(own[0], job.method)
            return Done(job)
        digest = encoder_digest(own, self.bench.kinds) if job.kind == "encoder" else self._digest(own[0])
        page, wrong = self._page(job, own, digest)
        if wrong:  # perhaps not the next time
            page = page.replace(f"{job.file} {digest}", f"{job.file} {ALWAYS}", 1)
        write_whole(self.bench.folder / job.file, page, "Name a folder that can with --out.")
        return Done(job, tuple(wrong))

    def _digest(self, cell: StoredCell) -> str:
        return cell_digest(cell, self.bench.kinds)

    def _page(self, job: Job, own: Sequence[StoredCell], digest: str) -> tuple[str, list[str]]:
        mark = f"{job.file} {digest}"
        if job.kind == "encoder":
            return encoder_page(own, self.bench.kinds, self.maps, mark, SITE)
        return cell_page(own[0], self.bench.kinds, self.maps, mark, SITE)

    def _map(self, cell: StoredCell, method: str) -> None:
        """Lay an embedding out, so that it is there for every page that shows it."""
        try:
            if cell.embedding is not None:
                self.maps.project(method, cell.embedding, cell.embedding_digest)
        except (HarnessError, ValueError):  # pages say why they have none
            return


def work(
    bench: Bench, stages: dict[str, list[Job]], processes: int, tell: Tell, store: Store
) -> Iterator[Done]:
    """Do jobs stage by stage, and yield each when it is done.

    Parameters
    ----------
    bench : Bench
    stages : dict
        Jobs by what to say of them; those of a stage in any order, after those of the stages before.
    processes : int
    tell : callable
        Is told how far it is.
    store : Store
        Is read where all is done in this process.
    """
    if processes == 1 or sum(map(len, stages.values())) <= FEW:
        yield from _here(Maker(bench, store), stages, tell)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (bench,))
    try:
        for what, jobs in stages.items():
            yield from _together(pool, what, jobs, tell)
    except BrokenExecutor:
        raise HarnessError(
            "A process that makes pages has died, perhaps for want of memory. What it had made is kept, and "
            "the same command goes on from there; fewer --jobs need less."
        ) from None
    finally:  # what is being written is finished, and nothing else is begun
        pool.shutdown(cancel_futures=True)


def _here(maker: Maker, stages: dict[str, list[Job]], tell: Tell) -> Iterator[Done]:
    for what, jobs in stages.items():
        for number, job in enumerate(jobs):
            tell(what, number, len(jobs))
            with listening(lambda done, total, note: tell(what, number, len(jobs))):  # noqa: B023  # is over by then
                yield maker.make(job)
        tell(what, len(jobs), len(jobs))


def _together(pool: ProcessPoolExecutor, what: str, jobs: Sequence[Job], tell: Tell) -> Iterator[Done]:
    waiting: set[Future[Done]] = {pool.submit(_make, job) for job in jobs}
    while waiting:
        tell(what, len(jobs) - len(waiting), len(jobs))
        found, waiting = wait(waiting, PATIENCE, FIRST_COMPLETED)
        for future in found:
            yield future.result()
    tell(what, len(jobs), len(jobs))


_maker: list[Maker] = []  # of this worker process


def _begin(bench: Bench) -> None:
    """Make a worker process ready: one thread, deaf to Ctrl-C, and gone when its driver is."""
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(variables(1))
    threadpool_limits(1)
    Thread(target=_follow, daemon=True).start()
    _maker[:] = [Maker(bench)]


def _follow() -> None:
    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


def _make(job: Job) -> Done:
    return _maker[0].make(job)
