"""Fits of contrastive encoders and SCAN, run in a process of PyTorch's own."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

SHORT: dict[str, Any] = {
    "epochs": 2,
    "min_steps": 0,
    "batch_size": 32,
    "widths": (8, 8, 8, 16),
    "head": (16, 8),
}


def digits(n: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    found = load_digits()
    return (found.data[:n] / 16).astype(np.float32), found.target[:n]


def encoder(name: str, **params: Any) -> Any:
    from harness.plugins.encoders.simclr import SimCLR
    from harness.plugins.encoders.vicreg import VICReg

    kinds = {"simclr": SimCLR, "vicreg": VICReg}
    return kinds[name](**{"image_shape": (8, 8, 1), "random_state": 0, **SHORT, **params})


def fit(name: str, n: int = 100, **params: Any) -> dict[str, Any]:
    """Fit on digits and return what the fitted encoder has."""
    X, _ = digits(n)
    before = X.copy()
    model = encoder(name, **params).fit(X)
    assert (before == X).all()
    return {
        "codes": model.transform(X),
        "loss": model.history_["loss"],
        "epochs": model.n_iter_,
        "summary": model.summary_,
        "n_parameters": model.n_parameters_,
        "n_weights": sum(value.size for key, value in model.weights_.items() if "num_batches" not in key),
    }


def other_shape(name: str, shape: tuple[int, int, int]) -> np.ndarray:
    X = np.random.default_rng(0).random((40, int(np.prod(shape))))
    codes: np.ndarray = encoder(name, image_shape=shape).fit(X).transform(X)
    return codes


def agreement(name: str, **params: Any) -> tuple[float, float]:
    """How many of the 15 nearest neighbours have the class of a digit, untrained and trained."""
    X, classes = digits()
    long = {"widths": (16, 32, 32, 64), "head": (64, 32), "batch_size": 128, "flip": False, **params}
    models = encoder(name, **long, epochs=1, learning_rate=1e-9), encoder(name, **long, epochs=20)
    found = []
    for model in models:
        codes = model.fit(X).transform(X)
        codes /= np.linalg.norm(codes, axis=1, keepdims=True)
        cosines = codes @ codes.T
        np.fill_diagonal(cosines, -2)
        near = np.argsort(-cosines, axis=1)[:, :15]
        found.append(float((classes[near] == classes[:, None]).mean()))
    return found[0], found[1]


def moved(name: str, scale: float, offset: float) -> tuple[np.ndarray, np.ndarray]:
    X = digits(60)[0].astype(np.float64)
    one, other = encoder(name).fit(X).transform(X), encoder(name).fit(scale * X + offset)
    return one, other.transform(scale * X + offset)


def copies(name: str) -> list[bool]:
    """Whether a pickle, a copy and a second fit give the same codes."""
    X, _ = digits(60)
    model = encoder(name).fit(X)
    codes = model.transform(X)
    others = pickle.loads(pickle.dumps(model)), copy.deepcopy(model)
    same = [other.transform(X).tobytes() == codes.tobytes() for other in others]
    return [*same, model.fit(X).transform(X).tobytes() == codes.tobytes()]


def global_state_stays(name: str) -> bool:
    import torch

    before = torch.get_rng_state()
    fit(name)
    return bool((torch.get_rng_state() == before).all())


def mirrored(flip: bool) -> tuple[np.ndarray, np.ndarray]:
    """Codes of images and of their mirror images."""
    X, _ = digits(60)
    model = encoder("simclr", flip=flip).fit(X)
    images = X.reshape(-1, 8, 8)
    return model.transform(X), model.transform(np.ascontiguousarray(images[:, :, ::-1]).reshape(-1, 64))


def views(
    background: float = 0.0, value: float = 1.0, size: tuple[int, int] = (12, 20), **strengths: Any
) -> Any:
    """Return 200 views of an image that is one value but for a pixel, with a border of the background."""
    import torch

    from harness.plugins.contrastive import Strengths
    from harness.plugins.contrastive.torch_views import Views

    none = {"flip": False, "shift": 0, "zoom": (1, 1), "turn": 0, "gamma": 0, "contrast": (1, 1), "cutout": 0}
    image = torch.full((1, 1, *size), background)
    image[:, :, 4:8, 6:10] = value
    drawn = Views(Strengths(**{**none, **strengths}), background)
    many = drawn.draw(image.repeat(200, 1, 1, 1), torch.Generator().manual_seed(0))
    return image[0, 0].numpy(), many[:, 0].numpy()


def by_definition() -> tuple[float, float]:
    """The loss of SimCLR, and the same written as the paper does, sum by sum."""
    import torch

    from harness.plugins.contrastive.torch_losses import nt_xent

    a, b = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    z = torch.nn.functional.normalize(torch.cat([a, b])).double().numpy()
    total = 0.0
    for i in range(10):
        j = (i + 5) % 10
        others = sum(np.exp(z[i] @ z[k] / 0.3) for k in range(10) if k != i)
        total -= np.log(np.exp(z[i] @ z[j] / 0.3) / others)
    return float(nt_xent(a, b, 0.3)), total / 10


def vicreg_by_definition() -> tuple[float, float]:
    """The loss of VICReg, and the same by numpy."""
    import torch

    from harness.plugins.contrastive.torch_losses import vicreg

    views = 0.5 * torch.randn(2, 9, 3, generator=torch.Generator().manual_seed(0))
    one, other = views.double().numpy()
    lack = [np.maximum(0, 1 - np.sqrt(each.var(0, ddof=1) + 1e-4)).mean() for each in (one, other)]
    apart = [np.cov(each.T) * (1 - np.eye(3)) for each in (one, other)]
    total = (
        25 * ((one - other) ** 2).mean() + 10 * np.mean(lack) + 2 * sum((each**2).sum() / 3 for each in apart)
    )
    return float(vicreg(views[0], views[1], (25, 10, 2))), float(total)


def scan(X: np.ndarray, **params: Any) -> dict[str, Any]:
    from harness.plugins.clusterers.scan import SCAN

    model = SCAN(**{"random_state": 0, "steps": 200, "n_heads": 6, **params}).fit(X)
    names = ("labels_", "heads_", "selection_", "history_", "coef_")
    told = {name: getattr(model, name) for name in names}
    return {**told, "predicted": model.predict(X), "probabilities": model.predict_proba(X)}


def alone(X: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Neighbours, and the mutual information of each head, computed plainly; each beside ours."""
    import torch
    from sklearn.metrics import mutual_info_score
    from sklearn.neighbors import NearestNeighbors

    from harness.plugins.clusterers import _torch_heads as heads

    rows = torch.tensor(X / np.linalg.norm(X, axis=1, keepdims=True))
    near = heads.nearest(rows, 3)
    plain = NearestNeighbors(n_neighbors=3).fit(rows.numpy()).kneighbors(return_distance=False)
    found = heads.Heads(rows, (2, 4), torch.Generator().manual_seed(0), 4.0)
    found.weight = found.weight.detach() * 1e6  # so that each row is of one cluster
    labels = found._assignments(rows).argmax(1).numpy()
    information = []
    for head in range(2):
        one, other = np.repeat(labels[:, head], 3), labels[:, head][near.numpy().ravel()]
        pairs = np.concatenate([one, other]), np.concatenate([other, one])
        information.append(mutual_info_score(*pairs))
    return near.numpy(), plain, found.information(rows, near).numpy(), np.array(information)
