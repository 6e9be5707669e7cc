"""Convolutional autoencoder in Keras on TensorFlow (Masci et al., 2011)."""

from __future__ import annotations

from types import ModuleType

from harness.autoencoder import ConvAutoencoder


class ConvAEKeras(ConvAutoencoder):
    """Convolutional autoencoder in Keras on TensorFlow; parameters as of `ConvAutoencoder`."""

    framework = "tensorflow"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on Keras on TensorFlow."""
        from harness.autoencoder import keras_engine

        return keras_engine
