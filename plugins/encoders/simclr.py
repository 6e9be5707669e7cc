"""Contrastive learning of representations, SimCLR (Chen, Kornblith, Norouzi and Hinton, 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from ..autoencoder.checks import above_zero
from ..contrastive import ContrastiveEncoder


@dataclass(eq=False, repr=False, kw_only=True)
class SimCLR(ContrastiveEncoder):
    """SimCLR in PyTorch, with a network small enough for a processor.

    Two views are drawn of each image of a batch, and each has to find the other among the views of the other
    images, by the cosine of outputs of the head. The authors' code differs in its network (ResNet-50), its
    optimizer (LARS, batches of 4,096, 100 epochs or more) and its views (random crops, colours, blur).

    Parameters
    ----------
    temperature : float
        Divides the cosines.
    **params
        See `harness.plugins.contrastive.ContrastiveEncoder`.

    References
    ----------
    T. Chen, S. Kornblith, M. Norouzi and G. Hinton, A simple framework for contrastive learning of visual
    representations, 2020.

    Examples
    --------
    >>> model = SimCLR(turn=0.0, cutout=0.0)
    >>> model.augmentation
    'shift, zoom, gamma, contrast'
    """

    temperature: float = 0.5

    def check_params(self) -> None:
        """Check also the temperature."""
        super().check_params()
        above_zero("temperature", self.temperature)

    def loss(self) -> Any:
        """Return the normalised cross-entropy with temperature."""
        from ..contrastive.torch_losses import nt_xent

        return partial(nt_xent, temperature=self.temperature)
