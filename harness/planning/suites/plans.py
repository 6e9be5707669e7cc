"""Plan the datasets of a suite, each by itself: what one lacks or gets wrong harms no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.counts import counted
from ...core.errors import BadParameter, HarnessError, UnknownName, one_line
from ...core.executor import PluginHost
from ...core.interfaces import Dataset
from ...core.plan import Plan
from ...core.suite import Suite, SuiteDataset
from ...registry.registry import Registry
from ..datasets import named_info, open_dataset, path_and_options
from ..invocations import is_own, with_invocation
from ..planner import make_plan
from ..request import Request

Bring = Callable[[str], bool]


@dataclass
class SuitePlans:
    """The plans of a suite, and the datasets that are not run.

    Attributes
    ----------
    suite : Suite
        With the names that its datasets turned out to have on leaderboards.
    plans : dict
        The plans of each dataset that is run, by its name in the suite.
    large : dict
        The number of samples of each dataset with too many.
    absent : list of str
        Texts of the datasets that are not on this machine.
    failed : dict
        Why each other dataset cannot be run.
    """

    suite: Suite
    plans: dict[str, list[Plan]] = field(default_factory=dict)
    large: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def told(self, get: str) -> list[str]:
        """Return what the suite has and what is left out, a line each.

        Parameters
        ----------
        get : str
            How to get the datasets that are not on this machine.
        """
        suite = self.suite
        title = " ".join(filter(None, (suite.name, suite.version)))
        whole = counted(len(suite.datasets), "dataset")
        lines = [f"{title}: {len(self.plans):,} of {whole}, {counted(len(self.all), 'leaderboard')}"]
        if self.large:
            names = ", ".join(f"{name} ({count:,})" for name, count in self.large.items())
            lines.append(f"Left out, with more samples than --max-samples: {names}")
        if self.absent:
            every = len(self.absent) == len(suite.datasets) > 1
            lines.append(f"Not on this machine: {f'all {whole}' if every else ', '.join(self.absent)}. {get}")
        return [*lines, *(f"Cannot be run: {name}: {reason}" for name, reason in self.failed.items())]

    @property
    def all(self) -> list[Plan]:
        """The plans of all datasets."""
        return [plan for plans in self.plans.values() for plan in plans]


def suite_defaults(suite: Suite, given: Collection[str]) -> dict[str, Any]:
    """Return the options that a suite sets, without those that were given.

    Clusterers alone are compared on the samples as they are.

    Examples
    --------
    >>> suite = Suite("mine", "1", "", "", "", "full", ("ari",), "mean", ())
    >>> suite_defaults(suite, {"clusterers", "n_clusters"})
    {'metrics': ('ari',), 'protocols': ('full',), 'encoders': ('identity',)}
    """
    values: dict[str, Any] = {"metrics": suite.metrics, "protocols": (suite.protocol,)}
    values["n_clusters"] = suite.n_clusters
    if "clusterers" in given and "all" not in given:
        values["encoders"] = ("identity",)
    return {name: value for name, value in values.items() if name not in given}


def suite_plans(
    suite: Suite,
    request: Request,
    registry: Registry,
    host: PluginHost | None = None,
    bring: Bring = lambda text: False,
    name: str = "",
) -> SuitePlans:
    """Plan every dataset of a suite that is here and not too large.

    Parameters
    ----------
    suite : Suite
    request : Request
        With the defaults of the suite filled in.
    registry : Registry
    host : PluginHost, optional
    bring : callable
        Given the text of a dataset that is not on this machine, tries to get it, and returns whether it has.
    name : str
        The configuration that names plugins, if any.

    Raises
    ------
    HarnessError
        If the call is wrong: it fails for each dataset.
    """
    return _Planner(suite, request, registry, host, bring, name).found()


class _Planner:
    def __init__(
        self,
        suite: Suite,
        request: Request,
        registry: Registry,
        host: PluginHost | None,
        bring: Bring,
        name: str,
    ) -> None:
        self.request, self.registry, self.host, self.bring, self.name = request, registry, host, bring, name
        self.result = SuitePlans(suite)
        self.tried = 0
        self.wrong: list[HarnessError] = []  # of the plans that the call as it is does not allow
        self.errors: list[HarnessError] = []

    def found(self) -> SuitePlans:
        """Plan all datasets."""
        result = self.result
        members = [self._member(each) for each in result.suite.datasets]
        result.suite = replace(result.suite, datasets=tuple(members))
        if self.wrong and len(self.wrong) == self.tried:
            raise self.wrong[0]
        if self.errors and not result.plans and not result.absent and not result.large:
            raise self.errors[0]
        return result

    def _member(self, member: SuiteDataset) -> SuiteDataset:
        """Plan one dataset with all its references, and return it with its names on leaderboards."""
        result = self.result
        try:
            most = self.request.max_samples
            known = _known_size(member.texts[0], self.registry)
            if most is not None and known is not None and known > most:  # neither read nor downloaded
                result.large[member.name] = known
                return member
            if any(is_absent(text, self.registry) and not self.bring(text) for text in member.texts):
                result.absent.append(member.name)
                return member
            datasets = [open_dataset(text, self.registry) for text in member.texts]
            if most is not None and datasets[0].n_samples > most:
                result.large[member.name] = datasets[0].n_samples
                return member
            named = tuple(each.name for each in datasets)
            self._check_unique(member, named)
            result.plans[member.name] = list(self._plans(member.texts, datasets))
            return replace(member, boards=named)
        except UnknownName:
            raise
        except HarnessError as error:
            self.errors.append(error)
            result.failed[member.name] = one_line(error)
            return member

    def _check_unique(self, member: SuiteDataset, named: Sequence[str]) -> None:
        others = {plan.dataset.name for plans in self.result.plans.values() for plan in plans}
        if taken := others.intersection(named):
            raise HarnessError(f"another dataset of the suite is named {min(taken)!r} too. Rename one.")

    def _plans(self, texts: Sequence[str], datasets: Sequence[Dataset]) -> Iterator[Plan]:
        for text, dataset in zip(texts, datasets, strict=True):
            own = is_own(text, self.registry)
            for protocol in self.request.protocols:
                plan = self._plan(dataset, protocol)
                yield with_invocation(plan, text, own, self.request, self.name)

    def _plan(self, dataset: Dataset, protocol: str) -> Plan:
        """Plan one dataset; a method whose parameters do not suit it alone becomes a failed row."""
        self.tried += 1
        try:
            return make_plan(dataset, protocol, self.request, self.registry, self.host)
        except BadParameter as error:
            self.wrong.append(error)
            tolerant = replace(self.request, swept={*self.request.swept, "encoder", "clusterer"})
            return make_plan(dataset, protocol, tolerant, self.registry, self.host)


def _known_size(text: str, registry: Registry) -> int | None:
    """Return the number of samples that a plugin states, if its parameters cannot change it."""
    info = named_info(text, registry)
    return None if info is None else info.n_samples


def is_absent(text: str, registry: Registry) -> bool:
    """Return whether the files of a dataset are not on this machine.

    Examples
    --------
    >>> from harness.registry.registry import load_registry
    >>> [is_absent(text, load_registry()) for text in ("iris", "nowhere.csv(name='nowhere')")]
    [False, True]
    """
    name = text.partition("(")[0]
    if name in registry.names("dataset"):
        info = named_info(name, registry)
        return info is not None and info.find is not None and info.find() is None
    return not path_and_options(text)[0] and ("/" in name or "." in name) and ":" not in name
