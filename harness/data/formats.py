"""File formats: suffixes, first bytes, readers and options. To add one, add a line here and a module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import DataError
from .advice import command
from .content import Content, choose_member, zip_members
from .idx import named_as_idx


@dataclass(frozen=True)
class Format:
    """A format of one file.

    Parameters
    ----------
    reader : str
        ``module:function`` in this package, called as ``function(content, options, **own)``: the `Content`,
        the `TableOptions` and the format's own options. It returns a `Raw`.
    suffixes : tuple of str
    table : bool
        Whether it is a table, so that the options of tables are taken.
    own : tuple of str
        Names of its own options.
    packed : bool
        Whether it is read packed, as a `.gz` or in a `.zip`.
    library : str
        The optional package that reads it.
    """

    reader: str
    suffixes: tuple[str, ...]
    table: bool = True
    own: tuple[str, ...] = ()
    packed: bool = False
    library: str = ""


FORMATS = {
    "csv": Format(
        "csv_tables:read_csv",
        (".csv", ".tsv", ".txt", ".data"),
        own=("header", "sep", "decimal", "encoding"),
        packed=True,
    ),
    "svmlight": Format("svmlight:read_svmlight", (".svmlight", ".libsvm", ".svm"), table=False, packed=True),
    "arff": Format("arff:read_arff", (".arff",), packed=True),
    "xlsx": Format("excel:read_excel", (".xlsx", ".xlsm"), own=("sheet", "header")),
    "npz": Format("npz:read_npz", (".npz",), table=False, own=("samples",)),
    "npy": Format("npz:read_npy", (".npy",)),
    "parquet": Format("parquet:read_parquet", (".parquet",), library="pyarrow"),
    "feather": Format("feather:read_feather", (".feather", ".arrow"), library="pyarrow"),
    "mat": Format("matlab:read_mat", (".mat",), table=False, own=("samples",)),
    "h5ad": Format("h5ad:read_h5ad", (".h5ad",), table=False, own=("obsm",), library="anndata"),
}
_SUFFIXES = {suffix: name for name, each in FORMATS.items() for suffix in each.suffixes}
_PACKED = tuple(suffix for each in FORMATS.values() if each.packed for suffix in each.suffixes)
_MAGIC = {
    b"\x93NUMPY": "npy",
    b"PAR1": "parquet",
    b"ARROW1": "feather",
    b"FEA1": "feather",
    b"MATLAB ": "mat",
    b"\0\0": "idx",
}
EXPECTED = (
    "IDX (*-idx3-ubyte, .idx3), text tables (.csv, .tsv, .txt, .data, .arff, .svmlight, .libsvm), each "
    "plain, .gz or in a .zip, .npz, .npy, .parquet, .feather, .arrow, .xlsx, .mat, .h5ad, "
    "or a folder of IDX files, parquet files or images"
)
_ADVICE = {
    ".xls": "Save it as .xlsx or .csv",
    ".ods": "Save it as .xlsx or .csv",
    ".pkl": "Pickles are never loaded: save the arrays with np.savez, or the frame with to_parquet",
    ".pickle": "Pickles are never loaded: save the arrays with np.savez, or the frame with to_parquet",
    ".pt": "Pickles are never loaded: save the arrays with np.savez",
    ".h5": "Save its arrays with np.savez, or its frame with to_parquet",
    ".hdf5": "Save its arrays with np.savez, or its frame with to_parquet",
    ".json": "Save it as .csv or .parquet",
    ".jsonl": "Save it as .csv or .parquet",
}
_SVMLIGHT = re.compile(rb"[-+]?\d[\d.eE+-]*([ \t]+qid:\d+)?([ \t]+\d+:[-+\d.eE]+)+[ \t\r]*(#.*)?")


def detect(path: Path, member: str | None = None) -> tuple[str, Content]:
    """Detect a file's format by its first bytes, else by its suffix, and return its name and the content.

    Raises
    ------
    DataError
        If the format is unknown, or cannot be read compressed.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.data")
    >>> _ = file.write_text("1 1:0.5 3:2\\n-1 2:1\\n")
    >>> detect(file)[0]
    'svmlight'
    """
    content, kind = Content(path), ""
    if content.head(4) == b"PK\x03\x04" and (members := zip_members(path)) is not None:
        kind = "npz" if content.suffix == ".npz" else _kind_of_zip(members)
        content = content if kind else choose_member(path, members, member, _PACKED)
    if member is not None and not content.member:
        raise DataError(f"{path}: member={member!r} is only for zip files of tables.")
    known = _SUFFIXES.get(content.suffix) or ("idx" if named_as_idx(path) else "")
    head = content.head(2**16)
    kind = kind or next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), known)
    if known == "mat":  # version 4 begins with zeros like IDX; 7.3 is HDF5
        kind = known
    if kind == "csv" and _is_svmlight(head):
        kind = "svmlight"
    if not kind:
        raise _unknown(path, content)
    packing, unpack = content.packing
    if packing and kind != "idx" and not FORMATS[kind].packed:
        raise DataError(
            f"{path}: cannot read {kind} from {packing}. Unpack it first: {command(unpack, path)}."
        )
    return kind, content


def _kind_of_zip(members: list[str]) -> str:
    if "xl/workbook.xml" in members:
        return "xlsx"
    return "npz" if members and all(name.endswith(".npy") for name in members) else ""


def _is_svmlight(head: bytes) -> bool:
    lines = [line.strip() for line in head.split(b"\n")[:-1][:20] or [head]]
    lines = [line for line in lines if line and not line.startswith(b"#")]
    return bool(lines) and all(map(_SVMLIGHT.fullmatch, lines))


def _unknown(path: Path, content: Content) -> DataError:
    advice = f" {_ADVICE[content.suffix]}." if content.suffix in _ADVICE else ""
    return DataError(
        f"{path}: unknown format ({content.suffix or 'no suffix'}), expected {EXPECTED}.{advice}"
    )
