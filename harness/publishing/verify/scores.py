"""Recompute published scores from published labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...core.cell import CellRecord
from ...core.errors import NotApplicable, error_line
from ...core.estimate import Estimate
from ...core.hashing import canonical
from ...core.interfaces import Labels
from ...core.plugin import Plugin
from ...core.record import Record
from ...execution.scoring import score, score_together
from ...planning.cache_keys import plugin_id
from ...registry.loading import load_plugin, unavailable_reason
from ...registry.metrics import info_of
from ...registry.registry import Registry
from ..bundle import Bundle
from ..findings import Findings
from ..npz import Unreadable, read_npy, shown
from ..tolerance import alike, declared
from .consistency import row_name
from .inputs import Embeddings
from .replay import metric_named

LARGEST = 10**8  # limit on the size of a table of clusters and classes
WELL = "scores recomputed from their labels"


class Scorer:
    """Recompute and compare the scores of a board's cells.

    Parameters
    ----------
    bundle : Bundle
    registry : Registry
    truth : ndarray of shape (n,), int64, optional
        The true classes of all rows.
    embeddings : Embeddings
    findings : Findings
        Is added to.
    """

    def __init__(
        self,
        bundle: Bundle,
        registry: Registry,
        truth: Labels | None,
        embeddings: Embeddings,
        findings: Findings,
    ) -> None:
        self.bundle, self.registry, self.truth = bundle, registry, truth
        self.embeddings, self.findings = embeddings, findings
        self.reached: set[str] = set()

    def check(self, step: Callable[[], None] = lambda: None) -> None:
        """Check all cells, grouped by embedding; `step` is called after each."""
        groups: defaultdict[str, list[CellRecord]] = defaultdict(list)
        for cell in self.bundle.cells.values():
            if not cell.blocked and cell.steps:
                groups[cell.steps[-1]].append(cell)
            else:
                step()
        for cells in groups.values():
            labelled = [(cell, found) for cell in cells if (found := self._labels(cell)) is not None]
            batches = self._batches(labelled)
            for cell, labels in labelled:
                for name in cell.scores:
                    self._score(cell, name, labels, batches.get((name, cell.cluster)))
            for _ in cells:
                step()
        self._missed()

    def _missed(self) -> None:
        """Report scores not checked above: without labels, a score is only a claim."""
        for cell in self.bundle.cells.values():
            for name, each in cell.scores.items():
                record = self.bundle.records.get(each.key)
                if record is not None and record.ok and each.key not in self.reached:
                    where = f"{row_name(self.bundle, cell)}: {name}"
                    self.findings.wrong(where, "has a score, but no labels")

    def _labels(self, cell: CellRecord) -> Labels | None:
        """Return the labels of a cell if they are well-formed."""
        fit = self.bundle.records.get(cell.cluster)
        digest = fit.arrays.get(self.bundle.part) if fit is not None and fit.ok else None
        if fit is None or digest is None or digest not in self.bundle.labels:
            return None
        rows = cell.rows
        try:
            labels = read_npy(self.bundle.labels[digest], rows.stop - rows.start)
            if len(labels) and (labels.min() < -1 or labels.max() >= 2**31):
                raise Unreadable("contains labels below -1 or from 2**31")
            names, classes = np.unique(labels), cell.data.classes or 1
            if len(names) * classes > LARGEST:
                told = f"has {len(names):,} clusters of {classes:,} classes"
                raise Unreadable(f"{told}: too many to be scored here")
        except Unreadable as error:
            self.findings.wrong(row_name(self.bundle, cell), f"its labels, {digest}.npy: {error}")
            return None
        found, said = int((names >= 0).sum()), fit.values.get("n_clusters")
        # Rows that were fitted but not scored have no labels here; they may have more clusters.
        exact = self.bundle.part == "fitted"
        if said != found if exact else not isinstance(said, int) or said < found:
            text = f"{shown(str(said))} clusters are reported, but its labels have {found}"
            self.findings.wrong(row_name(self.bundle, cell), text)
        return labels

    def _batches(self, labelled: list[tuple[CellRecord, Labels]]) -> dict[tuple[str, str], float]:
        """Compute scores with shared work for all cells of an embedding, by metric and fit."""
        batches: dict[tuple[str, str], float] = {}
        for name in dict.fromkeys(name for cell, _ in labelled for name in cell.scores):
            having = [(cell, labels) for cell, labels in labelled if name in cell.scores]
            record = self.bundle.records.get(having[0][0].scores[name].key)
            plugin = self._metric(name, record) if record is not None else ""
            if record is None or isinstance(plugin, str) or not info_of(plugin).together:
                continue
            embedding = self.embeddings.of(having[0][0])
            if embedding is not None:
                params = dict(record.facts["params"]["mapping"])
                try:
                    values = score_together(plugin, params, [labels for _, labels in having], embedding)
                except Exception:  # each is then computed alone, with its error
                    continue
                fits = [cell.cluster for cell, _ in having]
                pairs = zip(fits, values, strict=True)
                batches |= {(name, fit): _score_in(value) for fit, value in pairs if value is not None}
        return batches

    def _metric(self, name: str, record: Record) -> Plugin | str:
        """Return the metric to recompute a score, or why there is none here."""
        plugin = metric_named(name, self.registry)
        if plugin is None:
            return "no metric of that name is installed here"
        if plugin_id(plugin) != record.facts["code"]["plugin"]:
            return f"another metric has that name here, {plugin.target}"
        if any(canonical(value) != value for _, value in record.facts["params"]["mapping"]):
            return "cannot read its options from its record"
        return plugin if unavailable_reason(plugin) is None else str(unavailable_reason(plugin))

    def _score(self, cell: CellRecord, name: str, labels: Labels, known: float | None) -> None:
        """Check one score; `known` is its value if computed together with those of other cells."""
        each = cell.scores[name]
        record = self.bundle.records.get(each.key)
        self.reached.add(each.key)
        if record is None:
            return  # already reported
        plugin = self._metric(name, record)
        if isinstance(plugin, str):
            self.findings.unverified(self.bundle.name, f"{name}: {plugin}")
        elif "truth" in each.needs and self.truth is None:
            why = "the true classes are neither published nor on this machine"
            self.findings.unverified(self.bundle.name, f"{name}: {why}")
        elif "embedding" in each.needs and self.embeddings.of(cell) is None:
            self.findings.unverified(self.bundle.name, f"{name}: {_embedding(cell)} is not here")
        else:
            value = self._value(plugin, cell, record, labels) if known is None else known
            found = _compare(record, value, declared(load_plugin(plugin)))
            if "embedding" in each.needs and found and not self.embeddings.alike(cell):
                why = f"{_embedding(cell)} comes out otherwise on this machine"  # which proves nothing
                self.findings.unverified(self.bundle.name, f"{name}: {why}")
            else:
                self._report(f"{row_name(self.bundle, cell)}: {name}", record, found)

    def _report(self, where: str, record: Record, found: str) -> None:
        """Report a difference, or that there is none; runs that did not end may end otherwise here."""
        if not found:
            self.findings.ok(WELL)
        elif record.status in ("ok", "failed", "not-applicable"):
            self.findings.wrong(where, found)
        else:
            self.findings.unverified(where, found)

    def _value(self, plugin: Plugin, cell: CellRecord, record: Record, labels: Labels) -> float | str:
        """Compute a score, or return why it has no value."""
        truth = None if self.truth is None else self.truth[cell.rows]
        params = dict(record.facts["params"]["mapping"])
        try:
            found = score(plugin, params, truth, labels, lambda: self.embeddings.of(cell))
            return _score_in(found)
        except NotApplicable:
            return "not-applicable"
        except MemoryError:
            return "out-of-memory"
        except Exception as error:  # for any options and labels
            return f"failed: {error_line(error)}"


def _embedding(cell: CellRecord) -> str:
    seed = "" if cell.seeds[0] is None else f" seed {cell.seeds[0]}"
    return f"the embedding by {cell.encoder}{seed}"


def _compare(record: Record, value: float | str, tolerance: float) -> str:
    """Return how a score that was recomputed differs from the record; empty if it does not."""
    said = record.values.get("score") if record.ok else record.status
    if isinstance(value, float) and isinstance(said, int | float):
        if not alike(value, said, tolerance):
            return f"is reported as {said!r}, its labels give {value!r}"
        told = record.values.get("standard_error")
        if not _same_error(value, told, tolerance):
            found = getattr(value, "standard_error", None)
            return f"has the standard error {shown(str(told))}, its labels give {found}"
        return ""
    if isinstance(value, str) and str(said) == value.partition(":")[0]:
        return ""
    if record.status in ("ok", "failed", "not-applicable"):
        return f"is reported as {shown(str(said))}, its labels give {shown(str(value))}"
    return f"{record.status} there, here its labels give {shown(str(value))}"


def _score_in(values: Mapping[str, Any]) -> float:
    """Return a score that was recomputed, with its standard error if it is an estimate."""
    if "standard_error" in values:
        return Estimate(values["score"], values["standard_error"])
    return float(values["score"])


def _same_error(value: float, told: Any, tolerance: float) -> bool:
    """Return whether a standard error is that of a recomputed score; neither of one that is not estimated."""
    found = value.standard_error if isinstance(value, Estimate) else None
    if found is None or told is None:
        return found is told
    return isinstance(told, int | float) and alike(found, told, tolerance)
