"""Estimators that nobody here wrote, named by import path: each is checked, and all stand on one board.

    python studies/third_party.py [FOLDER]

Those whose library is not installed are left out. It takes some minutes; hdbscan, umap-learn, openTSNE and
genieclust are installed by themselves.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

CLUSTERERS = (
    *(f"sklearn.cluster:{name}" for name in ("Birch", "OPTICS", "AffinityPropagation", "MeanShift")),
    "sklearn.cluster:SpectralClustering(affinity=nearest_neighbors)",
    *(f"sklearn.cluster:{name}" for name in ("AgglomerativeClustering", "MiniBatchKMeans")),
    *(f"sklearn.cluster:{name}" for name in ("BisectingKMeans", "DBSCAN", "HDBSCAN")),
    "sklearn.mixture:GaussianMixture",
    "hdbscan:HDBSCAN",
    "genieclust:Genie",
)
ENCODERS = (
    "sklearn.cluster:FeatureAgglomeration",
    *(f"sklearn.decomposition:{name}(n_components=20)" for name in ("FastICA", "TruncatedSVD", "NMF")),
    "sklearn.decomposition:KernelPCA(n_components=20, kernel=rbf)",
    "sklearn.manifold:Isomap",
    "sklearn.manifold:LocallyLinearEmbedding",
    "sklearn.random_projection:GaussianRandomProjection(n_components=20)",
    "umap:UMAP",
    "openTSNE.sklearn:TSNE",
)


def here(names: tuple[str, ...]) -> list[str]:
    """Return the names whose library is installed."""
    return [name for name in names if find_spec(name.partition(":")[0].partition(".")[0])]


def main(folder: str = "third-party") -> int:
    """Check each, then run all with all on the digits."""
    codes = []
    for kind, names in (("clusterer", CLUSTERERS), ("encoder", ENCODERS)):
        codes.append(harness("check", "--kind", kind, *here(names)))
    words = [word for name in here(ENCODERS) for word in ("-e", name)]
    words += [word for name in here(CLUSTERERS) for word in ("-c", name)]
    limits = ("--seeds", "1", "--timeout", "120", "--store", f"{folder}/store", "--out", folder)
    codes.append(harness("bench", *words, "-m", "accuracy", "-m", "nmi", "-m", "n-clusters", *limits))
    return max(codes)


def harness(*words: str) -> int:
    """Run a command as a user would."""
    return subprocess.run([sys.executable, "-m", "harness", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
