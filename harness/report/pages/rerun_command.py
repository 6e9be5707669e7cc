"""The `harness bench` command that repeats a run, and finds all of it in the store."""

from __future__ import annotations

import shlex
from pathlib import Path

from ...core.cell import CellRecord
from ...core.errors import BadParameter
from ...core.invocation import Invocation
from ...core.limits import BUDGET
from ...core.spec import parse_chain

STORE = Path(".harness")  # default store of `harness bench`
MANY = 10  # seeds from which a run is repeated without those before it
SEPARATE = ("--encoder-seeds", "--clusterer-seeds")


def bench_line(
    cell: CellRecord, device: str = "cpu", soft: bool = False, loose: bool = False, store: Path = STORE
) -> str:
    """Return the command for a cell and the seeds below its own; empty if no command can name it.

    Parameters
    ----------
    cell : CellRecord
    device : str
        Device of its encoder.
    soft : bool
        Whether its soft assignments were stored.
    loose : bool
        Whether it has a plugin from a file, which older stores do not name.
    store : Path
        Folder of its results.

    Examples
    --------
    >>> from harness.core.cell import DataFacts
    >>> data = DataFacts(1797, 64, 10, (8, 8, 1), 1000, None, "none", "CC BY 4.0")
    >>> specs = ("pca(n_components=8)", "kmeans")
    >>> cell = CellRecord("digits", "", "train", data, "small", "kmeans", "10 given", (None, 2), specs=specs)
    >>> bench_line(cell)
    "harness bench -d digits --protocol train -e 'small=pca(n_components=8)' -c kmeans --seeds 3"
    """
    names = (cell.encoder, cell.clusterer)
    specs = cell.expanded
    call = cell.invocation or Invocation(cell.dataset, plugins=("FILE",) if loose else ())
    try:
        for spec in specs:
            parse_chain(spec)
    except BadParameter:  # an object passed from Python
        return ""
    if not call.dataset or cell.imported:  # likewise, or labels of elsewhere
        return ""
    encoder, clusterer = (
        name if name == spec else f"{name}={spec}" for name, spec in zip(names, specs, strict=True)
    )
    words = ["--config", call.config] if call.config else []
    words += ["-d", call.dataset]
    words += ["--protocol", cell.protocol] if cell.protocol != "full" or call.config else []
    words += ["-e", encoder, "-c", clusterer, *_metrics(cell, call), *_k(cell, specs), *_seeds(*cell.seeds)]
    words += ["--settings", cell.settings] if cell.settings else []
    words += ["--device", device] if device != "cpu" else []
    words += ["--soft"] if soft else []
    words += ["--threads", str(call.threads)] if call.threads != 1 else []
    words += ["--metric-budget", f"{call.metric_budget:g}"] if call.metric_budget != BUDGET else []
    words += [word for file in call.plugins for word in ("--plugin", file)]
    words += ["--store", str(store)] if store != STORE else []
    return f"harness bench {shlex.join(words)}"


def _metrics(cell: CellRecord, call: Invocation) -> list[str]:
    return [] if call.every_metric else [word for name in cell.scores for word in ("-m", name)]


def _k(cell: CellRecord, specs: tuple[str, str]) -> list[str]:
    if cell.invocation is not None:
        return ["-k", str(cell.invocation.n_clusters)] if cell.invocation.n_clusters else []
    number, _, how = cell.k.partition(" ")
    written = "n_clusters" in specs[0] + specs[1]
    return ["-k", number] if how == "given" and number != str(cell.data.classes) and not written else []


def _seeds(encoder: int | None, clusterer: int | None) -> list[str]:
    seeds = [seed for seed in (encoder, clusterer) if seed is not None]
    if not seeds:
        return []
    first = min(seeds) if min(seeds) >= MANY else 0
    begin = ["--first-seed", str(first)] if first else []
    if encoder is not None and clusterer is not None and encoder != clusterer:
        counts = (str(seed + 1 - first) for seed in (encoder, clusterer))
        return [each for pair in zip(SEPARATE, counts, strict=True) for each in pair] + begin
    return ["--seeds", str(max(seeds) + 1 - first), *begin]
