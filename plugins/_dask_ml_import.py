"""dask-ml's k-means: imported by a fit alone, since that takes seconds."""

from dask_ml.cluster import KMeans

__all__ = ["KMeans"]
