"""Draw the maps and pages of a report, in this process or several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Thread

import psutil

from ...core.errors import HarnessError
from ...core.files import write_whole
from ...core.progress import listening
from ...store.store import Store
from ..cell_data import StoredCell, stored_cells
from ..figures.projections import Maps
from . import file_names
from .cell_page import cell_page
from .compare_page import compare_page, run_script, sample_script
from .encoder_page import encoder_page
from .page_digests import cell_digest, compare_digest, encoder_digest
from .page_marks import ALWAYS

Tell = Callable[[str, int, int], None]  # current step, progress, total
SITE = "Clustering report"
FEW = 4  # pages for which starting a process does not pay


@dataclass(frozen=True)
class Job:
    """A page or map to draw: `kind` is cell, encoder, compare or map, `name` the cell's id or the encoder."""

    kind: str
    board: str
    name: str
    file: str = ""
    method: str = ""


@dataclass(frozen=True)
class Done:
    """A finished job: the written file, and drawing errors."""

    job: Job
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bench:
    """Locations and settings of a report.

    Parameters
    ----------
    store, folder, maps : Path
        Folders of results, pages and cached maps.
    kinds : tuple of str
        Of the pictures that pages show.
    """

    store: Path
    folder: Path
    maps: Path
    kinds: tuple[str, ...]


class Maker:
    """Draw pages from a store, reading each board once."""

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
        """Draw a page or a map, unless its data has been removed from the store."""
        own = [cell for cell in self.cells(job.board) if _about(job, cell)]
        if not own:
            return Done(job)
        if job.kind == "map":
            self._map(own[0], job.method)
            return Done(job)
        digest = DIGESTS[job.kind](own, self.bench.kinds)
        page, wrong = self._page(job, own, digest)
        if wrong:  # may be transient
            page = page.replace(f"{job.file} {digest}", f"{job.file} {ALWAYS}", 1)
        self._write_script(job, own, digest)  # before the page, whose mark says that both are there
        write_whole(self.bench.folder / job.file, page, "Name another folder with --out.")
        return Done(job, tuple(wrong))

    def _page(self, job: Job, own: Sequence[StoredCell], digest: str) -> tuple[str, list[str]]:
        mark = f"{job.file} {digest}"
        if job.kind == "encoder":
            return encoder_page(own, self.bench.kinds, self.maps, mark, SITE)
        if job.kind == "compare":
            return compare_page(job.board, own[0].record.dataset, own[0].record.protocol, mark, SITE), []
        return cell_page(own[0], self.bench.kinds, self.maps, mark, SITE)

    def _write_script(self, job: Job, own: Sequence[StoredCell], digest: str) -> None:
        """Write the script beside a page, where it has one: what the comparing page reads."""
        if job.kind == "encoder":
            return
        if job.kind == "cell":
            script = run_script(own[0], digest)
        else:
            script = sample_script(own, self.bench.kinds, self.maps, digest)
        path = self.bench.folder / file_names.script_of(job.file)
        write_whole(path, script, "Name another folder with --out.")

    def _map(self, cell: StoredCell, method: str) -> None:
        """Compute the map of an embedding for all pages that show it."""
        try:
            if cell.embedding is not None:
                self.maps.project(method, cell.embedding, cell.embedding_digest)
        except (HarnessError, ValueError):  # pages report why they have none
            return


DIGESTS: dict[str, Callable[[Sequence[StoredCell], Sequence[str]], str]] = {
    "cell": lambda own, kinds: cell_digest(own[0], kinds),
    "encoder": encoder_digest,
    "compare": compare_digest,
}


def _about(job: Job, cell: StoredCell) -> bool:
    """Return whether a page or map is made of a cell."""
    if job.kind == "compare":
        return True
    return job.name == (cell.record.encoder if job.kind == "encoder" else cell.id)


def work(
    bench: Bench, stages: dict[str, list[Job]], processes: int, tell: Tell, store: Store
) -> Iterator[Done]:
    """Run jobs stage by stage, and yield each when finished.

    Parameters
    ----------
    bench : Bench
    stages : dict
        Jobs by the name of their stage; stages run in order, their jobs in any order.
    processes : int
    tell : callable
        Called with the progress.
    store : Store
        Used if everything runs in this process.
    """
    if processes > 1 and sum(map(len, stages.values())) > FEW:
        from joblib import effective_n_jobs

        if effective_n_jobs(processes) > 1:  # not where none can be started
            yield from _together(bench, stages, processes, tell)
            return
    yield from _here(Maker(bench, store), stages, tell)


def _here(maker: Maker, stages: dict[str, list[Job]], tell: Tell) -> Iterator[Done]:
    for what, jobs in stages.items():
        for number, job in enumerate(jobs):
            tell(what, number, len(jobs))
            with listening(lambda done, total, note: tell(what, number, len(jobs))):  # noqa: B023  # is over by then
                yield maker.make(job)
        tell(what, len(jobs), len(jobs))


def _together(bench: Bench, stages: dict[str, list[Job]], processes: int, tell: Tell) -> Iterator[Done]:
    """Run jobs in worker processes of one thread each, which end with this call."""
    from joblib import Parallel, delayed, parallel_config
    from joblib.externals.loky import get_reusable_executor

    with parallel_config("loky", inner_max_num_threads=1):
        parallel = Parallel(processes, return_as="generator_unordered", batch_size=1)
    try:
        for what, jobs in stages.items():
            tell(what, 0, len(jobs))
            for number, done in enumerate(parallel(delayed(_make)(bench, job) for job in jobs), start=1):
                yield done
                tell(what, number, len(jobs))
    except BrokenExecutor:
        raise HarnessError(
            "A worker process died, perhaps out of memory. Finished pages are kept: repeat the command to "
            "continue, with fewer --jobs to use less memory."
        ) from None
    finally:
        get_reusable_executor(reuse=True).shutdown(kill_workers=True)


def _make(bench: Bench, job: Job) -> Done:
    """Draw a page in a worker process, which serves only one call."""
    return _maker(bench).make(job)


@cache
def _maker(bench: Bench) -> Maker:
    """Return the `Maker` of this worker process, which ends with its driver."""
    Thread(target=_follow, daemon=True).start()
    return Maker(bench)


def _follow() -> None:  # joblib's workers outlive a killed driver by minutes
    psutil.Process(os.getppid()).wait()
    os._exit(1)
