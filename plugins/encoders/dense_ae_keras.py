"""Dense autoencoder in Keras on TensorFlow (Hinton and Salakhutdinov, 2006)."""

from __future__ import annotations

from types import ModuleType

from harness.autoencoder import DenseAutoencoder


class DenseAEKeras(DenseAutoencoder):
    """Dense autoencoder in Keras on TensorFlow; parameters as of `DenseAutoencoder`."""

    framework = "tensorflow"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on Keras on TensorFlow."""
        from harness.autoencoder import keras_engine

        return keras_engine
