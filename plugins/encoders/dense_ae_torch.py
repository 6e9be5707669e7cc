"""Dense autoencoder in PyTorch (Hinton and Salakhutdinov, 2006)."""

from __future__ import annotations

from types import ModuleType

from ..autoencoder import DenseAutoencoder


class DenseAETorch(DenseAutoencoder):
    """Dense autoencoder in PyTorch.

    Parameters
    ----------
    **params
        See `harness.plugins.autoencoder.DenseAutoencoder`.

    References
    ----------
    G. Hinton and R. Salakhutdinov, Reducing the dimensionality of data with neural networks, 2006.

    Examples
    --------
    >>> model = DenseAETorch(layers=(32,), latent=4, epochs=20)
    >>> print(model.architecture(n_features=64).summary)
    layer             output shape          parameters
    Input             (64,)                          0
    Dense             (32,)                      2,080
    Dense             (4,)                         132
    Dense             (32,)                        160
    Dense             (64,)                      2,112
    total                                        4,484
    """

    framework = "torch"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on PyTorch."""
        from ..autoencoder import torch_engine

        return torch_engine
