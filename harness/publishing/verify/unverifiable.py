"""What is published and cannot be told from labels."""

from __future__ import annotations

from collections import defaultdict

from ..bundle import Bundle
from ..findings import Findings
from .consistency import row_name
from .replay import Body


def tell_of_claims(bundle: Bundle, findings: Findings) -> None:
    """Name what labels cannot tell: that runs did not end well, and that other runs are not shown."""
    variants: defaultdict[tuple[str, str, str], dict[str, list[Body]]] = defaultdict(dict)
    for body in bundle.cells.values():
        fits = [bundle.records.get(key) for key in (*body["steps"], body["cluster"])]
        status = next((each.status for each in fits if each is not None and not each.ok), "")
        if body["blocked"] or status:
            status = body["blocked"][0] if body["blocked"] else status
            findings.unverified(row_name(bundle, body), f"that it is {status}: --rerun may tell")
        if not body["blocked"]:
            row = (body["encoder"], body["clusterer"], body["k"])
            variants[row].setdefault(body["variant"], []).append(body)
    for (encoder, clusterer, _), found in variants.items():
        where = f"{bundle.name}: {encoder} + {clusterer}"
        if len(found) > 1:
            text = f"has runs of {len(found)} versions of its code, of which tables show the one noted last"
            findings.unverified(where, text)
        for bodies in found.values():
            for n, kind in enumerate(("encoder", "clusterer")):
                seeds = {body["seeds"][n] for body in bodies} - {None}
                missing = sorted({*range(len(seeds))} - seeds)
                if missing:
                    text = f"{kind} seeds {missing} are not there, others are: were runs chosen?"
                    findings.unverified(where, text)
