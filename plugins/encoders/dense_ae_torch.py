"""Dense autoencoder in PyTorch (Hinton and Salakhutdinov, 2006)."""

from __future__ import annotations

from types import ModuleType

from harness.autoencoder import DenseAutoencoder


class DenseAETorch(DenseAutoencoder):
    """Dense autoencoder in PyTorch; parameters as of `DenseAutoencoder`."""

    framework = "torch"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on PyTorch."""
        from harness.autoencoder import torch_engine

        return torch_engine
