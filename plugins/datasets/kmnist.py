"""Kuzushiji-MNIST: cursive Japanese characters, 28 x 28 pixels (Clanuwat et al., 2018)."""

from __future__ import annotations

from harness import Dataset, dataset
from harness.data import RemoteFile, Source, describe, load

_LICENCE = "CC BY-SA 4.0"
_CLASSES = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
_MIRROR = "https://github.com/namanlab/CVCNN_Paper/raw/0f30b9c852904dc63a7902c1d2a2f5c61d0547e4"
SOURCE = Source(
    "kmnist",
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            "sha256:51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            "sha256:e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            "sha256:edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            "sha256:20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        ),
    ),
    urls=("http://codh.rois.ac.jp/kmnist/dataset/kmnist/", f"{_MIRROR}/data/KMNIST/raw/"),
)


@dataset(
    describe(
        SOURCE, n_samples=70_000, n_features=784, n_classes=10, licence=_LICENCE, image_shape=(28, 28, 1)
    )
)
def kmnist() -> Dataset:
    """Return 60,000 train and 10,000 test images, values divided by 255."""
    return load(SOURCE, licence=_LICENCE, class_names=_CLASSES)
