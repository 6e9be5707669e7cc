"""Deep clustering: an autoencoder whose codes are trained further, so that they fall into K clusters."""

from .deep_clustering import DeepClustering, Reconstructing, in_minutes
from .student import StudentClustering

__all__ = ["DeepClustering", "Reconstructing", "StudentClustering", "in_minutes"]
