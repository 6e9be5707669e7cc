"""Fits of the autoencoders, run in a process of the framework's own; each tells what can be sent back."""

from __future__ import annotations

import copy
import pickle
import sys
import warnings
from importlib import import_module
from typing import Any

import numpy as np

FRAMEWORKS = {"torch": "torch", "keras": "tensorflow"}
FAST = {"layers": (16,), "latent": 3, "epochs": 3, "batch_size": 32, "random_state": 0}
CONV = {"filters": (4,), "image_shape": (5, 6, 2)}


def make(kind: str, engine: str, **params: Any) -> Any:
    module = import_module(f"harness.plugins.encoders.{kind}_ae_{engine}")
    fast = {**FAST, **CONV} if kind == "conv" else FAST
    if kind == "conv":
        fast = {name: value for name, value in fast.items() if name != "layers"}
    return getattr(module, f"{kind.title()}AE{engine.title()}")(**{**fast, **params})


def blobs(n: int = 100, features: int = 60) -> np.ndarray:
    rng = np.random.default_rng(0)
    centres = rng.random((4, features))
    return (0.8 * centres[np.arange(n) % 4] + 0.2 * rng.random((n, features))).astype(np.float32)


def fit(kind: str, engine: str, n: int = 100, **params: Any) -> dict[str, Any]:
    """Fit and tell what the fitted estimator says of itself."""
    X = blobs(n)
    before = X.copy()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = make(kind, engine, **params).fit(X)
    assert (before == X).all()
    error = float(((model.reconstruct(X) - X) ** 2).mean())
    return {
        "codes": model.transform(X),
        "error": error,
        "history": model.history_,
        "epochs": model.n_iter_,
        "best": model.best_epoch_,
        "summary": model.summary_,
        "n_parameters": model.n_parameters_,
        "n_weights": sum(weight.size for weight in model.weights_),
        "warnings": [str(each.message) for each in caught],
    }


def moved(kind: str, engine: str, output: str, scale: float, offset: float) -> list[np.ndarray]:
    """Codes and reconstructions of samples, and of the same ones in another unit and place."""
    X = blobs().astype(np.float64)
    both = X, X * scale + offset
    models = [make(kind, engine, epochs=10, output_activation=output).fit(each) for each in both]
    parts = [model.transform(each) for model, each in zip(models, both, strict=True)]
    return [*parts, *(model.reconstruct(each) for model, each in zip(models, both, strict=True))]


def plain(engine: str) -> list[bool]:
    """Whether values from 0 to 1 reach the network, and come back from it, as they are."""
    X = blobs()
    X = (X - X.min()) / np.ptp(X)
    model = make("dense", engine).fit(X)
    network = model.network()
    found = (model.transform(X), network.encode(X)), (model.reconstruct(X), network.reconstruct(X))
    return [one.tobytes() == other.tobytes() for one, other in found]


def copies(engine: str) -> list[bool]:
    """Whether pickled and copied estimators, and a second fit, give the same codes."""
    X = blobs()
    model = make("dense", engine, batch_normalization=True, dropout=0.2).fit(X)
    codes = model.transform(X)
    others = pickle.loads(pickle.dumps(model)), copy.deepcopy(model)
    same = [bool(np.allclose(other.transform(X), codes, atol=1e-6)) for other in others]
    return [*same, model.fit(X).transform(X).tobytes() == codes.tobytes()]


def kept_weights_are_the_best(engine: str) -> tuple[list[float], float, int]:
    """Losses of validation, and the loss of the kept weights on the same rows."""
    from harness.plugins.autoencoder.training import _split, streams

    X = blobs()
    model = make("dense", engine, learning_rate=0.05, patience=2, epochs=40, validation_fraction=0.3).fit(X)
    _, held_out = _split(len(X), 0.3, streams(0)[1])
    rest = X[held_out]
    loss = float((((model.reconstruct(rest) - rest) / np.ptp(X)) ** 2).mean())
    return model.history_["validation_loss"], loss, model.best_epoch_


def transform_other_width(engine: str) -> None:
    make("dense", engine).fit(blobs()).transform(blobs(features=59))


def loaded() -> set[str]:
    """The frameworks that this process has loaded."""
    return {"torch", "tensorflow", "keras", "jax"} & set(sys.modules)


def plain_keras_after() -> float:
    """Fit as another plugin in the same process would, after one of ours: shuffled, and without a seed."""
    fit("dense", "keras")
    import keras

    model = keras.Sequential([keras.Input((60,)), keras.layers.Dropout(0.1), keras.layers.Dense(60)])
    model.compile("sgd", "mse")
    return float(model.fit(blobs(), blobs(), epochs=1, verbose=0).history["loss"][0])


def plain_torch_after() -> float:
    fit("dense", "torch")
    import torch

    assert not torch.are_deterministic_algorithms_enabled()
    return float(torch.rand(1))


def report_networks(engine: str) -> dict[str, tuple[int, int]]:
    """Weights in the framework, and width of the code, of the reports' networks."""
    pooled = {"downsampling": "pool", "shrink": "valid", "latent": None, "code_activation": "relu"}
    models = {
        "R1": make("conv", engine, filters=(16, 8, 8), image_shape=(28, 28, 1), **pooled),
        "R2": make("dense", engine, layers=(), latent=32),
        "R3": make("dense", engine, layers=(900, 480, 240), latent=120, code_layer=-2),
        "R4": make("dense", engine, layers=(2000, 1000, 500), latent=10),
        "R5, its table": make("dense", engine, layers=(128, 64), latent=32),
        "R5, its text": make("dense", engine, layers=(128,), latent=64),
    }
    found = {}
    for name, model in models.items():
        model.set_params(epochs=1, batch_size=8).fit(blobs(8, 784))
        weights = sum(each.size for each in model.network().weights())
        found[name] = weights, model.transform(blobs(2, 784)).shape[1]
    return found
