"""Types of the arrays that metrics take."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Labels: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float32]
