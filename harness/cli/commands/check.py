"""`harness check`: check that plugins keep their contract, and how to fix those that do not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Timer
from typing import Any

import click

from ...conformance import Result
from ...conformance.check import Check
from ...conformance.find_subjects import find
from ...conformance.run_checks import SECONDS, examine
from ...core.errors import HarnessError
from ...core.plugin import KINDS, Kind, Plugin
from ...core.spec import Spec
from ..options import plugin_option

PATIENCE = 2.0  # seconds after which a running check is named


@click.command()
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(KINDS), help="Kind of TARGET, if it cannot be detected.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=SECONDS,
    show_default=True,
    help="Time limit per check in seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@plugin_option
def command(
    targets: tuple[str, ...], kind: Kind | None, timeout: float, as_json: bool, files: tuple[Path, ...]
) -> int:
    """Print the result of each check; a TARGET is a name, a file of plugins or an import path."""
    found, broken = find(targets, kind, files, timeout)
    reports, wrong = [], []
    for plugin, spec in found:
        try:
            results = _examined(plugin, spec, timeout, quiet=as_json)
        except HarnessError as problem:  # a wrong call; the other targets are still checked
            wrong.append(problem)
        else:
            reports.append({**_about(plugin, spec), "checks": [asdict(result) for result in results]})
    ended = Counter(check["status"] for report in reports for check in report["checks"])
    if as_json:
        click.echo(json.dumps({"plugins": reports, "broken": [asdict(each) for each in broken]}, indent=2))
    else:
        click.echo(", ".join(f"{ended[status]} {status}" for status in ("passed", "failed", "skipped")))
    for each in broken:
        click.echo(f"Broken: {each.name} from {each.origin}: {each.error}", err=True)
    if wrong:
        raise wrong[0] if len(wrong) == 1 else HarnessError(" ".join(map(str, wrong)))
    return 1 if ended["failed"] or broken else 0


def _examined(plugin: Plugin, spec: Spec, seconds: float, quiet: bool) -> list[Result]:
    """Run all checks of a plugin, and show each result."""
    if not quiet:
        click.echo(f"{spec} ({plugin.kind}, {plugin.origin})")
    results = []
    with _patience() as starting:
        for result in examine(plugin, spec, seconds, starting):
            results.append(result)
            if not quiet:
                _show(result)
    return results


def _about(plugin: Plugin, spec: Spec) -> dict[str, Any]:
    return {"name": str(spec), "kind": plugin.kind, "origin": plugin.origin}


def _show(result: Result) -> None:
    colour = {"passed": "green", "failed": "red", "skipped": "yellow"}[result.status]
    what = f": {result.what}" if result.what else ""
    click.echo(f"  {click.style(f'{result.status:7}', fg=colour)}  {result.check}{what}")
    if result.status == "failed":
        click.echo(f"           Why it matters: {result.why}")
        click.echo(f"           How to fix it: {result.how}")


@contextmanager
def _patience() -> Iterator[Any]:
    """Name a check that takes long."""
    waiting: list[Timer] = []

    def starting(check: Check) -> None:
        if waiting:
            waiting.pop().cancel()
        timer = Timer(PATIENCE, click.echo, [f"  ...      {check.name}"], {"err": True})
        timer.daemon = True
        timer.start()
        waiting.append(timer)

    try:
        yield starting
    finally:
        for timer in waiting:
            timer.cancel()
