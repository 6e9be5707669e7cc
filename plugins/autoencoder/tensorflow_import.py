"""Import Keras 3 on TensorFlow without the lines that TensorFlow's C++ code prints."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def _silenced() -> Iterator[None]:
    """Discard what is written to the error stream, also by native code; exceptions still propagate."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


os.environ["KERAS_BACKEND"] = "tensorflow"  # read once, when Keras is imported
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with _silenced():
    import keras
    import tensorflow as tf
    from tensorflow.python.framework import config

    tf.config.list_physical_devices()  # searches for GPUs, and prints many lines if there are none
tf.get_logger().setLevel("ERROR")  # a network is retraced each time; that is not a mistake


@contextmanager
def deterministic() -> Iterator[None]:
    """Use only deterministic operations, and restore the setting for other code in this process.

    If they are on, every random operation without a seed is an error, e.g. the shuffling of ``model.fit``.
    TensorFlow offers no public way to turn them off again.
    """
    if config.is_op_determinism_enabled():
        yield
        return
    config.enable_op_determinism()
    try:
        yield
    finally:
        config.disable_op_determinism()


__all__ = ["deterministic", "keras", "tf"]
