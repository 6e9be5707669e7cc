"""`harness bench`: run every combination, print the tables, write the leaderboards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..board import Board
from ..devices import DEVICES, check_device
from ..errors import HarnessError
from ..interfaces import Dataset
from ..leaderboard import load_board
from ..limits import Limits
from ..plan import PROTOCOLS, Plan, Request
from ..planner import make_plan
from ..progress import listening
from ..registry import Registry, load_registry
from .console import Reporter, reporter
from .datasets import dataset_info, download
from .options import F, plugin_option, read_size, read_times, store_option
from .show import show_board

if TYPE_CHECKING:
    from ..run import Outcome, Progress
    from ..store import Store
    from ..workers import Workers

STATUSES = ("failed", "crashed", "timeout", "out-of-memory", "not-applicable")


@dataclass(frozen=True)
class _Call:
    """The options of one call."""

    take_all: bool
    datasets: tuple[str, ...]
    encoders: tuple[str, ...]
    clusterers: tuple[str, ...]
    metrics: tuple[str, ...]
    protocols: tuple[str, ...]
    seeds: int | None
    n_clusters: int | None
    soft: bool
    device: str
    retry: tuple[str, ...]
    jobs: int | None
    threads: int
    timeout: dict[str, float]
    memory: int | None
    store: Path
    out: Path
    as_json: bool
    files: tuple[Path, ...]

    def request(self, registry: Registry) -> Request:
        """Fill in what was left out."""
        if not self.take_all and not (self.encoders and self.clusterers):
            raise click.UsageError(
                "Name encoders with -e and clusterers with -c, or take every one with --all. "
                "'harness plugins' lists them."
            )
        given = {"encoder": self.encoders, "clusterer": self.clusterers, "metric": self.metrics}
        return Request(
            encoders=self.encoders or registry.names("encoder"),
            clusterers=self.clusterers or registry.names("clusterer"),
            metrics=self.metrics or registry.names("metric"),
            seeds=self.seeds,
            n_clusters=self.n_clusters,
            soft=self.soft,
            device=self.device,
            swept=[kind for kind, named in given.items() if not named],
        )


def _many(*names: str, **options: Any) -> Callable[[F], F]:
    return click.option(*names, multiple=True, **options)


@click.command(help="Run encoders x clusterers x metrics, and write leaderboards.")
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
@click.option("-k", "--n-clusters", type=click.IntRange(min=1), help="K; default the number of classes.")
@click.option("--soft", is_flag=True, help="Keep soft assignments (predict_proba) too.")
@click.option(
    "--device", type=click.Choice(DEVICES), default="auto", show_default=True, help="Where encoders train."
)
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
@_many("--retry", type=click.Choice(STATUSES), help="Compute stages of this status again. May be repeated.")
@store_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("leaderboard"), show_default=True, help="Folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print the boards as JSON.")
@plugin_option
def command(**options: Any) -> int:
    """Run the grid on each dataset under each protocol; return 1 when some cell failed."""
    from ..workers import Workers, cores

    call = _Call(**options)
    check_device(call.device)
    registry = load_registry(call.files)
    request = call.request(registry)
    jobs = call.jobs or max(1, cores() // call.threads)
    with Workers(jobs, call.threads, Limits(call.timeout, call.memory)) as workers:
        plans = list(_plans(call, request, registry, workers))
        return _run(call, plans, registry, workers)


def _plans(call: _Call, request: Request, registry: Registry, workers: Workers) -> Iterator[Plan]:
    """Plan everything before anything runs, so that a wrong call costs nothing."""
    from ..datasets import open_dataset

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
            yield make_plan(dataset, protocol, request, registry, workers)


def _run(call: _Call, plans: list[Plan], registry: Registry, workers: Workers) -> int:
    from ..export import to_json
    from ..run import run
    from ..store import Store

    _writable(call.out)
    store = Store(call.store)
    boards, statuses = [], Counter[str]()
    try:
        for plan in plans:
            for note in plan.notes:
                click.echo(f"Note: {note}", err=True)
            _tell(registry, "run_started", plan=plan)
            title = f"{plan.dataset.name}, {plan.protocol}: {len(plan.cells)} cells"
            with reporter(title, len(plan.stages)) as show:
                listen = partial(_listen, show, registry)
                with listening(show.pulse):
                    outcome = run(plan, store, executor=workers, listen=listen, retry=call.retry)
            boards.append(_finish(call, plan, store, outcome))
            _tell(registry, "run_finished", board=boards[-1])
            statuses.update(_statuses(plan, outcome.records))
    finally:
        store.close()
    if call.as_json:
        click.echo(to_json(*boards), nl=False)
    bad = {name: count for name, count in statuses.items() if name not in _fine(call)}
    if bad:
        click.echo(
            f"Some cells did not finish: {', '.join(f'{n} {name}' for name, n in bad.items())}.", err=True
        )
    return 1 if bad else 0


def _listen(show: Reporter, registry: Registry, progress: Progress) -> None:
    show.stage(progress)
    _tell(registry, "stage_finished", progress=progress)


def _tell(registry: Registry, hook: str, **arguments: Any) -> None:
    for problem in registry.tell(hook, **arguments):
        click.echo(f"Note: {problem}", err=True)


def _fine(call: _Call) -> tuple[str, ...]:
    """Return the statuses that are no failure: what --all swept up may be unavailable."""
    return ("ok", "not-applicable", "unavailable") if call.take_all else ("ok", "not-applicable")


def _statuses(plan: Plan, records: Any) -> Iterator[str]:
    for cell in plan.cells:
        if cell.blocked:
            yield cell.blocked[0]
            continue
        found = [records[key].status for key in cell.keys if key in records]
        fits = len(cell.steps) + 1
        bad = next((status for status in found if status not in ("ok", "not-applicable")), None)
        yield bad or ("ok" if len(found) >= fits else found[-1])


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HarnessError(
            f"Folder {str(folder)!r} cannot be written: {error.strerror}. Name another with --out."
        ) from None


def _finish(call: _Call, plan: Plan, store: Store, outcome: Outcome) -> Board:
    """Write all that the store has of this board to its file, and print the rows of this call."""
    from ..render import markdown

    name = f"{plan.dataset.name}.{plan.protocol}"
    whole = load_board(store, name)
    board = load_board(store, name, {(cell.encoder, cell.clusterer, cell.k) for cell in plan.cells})
    path = call.out / f"{name}.md"
    path.write_text(markdown(whole), encoding="utf-8")
    if not call.as_json:
        show_board(board)
    counts = ", ".join(f"{outcome.computed[kind]} {kind}" for kind in ("encode", "cluster", "score"))
    more = f" with {len(whole.rows)} rows, earlier ones included" if len(whole.rows) > len(board.rows) else ""
    click.echo(f"Computed {counts}; reused {sum(outcome.reused.values())}. Wrote {path}{more}.", err=True)
    return board
