"""What this package brings to harness: its entry point names this module."""

from harness import hookimpl


@hookimpl
def clusterers():
    """Return clusterers by name, as strings: they are imported when they are used."""
    return {"k-medoids": "harness_pairs.k_medoids:KMedoids"}


@hookimpl
def metrics():
    """Return metrics by name, as strings: they are imported when they are used."""
    return {"pair-jaccard": "harness_pairs.pair_jaccard:pair_jaccard"}
