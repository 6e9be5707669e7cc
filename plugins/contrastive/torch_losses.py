"""Losses of two views of the same images, in PyTorch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def nt_xent(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """Return the normalised cross-entropy with temperature (Chen et al., 2020).

    Each view has to find the other view of its image among all other views of the batch.

    Parameters
    ----------
    first, second : Tensor of shape (n, k)
        A row is a view; equal rows are of the same image.
    temperature : float
        Divides the cosines.
    """
    views = F.normalize(torch.cat([first, second]))
    cosines = views @ views.T / temperature
    cosines.fill_diagonal_(-torch.inf)
    n = len(first)
    other = torch.arange(2 * n, device=views.device).roll(n)
    return F.cross_entropy(cosines, other)
