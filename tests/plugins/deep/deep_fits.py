"""Fits of the deep clustering methods, run in PyTorch's process; each returns what can be sent back."""

from __future__ import annotations

import copy
import pickle
import warnings
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

NAMES = {"dec": "DEC", "idec": "IDEC", "dcn": "DCN", "vade": "VaDE"}
FAST: dict[str, Any] = {"layers": (32,), "latent": 4, "pretrain_epochs": 30, "random_state": 0}
AFTER: dict[str, dict[str, Any]] = {
    **{name: {"max_iter": 120, "update_interval": 20} for name in ("dec", "idec")},
    **{name: {"epochs": 12} for name in ("dcn", "vade")},
}


def make(name: str, **params: Any) -> Any:
    kind = getattr(import_module(f"harness.plugins.encoders.{name}"), NAMES[name])
    return kind(**{**FAST, **AFTER[name], **params})


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    X, truth = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), truth


def blobs(n: int = 90, k: int = 3) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.random((k, 6))[np.arange(n) % k] + 0.03 * rng.random((n, 6))).astype(np.float32)


def fit(name: str, X: np.ndarray, **params: Any) -> dict[str, Any]:
    """Fit and report what the fitted estimator has."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = make(name, **params).fit(X)
    return {
        **{each: getattr(model, each) for each in ("labels_", "history_", "n_iter_", "n_parameters_")},
        "codes": model.transform(X),
        "memberships": model.predict_proba(X),
        "changes": getattr(model, "changes_", None),
        "decoded": model.reconstruct(X) if hasattr(model, "reconstruct") else None,
        "warnings": [str(each.message) for each in caught],
    }


def quality(name: str, seed: int, params: dict[str, Any]) -> tuple[float, float]:
    """Return NMI of k-means on the pretrained codes, and of the method's labels, on digits."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    X, truth = digits()
    settings = {"n_clusters": 10, "layers": (100, 200), "latent": 10, "pretrain_epochs": 60, **params}
    model = make(name, **settings, random_state=seed)
    before, start = [], model.start

    def seen(codes: np.ndarray, *rest: Any) -> Any:
        before.append(KMeans(10, n_init=20, random_state=seed).fit(codes).labels_)
        return start(codes, *rest)

    model.start = seen
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X)
    score = normalized_mutual_info_score
    return score(truth, before[0]), score(truth, model.labels_)


def pretrained_as_dense_ae(name: str) -> bool:
    """Whether pretraining is that of dense-ae-torch with the same seed and parameters."""
    from harness.plugins.encoders.dense_ae_torch import DenseAETorch

    X, model = blobs(), make(name, n_clusters=3)
    params = {"layers": (32,), "latent": 4, "epochs": 30, "validation_fraction": 0, "random_state": 0}
    alone = DenseAETorch(**params, batch_size=model.batch_size, **model.pretraining).fit(X)
    return alone.history_["loss"] == model.fit(X).history_["pretrain_loss"]


def copies(name: str) -> list[bool]:
    """Whether pickled and copied estimators, and a second fit, give the same memberships."""
    X = blobs()
    model = make(name, n_clusters=3).fit(X)
    found = model.predict_proba(X)
    others = pickle.loads(pickle.dumps(model)), copy.deepcopy(model)
    same = [bool(np.allclose(other.predict_proba(X), found, atol=1e-5)) for other in others]
    return [*same, model.fit(X).predict_proba(X).tobytes() == found.tobytes()]


def student_loss(clustering: float, reconstruction: float) -> list[float]:
    """Return the loss of a batch, and the same from its formula in numpy."""
    from harness.plugins.autoencoder import Batch, Training, streams
    from harness.plugins.deep.torch_student import Network

    X, rng = blobs(20), np.random.default_rng(1)
    architecture = make("dec")._autoencoder(20).architecture(6)
    network = Network(
        architecture,
        architecture.initial_weights(streams(0)[0]),
        Training(),
        "cpu",
        centres=rng.normal(size=(3, 4)),
        labels=np.zeros(20, int),
        alpha=2.0,
        clustering=clustering,
        reconstruction=reconstruction,
        update_interval=5,
        max_iter=10,
        tol=0.1,
    )
    network.load(X)
    rows = np.array([3, 0, 11, 7])
    loss = float(network.batch_loss(Batch(rows, None, ())))
    distances = ((network.encode(X)[:, None] - network.centres.detach().numpy()) ** 2).sum(axis=2)
    q = (1 + distances / 2) ** (-3 / 2)
    q /= q.sum(axis=1, keepdims=True)
    p = q**2 / q.sum(axis=0)
    p /= p.sum(axis=1, keepdims=True)
    divergence = (p * np.log(p / q)).sum(axis=1)[rows].mean()
    error = ((network.reconstruct(X) - X) ** 2)[rows].mean()
    return [loss, float(clustering * divergence + reconstruction * error)]


def targets(update_interval: int, max_iter: int, tol: float) -> tuple[int, int, list[float], list[int]]:
    """Return steps, epochs, changes, and the steps at which a target was made."""
    from harness.plugins.deep import torch_student

    made, network = [], []

    class Watched(torch_student.Network):
        def _update(self) -> None:
            made.append(self.n_steps)
            super()._update()

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            network.append(self)

    original, torch_student.Network = torch_student.Network, Watched
    try:
        X, _ = digits()
        settings = {"update_interval": update_interval, "max_iter": max_iter, "tol": tol}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = make("dec", n_clusters=10, pretrain_epochs=2, **settings).fit(X[:1000])
    finally:
        torch_student.Network = original
    return network[0].n_steps, model.n_iter_, model.changes_, made


def moved_centres() -> list[np.ndarray]:
    """Return centres and counts of DCN after a batch, and the same sample by sample as the authors do."""
    import torch

    from harness.plugins.autoencoder import Training, streams
    from harness.plugins.deep.torch_dcn import Network

    architecture = make("dcn")._autoencoder(20).architecture(6)
    weights, rng = architecture.initial_weights(streams(0)[0]), np.random.default_rng(1)
    centres, codes = rng.normal(size=(3, 4)), rng.normal(size=(50, 4)).astype(np.float32)
    labels = ((codes[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    network = Network(architecture, weights, Training(), "cpu", centres=centres, labels=labels, weight=1.0)
    network._move(torch.from_numpy(codes), torch.from_numpy(labels))
    counts = np.full(3, 100.0)
    for code, label in zip(codes, labels, strict=True):
        counts[label] += 1
        centres[label] += (code - centres[label]) / counts[label]
    return [network.centres.numpy(), centres, network.counts.numpy(), counts]


def bound(binary: bool) -> tuple[float, float]:
    """Return VaDE's loss, averaged over many draws, and the same by the formula of the paper in numpy."""
    from scipy.special import logsumexp
    from scipy.stats import norm

    from harness.plugins.autoencoder import Batch, Training, streams
    from harness.plugins.deep.torch_vade import Network

    rng = np.random.default_rng(1)
    model = make("vade", likelihood="bernoulli" if binary else "gaussian")
    architecture = model._autoencoder(5).architecture(6)
    means, variances = rng.normal(size=(3, 4)), rng.random((3, 4)) + 0.5
    weights = architecture.initial_weights(streams(0)[0])
    mixture = {"means": means, "variances": variances}
    network = Network(architecture, weights, Training(), "cpu", **mixture, binary=binary, scale=2.0, seed=0)
    X = np.clip(blobs(5), 0.01, 0.99)
    network.load(X)
    rows = np.arange(5)
    loss = np.mean([float(network.batch_loss(Batch(rows, None, ()))) for _ in range(400)])
    found = []
    hidden = np.maximum(X @ weights[0] + weights[1], 0)
    mean = hidden @ weights[2] + weights[3]
    log_variance = hidden @ network.head.detach().numpy()
    for _ in range(400):
        z = mean + np.exp(log_variance / 2) * rng.normal(size=mean.shape)
        x = np.maximum(z @ weights[4] + weights[5], 0) @ weights[6] + weights[7]
        if binary:
            x = 1 / (1 + np.exp(-x))
            log_x = (X * np.log(x) + (1 - X) * np.log(1 - x)).sum(axis=1)
        else:
            log_x = -((x - X) ** 2).sum(axis=1)
        joint = np.log(1 / 3) + norm.logpdf(z[:, None], means, np.sqrt(variances)).sum(axis=2)
        gamma = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        parts = (
            np.log(2 * np.pi * variances)
            + (np.exp(log_variance)[:, None] + (mean[:, None] - means) ** 2) / variances
        )
        log_z = -0.5 * (gamma * parts.sum(axis=2)).sum(axis=1)
        log_c = (gamma * np.log(1 / 3)).sum(axis=1)
        entropy_z = 0.5 * (np.log(2 * np.pi) + log_variance + 1).sum(axis=1)
        entropy_c = -(gamma * np.log(gamma)).sum(axis=1)
        found.append(-(2.0 * log_x + log_z + log_c + entropy_z + entropy_c).mean())
    return float(loss), float(np.mean(found))
