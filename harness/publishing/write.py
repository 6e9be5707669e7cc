"""Write a published folder; the same records give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..core.errors import HarnessError
from ..core.files import write_whole
from ..leaderboard.markdown import PUBLISHED
from .bundle import Bundle, Published
from .conflicts import ONLY_HERE, Conflict
from .findings import Findings
from .jsonl import write_lines
from .merge import Merged, merge
from .npz import TRUTH, write_npz
from .pages import pages
from .published_suites import FOLDER as SUITES
from .published_suites import description, merged_suites
from .read import LABELS, RECORDS, read_folder
from .schema import proper_name


def write_folder(published: Published, folder: Path, reference: bool = False) -> Iterator[Path]:
    """Write records, labels and pages, and yield new or changed files.

    Parameters
    ----------
    published : Published
    folder : Path
    reference : bool
        Whether to include results from the literature.

    Raises
    ------
    HarnessError
        If a name cannot be published, or a file cannot be written.
    """
    for path, content in contents(published, reference):
        yield from write_changed(folder / path, content)


def contents(published: Published, reference: bool = False) -> Iterator[tuple[Path, bytes]]:
    """Yield each file of a published folder, relative to it, and its content; see `write_folder`."""
    for name, bundle in published.bundles.items():
        _check_names(bundle)
        labels = dict(bundle.labels) | ({} if bundle.truth is None else {TRUTH: bundle.truth})
        packed = io.BytesIO()
        write_npz(packed, labels)
        yield Path(RECORDS, f"{name}.jsonl"), write_lines(bundle).encode()
        yield Path(LABELS, f"{name}.npz"), packed.getvalue()
    for name, suite in published.suites.items():
        yield Path(SUITES, f"{name}.json"), description(suite).encode()
    for name, text in pages(published, reference).items():
        yield Path(name), text.encode()


def shows_reference(published: Published) -> bool:
    """Return whether a folder's pages show results from the literature, which regenerated pages keep."""
    pages = (published.folder / f"{name}.md" for name in published.boards())
    plain = (page for page in pages if page.is_file() and not page.is_symlink())
    return any(PUBLISHED in page.read_text(encoding="utf-8", errors="replace").splitlines() for page in plain)


def write_changed(path: Path, content: bytes) -> Iterator[Path]:
    """Write a file unless it already has this content, and yield it if written."""
    if differs(path, content):
        write_whole(path, content)
        yield path


def differs(path: Path, content: bytes) -> bool:
    """Return whether a file lacks this content."""
    return not path.is_file() or path.read_bytes() != content


def _check_names(bundle: Bundle) -> None:
    for cell in bundle.cells.values():
        specs = [each for each in cell.specs if each]
        names = [cell.dataset, cell.encoder, cell.clusterer, *cell.scores, *specs]
        for text in (*names, *(origin.by for origin in cell.origins)):
            try:
                proper_name(text)
            except ValueError as error:
                raise HarnessError(f"Cannot publish {text!r}: a name {error}. Use an alias.") from None


def read_own(folder: Path) -> Published:
    """Read a folder to add to, which may be empty; a folder with errors is refused.

    Raises
    ------
    HarnessError
        If something in it is wrong, since only a person can decide what is right.
    """
    if not (folder / RECORDS).is_dir():
        return Published(folder, {})
    findings = Findings()
    published = read_folder(folder, findings)
    if not findings.clean:
        first = findings.of("wrong")[0]
        raise HarnessError(
            f"Something is wrong in {str(folder)!r}: {first.where}: {first.what}. List all problems with "
            f"'harness verify {folder}'."
        )
    return published


def combine(first: Published, second: Published, prefer: str = "") -> tuple[Published, list[Merged]]:
    """Merge two folders, board by board.

    Parameters
    ----------
    first, second : Published
    prefer : {"", "first", "second"}
        See `harness.publishing.merge.merge`.

    Returns
    -------
    published : Published
        The merged folder, in the place of the first.
    merged : list of Merged
        The result for each board in both folders.
    """
    bundles: dict[str, Bundle] = {}
    merged = []
    for name in sorted(first.bundles.keys() | second.bundles.keys()):
        one, other = first.bundles.get(name), second.bundles.get(name)
        if one is not None and other is not None:
            merged.append(merge(one, other, prefer))
            bundles[name] = merged[-1].bundle
        else:
            bundles[name] = one or other or Bundle(name)
    return Published(first.folder, bundles, merged_suites(first, second, prefer)), merged


@dataclass
class Combined:
    """The result of merging several folders.

    Parameters
    ----------
    published : Published
    steps : list of (Published, list of Merged)
        Each folder from the second, and the results for boards that existed already.
    open : list of Conflict
        Unresolved contradictions.
    """

    published: Published
    steps: list[tuple[Published, list[Merged]]] = field(default_factory=list)
    open: list[Conflict] = field(default_factory=list)


def combine_all(folders: Sequence[Published], prefer: Published | None = None) -> Combined:
    """Merge folders, one by one.

    Parameters
    ----------
    folders : sequence of Published
        At least one.
    prefer : Published, optional
        One of them, merged first: its result wins over contradictions. If others
        contradict each other on something it lacks, the contradiction stays.
    """
    first = folders[0] if prefer is None else prefer
    combined = Combined(first)
    for folder in (each for each in folders if each is not first):
        combined.published, merged = combine(
            combined.published, folder, "first" if prefer is not None else ""
        )
        combined.steps.append((folder, merged))
        conflicts = (conflict for each in merged for conflict in each.conflicts)
        combined.open += [each for each in conflicts if prefer is None or not _says(prefer, each)]
    return combined


def _says(published: Published, conflict: Conflict) -> bool:
    """Return whether a folder has a result for a contradiction between others."""
    bundle = published.bundles.get(conflict.board)
    record = bundle.records.get(conflict.key) if bundle is not None else None
    return record is not None and record.status not in ONLY_HERE


def without_truth(published: Published, names: Collection[str]) -> Published:
    """Return a folder without the true classes of some boards."""
    bundles = {
        name: replace(each, truth=None) if name in names else each for name, each in published.bundles.items()
    }
    return replace(published, bundles=bundles)
