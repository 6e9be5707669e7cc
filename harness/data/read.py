"""Read a dataset from a path in any known format."""

from __future__ import annotations

from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from ..core.errors import DataError, error_line, suggest
from ..core.extras import needs
from ..core.interfaces import Dataset
from .battery import read_battery, references
from .content import unpacked_name
from .folder_files import parquet_files
from .formats import FORMATS, Format, detect
from .idx import named_as_idx
from .raw import Raw
from .to_dataset import to_dataset


def read(
    path: str | Path,
    *,
    label: str | int | None = "auto",
    image_shape: tuple[int, ...] | None = None,
    name: str | None = None,
    missing: str | None = None,
    unlabelled: str | int | None = "auto",
    **options: Any,
) -> Dataset:
    """Read a dataset from a file or a folder; `harness.data.formats` lists the formats.

    Parameters
    ----------
    path : str or Path
        The file or folder.
    label : "auto", str, int or None
        Location of the labels: a column's name or position, or a key of an `.npz`. "auto" tries the usual
        places; None means no labels.
    image_shape : tuple (height, width) or (height, width, channels), optional
        Shape of images in rows, if the file does not give it.
    name : str, optional
        The dataset's name (default: the file name without suffixes).
    missing, unlabelled
        Treatment of missing values, and the label of samples without a class; see `harness.data.to_dataset`.
    **options
        For tables, see `harness.data.tables.TableOptions`. Of text tables also `header`, `sep`, `decimal`,
        `encoding`, see `harness.data.csv_tables.read_csv`; of arrays `samples`, of workbooks `sheet`, of
        AnnData `obsm`, of zips `member`; of `NAME.data.gz` with labels in `NAME.labels0.gz`,
        `NAME.labels1.gz`, ... `reference`, the number of one of these; of image folders `resize`, `mode`,
        see `harness.data.images.read_folder`.

    Returns
    -------
    Dataset
        Samples of shape (n, d), float32 or float64, train rows first where there is a split.

    Raises
    ------
    DataError
        If the path does not exist, its format is unknown, or its content is wrong.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> file = Path(tempfile.mkdtemp(), "toy.npz")
    >>> np.savez(file, X=np.arange(8, dtype=np.uint8).reshape(2, 2, 2), y=["a", "b"])
    >>> data = read(file)
    >>> data.name, data.samples.shape, data.image_shape, data.class_names
    ('toy', (2, 4), (2, 2, 1), ('a', 'b'))
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise DataError(f"{path}: no such file or folder. Check the path.")
    try:
        reader = _read_folder if path.is_dir() else _read_file
        raw = reader(path, label, options)
    except OSError as error:
        raise DataError(f"{path}: cannot read: {error.strerror or error}.") from error
    return to_dataset(
        raw,
        name=name or _stem(path) + raw.suffix,
        where=str(path),
        image_shape=image_shape,
        missing=missing,
        unlabelled=unlabelled,
    )


def _read_file(path: Path, label: str | int | None, options: dict[str, Any]) -> Raw:
    if "reference" in options or (label in ("auto", None) and references(path)):
        return _read_battery(path, label, options)
    kind, content = detect(path, options.pop("member", None))
    if kind == "idx":
        from .idx import read_file

        _refuse(path, options)
        return read_file(path, labelled=_labelled(path, label))
    chosen = FORMATS[kind]
    table = _table_options(path, label, options, chosen)
    _check_library(path, kind)
    module, _, function = chosen.reader.partition(":")
    raw: Raw = getattr(import_module(f".{module}", __package__), function)(content, table, **options)
    return replace(raw, left_out=(*raw.left_out, *content.left_out))


def _read_battery(path: Path, label: str | int | None, options: dict[str, Any]) -> Raw:
    reference = options.pop("reference", None)
    if options or label not in ("auto", None):
        name = min(options, default="label")
        raise DataError(
            f"{path}: the option {name!r} is not for data with labels in files beside them. Options: "
            "reference, label=None, missing, name, unlabelled."
        )
    return read_battery(path, reference, labelled=label is not None)


def _read_folder(path: Path, label: str | int | None, options: dict[str, Any]) -> Raw:
    from . import battery, idx, images, table_folders

    if parquet_files(path):
        _check_library(path, "parquet")
        # Not imported by its name, as built-in datasets need none of it.
        parquet: Any = import_module(".parquet", __package__)
        raw: Raw = parquet.read_folder(path, _table_options(path, label, options, FORMATS["parquet"]))
        return raw
    if any(file.is_file() and named_as_idx(file) for file in path.iterdir()):
        _refuse(path, options)
        return idx.read_folder(path, labelled=_labelled(path, label))
    battery.refuse_folder(path)
    tables = table_folders.tables_in(path)
    if tables and not images.any_in(path):
        return table_folders.read_folder(path, tables, lambda file: _read_file(file, label, dict(options)))
    if unknown := options.keys() - {"resize", "mode"}:
        name = min(unknown)
        raise DataError(f"{path}: unknown option {name!r} for images. Options: label, resize, mode.")
    return images.read_folder(path, label, **options)


def _check_library(path: Path, kind: str) -> None:
    """Refuse a format that an optional package reads, where that cannot be imported."""
    library = FORMATS[kind].library
    if not library:
        return
    try:
        import_module(library)
    except ImportError as error:
        why = "" if error.name == library else f" The one here cannot be imported: {error_line(error)}."
        raise DataError(f"{path}: reading .{kind} {needs([library])}.{why}") from None


def _table_options(path: Path, label: str | int | None, options: dict[str, Any], chosen: Format) -> Any:
    """Separate the options of tables from those of the format."""
    from .table_options import TableOptions

    tables = [field.name for field in fields(TableOptions) if field.name != "label"] if chosen.table else []
    known = (*tables, *chosen.own)
    if unknown := options.keys() - set(known):
        name = min(unknown)
        raise DataError(
            f"{path}: unknown option {name!r} for this format.{suggest(name, known)} "
            f"Options: {', '.join(('label', *known))}."
        )
    return TableOptions(label, **{name: options.pop(name) for name in tables if name in options})


def _refuse(path: Path, options: dict[str, Any]) -> None:
    if options:
        raise DataError(f"{path}: {', '.join(options)}: only for tables.")


def _labelled(path: Path, label: str | int | None) -> bool:
    if label not in ("auto", None):
        raise DataError(f"{path}: label={label!r} names a column, but this format has no columns.")
    return label is not None


def _stem(path: Path) -> str:
    name = path.resolve().name
    if path.is_dir():
        return name
    name = unpacked_name(Path(name))
    return Path(name).stem or name
