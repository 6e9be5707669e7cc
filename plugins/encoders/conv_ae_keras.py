"""Convolutional autoencoder in Keras on TensorFlow (Masci et al., 2011)."""

from __future__ import annotations

from types import ModuleType

from ..autoencoder import ConvAutoencoder


class ConvAEKeras(ConvAutoencoder):
    """Convolutional autoencoder in Keras on TensorFlow.

    Parameters
    ----------
    **params
        See `harness.plugins.autoencoder.ConvAutoencoder`.

    References
    ----------
    J. Masci, U. Meier, D. Ciresan and J. Schmidhuber, Stacked convolutional auto-encoders for hierarchical
    feature extraction, 2011.

    Examples
    --------
    >>> model = ConvAEKeras(filters=(4,), latent=2, image_shape=(8, 8, 1))
    >>> print(model.architecture(n_features=64).summary)
    layer             output shape          parameters
    Input             (8, 8, 1)                      0
    Conv2D            (4, 4, 4)                     40
    Flatten           (64,)                          0
    Dense             (2,)                         130
    Dense             (64,)                        192
    Reshape           (4, 4, 4)                      0
    ConvTranspose2D   (8, 8, 1)                     37
    total                                          399
    """

    framework = "tensorflow"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on Keras on TensorFlow."""
        from ..autoencoder import keras_engine

        return keras_engine
