"""Images in IDX files with labels in the same folder, as MNIST, EMNIST and QMNIST are published."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ..core.errors import DataError
from .folder_files import is_hidden
from .idx_arrays import read_array
from .raw import Raw, join
from .splits import find_split, part_of

_NAME = re.compile(r"(^|[-._])idx\d?([-._](ubyte|byte|u?int|short|long|float|double)\d*)?(\.gz)?$")
_KINDS = {"image": "images", "images": "images", "label": "labels", "labels": "labels"}
_OTHER_LABELS = "name does not match these images"
_QMNIST = 8  # columns of its labels: the class, the writer, the series, ...


def named_as_idx(path: Path) -> bool:
    """Return whether a file is named as IDX files are.

    Examples
    --------
    >>> [named_as_idx(Path(name)) for name in ("train-images-idx3-ubyte.gz", "images.idx3", "idx.csv")]
    [True, True, False]
    """
    return bool(_NAME.search(path.name.lower()))


def read_file(path: Path, *, labelled: bool = True) -> Raw:
    """Read a file of images, and labels from a file in the same folder with a matching name."""
    beside = [file for file in _idx_files(path.parent) if _kind(file) == "labels"] if labelled else []
    labels = _labels_of(path, beside)
    left_out = () if labels else tuple(f"{file.name!r} ({_OTHER_LABELS})" for file in beside if file != path)
    raw = _pair(path, labels)
    return replace(raw, left_out=(*raw.left_out, *left_out))


def read_folder(folder: Path, *, labelled: bool = True, names: Collection[str] | None = None) -> Raw:
    """Read a folder of images and labels as IDX files; a train and a test pair form the official split.

    Parameters
    ----------
    folder : Path
    labelled : bool
    names : collection of str, optional
        The only files that count, without `.gz`; all by default.

    Raises
    ------
    DataError
        If there are no images, or several sets of them.
    """
    files = [file for file in _idx_files(folder) if names is None or _plain(file) in names]
    labels = [file for file in files if _kind(file) == "labels"] if labelled else []
    images = [file for file in files if _kind(file) == "images"] or [f for f in files if _kind(f) != "labels"]
    if not images:
        raise DataError(
            f"{folder}: no IDX images found, expected train-images-idx3-ubyte and t10k-images-idx3-ubyte "
            "(.gz or not). Give the path of one file instead."
        )
    split = find_split(images)
    parts = [images] if split is None else [split.train, split.test]
    if len({_set_of(file) for file in images}) > 1 or any(len(part) > 1 for part in parts):
        raise _several(folder, images)
    raws = [_pair(part[0], _labels_of(part[0], labels)) for part in parts]
    raw = raws[0] if split is None else join(raws[0], raws[1], where=str(folder))
    used = {part[0] for part in parts} | {file for part in parts for file in _labels_of(part[0], labels)}
    left_out = (*raw.left_out, *(split.left_out if split else ()), *_others(folder, used, labelled=labelled))
    return replace(raw, left_out=left_out, notes=(*(split.notes if split else ()), *raw.notes))


def _several(folder: Path, images: Sequence[Path]) -> DataError:
    shown = ", ".join(file.name for file in images[:6]) + (", ..." if len(images) > 6 else "")
    return DataError(
        f"{folder}: several sets of IDX images: {shown}. Put one set into its own folder, or give one "
        f'file: "{images[0]}".'
    )


def _idx_files(folder: Path) -> list[Path]:
    """Return the IDX files in a folder by name; of a file and its `.gz`, the latter."""
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        if file.is_file() and named_as_idx(file) and not is_hidden(file.name):
            found[_plain(file)] = file
    return list(found.values())


def _plain(path: Path) -> str:
    return path.name.removesuffix(".gz")


def _words(path: Path) -> list[str]:
    """Return the meaningful words in the name of an IDX file, without the type.

    Examples
    --------
    >>> _words(Path("emnist-letters-train-images-idx3-ubyte.gz")), _words(Path("labels.idx1"))
    (['emnist', 'letters', 'train', 'images'], ['labels'])
    """
    words = [word for word in re.split(r"[-._ ]+", _plain(path).lower()) if word]
    ends = [place for place, word in enumerate(words) if re.fullmatch(r"idx\d?", word)]
    return words[: ends[-1]] if ends else words


def _kind(path: Path) -> str:
    kinds = {_KINDS[word] for word in _words(path) if word in _KINDS}
    return kinds.pop() if len(kinds) == 1 else ""


def _pair_of(path: Path) -> tuple[str, ...]:
    return tuple(word for word in _words(path) if word not in _KINDS)


def _set_of(path: Path) -> tuple[str, ...]:
    """Return the words that a train and a test file have in common."""
    return tuple(word for word in _pair_of(path) if not part_of(word))


def _labels_of(images: Path, labels: Sequence[Path]) -> list[Path]:
    return [file for file in labels if _pair_of(file) == _pair_of(images)]


def _pair(images: Path, labels: Sequence[Path]) -> Raw:
    samples = read_array(images)
    if samples.ndim < 2:
        raise DataError(
            f"{images}: expected images (magic number 00 00 08 03), got 1 dimension, as in a file of labels. "
            "Give the file of images."
        )
    if not labels:
        return Raw(samples)
    truth, notes = _classes(labels[0])
    if len(truth) != len(samples):
        raise DataError(
            f"{labels[0]}: expected {len(samples)} labels, as {images.name} has images, got {len(truth)}."
        )
    left_out = tuple(f"{file.name!r} (labels of the same images)" for file in labels[1:])
    return Raw(samples, truth, label=_plain(labels[0]), left_out=left_out, notes=notes)


def _classes(file: Path) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the classes in a file of labels: those of QMNIST are its first column."""
    truth = read_array(file)
    if truth.ndim == 2 and truth.shape[1] == 1:
        return truth[:, 0], ()
    if truth.ndim == 2 and truth.shape[1] == _QMNIST and truth.dtype.kind == "i":
        return truth[:, 0], (f"the classes are the first of {_QMNIST} columns of labels",)
    if truth.ndim != 1:
        raise DataError(f"{file}: expected labels (magic number 00 00 08 01), got {truth.ndim} dimensions.")
    return truth, ()


def _others(folder: Path, used: Collection[Path], *, labelled: bool) -> Iterator[str]:
    """Name other files in a folder of IDX files, with the reason why they are not read."""
    plain = {_plain(file) for file in used}
    for path in sorted(folder.iterdir()):
        if path in used or is_hidden(path.name) or part_of(path.name) == "validation":
            continue
        if _plain(path) in plain:
            yield f"{path.name!r} (also present as .gz)"
        elif not path.is_file() or not named_as_idx(path):
            yield f"{path.name!r} (not an IDX file)"
        elif labelled or _kind(path) != "labels":
            yield f"{path.name!r} ({_OTHER_LABELS})"
