"""What this package brings to harness: its entry point names this module."""

from harness import hookimpl


@hookimpl
def encoders():
    """Return encoders by name, as strings: they are imported when they are used."""
    return {"opentsne": "harness_opentsne.encoder:OpenTSNE"}
