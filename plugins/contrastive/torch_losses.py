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


def vicreg(first: Tensor, second: Tensor, weights: tuple[float, float, float]) -> Tensor:
    """Return the weighted sum of invariance, variance and covariance (Bardes et al., 2022).

    Parameters
    ----------
    first, second : Tensor of shape (n, k)
        A row is a view; equal rows are of the same image.
    weights : tuple of float
        Of the mean squared difference, of the mean lack of a standard deviation of 1, averaged over the two
        batches, and of the sum of squared covariances over k, added up over them.
    """
    lack, together = first.new_zeros(()), first.new_zeros(())
    for views in (first, second):
        lack = lack + F.relu(1 - (views.var(0) + 1e-4).sqrt()).mean() / 2
        covariance = torch.cov(views.T)
        together = together + (covariance.square().sum() - covariance.diagonal().square().sum()) / len(
            covariance
        )
    return weights[0] * F.mse_loss(first, second) + weights[1] * lack + weights[2] * together
