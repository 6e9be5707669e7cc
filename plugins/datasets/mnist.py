"""MNIST: handwritten digits, 28 x 28 pixels (LeCun, Cortes and Burges, 1998)."""

from __future__ import annotations

from harness import Dataset, dataset
from harness.data import RemoteFile, Source, describe, load

_LICENCE = "CC BY-SA 3.0"
SOURCE = Source(
    "mnist",
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
            content="md5:6bbc9ace898e44ae57da46a324031adb",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            "md5:d53e105ee54ea40749a09fcbcd1e9432",
            content="md5:a25bea736e30d166cdddb491f175f624",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            "md5:9fb629c4189551a2d022fa330f9573f3",
            content="md5:2646ac647ad5339dbf082846283269ea",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            "md5:ec29112dd5afa0611ce80d1b7f02629c",
            content="md5:27ae3e4e09519cfbb04c329615203637",
        ),
    ),
    urls=("http://yann.lecun.com/exdb/mnist/", "https://ossci-datasets.s3.amazonaws.com/mnist/"),
)


@dataset(
    describe(
        SOURCE, n_samples=70_000, n_features=784, n_classes=10, licence=_LICENCE, image_shape=(28, 28, 1)
    )
)
def mnist() -> Dataset:
    """Return 60,000 train and 10,000 test images, values divided by 255."""
    return load(SOURCE, licence=_LICENCE, class_names=tuple("0123456789"))
