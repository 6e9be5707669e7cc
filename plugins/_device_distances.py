"""Sums of distances on an accelerator, by PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import report_progress

from ._distances import NEAR, Distances

CELLS = 2**27  # distances held at once: half a gigabyte
COLUMNS = 8192  # summed in float32; these sums are summed in float64


def usable(device: str) -> bool:
    """Return whether this is not the CPU, and PyTorch is installed to use it.

    Examples
    --------
    >>> usable("cpu")
    False
    """
    return device != "cpu" and find_spec("torch") is not None


def device_sums(
    distances: Distances, groups: NDArray[Any], n_groups: int, device: str
) -> Iterator[tuple[slice, NDArray[Any]]]:
    """Yield rows, and the sum of their distances to each group, as `Distances.sums` does.

    PyTorch is imported when used, so that it does not count as a library of the plugins that share this.
    """
    torch: Any = import_module("torch")
    found, unit = distances.parts()
    parts = [torch.as_tensor(each, device=device) for each in found]
    centred, norms = (torch.as_tensor(each, device=device) for each in (distances.centred, distances.norms))
    member = torch.zeros((distances.n, n_groups), device=device)
    for each in groups:
        member.scatter_(1, torch.as_tensor(each[:, None], device=device), 1.0)
    step = max(1, CELLS // distances.n)
    with torch.inference_mode():
        for start in range(0, distances.n, step):
            rows = slice(start, min(start + step, distances.n))
            lengths = _distances(torch, parts, centred, norms, rows, unit)
            sums = np.zeros((rows.stop - rows.start, n_groups))
            for left in range(0, distances.n, COLUMNS):
                part = slice(left, left + COLUMNS)
                sums += (lengths[:, part] @ member[part]).cpu().numpy()
            report_progress(rows.stop, distances.n, "rows")
            yield rows, sums.T


def _distances(torch: Any, parts: list[Any], centred: Any, norms: Any, rows: slice, unit: float) -> Any:
    """Return the distances of some samples to all; for close ones by their difference, as on CPUs."""
    both = norms[rows, None] + norms
    square = torch.addmm(both, centred[rows], centred.T, alpha=-2)
    left, right = (square < float(NEAR) * both).nonzero(as_tuple=True)
    some = max(1, CELLS // (8 * centred.shape[1]))
    for i, j in zip(left.split(some), right.split(some), strict=True):
        steps = sum(part[rows][i] - part[j] for part in parts)
        square[i, j] = (steps * unit).square().sum(1)
    return square.clamp_(min=0).sqrt_()
