"""Writing a published folder: the same records give the same bytes."""

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
from .read import LABELS, RECORDS, read_folder
from .schema import proper_name


def write_folder(published: Published, folder: Path, reference: bool = False) -> Iterator[Path]:
    """Write records, labels and pages, and yield the files that are new or have changed.

    Parameters
    ----------
    published : Published
    folder : Path
    reference : bool
        Whether published results of others stand beside the boards.

    Raises
    ------
    HarnessError
        When a name cannot be published, or a file cannot be written.
    """
    for path, content in contents(published, reference):
        yield from write_changed(folder / path, content)


def contents(published: Published, reference: bool = False) -> Iterator[tuple[Path, bytes]]:
    """Yield each file of a published folder, relative to it, and what it holds; as `write_folder`."""
    for name, bundle in published.bundles.items():
        _check_names(bundle)
        labels = dict(bundle.labels) | ({} if bundle.truth is None else {TRUTH: bundle.truth})
        packed = io.BytesIO()
        write_npz(packed, labels)
        yield Path(RECORDS, f"{name}.jsonl"), write_lines(bundle).encode()
        yield Path(LABELS, f"{name}.npz"), packed.getvalue()
    for name, text in pages(published, reference).items():
        yield Path(name), text.encode()


def shows_reference(published: Published) -> bool:
    """Whether a folder's pages show published results: regenerated pages keep them."""
    pages = (published.folder / f"{name}.md" for name in published.boards())
    plain = (page for page in pages if page.is_file() and not page.is_symlink())
    return any(PUBLISHED in page.read_text(encoding="utf-8", errors="replace").splitlines() for page in plain)


def write_changed(path: Path, content: bytes) -> Iterator[Path]:
    """Write a file unless it is there with this content, and yield it then."""
    if differs(path, content):
        write_whole(path, content)
        yield path


def differs(path: Path, content: bytes) -> bool:
    """Whether a file has to be written to hold this content."""
    return not path.is_file() or path.read_bytes() != content


def _check_names(bundle: Bundle) -> None:
    for cell in bundle.cells.values():
        specs = [each for each in cell.specs if each]
        names = [cell.dataset, cell.encoder, cell.clusterer, *cell.scores, *specs]
        for text in (*names, *(origin.by for origin in cell.origins)):
            try:
                proper_name(text)
            except ValueError as error:
                raise HarnessError(f"{text!r} cannot be published: a name {error}. Use an alias.") from None


def read_own(folder: Path) -> Published:
    """Read a folder that is to be added to, or is empty; one in which something is wrong is refused.

    Raises
    ------
    HarnessError
        When something in it is wrong: it is not for a machine to decide what is right then.
    """
    if not (folder / RECORDS).is_dir():
        return Published(folder, {})
    findings = Findings()
    published = read_folder(folder, findings)
    if not findings.clean:
        first = findings.of("wrong")[0]
        raise HarnessError(
            f"Something is wrong in {str(folder)!r}: {first.where}: {first.what}. "
            f"'harness verify {folder}' shows all that is."
        )
    return published


def combine(first: Published, second: Published, prefer: str = "") -> tuple[Published, list[Merged]]:
    """Put two folders together, board by board.

    Parameters
    ----------
    first, second : Published
    prefer : {"", "first", "second"}
        As of `harness.publishing.merge.merge`.

    Returns
    -------
    published : Published
        Of the folder of the first.
    merged : list of Merged
        What became of each board that is in both.
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
    return Published(first.folder, bundles), merged


@dataclass
class Combined:
    """What putting several folders together gave.

    Parameters
    ----------
    published : Published
    steps : list of (Published, list of Merged)
        Each folder from the second on, and what became of the boards that were there already.
    open : list of Conflict
        Contradictions that nobody has settled.
    """

    published: Published
    steps: list[tuple[Published, list[Merged]]] = field(default_factory=list)
    open: list[Conflict] = field(default_factory=list)


def combine_all(folders: Sequence[Published], prefer: Published | None = None) -> Combined:
    """Put folders together, one by one.

    Parameters
    ----------
    folders : sequence of Published
        At least one.
    prefer : Published, optional
        One of them, which comes first: its result stands where another contradicts it. Where others
        contradict each other in what it does not have, it settles nothing.
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
    """Whether a folder has a result for what others contradict each other in."""
    bundle = published.bundles.get(conflict.board)
    record = bundle.records.get(conflict.key) if bundle is not None else None
    return record is not None and record.status not in ONLY_HERE


def without_truth(published: Published, names: Collection[str]) -> Published:
    """Return a folder in which some boards do not hold the true classes, whoever sent them."""
    bundles = {
        name: replace(each, truth=None) if name in names else each for name, each in published.bundles.items()
    }
    return Published(published.folder, bundles)
