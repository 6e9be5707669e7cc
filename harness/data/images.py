"""Image folders: one folder per class, train and test folders of them, or images without labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..core.counts import counted, shortened
from ..core.errors import DataError
from .folder_files import folders_in, is_hidden, walk
from .image_files import ImageOptions, stack
from .image_opening import SUFFIXES
from .raw import Raw
from .splits import Split, find_split, part_of

LABEL = "folder names"
_HOW = ("auto", "top", "parent", None)


def any_in(root: Path) -> bool:
    """Return whether a folder or its subfolders contain images."""
    return any(map(_is_image, walk(root)))


def read_folder(
    root: Path,
    label: str | int | None = "auto",
    *,
    resize: int | tuple[int, int] | None = None,
    mode: str | None = None,
) -> Raw:
    """Read ``root/<class>/*.png``, ``root/train/<class>/`` with ``root/test/<class>/``, or ``root/*.png``.

    Grayscale stays 1 channel and RGB 3; palette, RGBA and other colour images become RGB. Files are read in
    the order of their names. Files without the suffix of an image are left out, and named.

    Parameters
    ----------
    root : Path
    label : "auto", "top", "parent" or None
        Whether the class of an image in a subfolder of a class folder is the top folder's name or that of the
        folder it lies in. "auto": the top folder, unless these all hold the same subfolders.
    resize : int or tuple (height, width), optional
    mode : "L" or "RGB", optional
        Grayscale or colours.

    Raises
    ------
    DataError
        If there are no images, one cannot be read, or two differ in size or mode.
    """
    options = _options(root, label, resize, mode)
    base, notes = _unwrapped(root)
    split = _split(folders_in(base))
    if split is None:
        parts = [_part(base, label)]
    else:
        _check_one_each(root, split.train, split.test)
        parts = []
        for folder in (split.train[0], split.test[0]):
            inner, more = _unwrapped(folder)
            parts.append(_part(inner, label))
            notes = (*notes, *more)
    raw = _read(root, parts, options)
    read = [base] if split is None else [*split.train, *split.test]
    left_out = (*(split.left_out if split else ()), *_other_files(root, read))
    guessed = (*notes, *(split.notes if split else ()), *_nested(parts, label), *raw.notes)
    return replace(raw, left_out=left_out, notes=guessed)


@dataclass(frozen=True)
class _Part:
    """Images of one part, their classes if there are class folders, and how many lie deeper."""

    files: list[Path]
    classes: list[str] | None
    n_nested: int = 0


def _options(root: Path, label: object, resize: object, mode: object) -> ImageOptions:
    if label not in _HOW:
        raise DataError(
            f"{root}: labels of images are the names of their folders: label must be auto, top, parent or "
            f"None, got {label!r}."
        )
    sides = resize if isinstance(resize, tuple | list) else (resize, resize)
    if resize is not None and not (len(sides) == 2 and all(isinstance(n, int) and n > 0 for n in sides)):
        raise DataError(
            f"{root}: resize must be a number of pixels, or (height, width), got {resize!r}. "
            f'Example: "{root}(resize=(28, 28))".'
        )
    if mode not in ("L", "RGB", None):
        raise DataError(
            f'{root}: mode must be L (grayscale) or RGB, got {mode!r}. Example: "{root}(mode=L)".'
        )
    return ImageOptions(None if resize is None else (sides[0], sides[1]), mode)


def _unwrapped(root: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder that holds the class folders, which may be the only subfolder."""
    base = root
    while (
        not _images(base)
        and len(inner := folders_in(base)) == 1
        and folders_in(inner[0])
        and not _images(inner[0])
    ):
        base = inner[0]
    return base, () if base == root else (f"read from the folder {str(base.relative_to(root))!r}",)


def _split(folders: Sequence[Path]) -> Split | None:
    """Return the train and the test folder; next to other folders, train and test-tube are classes."""
    split = find_split(folders)
    alone = all(part_of(folder.name) for folder in folders)
    return (
        split
        if split and (alone or all(path.name.isalnum() for path in (*split.train, *split.test)))
        else None
    )


def _check_one_each(root: Path, *parts: Sequence[Path]) -> None:
    for part in parts:
        if len(part) > 1:
            names = " and ".join(repr(folder.name) for folder in part)
            raise DataError(
                f"{root}: the folders {names} both match one part of the split. Merge them, "
                f'or give one folder: "{part[0]}".'
            )


def _part(root: Path, label: str | int | None) -> _Part:
    loose, folders = _images(root), folders_in(root)
    files = {folder: [path for path in walk(folder) if _is_image(path)] for folder in folders}
    if loose and any(files.values()):
        raise DataError(
            f"{root}: images must lie either all in one folder or all in one folder per class, got "
            f"{loose[0].name} next to the folder {folders[0].name}."
        )
    if loose:
        return _Part(loose, None)
    if not any(files.values()):
        raise DataError(
            f"{root}: nothing to read. Expected IDX or parquet files, a train and a test table, or images "
            f"({', '.join(SUFFIXES)}) as <class>/<image> or <image>."
        )
    empty = next((folder for folder in folders if not files[folder]), None)
    if empty is not None:
        raise DataError(f"{empty}: no images found in this class folder. Add images or remove it.")
    if label == "auto":
        _check_classes(root, files)
    pairs = [(top, file) for top in folders for file in files[top]]
    classes = [file.parent.name if label == "parent" else top.name for top, file in pairs]
    nested = sum(file.parent != top for top, file in pairs)
    return _Part([file for _, file in pairs], None if label is None else classes, nested)


def _check_classes(root: Path, files: dict[Path, list[Path]]) -> None:
    """Refuse folders that all hold the same subfolders: either could be the classes."""
    within = {top: {file.relative_to(top).parts[0] for file in found} for top, found in files.items()}
    common = set.intersection(*within.values()) if len(within) > 1 else set()
    if (
        len(common) > 1
        and all(names == common for names in within.values())
        and not any(map(_images, within))
    ):
        tops, inner = (", ".join(sorted(names)[:3]) for names in ({top.name for top in files}, common))
        raise DataError(
            f"{root}: the folders {tops} hold the same subfolders {inner}: which are the classes? "
            f'Type "{root}(label=top)", "{root}(label=parent)", or give one folder: "{min(files)}".'
        )


def _read(root: Path, parts: Sequence[_Part], options: ImageOptions) -> Raw:
    """Decode the images of all parts together, so that all have one background, size and mode."""
    files = [file for part in parts for file in part.files]
    decoded = stack([(str(file), file) for file in files], options, folder=str(root))
    n_train = sum(decoded.counts[: len(parts[0].files)]) if len(parts) > 1 else None
    classes = [name for part in parts for name in part.classes or ()]
    if classes and len(classes) < len(files):
        raise DataError(
            f"{root}: one part has class folders and the other has not. Give one: "
            f'"{parts[0].files[0].parent.parent}", or type "{root}(label=None)".'
        )
    raw = Raw(decoded.samples, n_train=n_train, notes=decoded.notes)
    if not classes:
        return raw
    names = sorted(set(classes))
    labels = np.repeat([names.index(name) for name in classes], decoded.counts)
    return replace(raw, labels=labels, class_names=names, label=LABEL)


def _nested(parts: Sequence[_Part], label: str | int | None) -> Iterator[str]:
    nested = sum(part.n_nested for part in parts)
    if nested and label is not None:
        of = "the folder that they lie in" if label == "parent" else "their top folder"
        yield f"{counted(nested, 'image')} in subfolders {'has' if nested == 1 else 'have'} the class of {of}"


def _other_files(root: Path, read: Sequence[Path]) -> Iterator[str]:
    """Name files without the suffix of an image, in the folders of images and above."""
    above = {folder for each in read for folder in each.parents if folder.is_relative_to(root)}
    others = [path for each in read for path in walk(each) if not _is_image(path)]
    others += [
        file for folder in above for file in folder.iterdir() if file.is_file() and not is_hidden(file.name)
    ]
    if others:
        names = tuple(sorted({file.name for file in others}))
        files = f"{counted(len(others), 'file')}"
        yield f"{files} without the suffix of an image ({shortened(names, 3)})"


def _images(folder: Path) -> list[Path]:
    return sorted(filter(_is_image, folder.iterdir()))


def _is_image(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not is_hidden(path.name) and path.is_file()
