"""`harness verify`: check a published folder without trusting it."""

from __future__ import annotations

import json
import math
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..console import progress_line, slow_import
from ..suite_options import data_of_suite, suite_option

if TYPE_CHECKING:
    from ...core.interfaces import Dataset
    from ...execution.pool import Workers
    from ...publishing.findings import Findings
    from ...publishing.verify.replay import Replay
    from ...registry.registry import Registry


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("leaderboard"), metavar="[DIR]")
@click.option(
    "--rerun", type=click.IntRange(min=0), default=0, metavar="N", help="Rerun N runs of each leaderboard."
)
@click.option("--draw", type=int, help="Seed for drawing these runs (default: a new one each time).")
@click.option(
    "--remake",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="Recompute embeddings that took at most this many seconds.",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    envvar="HARNESS_STORE",
    help="Store to take embeddings from (default: .harness, if it exists).",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=3600.0,
    show_default=True,
    metavar="S",
    help="Time limit per stage of --rerun in seconds.",
)
@click.option(
    "-d",
    "--dataset",
    "data",
    multiple=True,
    metavar="NAME=PATH",
    help="Data of a leaderboard, e.g. 'flowers=flowers.csv(label=species)'. May be repeated.",
)
@suite_option("Take the data of leaderboards from a suite: a built-in one, its file or a folder.")
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="FILE",
    help="Python file with additional plugins, or a trusted import path that leaderboards name. May be "
    "repeated.",
)
@click.option("--strict", is_flag=True, help="Also exit with 1 if something could not be checked.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(**options: Any) -> int:
    """Verify, print the findings, and return 1 if something is wrong."""
    from harness.reproductions.check import check_reproductions

    from ...core.errors import HarnessError
    from ...publishing.verify.options import How
    from ...publishing.verify.verify import verify
    from ...registry.registry import load_registry
    from ...store.store import Store

    trusted = [each for each in options["plugins"] if ":" in each and not Path(each).exists()]
    files = [Path(each) for each in options["plugins"] if each not in trusted]
    registry = load_registry(files, slow_import)
    data = list(options["data"])
    if options["suite"] is not None:
        data += data_of_suite(options["suite"], options["folder"], registry)
    draw = secrets.randbelow(10**6) if options["draw"] is None else options["draw"]
    place = options["store"] or Path(".harness")
    if options["store"] and not (place / "records.sqlite").exists():
        raise HarnessError(f"No store in {str(place)!r}. Leave --store out, or name an existing one.")
    if math.isnan(options["remake"]):
        raise click.BadParameter("must be a number of seconds.", param_hint="--remake")
    with ExitStack() as stack:
        store = Store(place) if (place / "records.sqlite").exists() else None
        if store is not None:
            stack.callback(store.close)
        longest = max(60.0, 10 * options["remake"]) if not options["rerun"] else options["timeout"]
        host, replays = stack.enter_context(_replays(registry, longest))
        step = stack.enter_context(progress_line())
        more = (check_reproductions,)
        how = How(
            *(store, options["remake"], options["rerun"], draw, replays, host, step, more),
            data=data,
            trusted=trusted,
        )
        findings = verify(options["folder"], registry, how)
    if options["as_json"]:
        found = [asdict(each) for each in findings.found]
        told = {"clean": findings.clean, "checked": dict(findings.checked), "found": found, "draw": draw}
        more_told = {"more": dict(findings.more), "unpublished": findings.unpublished}
        click.echo(json.dumps({**told, **more_told}, indent=1))
    else:
        _show(findings, options["folder"], draw if options["rerun"] else None)
    bad = not findings.clean or (options["strict"] and bool(findings.of("unverified")))
    return 1 if bad else 0


@contextmanager
def _replays(registry: Registry, longest: float) -> Iterator[tuple[Workers, Any]]:
    """Yield the host of plugins, and a function that reruns cells in a temporary store.

    The times in a folder are only claims, so time and memory are limited.
    """
    import psutil

    from ...core.choices import STAGE_KINDS
    from ...core.limits import Limits
    from ...execution.pool import Workers, budget
    from ...publishing.verify.replay import Replay
    from ...store.store import Store

    limits = Limits(dict.fromkeys(STAGE_KINDS, longest), psutil.virtual_memory().total * 3 // 4)
    with tempfile.TemporaryDirectory() as folder, Workers(*budget(None, 1), limits) as host:
        store = Store(Path(folder))

        def replays(data: Dataset) -> Replay:
            return Replay(data, registry, store, host)

        try:
            yield host, replays
        finally:
            store.close()


def _show(findings: Findings, folder: Path, draw: int | None) -> None:
    """Print what was checked, what could not be checked, and last what is wrong."""
    for what, count in findings.checked.items():
        click.echo(f"ok          {count:>7,}  {what}")
    for level, title in (("unverified", "unverified"), ("wrong", "WRONG")):
        for each in findings.of(level):  # type: ignore[arg-type]
            click.echo(f"{title:<10}  {each.where}: {each.what}")
        if findings.more[level]:  # type: ignore[index]
            click.echo(f"{title:<10}  and {findings.more[level]:,} more")  # type: ignore[index]
    if findings.unpublished:
        click.echo(
            f"Pages not checked, since their leaderboards are not published: "
            f"{', '.join(findings.unpublished)}."
        )
    if draw is not None:
        click.echo(f"Reruns were drawn with --draw {draw}.")
    wrong = len(findings.of("wrong")) + findings.more["wrong"]
    unverified = len(findings.of("unverified")) + findings.more["unverified"]
    click.echo(f"{folder}: {wrong} wrong, {unverified} could not be checked.")
