"""Write a report: regenerate changed pages, keep others, remove pages of deleted cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ...core.board import Board
from ...core.errors import HarnessError, suggest
from ...core.files import write_whole
from ...leaderboard.build import load_board
from ...leaderboard.suite.suite_board import SuiteBoard
from ...store.store import Store
from ..cell_data import StoredCell
from ..figures.projections import METHODS
from . import file_names
from .board_page import board_pages, suite_pages
from .page_figures import kinds_for, methods_of
from .page_jobs import DIGESTS, SITE, Bench, Job, Maker, Tell, work
from .page_marks import mark_of, own_pages

MAPS = tuple(METHODS)
WHOLE = "0"  # in place of a digest, of pages that are compared as a whole


@dataclass
class Report:
    """The pages of a report, by what happened to them.

    Parameters
    ----------
    index : Path
        The start page.
    made, kept, removed : list of str
        Files of pages that were written, unchanged, or removed.
    wrong : list of str
        Pictures that failed, and why.
    """

    index: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def write_report(
    store: Store,
    folder: Path,
    boards: Sequence[str] = (),
    *,
    maps: Collection[str] = MAPS,
    pictures: bool = True,
    processes: int = 1,
    tell: Tell = lambda what, done, total: None,
    suites: Sequence[Sequence[SuiteBoard]] = (),
) -> Report:
    """Write a report of a store: an index, and a page per board, encoder and cell.

    Pages that are there and would be the same stay untouched. Pages that an earlier report wrote of cells
    that are gone are removed; other files in the folder stay.

    Parameters
    ----------
    store : Store
    folder : Path
        Created if missing.
    boards : sequence of str
        Names of boards; by default all. Pages of others that are there already stay as they are.
    maps : collection of {"pca", "tsne", "umap"}
        Which maps of embeddings are drawn, where their library is installed.
    pictures : bool
        Whether pages have pictures; without, tables alone.
    processes : int
        How many processes make pages.
    tell : callable
        Is called with what is being done, how far, and of how many.
    suites : sequence of sequences of SuiteBoard
        Suites, each by one or several metrics; each has a page. With suites, `boards` are none by default.

    Raises
    ------
    HarnessError
        If there is no such board or map, the folder cannot be written, or a page would overwrite a file that
        no report wrote.

    Examples
    --------
    >>> import tempfile
    >>> from harness import bench
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = bench("digits", "identity", "kmeans", "ari", seeds=1, store=f"{folder}/store", progress=False)
    ...     store = Store(Path(folder) / "store")
    ...     report = write_report(store, Path(folder) / "report", pictures=False)
    ...     print(len(report.made), report.index.name)
    ...     print(len(write_report(store, Path(folder) / "report", pictures=False).made))
    5 index.html
    0
    """
    unknown = next((name for name in maps if name not in METHODS), None)
    if unknown is not None:
        raise HarnessError(f"Unknown map {unknown!r}.{suggest(unknown, METHODS)} Maps: {', '.join(METHODS)}.")
    there = store.boards()
    if not there:
        raise HarnessError(f"Store {str(store.folder)!r} is empty. Run 'harness bench' first.")
    drawn = {name: load_board(store, name) for name in dict.fromkeys(boards) or ([] if suites else there)}
    kinds = kinds_for(maps, pictures)
    bench = Bench(store.folder, folder, store.folder / "maps", tuple(kinds))
    maker = Maker(bench, store)
    cells = {name: maker.cells(name) for name in drawn}
    report = Report(folder / file_names.INDEX)
    jobs = [job for name in cells for job in _due(folder, name, cells[name], kinds, report)]
    own = [file_names.suite_file(each[0].suite.name) for each in suites]
    for file in (file_names.INDEX, *map(file_names.board_file, drawn), *own):
        mark_of(folder / file, file)  # raises an error for a foreign file, before any work
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"cannot write: {error.strerror}. Name another folder with --out."
        raise HarnessError(f"{str(folder)!r} {why}") from None
    stages = _stages(jobs, cells, methods_of(kinds))
    for done in work(bench, stages, processes, tell, store):
        report.made += [done.job.file] if done.job.file else []
        report.wrong += done.wrong
    _finish(report, folder, _listed(store, drawn, folder), cells, suites)
    return report


def _due(
    folder: Path, board: str, cells: Sequence[StoredCell], kinds: Sequence[str], report: Report
) -> Iterator[Job]:
    """Yield the pages of a board to regenerate, except its own page, and record those that stay."""
    by_encoder: dict[str, list[StoredCell]] = {}
    for cell in cells:
        by_encoder.setdefault(cell.record.encoder, []).append(cell)
    jobs = [(Job("cell", board, cell.id, file_names.cell_file(cell)), [cell]) for cell in cells]
    for name, own in by_encoder.items():
        jobs.append((Job("encoder", board, name, file_names.encoder_file(board, name)), own))
    jobs.append((Job("compare", board, "", file_names.compare_file(board)), list(cells)))
    for job, own in jobs:
        files = [job.file] if job.kind == "encoder" else [job.file, file_names.script_of(job.file)]
        marks = [mark_of(folder / file, file) for file in files]
        if set(marks) != {DIGESTS[job.kind](own, kinds)}:
            yield job
        else:
            report.kept.append(job.file)


def _stages(
    jobs: Sequence[Job], cells: Mapping[str, Sequence[StoredCell]], methods: Sequence[str]
) -> dict[str, list[Job]]:
    """Return the jobs in order: maps shared by several pages, then pages."""
    wanted = {(job.board, job.name) for job in jobs if job.kind == "cell"}
    first: dict[str, tuple[str, str]] = {}
    for board, some in cells.items():
        for cell in some:
            if (board, cell.id) in wanted and methods and cell.embedding_digest:
                first.setdefault(cell.embedding_digest, (board, cell.id))
    maps = [Job("map", *cell, method=method) for cell in first.values() for method in methods]
    return {"maps of embeddings": maps, "pages": list(jobs)}


def _listed(store: Store, drawn: Mapping[str, Board], folder: Path) -> dict[str, Board]:
    """Return the boards of the index: those drawn now, and others of the store with pages."""
    there = set(own_pages(folder))
    return {
        name: drawn[name] if name in drawn else load_board(store, name)
        for name in store.boards()
        if name in drawn or file_names.board_file(name) in there
    }


def _finish(
    report: Report,
    folder: Path,
    boards: Mapping[str, Board],
    cells: Mapping[str, Sequence[StoredCell]],
    suites: Sequence[Sequence[SuiteBoard]],
) -> None:
    """Write the index and changed board pages, and remove unneeded pages."""
    kept = [file for file in own_pages(folder) if file.startswith(file_names.SUITE)]
    pages, entries = suite_pages(suites, boards, kept, SITE, WHOLE)
    for file, text in {**pages, **board_pages(boards, cells, SITE, WHOLE, entries)}.items():
        path = folder / file
        if path.exists() and path.read_text(encoding="utf-8") == text:
            report.kept.append(file)
        else:
            write_whole(path, text, "Name another folder with --out.")
            report.made.append(file)
    needed = {*report.made, *report.kept, *kept, *map(file_names.board_file, boards)}
    others = {file_names.plain(name) for name in boards if name not in cells}  # of which nothing was asked
    for file in own_pages(folder):
        if file not in needed and file.partition("/")[0] not in others:
            _remove(folder, file)
            report.removed.append(file)
    for place in {(folder / file).parent for file in report.removed} - {folder}:
        with suppress(OSError):  # something else is in it
            place.rmdir()


def _remove(folder: Path, file: str) -> None:
    """Remove a page, and the script that was written beside it."""
    (folder / file).unlink()
    script = file_names.script_of(file)
    with suppress(HarnessError):  # somebody else's, which stays
        if mark_of(folder / script, script) is not None:
            (folder / script).unlink()
