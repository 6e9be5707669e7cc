"""The call of `harness bench` that makes a cell again."""

from __future__ import annotations

import shlex

from ...core.cell import CellRecord
from ...core.errors import BadParameter
from ...core.spec import parse_chain


def bench_line(cell: CellRecord, device: str = "cpu", soft: bool = False, loose: bool = False) -> str:
    """Return the call that makes a cell, and the seeds below its own; empty where no call can name it.

    Parameters
    ----------
    cell : CellRecord
    device : str
        Where its encoder ran.
    soft : bool
        Whether its soft assignments were kept.
    loose : bool
        Whether it has a plugin that comes from a file.

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
    try:
        for spec in specs:
            parse_chain(spec)
    except BadParameter:  # an object that a program gave
        return ""
    encoder, clusterer = (
        name if name == spec else f"{name}={spec}" for name, spec in zip(names, specs, strict=True)
    )
    words = ["-d", cell.dataset]
    words += ["--protocol", cell.protocol] if cell.protocol != "full" else []
    words += ["-e", encoder, "-c", clusterer, *_k(cell, specs), *_seeds(*cell.seeds)]
    words += ["--settings", cell.settings] if cell.settings else []
    words += ["--device", device] if device != "cpu" else []
    words += ["--soft"] if soft else []
    words += ["--plugin", "FILE"] if loose else []
    return f"harness bench {shlex.join(words)}"


def _k(cell: CellRecord, specs: tuple[str, str]) -> list[str]:
    number, _, how = cell.k.partition(" ")
    written = "n_clusters" in specs[0] + specs[1]
    return ["-k", number] if how == "given" and number != str(cell.data.classes) and not written else []


def _seeds(encoder: int | None, clusterer: int | None) -> list[str]:
    if encoder is not None and clusterer is not None and encoder != clusterer:
        return ["--encoder-seeds", str(encoder + 1), "--clusterer-seeds", str(clusterer + 1)]
    seeds = [seed for seed in (encoder, clusterer) if seed is not None]
    return ["--seeds", str(max(seeds) + 1)] if seeds else []
