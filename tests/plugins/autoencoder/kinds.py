"""Fits of the variational, denoising and stacked autoencoders, run in a process of PyTorch's own."""

from __future__ import annotations

import copy
import pickle
from importlib import import_module
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

KINDS = {"vae": "VAE", "denoising_ae": "DenoisingAE", "stacked_ae": "StackedAE"}
FAST: dict[str, Any] = {"layers": (32, 16), "latent": 4, "epochs": 3, "batch_size": 64, "random_state": 0}


def digits(n: int | None = None) -> np.ndarray:
    images: np.ndarray = (load_digits().data[:n] / 16).astype(np.float32)
    return images


def make(kind: str, **params: Any) -> Any:
    more = {"layer_epochs": 3} if kind == "stacked_ae" else {}
    return getattr(import_module(f"harness.plugins.encoders.{kind}"), KINDS[kind])(
        **{**FAST, **more, **params}
    )


def fit(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """Fit on digits and return what the fitted encoder has."""
    X = digits(600)
    model = make(kind, **params).fit(X)
    return {
        "codes": model.transform(X),
        "error": float(((model.reconstruct(X) - X) ** 2).mean()),
        "variance": float(X.var(0).mean()),
        "history": model.history_,
        "n_parameters": model.n_parameters_,
        "summary": model.summary_,
        "n_weights": sum(weight.size for weight in model.weights_),
    }


def copies(kind: str) -> list[bool]:
    """Whether a pickle, a copy and a second fit give the same codes."""
    X = digits(200)
    model = make(kind).fit(X)
    codes = model.transform(X)
    others = pickle.loads(pickle.dumps(model)), copy.deepcopy(model)
    same = [other.transform(X).tobytes() == codes.tobytes() for other in others]
    return [*same, model.fit(X).transform(X).tobytes() == codes.tobytes()]


def bound() -> tuple[float, float]:
    """The loss of a fitted VAE at the means of the codes, and the same by torch.distributions."""
    import torch
    from torch.distributions import Bernoulli, Normal, kl_divergence

    X = digits(50)
    model = make("vae", beta=2.0, epochs=30).fit(X)
    network = model.network()
    network.load(X)
    ours = network.evaluate(np.arange(50))
    with torch.no_grad():
        mean, log_variance = network._codes(torch.tensor(X), ())
        output = torch.tensor(model.reconstruct(X)).clamp(1e-7, 1 - 1e-7)
        error = -Bernoulli(output, validate_args=False).log_prob(torch.tensor(X)).sum(1)
        apart = kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1)
    return ours, float((error + 2 * apart).mean())


def first_loss(layer_epochs: int) -> float:
    """The loss of the whole network in its first epoch after pretraining, with a rate too small to learn."""
    X = digits()
    model = make("stacked_ae", layer_epochs=layer_epochs, epochs=1)
    model.range_ = None
    from harness.plugins.autoencoder.value_range import ValueRange

    model.range_, model.architecture_ = ValueRange.of(X), model.architecture(64)
    model.weights_ = model.first_weights(X, np.random.default_rng(0))
    found: float = ((model.network().reconstruct(X) - X) ** 2).mean()
    return float(found)


def untouched(kind: str) -> bool:
    import torch

    before = torch.get_rng_state()
    fit(kind, {})
    return bool((torch.get_rng_state() == before).all())
