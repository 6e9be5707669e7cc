"""The encoders, clusterers and metrics of a request, configured for one dataset, or why they cannot run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..core.counts import counted
from ..core.errors import BadParameter, HarnessError, NotApplicable, Unavailable, UnknownName, reason_line
from ..core.executor import PluginHost
from ..core.interfaces import Dataset, MetricInfo
from ..core.mapped_rows import is_large
from ..core.plugin import Kind
from ..core.protocols import PROTOCOLS
from ..core.spec import CONCAT, Entry, Spec, parse, parse_entry
from ..core.tracebacks import traceback_of
from ..registry.configure import Configured, configure
from ..registry.devices import NoDevice, placed
from ..registry.large_data import for_large, in_batches
from ..registry.metrics import info_of
from ..registry.registry import Registry, check_alias
from ..registry.selectors import candidates
from . import cache_keys
from .request import Request
from .swept import left_out
from .unseeded_plugins import tried


@dataclass(frozen=True)
class Blocked:
    """A plugin that cannot run here, with the status and reason of its cells."""

    label: str
    status: str
    reason: str
    traceback: str = field(default="", compare=False)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that its cells record about it."""
        return {"blocked": (self.status, self.reason), "traceback": self.traceback}


T = TypeVar("T", list[Configured] | Blocked, Configured | Blocked)


class Pipelines:
    """Configure the plugins of a request, and collect notes on them.

    Parameters
    ----------
    dataset : Dataset
    protocol : {"train-test", "train", "test", "full"}
    request : Request
    registry : Registry
    host : PluginHost
        Loads plugins whose modules import a framework.

    Attributes
    ----------
    notes : list of str
    set_here : dict
        The parameters that the harness has set, as text, by kind and label.
    """

    def __init__(
        self, dataset: Dataset, protocol: str, request: Request, registry: Registry, host: PluginHost
    ) -> None:
        self.dataset, self.request, self.registry, self.host = dataset, request, registry, host
        self.fitted = PROTOCOLS[protocol][0]
        self.notes: list[str] = []
        self.set_here: dict[str, str] = {}
        self.sweeps: dict[str, list[tuple[int, Configured]]] = {}
        k = request.n_clusters or dataset.n_classes
        self.settings = {
            **{"n_clusters": k, "image_shape": dataset.image_shape},
            **{"device": request.device, "n_jobs": None},
        }

    def encoders(self) -> dict[str, list[Configured] | Blocked]:
        """Return the requested chains of encoders by their names on boards."""
        return self._swept("encoder", self._named("encoder", self.request.encoders, self._chain))

    def clusterers(self) -> dict[str, Configured | Blocked]:
        """Return the requested clusterers by their names on boards."""
        return self._swept("clusterer", self._named("clusterer", self.request.clusterers, self._clusterer))

    def _named(self, kind: Kind, asked: Sequence[str | Entry], make: Callable[[Entry], T]) -> dict[str, T]:
        """Configure the requested plugins by their names on boards, which must be unique."""
        found: dict[str, T] = {}
        for each in asked:
            entry = parse_entry(each) if isinstance(each, str) else each
            check_alias(kind, entry.alias)
            made = make(entry)
            self._tell_alias(kind, entry.alias, label_of(made))
            name = entry.alias or label_of(made)
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
            (name, each.reason if isinstance(each, Blocked) else each)
            for name, each in made.items()
            if not isinstance(each, Blocked) or each.status == "unavailable"
        )
        out, notes = left_out(kind, found, self.request.slow)
        self.notes += notes
        return {name: each for name, each in made.items() if name not in out}

    def _one(self, kind: Kind, spec: Spec, images: bool = True) -> Configured | Blocked:
        settings = self.settings if images else {**self.settings, "image_shape": None}
        plugin = None
        try:
            plugin = self.registry.find(kind, spec.name)
            configured: Configured = self.host.load(plugin, configure, plugin, spec, settings)
            found = placed(configured, self.host.ask, self.host.accelerator())
            if is_large(self.dataset.samples.shape, self.dataset.samples.dtype):
                found = self._for_large(found)
            return found if kind == "metric" else self._with_seeds(found)
        except NoDevice as error:
            if kind not in self.request.swept:
                raise
            return Blocked(str(spec), "unavailable", str(error))
        except Unavailable as error:
            return Blocked(str(spec), "unavailable", str(error))
        except (BadParameter, UnknownName) as error:
            if kind not in self.request.swept:
                raise
            return Blocked(str(spec), "failed", str(error))
        except (Exception, SystemExit) as error:
            told = f"{spec.name} failed to load: {reason_line(error)}"
            return Blocked(str(spec), "failed", told, traceback_of(error, plugin))

    def _for_large(self, step: Configured) -> Configured:
        """Return a plugin's variant for large data; note an encoder or a clusterer that has none."""
        step = replace(step, plugin=for_large(step.plugin))
        if step.plugin.kind != "metric" and not self.host.load(step.plugin, in_batches, step.plugin):
            size = f"{self.dataset.samples.nbytes / 2**30:.1f} GiB"
            note = f"{step.plugin.name} needs all its rows in memory: those of the dataset take {size}."
            self.notes += [note] if note not in self.notes else []
        return step

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

    def _clusterer(self, entry: Entry) -> Configured | Blocked:
        if len(entry.steps) > 1:
            raise BadParameter(
                f"A clusterer cannot be a chain, got {str(entry)!r}. Only encoders chain with '+'."
            )
        return self._one("clusterer", entry.steps[0])

    def _chain(self, entry: Entry, images: bool = True) -> list[Configured] | Blocked:
        steps: list[Configured] = []
        for spec in entry.steps:
            step = self._step(spec, images)
            if isinstance(step, Blocked):
                return replace(step, label="+".join(map(str, entry.steps)))
            steps.append(step)
            images = images and step.preprocessing  # else its features are no pixels
        return steps

    def _step(self, spec: Spec, images: bool) -> Configured | Blocked:
        """Configure a step of a chain; of `concat`, also the chains that it puts side by side."""
        step = self._one("encoder", replace(spec, parts=()), images)
        if not spec.parts or isinstance(step, Blocked):
            if spec.name == CONCAT and "encoder" not in self.request.swept:
                raise BadParameter("concat needs two or more encoders, e.g. -e 'concat(pca, umap)'.")
            return step
        parts = []
        for chain in spec.parts:
            part = self._chain(Entry(chain), images)
            if isinstance(part, Blocked):
                return part
            parts.append(tuple(part))
        label = f"{CONCAT}({', '.join(map(label_of, parts))})"
        return replace(step, label=label, parts=tuple(parts))

    def metrics(self) -> Iterator[tuple[Configured, MetricInfo]]:
        """Yield the requested metrics that the dataset allows."""
        left_out, special = [], []
        # Of published runs, planned again, the metrics are those that they have.
        every = "metric" in self.request.swept and self.request.unseeded is None
        for text in dict.fromkeys(self.request.metrics):
            metric = self._one("metric", parse(text))
            if isinstance(metric, Blocked):
                if "metric" not in self.request.swept:
                    raise HarnessError(metric.reason)
                self.notes.append(f"Metric {metric.label} left out: {metric.reason}")
                continue
            if metric.slow and every and not self.request.slow:
                special.append(metric.label)
                continue
            info = self.host.load(metric.plugin, info_of, metric.plugin)
            if info.same_as and every:
                continue  # another name of a metric that is computed
            if "truth" in info.needs and self.dataset.truth is None:
                left_out.append(metric.label)
            else:
                yield metric, info
        if special and self.request.all:
            told = "slow or special: run them too with --slow, or name them with -m"
            self.notes.append(f"{counted(len(special), 'metric')} left out, {told} ({', '.join(special)}).")
        if left_out:
            self.notes.append(
                f"{self.dataset.name!r} has no labels, so these are left out: {', '.join(left_out)}."
            )

    def metric(self, spec: Spec) -> tuple[Configured, MetricInfo] | None:
        """Return a metric with its parameters; None if it cannot be used."""
        made = self._one("metric", spec)
        return (
            None if isinstance(made, Blocked) else (made, self.host.load(made.plugin, info_of, made.plugin))
        )

    def estimates_of(self, name: str) -> str:
        """Return the name of the metric that estimates another from a sample, or nothing."""
        for each in self.registry.names("metric"):
            found = self.metric(Spec(each))
            if found is not None and found[1].estimates == name:
                return each
        return ""

    def sweep(self, step: Configured) -> list[tuple[int, Configured]] | Blocked:
        """Return the candidates of a selector, or none for any other clusterer."""
        if step.label in self.sweeps:
            return self.sweeps[step.label]
        rows = self.dataset.rows(self.fitted)
        try:
            wanted = self.host.load(step.plugin, candidates, step, rows.stop - rows.start)
        except NotApplicable as error:
            return Blocked(step.label, "not-applicable", str(error))
        except Exception as error:
            told = f"its candidates: {reason_line(error)}"
            return Blocked(step.label, "failed", told, traceback_of(error, step.plugin))
        found: list[tuple[int, Configured]] = []
        asked_for = dict(self.set_here)  # what is set of the fits is told by the one that chooses
        for k, (name, params) in wanted.items():
            candidate = self._one("clusterer", Spec(name, (), tuple(params.items())))
            if isinstance(candidate, Blocked):
                told = f"{candidate.label}: {candidate.reason}"
                return replace(candidate, label=step.label, reason=told)
            found.append((k, candidate))
        self.set_here = asked_for
        return self.sweeps.setdefault(step.label, found)


def _same(step: list[Configured] | Configured | Blocked) -> Any:
    """Return the facts in which two plugins with one name must agree."""
    if isinstance(step, Blocked):
        return step
    return [nested_facts(each) for each in ([step] if isinstance(step, Configured) else step)]


def nested_facts(step: Configured) -> dict[str, Any]:
    """Return the part of a key for a plugin and the chains that it combines."""
    parts = [[nested_facts(each) for each in part] for part in step.parts]
    return {**cache_keys.facts(step), **({"parts": parts} if parts else {})}


def label_of(step: Sequence[Configured] | Configured | Blocked) -> str:
    """Return the name of a chain or a clusterer with its parameters."""
    return "+".join(each.label for each in step) if isinstance(step, Sequence) else step.label
