"""`harness.bench` for programs and notebooks."""
