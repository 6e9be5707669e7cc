"""`harness.bench`: what the command line does, for programs and notebooks; it returns tables and arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from ..core.errors import BadParameter
from ..core.executor import StageExecutor
from ..core.plan import Plan, Request
from ..core.plugin import Kind
from ..execution.executors import open_executor
from ..execution.inline import Inline
from ..execution.pool import budget
from ..execution.progress.event_log import Events
from ..execution.progress.observers import Followers
from ..execution.session import Told, run_plan
from ..leaderboard.build import plan_board
from ..planning import cache_keys
from ..planning.planner import make_plan
from ..registry.devices import check_device
from ..registry.registry import Registry, load_registry
from ..store.store import Store
from . import plugin_objects
from .arguments import Options, flag, read_options
from .data_objects import data
from .result import Result, Run


def bench(
    datasets: Any = "digits",
    encoders: Any = (),
    clusterers: Any = (),
    metrics: Any = (),
    *,
    all: bool = False,
    protocols: str | Sequence[str] = "full",
    seeds: int | None = None,
    encoder_seeds: int | None = None,
    clusterer_seeds: int | None = None,
    n_clusters: int | None = None,
    settings: str | None = None,
    soft: bool = False,
    device: str = "auto",
    jobs: int | None = None,
    threads: int = 1,
    timeout: float | str | Mapping[str, float] | None = None,
    memory: int | str | None = None,
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
        As on the command line, or objects like scikit-learn's; a tuple in the list is a chain of encoders.
        The keys of a mapping are names for boards. Parameters of an estimator that are as by default, also
        where they were written, are left to the harness, which sets `n_clusters` and `random_state`.
        Without metrics all of them are computed.
    all : bool
        Whether to take every plugin of each kind that is not named.
    protocols : {"full", "train-test", "train", "test"} or a sequence of these
    seeds : int, optional
        How many seeds; by default 5, or 1 where only one cell depends on a seed.
    encoder_seeds, clusterer_seeds : int, optional
        Instead of `seeds`: how many of each, and each of the first goes with each of the second.
    n_clusters : int, optional
        K where the harness sets it, instead of the number of classes.
    settings : {"none", "internal", "oracle"}, optional
        How the settings written here were chosen, for boards to say: not at all, by an internal criterion, or
        with help of the true labels.
    soft : bool
        Whether to keep soft assignments too.
    device : {"auto", "cpu", "cuda", "mps"}
    jobs : int, optional
        How many stages run at a time, each in a process of its own; by default one per core. With 0 all of
        them run in this process, one after the other, and then objects of ``__main__`` can be used, but no
        limits; code that is not installed is then computed anew each time, as it may have changed.
    threads : int
        Threads of each stage.
    timeout : float, str or mapping, optional
        Most seconds of a stage, or by kind: ``{"encode": 3600, "cluster": 60}``.
    memory : int or str, optional
        Most bytes of a stage's process; or as ``"4G"``.
    dask : str, optional
        Address of a Dask scheduler whose workers run the stages, as ``tcp://host:8786``; or ``local``.
    retry : str or collection of str
        Statuses, such as ``failed``, whose stages are computed again.
    plugins : str, Path or a sequence of these
        Files of plugins.
    store : str or Path, optional
        Folder of records and arrays; by default ``$HARNESS_STORE``, or ``.harness``.
    arrays : str, optional
        Another place for the arrays, which the store remembers.
    progress : bool or callable
        Whether to show progress on the error stream; or what is told of each stage that ends.

    Returns
    -------
    Result
        A failed cell is a row with its status and reason, and no exception.

    Raises
    ------
    HarnessError
        When the call is wrong: a name or parameter that does not exist, data that cannot be read.

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
    call = read_options(
        protocols=protocols,
        seeds=seeds,
        encoder_seeds=encoder_seeds,
        clusterer_seeds=clusterer_seeds,
        n_clusters=n_clusters,
        settings=settings,
        soft=soft,
        device=device,
        jobs=jobs,
        threads=threads,
        timeout=timeout,
        memory=memory,
        dask=dask,
        retry=retry,
        plugins=plugins,
        store=store,
        arrays=arrays,
        progress=progress,
    )
    if not call.here:
        cache_keys.look_again()  # worker processes will read the code as it is now
    registry = load_registry(call.plugins)
    asked: dict[Kind, Any] = {"encoder": encoders, "clusterer": clusterers, "metric": metrics}
    named = _named(asked, registry, flag("all", all), call.here)
    with _executor(call) as executor:
        check_device(call.device, executor.accelerator())
        said = ("seeds", "crossed", "n_clusters", "soft", "device", "settings")
        threads = budget(call.jobs, call.threads)[1]
        request = Request(**named, **{name: getattr(call, name) for name in said}, threads=threads)
        plans = [
            make_plan(dataset, protocol, request, registry, executor)
            for dataset in data(datasets, registry)
            for protocol in call.protocols
        ]
        return _run(plans, call, registry, executor)


def _executor(call: Options) -> AbstractContextManager[StageExecutor]:
    """Return where stages run."""
    if call.here:
        return nullcontext(Inline())
    return open_executor(*budget(call.jobs, call.threads), call.limits, call.dask)


def _run(plans: Sequence[Plan], call: Options, registry: Registry, executor: StageExecutor) -> Result:
    store, follow = Store(call.store, call.arrays), Followers(registry, Events())
    boards, runs = [], []
    try:
        for plan in plans:
            done = run_plan(plan, store, follow, executor, retry=call.retry, progress=call.progress)
            runs.append(Run(plan, done.records))
            boards.append(plan_board(plan, done.records))
            follow.board(boards[-1])
    finally:
        store.close()
    return Result(boards, runs, call.store.resolve())


def _named(asked: dict[Kind, Any], registry: Registry, take_all: bool, here: bool) -> dict[str, Any]:
    """Return what a request says of each kind; what is not named is swept up."""
    swept = [kind for kind, each in asked.items() if _nothing(each)]
    if not take_all and {"encoder", "clusterer"} & {*swept}:
        raise BadParameter("Name encoders and clusterers, or take every one with all=True.")
    known = {kind: registry.names(kind) for kind in asked}
    found: dict[str, Any] = {f"{kind}s": known[kind] for kind in asked}
    for kind in asked.keys() - {*swept}:
        found[f"{kind}s"] = plugin_objects.entries(kind, asked[kind], registry, here)
    if "metric" not in swept:
        if any(entry.alias for entry in found["metrics"]):
            raise BadParameter("metrics have no names of their own: give a list instead of a mapping.")
        found["metrics"] = list(map(str, found["metrics"]))
    return {**found, "swept": swept}


def _nothing(value: Any) -> bool:
    """Whether nothing is named; an estimator may have no length, or no truth."""
    return value is None or (isinstance(value, str | list | tuple | dict | set | frozenset) and not value)
