"""Verify a published folder; nothing in it is trusted or run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.cell import CellRecord
from ...core.errors import error_line
from ...core.interfaces import Dataset
from ...planning.cache_keys import plugin_id
from ...registry.registry import Registry
from ..bundle import Bundle, Published
from ..findings import Findings
from ..npz import shown
from ..pages import pages
from ..published_suites import FOLDER as SUITES
from ..read import LABELS, RECORDS, files, read_folder
from ..unpublished import is_unpublished
from ..write import shows_reference
from .consistency import check_consistency
from .given_data import given_data
from .import_paths import add_import_paths
from .inputs import Embeddings, data_of, truth_of
from .options import How
from .replan import check_planned
from .replay import Replay
from .reruns import run_again
from .scores import Scorer
from .unverifiable import tell_of_claims


def verify(folder: Path, registry: Registry, how: How) -> Findings:
    """Check everything that can be checked in a published folder.

    Parameters
    ----------
    folder : Path
    registry : Registry
        Plugins known here; only these are ever run.
    how : How

    Returns
    -------
    findings : Findings
        Checks, problems, and what could not be checked and why.

    Raises
    ------
    HarnessError
        If there is no published folder, or data or plugins given by the user cannot be used.
    """
    findings = Findings()
    how.step("reading", 0, 1)
    published = read_folder(folder, findings)
    own = given_data(how.data, published, registry)
    add_import_paths(registry, published, how.trusted)
    for bundle in published.bundles.values():
        try:
            _check_board(bundle, registry, own, how, findings)
        except Exception as error:  # unexpected content is not to be trusted
            told = shown(error_line(error))
            findings.wrong(bundle.name, f"the check failed: {told}")
    if findings.clean:
        _check_pages(folder, published, how, findings)
    else:
        findings.unverified("pages", "were not regenerated, since the records are wrong")
    return findings


def _check_board(
    bundle: Bundle, registry: Registry, own: Mapping[str, Dataset], how: How, findings: Findings
) -> None:
    if not bundle.cells:
        findings.wrong(bundle.name, "has no cells")
        return
    check_consistency(bundle, findings)
    data = data_of(bundle, registry, findings, own)
    check_planned(bundle, registry, how.host, findings)
    tell_of_claims(bundle, findings)
    replay = how.replays(data) if how.replays is not None and data is not None else None
    _check_scores(bundle, registry, data, replay, how, findings)
    if how.rerun:
        run_again(bundle, registry, replay, how, findings)


def _check_scores(
    bundle: Bundle,
    registry: Registry,
    data: Dataset | None,
    replay: Replay | None,
    how: How,
    findings: Findings,
) -> None:
    def remake(cell: CellRecord) -> Any:
        took = sum(bundle.records[key].seconds for key in cell.steps if key in bundle.records)
        return replay.embedding(cell, bundle.records) if replay is not None and took <= how.remake else None

    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        how.step(f"scores of {bundle.name}", done, len(bundle.cells))

    truth = truth_of(bundle, data, findings)
    identity = plugin_id(registry.find("encoder", "identity"))
    embeddings = Embeddings(bundle, data, how.store, remake, identity)
    Scorer(bundle, registry, truth, embeddings, findings).check(step)


def _check_pages(folder: Path, published: Published, how: How, findings: Findings) -> None:
    """Regenerate all pages and compare them; other files are named."""
    made = pages(published, shows_reference(published))
    known = {Path(name) for name in made}
    for name in published.boards():
        known |= {Path(RECORDS, f"{name}.jsonl"), Path(LABELS, f"{name}.npz")}
    known |= {Path(SUITES, f"{name}.json") for name in published.suites}
    here = files(folder, Findings())
    for name, text in made.items():
        if Path(name) not in here:
            findings.wrong(name, "is missing")
        elif (folder / name).read_bytes() != text.encode():
            findings.wrong(name, f"differs from the records{_first(folder / name, text)}")
        else:
            findings.ok("regenerated pages, byte for byte")
    for check in how.more:
        try:
            known |= {*check(folder, published, findings)}
        except Exception as error:  # as above
            findings.wrong(str(folder.name), f"the check failed: {shown(error_line(error))}")
    for path in here:
        if path not in known and is_unpublished(path, published.bundles):
            findings.unpublished.append(shown(path.as_posix()))
        elif path not in known:
            findings.unverified(shown(str(path)), "is not a file of 'harness publish'")


def _first(path: Path, text: str) -> str:
    """Describe the first difference of a page."""
    there = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, (one, other) in enumerate(zip(there, text.splitlines(), strict=False), 1):
        if one != other:
            at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            start = max(at - 20, 0)
            return f": line {number} has {shown(one[start:], 50)}, not {shown(other[start:], 50)}"
    return f": it has {len(there)} lines, not {len(text.splitlines())}"
