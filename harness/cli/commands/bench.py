"""`harness bench`: run every combination, print the tables, write the leaderboards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from ...core.errors import HarnessError
from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...core.plan import Plan
from ...execution.executors import open_executor
from ...planning.datasets import named_info, open_dataset
from ...planning.invocations import is_own, with_invocation
from ...planning.planner import make_plan
from ...planning.plugin_answers import Answers
from ...registry.devices import check_device
from ...registry.registry import Registry
from ..bench_config import asked_seeds, blaming, config_option, registry_of, write_config, write_option
from ..bench_options import Call, request_options
from ..console import downloading, slow_trial
from ..dry_run import foretell, foretell_suite
from ..run_bench import run_plans
from ..run_suite import asked_suite, plan_suite, run_suite
from .datasets import download


@click.command()
@config_option
@write_option
@request_options
@click.option(
    "--dry-run", is_flag=True, help="Print what would be computed and how long it may take, then exit."
)
@click.option("--explain", is_flag=True, help="Print why each stage would be computed, then exit.")
@click.option("--traceback", is_flag=True, help="Print each distinct traceback once.")
@click.option("--json", "as_json", is_flag=True, help="Print the leaderboards as JSON.")
def command(**options: Any) -> int:
    """Run the grid on each dataset under each protocol; return 1 if a cell failed."""
    from ...execution.pool import budget

    options, source = asked_suite(asked_seeds(options))
    call = Call(**options)
    registry = registry_of(call)
    jobs, threads = budget(call.jobs, call.threads)
    request = replace(call.filled(registry), threads=threads)
    if (call.jobs or jobs, call.threads) != (jobs, threads):
        click.echo(
            f"Note: more jobs and threads than cores; using --jobs {jobs} --threads {threads}.", err=True
        )
    with open_executor(jobs, threads, call.limits, call.dask) as executor:
        check_device(call.device, executor.accelerator())
        answers = Answers(executor, call.store, slow_trial)
        with blaming(call, registry, executor):
            suite = plan_suite(source, request, registry, answers) if source is not None else None
            plans = suite.all if suite else list(_plans(request, registry, answers))
        if call.write_config is not None:
            return write_config(call, call.write_config)
        if suite is not None and call.dry_run:
            return foretell_suite(call, suite, executor.jobs)
        if call.dry_run or call.explain:
            return foretell(call, plans, executor.jobs)
        try:
            if suite is not None:
                return run_suite(call, suite, registry, executor)
            return run_plans(replace(call, tour=request.tour), plans, registry, executor)
        finally:
            answers.keep()


def _plans(request: Call, registry: Registry, host: PluginHost) -> Iterator[Plan]:
    """Plan everything before anything runs, so that a wrong call costs nothing."""
    from ...data.summary import summary
    from ...leaderboard.text import printable

    names: dict[str, str] = {}
    for text in request.datasets:
        info = named_info(text, registry)
        if info is not None:
            download(info)
        with downloading(text) as progress:
            dataset: Dataset = open_dataset(text, registry, progress)
        content = f"{dataset.digest} {dataset.truth_digest}"
        if names.setdefault(dataset.name, content) != content:
            raise HarnessError(f"Two datasets are named {dataset.name!r}. Rename one: add name=NAME.")
        plans = [make_plan(dataset, each, request, registry, host) for each in request.protocols]
        click.echo(printable(summary(dataset)), err=True)  # once the call is known to be valid
        asked, own = replace(request, plugins=request.plugin_files), is_own(text, registry)
        yield from (with_invocation(plan, text, own, asked, request.naming) for plan in plans)
