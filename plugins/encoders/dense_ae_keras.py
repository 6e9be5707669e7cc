"""Dense autoencoder in Keras on TensorFlow (Hinton and Salakhutdinov, 2006)."""

from __future__ import annotations

from types import ModuleType

from ..autoencoder import DenseAutoencoder


class DenseAEKeras(DenseAutoencoder):
    """Dense autoencoder in Keras on TensorFlow.

    Parameters
    ----------
    **params
        See `harness.plugins.autoencoder.DenseAutoencoder`.

    References
    ----------
    G. Hinton and R. Salakhutdinov, Reducing the dimensionality of data with neural networks, 2006.

    Examples
    --------
    >>> model = DenseAEKeras(layers=(32,), latent=4, epochs=20)
    >>> print(model.architecture(n_features=64).summary)
    layer             output shape          parameters
    Input             (64,)                          0
    Dense             (32,)                      2,080
    Dense             (4,)                         132
    Dense             (32,)                        160
    Dense             (64,)                      2,112
    total                                        4,484
    """

    framework = "tensorflow"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on Keras on TensorFlow."""
        from ..autoencoder import keras_engine

        return keras_engine
