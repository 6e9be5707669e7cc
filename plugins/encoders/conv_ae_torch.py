"""Convolutional autoencoder in PyTorch (Masci et al., 2011)."""

from __future__ import annotations

from types import ModuleType

from harness.autoencoder import ConvAutoencoder


class ConvAETorch(ConvAutoencoder):
    """Convolutional autoencoder in PyTorch; parameters as of `ConvAutoencoder`."""

    framework = "torch"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on PyTorch."""
        from harness.autoencoder import torch_engine

        return torch_engine
