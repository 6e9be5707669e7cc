"""`harness bench`: run every combination, print the tables, write the leaderboards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ...core.errors import HarnessError
from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...core.limits import RETRIED, Limits
from ...core.plan import SETTINGS, Plan, Request
from ...core.protocols import PROTOCOLS
from ...execution.executors import open_executor
from ...planning.planner import make_plan
from ...planning.plugin_answers import Answers
from ...registry.devices import DEVICES, check_device
from ...registry.registry import Registry
from ..bench_config import asked_seeds, blaming, config_option, registry_of, write_config, write_option
from ..bench_options import Call
from ..dry_run import foretell
from ..options import F, plugin_option, read_size, read_statuses, read_times, store_option
from ..run_bench import run_plans
from .datasets import dataset_info, download


def _many(*names: str, **options: Any) -> Callable[[F], F]:
    return click.option(*names, multiple=True, **options)


@click.command(help="Run encoders x clusterers x metrics, and write leaderboards.")
@config_option
@write_option
@click.option("--all", "take_all", is_flag=True, help="Every plugin of each kind that is not named.")
@_many(
    "-d", "--dataset", "datasets", metavar="DATASET", help="Name or path; default digits. May be repeated."
)
@_many("-e", "--encoder", "encoders", metavar="ENCODER", help="As pca, 'pca(n_components=8)' or a chain a+b.")
@_many("-c", "--clusterer", "clusterers", metavar="CLUSTERER", help="As kmeans, or sklearn.cluster:Birch.")
@_many("-m", "--metric", "metrics", metavar="METRIC", help="Default: all of them.")
@_many(
    "--protocol",
    "protocols",
    type=click.Choice(list(PROTOCOLS)),
    help="What is fitted and scored; default full.",
)
@click.option(
    "--seeds", type=click.IntRange(min=1), help="How many seeds; default 5, or 1 for a single cell."
)
@click.option(
    "--encoder-seeds", type=click.IntRange(min=1), help="Seeds of encoders, kept apart from clusterers'."
)
@click.option(
    "--clusterer-seeds", type=click.IntRange(min=1), help="Seeds of clusterers, each with each encoder seed."
)
@click.option("-k", "--n-clusters", type=click.IntRange(min=1), help="K; default the number of classes.")
@click.option(
    "--settings",
    type=click.Choice(SETTINGS),
    help="How the settings written here were chosen; oracle: with help of the true labels.",
)
@click.option("--soft/--no-soft", help="Keep soft assignments (predict_proba) too.")
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", show_default=True, help="Where encoders train."
)
@click.option(
    "--events",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add a line of JSON per event to FILE.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be computed, and how long it may take.")
@click.option("--explain", is_flag=True, help="Only say why each stage would be computed.")
@click.option(
    "--jobs", type=click.IntRange(min=1), help="How many stages run at a time; default one per core."
)
@click.option(
    "--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads of each stage."
)
@click.option(
    "--timeout", metavar="S", callback=read_times, help="Most seconds of a stage; or encode=3600,cluster=600."
)
@click.option("--memory", metavar="SIZE", callback=read_size, help="Most memory of a stage, as 4G.")
@click.option("--dask", metavar="ADDRESS", help="Scheduler whose workers run the stages; or local.")
@_many(
    "--retry",
    metavar="STATUS,..",
    callback=read_statuses,
    help=f"Compute stages again that ended as {', '.join(RETRIED[:-1])} or {RETRIED[-1]}.",
)
@store_option
@click.option(
    "--arrays",
    metavar="PLACE",
    envvar="HARNESS_ARRAYS",
    help="Folder or fsspec URL of arrays that other machines reach; the store remembers it.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("leaderboard"), show_default=True, help="Folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print the boards as JSON.")
@plugin_option
def command(**options: Any) -> int:
    """Run the grid on each dataset under each protocol; return 1 when some cell failed."""
    from ...execution.pool import budget

    call = Call(**asked_seeds(options))
    registry = registry_of(call)
    jobs, threads = budget(call.jobs, call.threads)
    request = replace(call.request(registry), threads=threads)
    if (call.jobs or jobs, call.threads) != (jobs, threads):
        click.echo(
            f"Note: more jobs and threads than cores: --jobs {jobs} --threads {threads} is used.", err=True
        )
    with open_executor(jobs, threads, Limits(call.timeout, call.memory), call.dask) as executor:
        check_device(call.device, executor.accelerator())
        answers = Answers(executor, Path(call.store))
        with blaming(call, registry, executor):
            plans = list(_plans(call, request, registry, answers))
        if call.write_config is not None:
            return write_config(call, call.write_config)
        if call.dry_run or call.explain:
            return foretell(call, plans, executor.jobs)
        try:
            return run_plans(call, plans, registry, executor)
        finally:
            answers.keep()


def _plans(call: Call, request: Request, registry: Registry, host: PluginHost) -> Iterator[Plan]:
    """Plan everything before anything runs, so that a wrong call costs nothing."""
    from ...planning.datasets import open_dataset

    names: dict[str, str] = {}
    for text in call.datasets or ("digits",):
        if text in registry.names("dataset"):
            info = dataset_info(registry.find("dataset", text))
            if info is not None:
                download(info)
        dataset: Dataset = open_dataset(text, registry)
        if names.setdefault(dataset.name, dataset.digest) != dataset.digest:
            raise HarnessError(f"Two datasets are named {dataset.name!r}. Rename one of the files.")
        for protocol in call.protocols or ("full",):
            yield make_plan(dataset, protocol, request, registry, host)
