"""Labels computed elsewhere as cells of a store: scored by the ordinary stages, never computed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ..core.cell import IMPORTED, CellRecord
from ..core.interfaces import Dataset, Labels
from ..core.plan import Plan
from ..core.record import Record
from ..core.spec import Entry, Spec
from ..planning.invocations import with_invocation
from ..planning.planner import make_plan
from ..planning.request import Request
from ..registry.metrics import info_of
from ..registry.registry import Registry, check_unlike
from ..store.store import Store
from .runner import run

ELSEWHERE = "elsewhere (imported labels)"


def import_labels(
    dataset: Dataset,
    text: str,
    labels: Mapping[str, Labels],
    origin: str,
    k: int | None,
    store: Store,
    registry: Registry,
    metrics: Sequence[str] = (),
    own: bool = False,
) -> list[CellRecord]:
    """Store labels of all samples, score them, and return their cells.

    Parameters
    ----------
    dataset : Dataset
    text : str
        What opens it on the command line.
    labels : mapping from str to ndarray of shape (n,), int64
        By the name of the method, which becomes the name of the clusterer.
    origin : str
        Where they come from; shown with the flag.
    k : int or None
        K if it was given to the methods.
    store : Store
    registry : Registry
    metrics : sequence of str
        Default: all that need no embedding.
    own : bool
        Whether the data are the user's own.

    Raises
    ------
    BadParameter
        If a method has the name of a clusterer of the harness, or one that cannot be shown.
    """
    for name in labels:
        check_unlike("clusterer", name, registry)
    entries = [Entry((_spec(found, origin, k),), name) for name, found in labels.items()]
    request = Request(
        encoders=[Entry((Spec("identity"),), IMPORTED)],  # so named on leaderboards
        clusterers=entries,
        metrics=list(metrics) or _without_embedding(registry),
        seeds=1,
        swept=() if metrics else ("metric",),
        unseeded=(),
    )
    plan = with_invocation(make_plan(dataset, "full", request, registry), text, own, request)
    for cell in plan.cells:
        store.put(_record(plan, cell, labels[cell.clusterer], store))
    run(plan, store)
    return list(plan.cells)


def _without_embedding(registry: Registry) -> list[str]:
    names = registry.names("metric")
    return [name for name in names if "embedding" not in info_of(registry.find("metric", name)).needs]


def _spec(labels: Labels, origin: str, k: int | None) -> Spec:
    digest = hashlib.sha256(labels.tobytes()).hexdigest()[:32]
    return Spec(IMPORTED, (), (("n_clusters", k), ("origin", origin), ("labels", digest)))


def _record(plan: Plan, cell: CellRecord, labels: Labels, store: Store) -> Record:
    """Return the record of a cluster stage that was run elsewhere."""
    stage = plan.stages[cell.cluster]
    return Record(
        key=stage.key,
        kind="cluster",
        status="ok",
        facts=dict(stage.facts),
        seconds=0.0,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={},
        hardware=ELSEWHERE,
        values={"n_clusters": len({*labels.tolist()} - {-1})},
        arrays={"fitted": store.arrays.put(labels)},
    )
