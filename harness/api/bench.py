"""`harness.bench`: benchmarks from programs and notebooks, returning tables and arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.errors import BadParameter
from ..core.executor import StageExecutor
from ..core.limits import BUDGET
from ..core.plan import Plan
from ..core.plugin import Kind
from ..execution.executors import open_executor
from ..execution.inline import Inline
from ..execution.pool import budget
from ..execution.progress.event_log import Events
from ..execution.progress.observers import Followers
from ..execution.session import Told, run_plan
from ..leaderboard.build import plan_board
from ..planning import cache_keys
from ..planning.invocations import with_invocation
from ..planning.planner import make_plan
from ..planning.plugin_answers import Answers
from ..planning.request import Request
from ..registry.devices import check_device
from ..registry.registry import Registry, load_registry
from ..store.store import Store
from . import plugin_objects
from .arguments import read_progress, read_request, with_options
from .data_objects import named_data
from .result import Result
from .suites import planned_suite, with_suite_defaults
from .views import Run


@with_options
def bench(
    datasets: Any = "digits",
    encoders: Any = (),
    clusterers: Any = (),
    metrics: Any = (),
    *,
    suite: str | Path | None = None,
    max_samples: int | None = None,
    all: bool = False,
    slow: bool = False,
    protocols: str | Sequence[str] | None = None,
    seeds: int | None = None,
    encoder_seeds: int | None = None,
    clusterer_seeds: int | None = None,
    first_seed: int | None = None,
    n_clusters: int | None = None,
    settings: str | None = None,
    soft: bool = False,
    device: str = "auto",
    jobs: int | None = None,
    threads: int = 1,
    timeout: float | str | Mapping[str, float] | None = None,
    memory: int | str | None = None,
    metric_budget: float | None = BUDGET,
    dask: str | None = None,
    retry: str | Collection[str] = (),
    plugins: str | Path | Sequence[str | Path] = (),
    store: str | Path | None = None,
    arrays: str | None = None,
    progress: Told = True,
) -> Result:
    """Run every combination, reuse what the store has, and return scores, labels and embeddings.

    Parameters
    ----------
    datasets : str, Path, Dataset, array X, pair (X, y), or several in a list, or a mapping from names
        X has shape (n, d), or (n, height, width) and (n, height, width, channels) for images.
    encoders, clusterers, metrics : str, class, function, estimator, or several in a list, or a mapping
        As on the command line, or scikit-learn style objects; a tuple in the list is a chain of encoders.
        The keys of a mapping are names for leaderboards. Parameters of an estimator with default values, even
        if given explicitly, are left to the harness, which sets `n_clusters` and `random_state`.
        Without metrics all of them are computed.
    OPTIONS
    progress : bool or callable
        Whether to show progress, in a notebook as one line below the cell, else on the error stream; or a
        function called for each finished stage.

    Returns
    -------
    Result
        A failed run is a row with its status and reason, not an exception.

    Raises
    ------
    HarnessError
        If the call is wrong: an unknown name or parameter, or data that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> X, y = np.array([[0.0, 0.1], [0.1, 0.0], [0.9, 1.0], [1.0, 0.9]]), [0, 0, 1, 1]
    >>> options = {"seeds": 2, "jobs": 0, "store": tempfile.mkdtemp(), "progress": False}
    >>> result = bench((X, y), "identity", "kmeans", ["accuracy", "ari"], **options)
    >>> result.to_pandas()[["encoder", "clusterer", "k", "accuracy"]].values.tolist()
    [['identity', 'kmeans', '2 given', 1.0], ['identity', 'kmeans', '2 given', 1.0]]
    """
    given = read_request(locals())
    show = read_progress(progress)
    here = given.jobs == 0
    if not here:
        cache_keys.look_again()  # worker processes will read the current code
    registry = load_registry(given.plugins)
    named = replace(given, **_entries(encoders, clusterers, metrics, registry, here))
    if named.suite is not None:
        if not (isinstance(datasets, str) and datasets == "digits"):
            raise BadParameter("Give either datasets or a suite, not both.")
        named = with_suite_defaults(named, chosen=protocols is not None)
    if not named.all and {"encoder", "clusterer"} & {*named.missing}:
        raise BadParameter("Name encoders and clusterers, or use all with all=True.")
    with _executor(given) as executor:
        check_device(given.device, executor.accelerator())
        request = replace(named.filled(registry), threads=budget(given.jobs, given.threads)[1])
        answers = Answers(executor, request.store)
        unread = plugin_objects.notes(registry)
        planned = (
            planned_suite(request, registry, answers)
            if request.suite is not None
            else [
                with_invocation(make_plan(dataset, protocol, request, registry, answers), text, own, request)
                for dataset, text, own in named_data(datasets, registry)
                for protocol in request.protocols
            ]
        )
        plans = [replace(plan, notes=[*plan.notes, *unread]) for plan in planned]
        try:
            return _run(plans, request, registry, executor, show)
        finally:
            answers.keep()


def _executor(request: Request) -> AbstractContextManager[StageExecutor]:
    """Return the executor."""
    if request.jobs == 0:
        return nullcontext(Inline())
    return open_executor(*budget(request.jobs, request.threads), request.limits, request.dask)


def _run(
    plans: Sequence[Plan],
    request: Request,
    registry: Registry,
    executor: StageExecutor,
    progress: Told,
) -> Result:
    store, follow = Store(request.store, request.arrays), Followers(registry, Events())
    boards, runs = [], []
    try:
        for plan in plans:
            done = run_plan(plan, store, follow, executor, retry=request.retry, progress=progress)
            runs.append(Run(plan, done.records))
            boards.append(plan_board(plan, done.records))
            follow.board(boards[-1])
    finally:
        store.close()
    return Result(boards, runs, request.store.resolve())


def _entries(encoders: Any, clusterers: Any, metrics: Any, registry: Registry, here: bool) -> dict[str, Any]:
    """Return the entries of a request by kind."""
    given: dict[Kind, Any] = {"encoder": encoders, "clusterer": clusterers, "metric": metrics}
    entries: dict[str, Any] = {
        f"{kind}s": () if _nothing(each) else plugin_objects.entries(kind, each, registry, here)
        for kind, each in given.items()
    }
    if any(entry.alias for entry in entries["metrics"]):
        raise BadParameter("metrics cannot be renamed: give a list instead of a mapping.")
    return {**entries, "metrics": list(map(str, entries["metrics"]))}


def _nothing(value: Any) -> bool:
    """Return whether nothing is named; an estimator may have no length or truth value."""
    return value is None or (isinstance(value, str | list | tuple | dict | set | frozenset) and not value)
