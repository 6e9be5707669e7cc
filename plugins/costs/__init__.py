"""Expected costs of the built-in plugins.

Every metric and clusterer has one, and every encoder that may be slow, with the width of its embedding. They
are fits to single-threaded runs of 1,000 to 20,000 rows of 10 to 784 features, good to a factor of 2 or so;
iterations until convergence depend on the data. They are apart from the plugins, since a better estimate
changes no result, and so no cache key. But costs of metrics decide which are estimated, so that a change of
those moves the border.
"""

from __future__ import annotations

from . import clusterers, encoders, metrics

COSTS = {**metrics.COSTS, **clusterers.COSTS, **encoders.COSTS}
