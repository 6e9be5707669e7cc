"""Trial fits of third-party plugins without a seed, before runs are counted."""

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

ROWS = 2_000  # rows of the dataset at most


def is_foreign(plugin: Plugin) -> bool:
    """Return whether it is unknown if a plugin draws random numbers.

    Examples
    --------
    >>> is_foreign(Plugin("clusterer", "birch", "sklearn.cluster:Birch", "import path"))
    True
    """
    return plugin.origin != "built-in" and plugin.module.partition(".")[0] != CONTRACT


def tried(step: Configured, dataset: Dataset, part: Part, host: PluginHost) -> tuple[Configured, str]:
    """Fit a third-party plugin without a seed repeatedly, and return it as deterministic or unseeded.

    Parameters
    ----------
    step : Configured
        An encoder or a clusterer.
    dataset : Dataset
    part : {"train", "test", "all"}
        The rows to fit: at most 2,000 are sampled.
    host : PluginHost
        Fits it in its own process, if it can.

    Returns
    -------
    step : Configured
    note : str
        A note for the user, or nothing.
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
        "it is run once per seed, and flagged unseeded. Add a parameter random_state to its class."
    )
    return replace(step, unseeded=True), note
