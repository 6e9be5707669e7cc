"""Encoders trained on pairs of views, as scikit-learn style transformers; a subclass names the loss."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter, HarnessError, NotApplicable, report_progress

from ..autoencoder import ValueRange
from ..autoencoder.checks import above_zero, at_least, from_zero, one_of, whole_numbers
from ..autoencoder.value_range import Floats, Single
from .convolutions import Backbone
from .strengths import Strengths


@dataclass(eq=False, repr=False, kw_only=True)
class ContrastiveEncoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A convolutional network that learns what views of the same image have in common.

    The embedding is the mean over the pixels of the last map, each feature in units of its spread, before the
    head (`Backbone` has the layers).
    The network sees samples mapped to [0, 1] by one line, learned on the fitted rows, so that neither unit
    nor offset changes anything.

    Parameters
    ----------
    epochs : int
        How often each image is seen, in two views each time; a batch that is not full is left out.
    min_steps : int
        Few images are seen more often, until so many steps are made.
    batch_size : int
        Of images; all of them if they are fewer.
    learning_rate : float
        The highest, in the first third: it rises from 1/25 of it, and falls to almost 0 (one cycle, AdamW).
    weight_decay : float
    widths : tuple of int
        Channels after each convolution; the last is the width of the embedding.
    head : tuple of int
        Widths of the layers between the embedding and the loss.
    flip, shift, zoom, turn, gamma, contrast, cutout
        See `Strengths`. With `flip`, the embedding is the mean over an image and its mirror image. By default
        images are not mirrored, so that the same settings suit clothes and characters: a mirrored 2 is not a
        2.
    image_shape : tuple (height, width, channels)
        Of the samples; set by the harness.
    device : {"auto", "cpu", "cuda", "mps"}
        "auto" is the first of PyTorch's devices that is there.
    random_state : int, optional
        Seed of initial weights, order and views.

    Attributes
    ----------
    history_ : dict
        ``loss``, the mean of each epoch.
    n_iter_ : int
        Epochs made.
    summary_ : Summary
        The layer table, to be printed.
    n_parameters_ : int
    range_ : ValueRange
        The smallest and the largest fitted value, which are mapped to 0 and 1.
    weights_ : dict of ndarray
        By name, in PyTorch's layout.
    """

    epochs: int = 15
    min_steps: int = 500
    batch_size: int = 256
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    widths: tuple[int, ...] = (24, 48, 96, 192)
    head: tuple[int, ...] = (256, 128)
    flip: bool = False
    shift: float = 0.11
    zoom: tuple[float, float] = (0.75, 1.1)
    turn: float = 8.0
    gamma: float = 0.5
    contrast: tuple[float, float] = (0.5, 1.2)
    cutout: float = 0.29
    image_shape: tuple[int, int, int] | None = None
    device: str = "auto"
    random_state: int | None = None

    slow: ClassVar[bool] = True

    @abstractmethod
    def loss(self) -> Any:
        """Return the loss, a function of two batches of outputs of the head; a row of each is one image."""

    @property
    def augmentation(self) -> str:
        """The prior knowledge in the views, for leaderboards."""
        used = {
            "mirror images": self.flip,
            "shift": self.shift,
            "zoom": self.zoom != (1, 1),
            "rotation": self.turn,
            "gamma": self.gamma,
            "contrast": self.contrast != (1, 1),
            "cutout": self.cutout,
        }
        return ", ".join(name for name, value in used.items() if value)

    @property
    def strengths(self) -> Strengths:
        """How strongly views differ."""
        return Strengths(**{each.name: getattr(self, each.name) for each in fields(Strengths)})

    def check_params(self) -> None:
        """Check what can be checked before any data is seen.

        Raises
        ------
        BadParameter
            Naming the parameter, what was given and what is allowed.
        """
        for name, low in (("epochs", 1), ("min_steps", 0), ("batch_size", 2)):
            at_least(name, getattr(self, name), low)
        for name in ("widths", "head"):
            whole_numbers(name, getattr(self, name))
            if not getattr(self, name):
                raise BadParameter(f"{name} must name at least one layer, got ().")
        above_zero("learning_rate", self.learning_rate)
        from_zero("weight_decay", self.weight_decay)
        one_of("device", self.device, ("auto", "cpu", "cuda", "mps"))
        self.strengths.check()

    def fit(self, X: Floats, y: None = None) -> Self:
        """Train on images as rows, shape (n, d), finite and of any range.

        Raises
        ------
        BadParameter
            If a parameter is out of range, or this machine has no such device.
        NotApplicable
            When the samples are not images, or there is only one.
        HarnessError
            When training diverges.
        """
        self.check_params()
        for name in ("_running", "weights_"):  # of an earlier fit
            self.__dict__.pop(name, None)
        self.backbone_ = self._backbone(X)
        self.range_, self.n_features_in_ = ValueRange.of(X), X.shape[1]
        self.summary_ = self.backbone_.summary
        self.n_parameters_ = sum(row.n_parameters for row in self.summary_)
        self._train(self._network(), self.range_.to_unit(X))
        return self

    def _train(self, network: Any, X: Any) -> None:
        """Train epoch by epoch, and keep losses and weights."""
        per_epoch = len(X) // min(self.batch_size, len(X))
        self.n_iter_ = max(self.epochs, math.ceil(self.min_steps / per_epoch))
        network.prepare(
            X,
            self.strengths,
            batch_size=self.batch_size,
            steps=per_epoch * self.n_iter_,
            rate=self.learning_rate,
            decay=self.weight_decay,
        )
        losses: list[float] = []
        for epoch in range(self.n_iter_):
            losses.append(network.train_epoch(self.loss()))
            if not math.isfinite(losses[-1]):
                raise HarnessError(
                    f"training diverged: the loss is {losses[-1]} in epoch {epoch + 1} of {self.n_iter_}. "
                    f"Lower learning_rate, for example to {self.learning_rate / 10:g}."
                )
            report_progress(epoch + 1, self.n_iter_, f"loss {losses[-1]:.4g}")
        self.history_, self.weights_ = {"loss": losses}, network.weights()

    def transform(self, X: Floats) -> Single:
        """Return the embedding of samples of shape (n, d): shape (n, widths[-1]), float32."""
        check_is_fitted(self)
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise BadParameter(
                f"samples must have shape (n, {self.n_features_in_}), as in fit, got {X.shape}."
            )
        embedding: Single = self._network().embed(self.range_.to_unit(X), self.flip)
        return embedding

    def _backbone(self, X: Floats) -> Backbone:
        if self.image_shape is None:
            raise NotApplicable("views need images, and these samples have no image_shape")
        if math.prod(self.image_shape) != X.shape[1]:
            raise BadParameter(f"image_shape {self.image_shape} does not match {X.shape[1]} features.")
        if len(X) < 2:
            raise NotApplicable("an image must be told from others, and there is only 1 sample")
        height, width, channels = (int(side) for side in self.image_shape)
        return Backbone((height, width, channels), tuple(self.widths), tuple(self.head))

    def _network(self) -> Any:
        """Return the network with the present weights, in PyTorch."""
        if not hasattr(self, "_running"):
            from . import torch_engine

            seed = int(np.random.SeedSequence(self.random_state).generate_state(1)[0])
            self._running = torch_engine.Network(self.backbone_, self.device, seed)
            if hasattr(self, "weights_"):
                self._running.set_weights(self.weights_)
        return self._running

    def __getstate__(self) -> dict[str, Any]:
        """Leave PyTorch's objects out of copies and pickles; the weights suffice to make them again."""
        return {name: value for name, value in super().__getstate__().items() if name != "_running"}
