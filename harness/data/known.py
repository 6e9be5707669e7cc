"""Find, download and read well-known datasets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..core.interfaces import Dataset, DatasetInfo
from .idx import read_folder
from .sources import Source, find
from .to_dataset import to_dataset


def obtain(source: Source) -> Path:
    """Return the folder of a dataset's files, downloading missing ones."""
    from .download import fetch

    return find(source) or fetch(source)


def load(source: Source, *, licence: str, class_names: Sequence[str]) -> Dataset:
    """Read a dataset of four IDX files like MNIST, downloading missing ones.

    Parameters
    ----------
    source : Source
        The four files, each with a checksum.
    licence : str
        Terms of use, in a word.
    class_names : sequence of str
        Names of the classes 0, 1, ...

    Raises
    ------
    DataError
        If it is neither present nor can be downloaded, or its files are wrong.
    """
    folder = obtain(source)
    names = {file.name.removesuffix(".gz") for file in source.files}  # others may lie in the same folder
    raw = replace(read_folder(folder, names=names), class_names=tuple(class_names), label="", left_out=())
    return to_dataset(raw, name=source.dataset, where=str(folder), licence=licence)


def describe(
    source: Source,
    *,
    n_samples: int,
    n_features: int,
    n_classes: int,
    licence: str,
    image_shape: tuple[int, int, int] | None = None,
) -> DatasetInfo:
    """Return the info that ``@dataset`` takes, for a dataset from a source.

    Examples
    --------
    >>> from harness.data import RemoteFile
    >>> source = Source("nowhere", (RemoteFile("a.gz", "md5:0"),), urls=())
    >>> describe(source, n_samples=9, n_features=4, n_classes=3, licence="MIT").find() is None
    True
    """
    from .download import fetch

    def found() -> str | None:
        folder = find(source)
        return None if folder is None else str(folder)

    def fetched(progress: Callable[[str, int, int], None]) -> str:
        return str(fetch(source, progress))

    return DatasetInfo(n_samples, n_features, n_classes, licence, image_shape, find=found, fetch=fetched)
