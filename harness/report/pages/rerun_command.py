"""The call of `harness bench` that makes a cell again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from ...core.errors import BadParameter
from ...core.spec import parse_chain


def bench_line(body: Mapping[str, Any], device: str = "cpu", soft: bool = False, loose: bool = False) -> str:
    """Return the call that makes a cell, and the seeds below its own; empty where no call can name it.

    Parameters
    ----------
    body : mapping
        The cell as a store keeps it.
    device : str
        Where its encoder ran.
    soft : bool
        Whether its soft assignments were kept.
    loose : bool
        Whether it has a plugin that comes from a file.

    Examples
    --------
    >>> bench_line({"dataset": "digits", "protocol": "train", "encoder": "small", "clusterer": "kmeans",
    ...             "specs": ["pca(n_components=8)", "kmeans"], "k": "10 given", "seeds": [None, 2],
    ...             "data": {"classes": 10}})
    "harness bench -d digits --protocol train -e 'small=pca(n_components=8)' -c kmeans --seeds 3"
    """
    names = (body["encoder"], body["clusterer"])
    specs = body.get("specs", names)
    try:
        for spec in specs:
            parse_chain(spec)
    except BadParameter:  # an object that a program gave
        return ""
    encoder, clusterer = (
        name if name == spec else f"{name}={spec}" for name, spec in zip(names, specs, strict=True)
    )
    words = ["-d", body["dataset"]]
    words += ["--protocol", body["protocol"]] if body["protocol"] != "full" else []
    words += ["-e", encoder, "-c", clusterer, *_k(body, specs), *_seeds(*body["seeds"])]
    words += ["--settings", body["settings"]] if body.get("settings") else []
    words += ["--device", device] if device != "cpu" else []
    words += ["--soft"] if soft else []
    words += ["--plugin", "FILE"] if loose else []
    return f"harness bench {shlex.join(words)}"


def _k(body: Mapping[str, Any], specs: tuple[str, str]) -> list[str]:
    number, _, how = body["k"].partition(" ")
    written = "n_clusters" in specs[0] + specs[1]
    return ["-k", number] if how == "given" and number != str(body["data"]["classes"]) and not written else []


def _seeds(encoder: int | None, clusterer: int | None) -> list[str]:
    if encoder is not None and clusterer is not None and encoder != clusterer:
        return ["--encoder-seeds", str(encoder + 1), "--clusterer-seeds", str(clusterer + 1)]
    found = [seed for seed in (encoder, clusterer) if seed is not None]
    return ["--seeds", str(max(found) + 1)] if found else []
