"""Whether plugins of others repeat if the harness has no seed to set: found out before runs are counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..core.executor import PluginHost
from ..core.interfaces import Dataset
from ..core.plugin import Plugin
from ..core.protocols import Part
from ..registry.configure import Configured
from ..registry.repeated_fits import Trial, fit_again
from ..registry.source_code import CONTRACT

ROWS = 2_000  # of the dataset at most


def is_foreign(plugin: Plugin) -> bool:
    """Whether nobody here knows if a plugin draws random numbers.

    Examples
    --------
    >>> is_foreign(Plugin("clusterer", "birch", "sklearn.cluster:Birch", "import path"))
    True
    """
    return plugin.origin != "built-in" and plugin.module.partition(".")[0] != CONTRACT


def tried(step: Configured, dataset: Dataset, part: Part, host: PluginHost) -> tuple[Configured, str]:
    """Fit a plugin twice where it is another's and has no seed, and return it as it turned out to be.

    Parameters
    ----------
    step : Configured
        An encoder or a clusterer.
    dataset : Dataset
    part : {"train", "test", "all"}
        The rows that are fitted: a sample of at most 2,000 is taken.
    host : PluginHost
        Fits it in a process of its own, where it can.

    Returns
    -------
    step : Configured
    note : str
        What the user must know, or nothing.
    """
    if step.seed_names or step.written_seed or not is_foreign(step.plugin):
        return step, ""
    rows = dataset.rows(part)
    chosen = np.arange(rows.start, rows.stop)
    if len(chosen) > ROWS:
        chosen = np.sort(np.random.default_rng(0).choice(chosen, ROWS, replace=False))
    samples = dataset.samples[chosen]
    found: Trial | None = host.trial(step.plugin, fit_again, step.plugin, step.params, samples)
    if found is None or found.repeats:
        return step, ""
    note = (
        f"{step.label} has no random_state, seed or random_seed to set, and does not repeat ({found.why}): "
        "it is run once for each seed, and flagged unseeded. Give its class a parameter random_state."
    )
    return replace(step, unseeded=True), note
