"""`harness bench --suite`: plan the datasets of a suite, run them, and say what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from ..core.board import Board, ranking
from ..core.cell import CellRecord
from ..core.choices import STAGE_KINDS
from ..core.counts import counted
from ..core.errors import BadParameter, HarnessError
from ..core.executor import StageExecutor
from ..core.files import write_whole
from ..core.plan import Plan
from ..execution.progress.event_log import events
from ..execution.progress.observers import Followers
from ..leaderboard.build import load_board
from ..leaderboard.text import mean, printable
from ..planning.datasets import named_info
from ..registry.registry import Registry
from .bench_options import Call
from .run_bench import Interrupt, ended, fine, interrupted, interruptible, writable
from .suite_table import end_suite

if TYPE_CHECKING:
    from ..core.events import Outcome
    from ..core.executor import PluginHost
    from ..execution.progress.suite_progress import SuiteProgress
    from ..planning.suites.plans import SuitePlans
    from ..planning.suites.read import SuiteSource
    from ..store.store import Store


def asked_suite(options: dict[str, Any]) -> tuple[dict[str, Any], SuiteSource | None]:
    """Return the options with the suite's defaults for those that were not given, and the suite."""
    if options["suite"] is None:
        return options, None
    from ..planning.suites.plans import suite_defaults
    from ..planning.suites.read import read_suite

    source, context = read_suite(options["suite"]), click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    given = {name for name in options if context.get_parameter_source(name) is not default}
    if "datasets" in given:  # also where it is the one that is run by default
        raise BadParameter("Give either datasets (-d) or a suite (--suite), not both.")
    return options | suite_defaults(source.suite, given), source


def plan_suite(source: SuiteSource, call: Call, registry: Registry, host: PluginHost) -> SuitePlans:
    """Plan the datasets of a suite, and print what it has and what is left out, a line each."""
    from ..planning.suites.plans import suite_plans

    asked = replace(call, plugins=call.plugin_files)
    bring = Downloads(source, registry).bring if not (call.dry_run or call.explain) else _never
    found = suite_plans(source.suite, asked, registry, host, bring, call.naming)
    for line in (*found.told(source.get), *source.notes):
        click.echo(printable(line), err=True)
    for note in dict.fromkeys(note for plan in found.all for note in plan.notes):
        click.echo(f"Note: {note}", err=True)
    if not found.plans:
        raise HarnessError(
            f"No dataset of the suite {found.suite.name!r} can be run: the lines above say why."
        )
    return found


def _never(text: str) -> bool:
    return False


@dataclass
class Downloads:
    """Downloads of what a suite lacks, tried until one fails: then there is probably no network."""

    source: SuiteSource
    registry: Registry
    failed: bool = False
    fetched: bool = field(default=False, init=False)

    def bring(self, text: str) -> bool:
        """Try to download a dataset, and return whether it is here now."""
        from ..planning.suites.local_files import missing
        from ..planning.suites.plans import is_absent
        from .commands.datasets import download, fetch_suite

        if self.failed:
            return False
        try:
            info = named_info(text.partition("(")[0], self.registry)
            if info is not None:
                download(info)
            elif self.source.file is not None and not self.fetched and missing(self.source.file):
                self.fetched = True
                fetch_suite(self.source.file)
        except HarnessError as error:
            self.failed = True
            click.echo(f"Cannot download: {error}", err=True)
            return False
        return not is_absent(text, self.registry)


def run_suite(call: Call, found: SuitePlans, registry: Registry, executor: StageExecutor) -> int:
    """Run the plans of a suite, write a leaderboard for each, and return the exit code."""
    from ..execution.progress.suite_progress import suite_progress
    from ..leaderboard.formats import to_json
    from ..store.store import Store
    from .failures import unfinished

    suite = found.suite
    writable(call.out)
    store = Store(call.store, call.arrays)
    try:
        with interruptible() as interrupt, events(call.events) as told, suite_progress(found.plans) as shown:
            run = _Run(call, store, Followers(registry, told), executor, shown, interrupt)
            for name, plans in found.plans.items():
                if not interrupt.asked:
                    run.dataset(name, plans)
    finally:
        store.close()
    counts = ", ".join(f"{run.computed[kind]:,} {kind}" for kind in STAGE_KINDS)
    click.echo(
        f"Computed {counts}; reused {run.reused:,}. "
        f"Wrote {counted(len(run.boards), 'leaderboard')} to {call.out}.",
        err=True,
    )
    if call.as_json:
        click.echo(to_json(*run.boards), nl=False)
    elif run.boards:
        end_suite(replace(suite, metrics=tuple(call.metrics)), run.boards, call.out)
    if interrupt.asked:
        return interrupted()
    if run.bad:
        click.echo(unfinished(run.bad, call.store), err=True)
    return 1 if run.bad or found.failed or found.absent else 0


class _Run:
    """A run of a suite: its boards, and what went wrong."""

    def __init__(
        self,
        call: Call,
        store: Store,
        follow: Followers,
        executor: StageExecutor,
        shown: SuiteProgress,
        interrupt: Interrupt,
    ) -> None:
        self.call, self.store, self.follow, self.executor = call, store, follow, executor
        self.shown, self.interrupt = shown, interrupt
        self.boards: list[Board] = []
        self.bad: list[tuple[CellRecord, str]] = []
        self.computed, self.reused = Counter[str](), 0

    def dataset(self, name: str, plans: list[Plan]) -> None:
        """Run the plans of one dataset, and show its line."""
        boards, statuses = [], Counter[str]()
        for plan in plans:
            outcome = self._plan(name, plan)
            cells = list(ended(plan, outcome.records))
            statuses.update(status for _, status in cells)
            self.bad += [each for each in cells if each[1] not in fine(self.call)]
            if not self.interrupt.asked or self.store.cells(plan.board):
                boards.append(self._board(plan))
            if self.interrupt.asked:
                break
        self.boards += boards
        if not self.interrupt.asked:
            self.shown.ended(name, ", ".join(_facts(statuses, boards)))

    def _plan(self, name: str, plan: Plan) -> Outcome:
        from ..execution.session import run_plan
        from .failures import tracebacks

        outcome = run_plan(
            plan,
            self.store,
            self.follow,
            self.executor,
            retry=self.call.retry,
            stop=lambda: self.interrupt.asked,
            progress=lambda progress: self.shown.stage(name, plan, progress),
        )
        self.shown.plan(plan)
        self.computed.update(outcome.computed)
        self.reused += sum(outcome.reused.values())
        if self.call.traceback:
            for text in tracebacks(plan, outcome.records):
                click.echo(text, err=True)
        return outcome

    def _board(self, plan: Plan) -> Board:
        """Write all rows that the store has for this board, and return the board."""
        from ..leaderboard.markdown import markdown
        from ..publishing.unpublished import page_path

        board = load_board(self.store, plan.board)
        again = "Computed stages are kept; run the command again."
        write_whole(page_path(self.call.out, plan.board), markdown(board), again)
        self.follow.board(board)
        return board


def _facts(statuses: Counter[str], boards: list[Board]) -> Iterator[str]:
    """Yield the number of runs by status, and the best of all rows by the ranking metric."""
    ok = statuses.pop("ok", 0)
    yield counted(ok, "run")
    yield from (f"{count:,} {status}" for status, count in statuses.items())
    best: list[tuple[float, str]] = []
    for board in boards:
        row = board.rows[0] if board.rows else None
        metric = ranking(board.metrics)
        if row is not None and metric is not None and metric.name in row.scores:
            sign = 1 if metric.direction == "higher" else -1
            value = row.scores[metric.name].mean
            several = len({each.encoder for each in board.rows}) > 1
            method = f"{row.encoder} + {row.clusterer}" if several else row.clusterer
            shown = mean(row.scores[metric.name], 3, row.standard_errors.get(metric.name))
            best.append((sign * value, f"best {metric.name} {shown} ({method})"))
    if best:
        yield max(best)[1]
