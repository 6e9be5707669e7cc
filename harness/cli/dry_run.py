"""Preview of a run: `harness bench --dry-run` and `--explain`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ..core.choices import STAGE_KINDS
from ..core.counts import counted
from ..core.plan import Plan
from ..execution.expected_times import duration
from .bench_config import show_grid
from .bench_options import Call
from .console import table

if TYPE_CHECKING:
    from ..core.interfaces import Dataset
    from ..execution.forecast import Forecast
    from ..planning.suites.plans import SuitePlans
    from ..store.store import Store


def foretell(call: Call, plans: list[Plan], jobs: int) -> int:
    """Print what the plans would compute, without computing it."""
    from ..execution.forecast import forecast
    from ..store.store import Store

    store = Store(call.store)
    if call.config is not None:
        show_grid(call.config, call, plans)
    try:
        for plan in plans:
            for note in plan.notes:
                click.echo(f"Note: {note}", err=True)
            found = forecast(plan, store, call.retry, call.limits)
            for text in dict.fromkeys(plan.set_here.values()):
                names = [name for name, each in plan.set_here.items() if each == text]
                click.echo(f"Set here: {text}: {', '.join(names)}")
            title = f"{plan.dataset.name}, {plan.protocol}: {counted(len(plan.cells), 'run')}"
            if call.explain:
                _explained(title, store, found)
            else:
                _forecast(title, found, jobs)
    finally:
        store.close()
    return 0


def foretell_suite(call: Call, found: SuitePlans, jobs: int) -> int:
    """Print the datasets of a suite with their sizes, and what running them would compute."""
    from ..execution.forecast import forecast
    from ..store.store import Store

    store = Store(call.store)
    stages = {key: stage for plan in found.all for key, stage in plan.stages.items()}  # references share some
    try:
        whole = forecast(replace(found.all[0], stages=stages), store, call.retry, call.limits)
    finally:
        store.close()
    todo, rows = {stage.key for stage in whole.todo}, []
    for name, plans in found.plans.items():
        data = plans[0].dataset
        k = "/".join(dict.fromkeys(_k(call, plan.dataset) for plan in plans))
        references = len({plan.dataset.name for plan in plans})
        cells, new = (
            sum(len(plan.cells) for plan in plans),
            {key for plan in plans for key in plan.stages} & todo,
        )
        counts = (data.n_samples, data.n_features, k, references, cells, len(new))
        rows.append([name, *(f"{count:,}" if isinstance(count, int) else count for count in counts)])
    headers = ["dataset", "samples", "features", "K", "references", "runs", "stages to compute"]
    table(headers, rows, f"{found.suite.name}: {counted(len(rows), 'dataset')}")
    _forecast("all datasets", whole, jobs)
    return 0


def _k(call: Call, data: Dataset) -> str:
    k = call.n_clusters or data.n_classes
    return "–" if k is None else str(k)


def _explained(title: str, store: Store, forecast: Forecast) -> None:
    from ..execution.forecast import explain

    reasons: dict[tuple[str, str], int] = Counter(
        (re.sub(r" seed \d+", "", stage.label), reason) for stage, reason in explain(forecast.todo, store)
    )
    click.echo(title)
    for (label, reason), count in reasons.items():
        click.echo(f"  {label}{f' ({count} seeds)' if count > 1 else ''}: {reason}")
    click.echo(
        f"{counted(len(forecast.todo), 'stage')} to compute, including those that depend on them; "
        f"{forecast.reused.total():,} reused. Nothing was computed."
    )


def _forecast(title: str, forecast: Forecast, jobs: int) -> None:
    todo = Counter(str(stage.kind) for stage in forecast.todo)
    rows = []
    for kind in STAGE_KINDS:
        expected = _seconds(forecast.seconds.get(kind), forecast.short[kind], forecast.unknown[kind])
        rows.append([kind, f"{todo[kind]:,}", f"{forecast.reused[kind]:,}", expected])
    table(["stage", "to compute", "reused", "expected"], rows, title)
    for text in forecast.long:
        click.echo(text)
    total = sum(forecast.seconds.values()) / jobs
    short, unknown = forecast.short.total(), forecast.unknown.total()
    plus = [f"{counted(short, 'stage')} of less than a second each"] if short else []
    plus += [f"{counted(unknown, 'stage')} without an estimate"] if unknown else []
    more = " and ".join(plus)
    if forecast.seconds or not plus:
        more = f"about {duration(total)} with {jobs} at a time{f', plus {more}' if plus else ''}"
    memory = f"; up to {forecast.memory / 2**20:,.0f} MiB each" if forecast.memory else ""
    click.echo(f"{more[0].upper()}{more[1:]}{memory}. Nothing was computed.")


def _seconds(seconds: float | None, short: int, unknown: int) -> str:
    texts = [duration(seconds)] if seconds is not None else []
    texts += [f"{short:,} of less than 1 s"] if short else []
    return ", ".join([*texts, *([f"{unknown:,} unknown"] if unknown else [])]) or "–"
