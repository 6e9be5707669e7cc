"""Expected costs of encoders that are slow, or whose memory grows fast."""

from __future__ import annotations

from harness import Cost

from . import networks
from ._parts import Params, number, per_pair, per_row

COMPILED = 1.5e12  # of methods whose loops are compiled in each process


def pca(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the covariance matrix, its eigenvectors, and the projection."""
    features = _components(params, min(50, n, d))
    return Cost(n * d * (1.0 * d + 600) + 30.0 * d**3, 8 * n * d + 16 * d * d, features)


def dask_pca(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of PCA, whose rows are in memory in parts."""
    return pca(n, d, k, params)._replace(memory=16.0 * d * d)


def incremental_pca(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of a decomposition of each batch with the components so far."""
    features = _components(params, min(50, n, d))
    batch = max(1, number(params, "batch_size", 5 * d))
    return Cost(n * d * (300.0 * min(d, batch) + 1e5), features=features)


def nystroem(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the kernel of all rows and the landmarks."""
    m = number(params, "n_components", 100)
    return Cost(n * m * (2.0 * m + 2 * d + 300), memory=16 * n * m)


def umap(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the graph of neighbours, and of rounds over its edges, each with a few random ones."""
    neighbours, width = number(params, "n_neighbors", 20), number(params, "n_components", 10)
    epochs = number(params, "n_epochs", 500 if n <= 10_000 else 200)
    edges = n * neighbours
    return Cost(COMPILED + edges * (epochs * (20_000 + 200 * width) + 200 * d), memory=400 * edges)


def tsne(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of neighbours, and of rounds over them and a grid."""
    neighbours, rounds = 3 * params.get("perplexity", 30.0), 250 + number(params, "n_iter", 500)
    return Cost(COMPILED + n * neighbours * (rounds * 2_400 + 200 * d), memory=100 * n * neighbours)


def patches(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of a dictionary, of the features of some images, and then of all."""
    features = _components(params, min(200, n))
    learned = min(number(params, "n_patches", 60_000), n * d // 4) * 1e7
    return Cost(learned + (n + min(n, 10_000)) * _of_patches(d, params), 8e8, features)


def view_lda(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the views of some images, on patches or components, and then of all images."""
    features, seen = _components(params, 60), min(n, number(params, "n_images", 6_000))
    seen *= number(params, "n_views", 3)
    if params.get("features") == "pixels":
        return pca(n, d, k, {})._replace(features=features)
    base = patches(n, d, k, {})
    return Cost(base.operations + seen * _of_patches(d, params), base.memory, features)


def _of_patches(d: int, params: Params) -> float:
    """Return that of the features of an image."""
    return d * number(params, "n_centroids", 160) * 480.0


def _components(params: Params, default: int) -> int:
    """Return how many components there will be; 0, as many as features, if a share of variance is given."""
    value = params.get("n_components")
    return 0 if isinstance(value, float) else number(params, "n_components", default)


COSTS = {
    "pca": pca,
    "pca-whiten": pca,
    "dask-pca": dask_pca,
    "incremental-pca": incremental_pca,
    "random-projection": per_row(100, feature=1600),
    "nystroem": nystroem,
    "quantile": per_row(0, feature=1.2e5, memory=8),
    "spectral-embedding": per_pair(5500, 100),
    "umap": umap,
    "tsne": tsne,
    "patches": patches,
    "view-lda": view_lda,
    "simclr": networks.contrastive,
    "vicreg": networks.contrastive,
    "dense-ae-torch": networks.dense("torch"),
    "dense-ae-keras": networks.dense("keras"),
    "conv-ae-torch": networks.convolutional("torch"),
    "conv-ae-keras": networks.convolutional("keras"),
    "denoising-ae": networks.dense("torch"),
    "vae": networks.dense("torch"),
    "stacked-ae": networks.stacked,
    **dict.fromkeys(("dec", "idec", "dcn", "vade"), networks.deep),
}
