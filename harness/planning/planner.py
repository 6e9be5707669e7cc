"""Plan a request: combinations, their parameters and seeds, and cells that cannot run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, TypeVar

from ..core import hashing
from ..core.cell import CellRecord, DataFacts
from ..core.errors import BadParameter, HarnessError, NotApplicable, Unavailable, UnknownName, reason_line
from ..core.executor import PluginHost
from ..core.interfaces import Dataset, MetricInfo
from ..core.plan import DEFAULT_SEEDS, Plan
from ..core.plugin import Kind
from ..core.protocols import PROTOCOLS
from ..core.spec import Entry, Spec, parse, parse_entry
from ..core.tracebacks import traceback_of
from ..registry.configure import Configured, configure
from ..registry.devices import NoDevice, placed
from ..registry.in_process import InProcess
from ..registry.metrics import info_of
from ..registry.registry import Registry, check_alias
from ..registry.selectors import candidates
from . import cache_keys
from .request import Request
from .stages import Stages
from .swept import left_out
from .unseeded_plugins import tried


@dataclass(frozen=True)
class _Blocked:
    label: str
    status: str
    reason: str
    traceback: str = field(default="", compare=False)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that its cells record about it."""
        return {"blocked": (self.status, self.reason), "traceback": self.traceback}


T = TypeVar("T", list[Configured] | _Blocked, Configured | _Blocked)


def make_plan(
    dataset: Dataset, protocol: str, request: Request, registry: Registry, host: PluginHost | None = None
) -> Plan:
    """Plan every combination of the request on one dataset under one protocol.

    Parameters
    ----------
    dataset : Dataset
    protocol : {"train-test", "train", "test", "full"}
    request : Request
    registry : Registry
    host : PluginHost, optional
        Loads plugins whose modules import a framework (default: this process).

    Raises
    ------
    UnknownName, BadParameter
        If the request names something unknown, or an impossible parameter.
    DataError
        When the dataset has no split and the protocol needs one.
    """
    return _Planner(dataset, protocol, request, registry, host or InProcess()).plan()


class _Planner:
    def __init__(
        self, dataset: Dataset, protocol: str, request: Request, registry: Registry, host: PluginHost
    ) -> None:
        self.dataset, self.protocol, self.request, self.registry = dataset, protocol, request, registry
        self.host = host
        self.fitted, self.scored = PROTOCOLS[protocol]
        dataset.rows(self.fitted)
        self.stages = Stages(dataset, protocol, request.soft, request.threads)
        self.data_facts = DataFacts.of(dataset)
        self.notes: list[str] = []
        self.set_here: dict[str, str] = {}
        self.sweeps: dict[str, list[tuple[int, Configured]]] = {}
        k = request.n_clusters or dataset.n_classes
        self.settings = {
            **{"n_clusters": k, "image_shape": dataset.image_shape},
            **{"device": request.device, "n_jobs": None},
        }

    def plan(self) -> Plan:
        encoders = self._swept("encoder", self._named("encoder", self.request.encoders, self._chain))
        clusterers = self._named("clusterer", self.request.clusterers, self._clusterer)
        clusterers = self._swept("clusterer", clusterers)
        metrics = list(self._metrics())
        seeds = self.request.seeds or DEFAULT_SEEDS
        crossed = self.request.crossed
        drawn = list(self.request.pairs) or _pairs(crossed, seeds)
        cells = [
            replace(cell, encoder=shown, clusterer=called, specs=cell.row[:2])
            for shown, encoder in encoders.items()
            for called, clusterer in clusterers.items()
            for cell in self._cells(encoder, clusterer, metrics, drawn)
        ]
        return Plan(
            self.dataset,
            self.protocol,
            self.stages.found,
            cells,
            max(crossed) if crossed else seeds,
            self.notes,
            self.set_here,
        )

    def _named(self, kind: Kind, asked: Sequence[str | Entry], make: Callable[[Entry], T]) -> dict[str, T]:
        """Configure the requested plugins by their names on boards, which must be unique."""
        found: dict[str, T] = {}
        for each in asked:
            entry = parse_entry(each) if isinstance(each, str) else each
            check_alias(kind, entry.alias)
            made = make(entry)
            self._tell_alias(kind, entry.alias, _label(made))
            name = entry.alias or _label(made)
            if name in found and _same(found[name]) != _same(made):
                raise BadParameter(f"Two {kind}s are named {name!r}. Rename one with name={kind}.")
            found[name] = made
        return found

    def _tell_alias(self, kind: Kind, alias: str, label: str) -> None:
        """Note that a name on this board is an alias, not the plugin of this name."""
        if alias in self.registry.names(kind) and alias != label:
            self.notes.append(
                f"{alias!r} means {label} here, as you named it, not the {kind} {alias!r} of "
                f"{self.registry.find(kind, alias).origin.replace('built-in', 'the harness')}."
            )

    def _swept(self, kind: Kind, made: dict[str, T]) -> dict[str, T]:
        """Leave out plugins of `--all` that would not be run, and name them."""
        if not self.request.all or kind not in self.request.swept:
            return made
        found = (
            (name, each.reason if isinstance(each, _Blocked) else each)
            for name, each in made.items()
            if not isinstance(each, _Blocked) or each.status == "unavailable"
        )
        out, notes = left_out(kind, found, self.request.slow)
        self.notes += notes
        return {name: each for name, each in made.items() if name not in out}

    def _one(self, kind: Kind, spec: Spec, images: bool = True) -> Configured | _Blocked:
        settings = self.settings if images else {**self.settings, "image_shape": None}
        plugin = None
        try:
            plugin = self.registry.find(kind, spec.name)
            configured: Configured = self.host.load(plugin, configure, plugin, spec, settings)
            found = placed(configured, self.host.ask, self.host.accelerator())
            return found if kind == "metric" else self._with_seeds(found)
        except NoDevice as error:
            if kind not in self.request.swept:
                raise
            return _Blocked(str(spec), "unavailable", str(error))
        except Unavailable as error:
            return _Blocked(str(spec), "unavailable", str(error))
        except (BadParameter, UnknownName) as error:
            if kind not in self.request.swept:
                raise
            return _Blocked(str(spec), "failed", str(error))
        except (Exception, SystemExit) as error:
            told = f"{spec.name} failed to load: {reason_line(error)}"
            return _Blocked(str(spec), "failed", told, traceback_of(error, plugin))

    def _with_seeds(self, step: Configured) -> Configured:
        """Return a plugin without a seed as deterministic or, if repeated fits differ, as unseeded."""
        if self.request.unseeded is not None:
            step = replace(step, unseeded=step.label in self.request.unseeded)
        else:
            step, note = tried(step, self.dataset, self.fitted, self.host)
            self.notes += [note] if note and note not in self.notes else []
        if step.set_text:
            self.set_here[f"{step.plugin.kind} {step.label}"] = step.set_text
        return step

    def _clusterer(self, entry: Entry) -> Configured | _Blocked:
        if len(entry.steps) > 1:
            raise BadParameter(
                f"A clusterer cannot be a chain, got {str(entry)!r}. Only encoders chain with '+'."
            )
        return self._one("clusterer", entry.steps[0])

    def _chain(self, entry: Entry) -> list[Configured] | _Blocked:
        steps: list[Configured | _Blocked] = []
        images = True  # until a step returns features other than the image's pixels
        for spec in entry.steps:
            steps.append(self._one("encoder", spec, images))
            images = images and getattr(steps[-1], "preprocessing", False)
        blocked = next((step for step in steps if isinstance(step, _Blocked)), None)
        if blocked:
            return replace(blocked, label="+".join(map(str, entry.steps)))
        return [step for step in steps if isinstance(step, Configured)]

    def _metrics(self) -> Iterator[tuple[Configured, MetricInfo]]:
        left_out = []
        for text in dict.fromkeys(self.request.metrics):
            metric = self._one("metric", parse(text))
            if isinstance(metric, _Blocked):
                if "metric" not in self.request.swept:
                    raise HarnessError(metric.reason)
                self.notes.append(f"Metric {metric.label} left out: {metric.reason}")
                continue
            info = self.host.load(metric.plugin, info_of, metric.plugin)
            if "truth" in info.needs and self.dataset.truth is None:
                left_out.append(metric.label)
            else:
                yield metric, info
        if left_out:
            self.notes.append(
                f"{self.dataset.name!r} has no labels, so these are left out: {', '.join(left_out)}."
            )

    def _cells(
        self,
        encoder: list[Configured] | _Blocked,
        clusterer: Configured | _Blocked,
        metrics: list[tuple[Configured, MetricInfo]],
        drawn: Sequence[tuple[int, int]],
    ) -> Iterator[CellRecord]:
        if isinstance(encoder, _Blocked):
            yield self._cell(encoder, clusterer, **encoder.facts)
            return
        if isinstance(clusterer, _Blocked):
            yield self._cell(encoder, clusterer, **clusterer.facts)
            return
        transductive = self.fitted != self.scored and self._transductive(encoder, clusterer)
        if transductive:
            yield self._cell(encoder, clusterer, k=_k(clusterer), blocked=("not-applicable", transductive))
            return
        sweep = self._sweep(clusterer)
        if isinstance(sweep, _Blocked):
            yield self._cell(encoder, clusterer, **sweep.facts)
            return
        variant = hashing.digest(
            {
                "encoder": [cache_keys.facts(step) for step in encoder],
                "clusterer": cache_keys.facts(clusterer),
                "fits": [cache_keys.facts(candidate) for _, candidate in sweep],
            }
        )
        known = [*encoder, clusterer, *(candidate for _, candidate in sweep)]
        prior = tuple(dict.fromkeys(each for step in known for each in step.prior))
        random_encoder = any(step.seeded for step in encoder)
        random_clusterer = any(step.seeded for step in (clusterer, *(fit for _, fit in sweep)))
        pairs = ((e if random_encoder else None, c if random_clusterer else None) for e, c in drawn)
        for encoder_seed, clusterer_seed in dict.fromkeys(pairs):
            steps = self.stages.encode(encoder, encoder_seed)
            encode = steps[-1]
            cluster = self.stages.cluster(clusterer, clusterer_seed, encode, sweep)
            scores = {
                metric.label: self.stages.score(metric, info, cluster, encode) for metric, info in metrics
            }
            yield self._cell(
                encoder,
                clusterer,
                k=_k(clusterer),
                seeds=(encoder_seed, clusterer_seed),
                variant=variant,
                steps=tuple(step.key for step in steps),
                cluster=cluster.key,
                scores=scores,
                prior=prior,
            )

    def _cell(
        self, encoder: list[Configured] | _Blocked, clusterer: Configured | _Blocked, **facts: Any
    ) -> CellRecord:
        data = self.dataset
        return CellRecord(
            data.name,
            data.digest,
            self.protocol,
            self.data_facts,
            _label(encoder),
            _label(clusterer),
            settings=self.request.settings or "",
            **facts,
        )

    def _transductive(self, encoder: list[Configured], clusterer: Configured) -> str:
        """Return why a pair cannot run if other rows are scored than fitted, or nothing."""
        if all(step.inductive for step in (*encoder, clusterer)):
            return ""
        what = "clusterer cannot label" if not clusterer.inductive else "encoder cannot embed"
        return f"the {what} rows that it was not fitted on; use --protocol full, train or test"

    def _sweep(self, step: Configured) -> list[tuple[int, Configured]] | _Blocked:
        """Return the candidates of a selector, or none for any other clusterer."""
        if step.label in self.sweeps:
            return self.sweeps[step.label]
        rows = self.dataset.rows(self.fitted)
        try:
            wanted = self.host.load(step.plugin, candidates, step, rows.stop - rows.start)
        except NotApplicable as error:
            return _Blocked(step.label, "not-applicable", str(error))
        except Exception as error:
            told = f"its candidates: {reason_line(error)}"
            return _Blocked(step.label, "failed", told, traceback_of(error, step.plugin))
        found: list[tuple[int, Configured]] = []
        asked_for = dict(self.set_here)  # what is set of the fits is told by the one that chooses
        for k, (name, params) in wanted.items():
            candidate = self._one("clusterer", Spec(name, (), tuple(params.items())))
            if isinstance(candidate, _Blocked):
                told = f"{candidate.label}: {candidate.reason}"
                return replace(candidate, label=step.label, reason=told)
            found.append((k, candidate))
        self.set_here = asked_for
        return self.sweeps.setdefault(step.label, found)


def _pairs(crossed: tuple[int, int] | None, seeds: int) -> list[tuple[int, int]]:
    """Return the seeds of encoder and clusterer of each run."""
    if crossed is None:
        return [(seed, seed) for seed in range(seeds)]
    return list(product(range(crossed[0]), range(crossed[1])))


def _same(step: list[Configured] | Configured | _Blocked) -> Any:
    """Return the facts in which two plugins with one name must agree."""
    if isinstance(step, _Blocked):
        return step
    return [cache_keys.facts(each) for each in ([step] if isinstance(step, Configured) else step)]


def _k(clusterer: Configured) -> str:
    """Describe K and its origin, unless the clusterer finds it."""
    return clusterer.k if clusterer.k_value is None else f"{clusterer.k_value} {clusterer.k}"


def _label(step: list[Configured] | Configured | _Blocked) -> str:
    return "+".join(each.label for each in step) if isinstance(step, list) else step.label
