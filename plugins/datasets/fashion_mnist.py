"""Fashion-MNIST: images of clothing, 28 x 28 pixels (Xiao, Rasul and Vollgraf, 2017)."""

from __future__ import annotations

from harness import Dataset, dataset
from harness.data import RemoteFile, Source, describe, load

_LICENCE = "MIT"
_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
SOURCE = Source(
    "fashion-mnist",
    files=(
        RemoteFile(
            "train-images-idx3-ubyte.gz",
            "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            content="md5:f4a8712d7a061bf5bd6d2ca38dc4d50a",
        ),
        RemoteFile(
            "train-labels-idx1-ubyte.gz",
            "md5:25c81989df183df01b3e8a0aad5dffbe",
            content="md5:9018921c3c673c538a1fc5bad174d6f9",
        ),
        RemoteFile(
            "t10k-images-idx3-ubyte.gz",
            "md5:bef4ecab320f06d8554ea6380940ec79",
            content="md5:8181f5470baa50b63fa0f6fddb340f0a",
        ),
        RemoteFile(
            "t10k-labels-idx1-ubyte.gz",
            "md5:bb300cfdad3c16e7a12a480ee83cd310",
            content="md5:15d484375f8d13e6eb1aabb0c3f46965",
        ),
    ),
    urls=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    folders=("/usr/share/datasets/fashion-mnist",),
    package="dataset-fashion-mnist",
)


@dataset(
    describe(
        SOURCE, n_samples=70_000, n_features=784, n_classes=10, licence=_LICENCE, image_shape=(28, 28, 1)
    )
)
def fashion_mnist() -> Dataset:
    """Return 60,000 train and 10,000 test images, values divided by 255."""
    return load(SOURCE, licence=_LICENCE, class_names=_CLASSES)
