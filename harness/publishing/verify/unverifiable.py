"""Claims that labels cannot verify."""

from __future__ import annotations

from collections import defaultdict

from ...core.cell import CellRecord
from ..bundle import Bundle
from ..findings import Findings
from .consistency import row_name


def tell_of_claims(bundle: Bundle, findings: Findings) -> None:
    """Report claims that labels cannot verify: failed runs, and that no runs were left out."""
    variants: defaultdict[tuple[str, str, str], dict[str, list[CellRecord]]] = defaultdict(dict)
    for cell in bundle.cells.values():
        fits = [bundle.records.get(key) for key in cell.fits]
        status = next((each.status for each in fits if each is not None and not each.ok), "")
        if cell.blocked or status:
            status = cell.blocked[0] if cell.blocked else status
            findings.unverified(row_name(bundle, cell), f"that it is {status}: try --rerun")
        if not cell.blocked:
            row = (cell.encoder, cell.clusterer, cell.k)
            variants[row].setdefault(cell.variant, []).append(cell)
    for (encoder, clusterer, _), found in variants.items():
        where = f"{bundle.name}: {encoder} + {clusterer}"
        if len(found) > 1:
            text = f"has runs of {len(found)} versions of its code; tables show the latest"
            findings.unverified(where, text)
        for cells in found.values():
            for n, kind in enumerate(("encoder", "clusterer")):
                seeds = {seed for cell in cells if (seed := cell.seeds[n]) is not None}
                first = min(seeds, default=0)
                if first:
                    text = f"{kind} seeds begin at {first}: were other first seeds tried?"
                    findings.unverified(where, text)
                missing = sorted({*range(first, first + len(seeds))} - seeds)
                if missing:
                    text = f"{kind} seeds {missing} are missing, others are present: were runs selected?"
                    findings.unverified(where, text)
