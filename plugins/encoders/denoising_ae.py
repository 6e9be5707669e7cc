"""Denoising autoencoder (Vincent, Larochelle, Bengio and Manzagol, 2008)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from ..autoencoder import Architecture, Dropout
from ..autoencoder.checks import share
from .dense_ae_torch import DenseAETorch


@dataclass(eq=False, repr=False, kw_only=True)
class DenoisingAE(DenseAETorch):
    """Dense autoencoder in PyTorch that restores samples from corrupted ones.

    In each step a share of the features, mapped to [0, 1], is set to 0 at random; the target is the sample
    as it is. The features that are left are divided by their share, so that the layer sees the same sums when
    nothing is set to 0; the paper leaves them as they are. Gaussian noise, the corruption of the later
    article (Vincent et al., 2010), is ``corruption=0, noise=0.3``.

    Parameters
    ----------
    corruption : float
        Share of the features that are set to 0.
    **params
        See `harness.plugins.autoencoder.DenseAutoencoder`.

    References
    ----------
    P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol, Extracting and composing robust features with
    denoising autoencoders, 2008.

    Examples
    --------
    >>> model = DenoisingAE(layers=(32,), latent=4)
    >>> print(model.architecture(n_features=64).summary)
    layer             output shape          parameters
    Input             (64,)                          0
    Dropout           (64,)                          0
    Dense             (32,)                      2,080
    Dense             (4,)                         132
    Dense             (32,)                        160
    Dense             (64,)                      2,112
    total                                        4,484
    """

    corruption: float = 0.25

    slow: ClassVar[bool] = True

    def check_params(self) -> None:
        """Check also the corruption."""
        share("corruption", self.corruption)
        super().check_params()

    def architecture(self, n_features: int) -> Architecture:
        """Describe the network for samples of so many features."""
        plain = super().architecture(n_features)
        if not self.corruption:
            return plain
        return replace(plain, layers=(Dropout(self.corruption), *plain.layers), code=plain.code + 1)
