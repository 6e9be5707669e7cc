"""Run stages on the workers of a Dask scheduler."""
