"""Improved deep embedded clustering (Guo, Gao, Liu and Yin, 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..autoencoder.checks import above_zero
from ..deep import Reconstructing, StudentClustering


@dataclass(eq=False, repr=False, kw_only=True)
class IDEC(Reconstructing, StudentClustering):
    """Improved deep embedded clustering: DEC that keeps the decoder, so that codes do not lose the samples.

    As in the authors' code: as `dec`, with the mean squared error of the reconstruction plus `gamma` (0.1)
    times KL(p || q), and Adam at 0.001 (for MNIST; they take SGD for others). Not as there: pretraining,
    `max_iter` and order of batches, as told for `dec`.

    Parameters
    ----------
    gamma : float
        Weight of the clustering loss; that of the reconstruction is 1.
    **params
        See `harness.plugins.deep.StudentClustering` and `harness.plugins.deep.DeepClustering`.

    References
    ----------
    X. Guo, L. Gao, X. Liu and J. Yin, Improved deep embedded clustering with local structure preservation,
    2017. Its code: github.com/XifengGuo/IDEC.

    Examples
    --------
    >>> IDEC(gamma=0.2).weights()
    {'clustering': 0.2, 'reconstruction': 1.0}
    """

    gamma: float = 0.1
    learning_rate: float = 0.001

    def check_params(self) -> None:
        """Check also gamma."""
        super().check_params()
        above_zero("gamma", self.gamma)

    def weights(self) -> dict[str, Any]:
        """Return the weights of the losses."""
        return {"clustering": self.gamma, "reconstruction": 1.0}

    def optimizer(self) -> dict[str, Any]:
        """Return Adam with its rate."""
        return {"optimizer": "adam", "learning_rate": self.learning_rate}
