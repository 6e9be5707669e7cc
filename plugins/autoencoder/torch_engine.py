"""Autoencoders in PyTorch: training steps, losses and optimizers."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from harness import BadParameter

from .architecture import Architecture, Weights
from .torch_layers import Model, from_torch, to_torch
from .training import EPSILON, RHO, Batch, Floats, Training

ROWS = 2048  # at a time when not training


def devices() -> list[str]:
    """Return the devices that PyTorch finds, best first."""
    found = [("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available()), ("cpu", True)]
    return [name for name, there in found if there]


def usable_device(wanted: str) -> str:
    """Return a device by name, the best one for "auto".

    Raises
    ------
    BadParameter
        If this machine has no such device.
    """
    found = devices()
    if wanted != "auto" and wanted not in found:
        raise BadParameter(
            f"device {wanted!r} is not available in torch, which has {', '.join(found)}. Use device='auto'."
        )
    return found[0] if wanted == "auto" else wanted


class Network:
    """An architecture with weights, ready to be trained on a device.

    Parameters
    ----------
    architecture : Architecture
    weights : list of ndarray
        As `architecture.initial_weights` draws them.
    training : Training
    device : {"cpu", "cuda", "mps"}
    """

    epsilon = EPSILON  # of Adam

    def __init__(self, architecture: Architecture, weights: Weights, training: Training, device: str) -> None:
        self.device, self.training = torch.device(device), training
        self.model = Model(architecture)
        self.set_weights(weights)
        self.model.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = _optimizer(training, self.model)
        self.loss = _LOSSES[training.loss]
        self.steps_made = 0

    def load(self, X: Floats) -> None:
        """Copy training samples of shape (n, d) to the device."""
        self.X = torch.tensor(X, device=self.device)

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Train on each batch, and return the mean loss per sample."""
        self.model.train()
        total, count = torch.zeros((), device=self.device), 0
        with _deterministic(self.device):
            for batch in batches:
                self.optimizer.zero_grad(set_to_none=True)
                loss = self.batch_loss(batch)
                loss.backward()  # type: ignore[no-untyped-call]
                self._set_epsilon()
                self.optimizer.step()
                total += loss.detach() * len(batch.rows)
                count += len(batch.rows)
        return float(total) / count

    def batch_loss(self, batch: Batch) -> Tensor:
        """Return the mean loss per sample of a batch."""
        clean = self.rows(batch)
        noisy = clean if batch.noise is None else clean + self._here(batch.noise)
        return self.loss(self.model(noisy, tuple(self._here(mask) for mask in batch.masks)), clean)

    def rows(self, batch: Batch) -> Tensor:
        """Return the samples of a batch, without noise."""
        return self.X[torch.from_numpy(batch.rows).to(self.device)]

    def _set_epsilon(self) -> None:
        """Let Adam add epsilon before its bias correction, as in the paper's faster form.

        PyTorch adds it afterwards, which matters for the small gradients of a mean over many pixels.
        """
        if isinstance(self.optimizer, torch.optim.Adam):  # AdamW is one too
            self.steps_made += 1
            for group in self.optimizer.param_groups:
                group["eps"] = self.epsilon / math.sqrt(1 - group["betas"][1] ** self.steps_made)

    @torch.no_grad()
    def evaluate(self, rows: NDArray[np.int64]) -> float:
        """Return the mean loss of these rows, without noise and dropout."""
        self.model.eval()
        total = torch.zeros((), device=self.device)
        for at in range(0, len(rows), ROWS):
            clean = self.X[torch.from_numpy(rows[at : at + ROWS]).to(self.device)]
            total += self.loss(self.model(clean), clean) * len(clean)
        return float(total) / len(rows)

    def encode(self, X: Floats) -> Floats:
        """Return the codes of samples, of shape (n, k)."""
        return self._run(self.model.encode, X)

    def reconstruct(self, X: Floats) -> Floats:
        """Return the reconstructions of samples, of shape (n, d)."""
        return self._run(self.model, X)

    def weights(self) -> Weights:
        """Return a copy of the weights in the layout of the architecture."""
        return [from_torch(each) for each in self.model.weights()]

    @torch.no_grad()
    def set_weights(self, weights: Weights) -> None:
        """Set the weights."""
        for target, value in zip(self.model.weights(), weights, strict=True):
            target.copy_(to_torch(value))

    @torch.no_grad()
    def _run(self, function: Callable[[Tensor], Tensor], X: Floats) -> Floats:
        self.model.eval()
        parts = [function(self._here(X[at : at + ROWS])).cpu() for at in range(0, len(X), ROWS)]
        return torch.cat(parts).contiguous().numpy()

    def _here(self, array: Floats) -> Tensor:
        return torch.tensor(array, device=self.device)


def _mse(output: Tensor, target: Tensor) -> Tensor:
    return F.mse_loss(output, target)


def _binary(output: Tensor, target: Tensor) -> Tensor:
    p = output.clamp(EPSILON, 1 - EPSILON)
    return -(target * p.log() + (1 - target) * (1 - p).log()).mean()


def _categorical(output: Tensor, target: Tensor) -> Tensor:
    p = (output / output.sum(1, keepdim=True)).clamp(EPSILON, 1 - EPSILON)
    return -(target * p.log()).sum(1).mean()


_LOSSES = {"mse": _mse, "binary_crossentropy": _binary, "categorical_crossentropy": _categorical}


def _optimizer(training: Training, model: nn.Module) -> torch.optim.Optimizer:
    weights, rate = list(model.parameters()), training.rate
    fused = all(each.device.type in ("cpu", "cuda") for each in weights)
    if training.optimizer == "sgd":
        return torch.optim.SGD(weights, rate, momentum=training.momentum)
    if training.optimizer == "adadelta":
        return torch.optim.Adadelta(weights, rate, rho=RHO, eps=EPSILON)
    if training.optimizer == "adamw":
        return torch.optim.AdamW(weights, rate, eps=EPSILON, weight_decay=training.weight_decay, fused=fused)
    return torch.optim.Adam(weights, rate, eps=EPSILON, fused=fused)


@contextmanager
def _deterministic(device: torch.device) -> Iterator[None]:
    """Use deterministic operations where available, and restore the setting afterwards.

    On a CPU all operations used here are deterministic, and the setting would only cost time.
    """
    if device.type == "cpu":
        yield
        return
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
