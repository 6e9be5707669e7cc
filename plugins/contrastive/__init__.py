"""Encoders that learn from pairs of views of the same image: views, network, losses and training."""

from .estimator import ContrastiveEncoder
from .strengths import Strengths

__all__ = ["ContrastiveEncoder", "Strengths"]
