"""Run stages in worker processes or on Dask, and show progress."""
