"""Representations by variance, invariance and covariance, VICReg (Bardes, Ponce and LeCun, 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..autoencoder.checks import from_zero
from ..contrastive import ContrastiveEncoder


@dataclass(eq=False, repr=False, kw_only=True)
class VICReg(ContrastiveEncoder):
    """VICReg in PyTorch, with a network small enough for a processor.

    The outputs of the head for two views of an image should be equal; over the batch, each output should
    have a standard deviation of at least 1, and no two outputs a covariance. Images are not set against each
    other. Weights are the authors'; their network (ResNet-50, head 8192-8192-8192), optimizer (LARS), batches
    (2,048) and training (1,000 epochs) are larger.

    Parameters
    ----------
    invariance, variance, covariance : float
        Weights of the three parts of the loss.
    **params
        See `harness.plugins.contrastive.ContrastiveEncoder`.

    References
    ----------
    A. Bardes, J. Ponce and Y. LeCun, VICReg: variance-invariance-covariance regularization for
    self-supervised learning, 2022.

    Examples
    --------
    >>> VICReg().augmentation
    'shift, zoom, rotation, gamma, contrast, cutout'
    """

    head: tuple[int, ...] = (512, 512)
    invariance: float = 25.0
    variance: float = 25.0
    covariance: float = 1.0

    def check_params(self) -> None:
        """Check also the weights of the loss."""
        super().check_params()
        for name in ("invariance", "variance", "covariance"):
            from_zero(name, getattr(self, name))

    def loss(self) -> Any:
        """Return the weighted sum of the three parts."""
        from ..contrastive.torch_losses import vicreg

        return partial(vicreg, weights=(self.invariance, self.variance, self.covariance))
