"""Checking a published folder: nothing in it is trusted, nothing in it is run."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import NotApplicable
from ..host import Host
from ..interfaces import Dataset
from ..registry import Kind, Registry
from ..spec import split_chain
from ..store import Store
from .bundle import Bundle, Published
from .consistency import check_consistency, row_name
from .findings import Findings
from .npz import shown
from .pages import pages
from .planned import check_planned
from .reading import LABELS, RECORDS, files, read_folder
from .replay import Body, Replay, specs
from .scores import Scorer
from .sources import Embeddings, data_of, truth_of
from .tolerance import alike, declared

Replays = Callable[[Dataset], Replay]
Step = Callable[[str, int, int], None]  # what is being done, how far, of how many


@dataclass(frozen=True)
class How:
    """How thoroughly to verify.

    Parameters
    ----------
    store : Store, optional
        Where embeddings may be.
    remake : float
        Embeddings are computed again that took at most so many seconds.
    rerun : int
        How many cells are run again, drawn at random.
    seed : int
        Of that draw.
    replays : callable, optional
        Returns what runs cells of a dataset; nothing is run without.
    host : Host, optional
        Loads plugins whose modules import a framework.
    step : callable
        Is told what is being done.
    """

    store: Store | None = None
    remake: float = 0.0
    rerun: int = 0
    seed: int = 0
    replays: Replays | None = None
    host: Host | None = None
    step: Step = field(default=lambda what, done, total: None)


def verify(folder: Path, registry: Registry, how: How) -> Findings:
    """Check all that can be checked of a published folder.

    Parameters
    ----------
    folder : Path
    registry : Registry
        Plugins that are known here: only they are ever run.
    how : How

    Returns
    -------
    findings : Findings
        What was checked, what is wrong, and what could not be checked and why.

    Raises
    ------
    HarnessError
        When there is no published folder there.
    """
    findings = Findings()
    how.step("reading", 0, 1)
    published = read_folder(folder, findings)
    for bundle in published.bundles.values():
        try:
            _check_board(bundle, registry, how, findings)
        except Exception as error:  # what it holds was not foreseen: that is no reason to trust it
            told = shown(f"{type(error).__name__}: {error}")
            findings.wrong(bundle.name, f"cannot be checked to its end: {told}")
    if findings.clean:
        _check_pages(folder, published, findings)
    else:
        findings.unverified("pages", "were not made again, as the records are wrong")
    return findings


def _check_board(bundle: Bundle, registry: Registry, how: How, findings: Findings) -> None:
    if not bundle.cells:
        findings.wrong(bundle.name, "has no cells")
        return
    check_consistency(bundle, findings)
    data = data_of(bundle, registry, findings)
    check_planned(bundle, registry, how.host, findings)
    _tell_of_claims(bundle, findings)
    replay = how.replays(data) if how.replays is not None and data is not None else None
    _check_scores(bundle, registry, data, replay, how, findings)
    if how.rerun:
        _rerun(bundle, registry, replay, how, findings)


def _tell_of_claims(bundle: Bundle, findings: Findings) -> None:
    """Name what labels cannot tell: that runs did not end well, and that other runs are not shown."""
    variants: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for body in bundle.cells.values():
        fits = [bundle.records.get(key) for key in (*body["steps"], body["cluster"])]
        status = next((each.status for each in fits if each is not None and not each.ok), "")
        if body["blocked"] or status:
            status = body["blocked"][0] if body["blocked"] else status
            findings.unverified(row_name(bundle, body), f"that it is {status}: --rerun may tell")
        else:
            variants[body["encoder"], body["clusterer"], body["k"]][body["variant"]] += 1
    for (encoder, clusterer, _), found in variants.items():
        if len(found) > 1:
            text = f"has runs of {len(found)} versions of its code, of which tables show the one noted last"
            findings.unverified(f"{bundle.name}: {encoder} + {clusterer}", text)


def _check_scores(
    bundle: Bundle,
    registry: Registry,
    data: Dataset | None,
    replay: Replay | None,
    how: How,
    findings: Findings,
) -> None:
    def remake(body: Body) -> Any:
        took = sum(bundle.records[key].seconds for key in body["steps"] if key in bundle.records)
        return replay.embedding(body, bundle.records) if replay is not None and took <= how.remake else None

    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        how.step(f"scores of {bundle.name}", done, len(bundle.cells))

    truth = truth_of(bundle, data, findings)
    identity = registry.find("encoder", "identity").target
    embeddings = Embeddings(bundle, data, how.store, remake, identity)
    Scorer(bundle, registry, truth, embeddings, findings).check(step)


def _check_pages(folder: Path, published: Published, findings: Findings) -> None:
    """Make all pages again, and compare; what is there beside them is named."""
    made, other = pages(published), pages(published, reference=True)
    known = {Path(name) for name in made}
    for name in published.boards():
        known |= {Path(RECORDS, f"{name}.jsonl"), Path(LABELS, f"{name}.npz")}
    here = files(folder, Findings())
    for name, text in made.items():
        if Path(name) not in here:
            findings.wrong(name, "is missing")
        elif (folder / name).read_bytes() not in (text.encode(), other[name].encode()):
            findings.wrong(name, f"is not what the records give{_first(folder / name, text)}")
        else:
            findings.ok("pages made again, byte for byte")
    for path in here:
        if path not in known:
            findings.unverified(shown(str(path)), "is not a file of 'harness publish'")


def _first(path: Path, text: str) -> str:
    """Say where a page differs first."""
    there = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, (one, other) in enumerate(zip(there, text.splitlines(), strict=False), 1):
        if one != other:
            at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            start = max(at - 20, 0)
            return f": line {number} has {shown(one[start:], 50)}, not {shown(other[start:], 50)}"
    return f": it has {len(there)} lines, not {len(text.splitlines())}"


def _rerun(bundle: Bundle, registry: Registry, replay: Replay | None, how: How, findings: Findings) -> None:
    """Run some cells again, drawn at random, and compare their scores."""
    if replay is None:
        findings.unverified(bundle.name, "no cell was run again, as its dataset is not here")
        return
    ran = [body for body in bundle.cells.values() if not body["blocked"]]
    drawn = random.Random(f"{how.seed} {bundle.name}").sample(ran, min(how.rerun, len(ran)))
    for number, body in enumerate(drawn):
        how.step(f"running {bundle.name} again", number, len(drawn))
        where = row_name(bundle, body)
        try:
            cell, outcome = replay.run(body, bundle.records)
        except NotApplicable as error:
            findings.unverified(where, f"was not run again: {error}")
            continue
        same_code = cell.cluster == body["cluster"]
        for name, score in cell.scores.items():
            there, here = bundle.records.get(body["scores"][name]["key"]), outcome.records.get(score.key)
            if there is None or here is None or not there.ok:
                continue
            if not here.ok:
                findings.unverified(f"{where}: {name}", f"{here.status} when run again: {here.error}")
                continue
            one, other = there.values["score"], here.values["score"]
            if alike(one, other, _tolerance(registry, body, name)):
                findings.ok("scores of cells that were run again")
                continue
            told = f"is said to be {one!r}, run again it is {other!r}"
            if same_code and there.hardware == here.hardware:
                findings.wrong(f"{where}: {name}", told)
            else:
                what = "on other hardware" if same_code else "by other versions of the code or its libraries"
                findings.unverified(f"{where}: {name}", f"{told}, {what}")


def _tolerance(registry: Registry, body: Body, metric: str) -> float:
    """Return the largest tolerance that the plugins of a cell declare."""
    encoder, clusterer = specs(body)
    names: list[tuple[Kind, str]] = [("encoder", each) for each in split_chain(encoder)]
    names += [("clusterer", clusterer), ("metric", metric)]
    found = (registry.plugins.get((kind, text.partition("(")[0])) for kind, text in names)
    return max(declared(plugin.load()) for plugin in found if plugin is not None)
