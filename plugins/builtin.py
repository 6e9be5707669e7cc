"""The list of built-in plugins, by name."""

from __future__ import annotations

from typing import Any

from harness import hookimpl


def _listing(kind: str, targets: dict[str, str]) -> dict[str, str]:
    return {name: f"harness.plugins.{kind}.{target}" for name, target in targets.items()}


@hookimpl
def encoders() -> dict[str, str]:
    """Return the built-in encoders."""
    autoencoders = {
        "dense-ae-torch": "dense_ae_torch:DenseAETorch",
        "dense-ae-keras": "dense_ae_keras:DenseAEKeras",
        "conv-ae-torch": "conv_ae_torch:ConvAETorch",
        "conv-ae-keras": "conv_ae_keras:ConvAEKeras",
    }
    learned = {
        "simclr": "simclr:SimCLR",
        "vae": "vae:VAE",
        "vicreg": "vicreg:VICReg",
        "denoising-ae": "denoising_ae:DenoisingAE",
        "stacked-ae": "stacked_ae:StackedAE",
    }
    deep = {"dec": "dec:DEC", "idec": "idec:IDEC", "dcn": "dcn:DCN", "vade": "vade:VaDE"}
    scaling = {
        "standardize": "standardize:Standardize",
        "minmax": "minmax:MinMax",
        "robust-scale": "robust_scale:RobustScale",
        "normalize": "normalize:Normalize",
        "log1p": "log1p:Log1p",
        "quantile": "quantile:Quantile",
    }
    others = {"identity": "identity:Identity", "pca": "pca:PCA", "concat": "concat:Concat"}
    classic = {
        "pca-whiten": "pca_whiten:PCAWhiten",
        "incremental-pca": "incremental_pca:IncrementalPCA",
        "dask-pca": "dask_pca:DaskPCA",
        "random-projection": "random_projection:RandomProjection",
        "nystroem": "nystroem:Nystroem",
        "umap": "umap:UMAP",
        "tsne": "tsne:TSNE",
        "spectral-embedding": "spectral_embedding:SpectralEmbedding",
        "patches": "patches:Patches",
        "view-lda": "view_lda:ViewLDA",
    }
    return _listing("encoders", {**others, **classic, **autoencoders, **learned, **deep, **scaling})


@hookimpl
def clusterers() -> dict[str, str]:
    """Return the built-in clusterers."""
    return _listing("clusterers", {**_GIVEN_K, **_ESTIMATED_K})


_GIVEN_K = {
    "kmeans": "kmeans:KMeans",
    "minibatch-kmeans": "minibatch_kmeans:MiniBatchKMeans",
    "bisecting-kmeans": "bisecting_kmeans:BisectingKMeans",
    "spherical-kmeans": "spherical_kmeans:SphericalKMeans",
    "gmm": "gmm:GaussianMixture",
    "agglomerative": "agglomerative:Agglomerative",
    "dask-kmeans": "dask_kmeans:DaskKMeans",
    "birch": "birch:Birch",
    "spectral": "spectral:Spectral",
    "genie": "genie:Genie",
    "balanced-gmm": "balanced_gmm:BalancedGaussianMixture",
    "consensus": "consensus:Consensus",
    "scan": "scan:SCAN",
}
_ESTIMATED_K = {
    "kmeans-elbow": "kmeans_elbow:KMeansElbow",
    "kmeans-silhouette": "kmeans_silhouette:KMeansSilhouette",
    "kmeans-gap": "kmeans_gap:KMeansGap",
    "kmeans-calinski-harabasz": "kmeans_calinski_harabasz:KMeansCalinskiHarabasz",
    "kmeans-davies-bouldin": "kmeans_davies_bouldin:KMeansDaviesBouldin",
    "gmm-bic": "gmm_bic:MixtureBIC",
    "gmm-aic": "gmm_aic:MixtureAIC",
    "gmm-icl": "gmm_icl:MixtureICL",
    "bayesian-gmm": "bayesian_gmm:BayesianGaussianMixture",
    "hdbscan": "hdbscan:HDBSCAN",
    "dbscan": "dbscan:DBSCAN",
    "optics": "optics:OPTICS",
    "mean-shift": "mean_shift:MeanShift",
    "affinity-propagation": "affinity_propagation:AffinityPropagation",
    "leiden": "leiden:Leiden",
    "imported": "imported:Imported",
}


@hookimpl
def metrics() -> dict[str, str]:
    """Return the built-in metrics, in the order of leaderboard columns."""
    names = (
        *("accuracy", "purity", "nmi", "ami", "ari", "homogeneity", "completeness", "v-measure"),
        *("fowlkes-mallows", "nca", "aaa", "npa", "psi", "silhouette", "silhouette-estimate"),
        *("simplified-silhouette", "medoid-silhouette", "calinski-harabasz", "davies-bouldin"),
        *("coverage", "n-clusters"),
    )
    return _listing("metrics", {name: "{0}:{0}".format(name.replace("-", "_")) for name in names})


@hookimpl
def datasets() -> dict[str, str]:
    """Return the built-in datasets."""
    names = (
        *("digits", "fashion-mnist", "mnist", "kmnist", "usps", "iris", "wine", "breast-cancer"),
        *("blobs", "moons", "circles", "anisotropic", "varied"),
    )
    return _listing("datasets", {name: "{0}:{0}".format(name.replace("-", "_")) for name in names})


@hookimpl
def costs() -> dict[str, Any]:
    """Return the expected costs of built-in plugins."""
    from .costs import COSTS  # with numpy, which listing plugins does not need

    return COSTS
