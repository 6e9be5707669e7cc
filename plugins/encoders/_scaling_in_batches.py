"""The scaling steps on samples larger than memory: scikit-learn's scalers fitted batch by batch."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from harness import batches, new_rows

from ._scaling import Floats, Scaling


class ScalingInBatches(Scaling):
    """A scaling step whose scaler has `partial_fit`; it gives the values of `Scaling` up to rounding."""

    def fit(self, X: Any, y: None = None) -> Self:
        """Learn location and scale of each feature of samples of shape (n, d)."""
        ends = [(block.min(axis=0), block.max(axis=0)) for _, block in batches(X)]
        low = np.min([each[0] for each in ends], axis=0).astype(np.float64)
        high = np.max([each[1] for each in ends], axis=0).astype(np.float64)
        self.constant_ = low == high
        self.powers_ = np.where(self.constant_, 0, np.frexp(high / 2 - low / 2)[1] + 1)
        self.lows_ = np.ldexp(low, -self.powers_)
        self.n_features_in_ = int(X.shape[1])
        self._warn(self.constant_, "constant on the fitted rows")
        self.scaler_ = self._scaler()
        for _, block in batches(X):
            self.scaler_.partial_fit(self._settled(block.astype(np.float64)))
        return self

    def transform(self, X: Any) -> Floats:
        """Scale samples of shape (n, d), in their precision."""
        out = new_rows(X.shape, X.dtype)
        for rows, block in batches(X):
            out[rows] = super().transform(block)
        return out
