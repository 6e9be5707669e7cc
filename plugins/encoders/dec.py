"""Deep embedded clustering (Xie, Girshick and Farhadi, 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..autoencoder.checks import share
from ..deep import StudentClustering


@dataclass(eq=False, repr=False, kw_only=True)
class DEC(StudentClustering):
    """Deep embedded clustering: encoder and centres are trained by the clustering loss alone.

    As in the authors' code: layers 500, 500, 2000 and codes of 10; centres by k-means with 20 starts; the
    divergence KL(p || q) of Student-t assignments q (alpha 1) from a target p, made of all samples every 140
    steps (on small sets they take 30); SGD at 0.01 with momentum 0.9 on batches of 256; over when less than
    0.1% of the labels have changed from one target to the next. Not as there:

    - Pretraining: they train layer by layer with dropout, or for 300 epochs by SGD at a rate of 1; here all
      layers at once by Adam, for 300 epochs or a million samples, that is 15 epochs of 70,000. The clusters
      are only as good as the codes that they start from.
    - `max_iter` is 4,000 steps; theirs is 20,000.
    - Batches are drawn anew each epoch; theirs keep the order of the samples.

    With these defaults and one seed, on all 70,000 images of MNIST: accuracy 0.806 by k-means on the
    pretrained codes, and 0.883 after 4,000 steps, when 0.23% of the labels still changed; 587 seconds of one
    core.

    Parameters
    ----------
    momentum : float
    **params
        See `harness.plugins.deep.StudentClustering` and `harness.plugins.deep.DeepClustering`.

    References
    ----------
    J. Xie, R. Girshick and A. Farhadi, Unsupervised deep embedding for clustering analysis, 2016. Its code:
    github.com/piiswrong/dec; that of the layers and settings here: github.com/XifengGuo/DEC-keras.

    Examples
    --------
    >>> authors = DEC(pretrain_epochs=300, max_iter=20_000)
    >>> authors.optimizer(), authors.weights()["reconstruction"]
    ({'optimizer': 'sgd', 'learning_rate': 0.01, 'momentum': 0.9}, 0.0)
    """

    momentum: float = 0.9

    def check_params(self) -> None:
        """Check also the momentum."""
        super().check_params()
        share("momentum", self.momentum)

    def weights(self) -> dict[str, Any]:
        """Return the weights of the losses: no reconstruction."""
        return {"clustering": 1.0, "reconstruction": 0.0}

    def optimizer(self) -> dict[str, Any]:
        """Return SGD with its parameters."""
        return {"optimizer": "sgd", "learning_rate": self.learning_rate, "momentum": self.momentum}
