"""Deep clustering: an autoencoder whose codes are trained further, so that they fall into K clusters."""

from .base import DeepClustering, Reconstructing, in_minutes
from .student import StudentClustering

__all__ = ["DeepClustering", "Reconstructing", "StudentClustering", "in_minutes"]
