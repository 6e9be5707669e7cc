"""Dask, imported where it is used alone, since that takes a second."""

import dask
import dask.array
import distributed

__all__ = ["dask", "distributed"]
