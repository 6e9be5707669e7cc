"""The conformance checks."""
