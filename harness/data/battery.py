"""Datasets of benchmark batteries: ``NAME.data.gz`` with labels in ``NAME.labels0.gz``, ``labels1``, ..."""

from __future__ import annotations

import io
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.counts import counted
from ..core.errors import DataError, one_line
from ..core.library_calls import library_call
from .advice import command, line
from .content import Content
from .folder_files import folders_in, is_hidden
from .precision import EXACT
from .raw import Raw

NOISE = 0  # the label of noise points
_DATA = re.compile(r"(.+)\.data(\.gz)?")
_LABELS = re.compile(r"(.+)\.labels(\d+)(\.gz)?")
_LICENCE = re.compile(r"^licen[cs]e(?:d under(?: the)?|:)\s+(.+?)\.?\s*$", re.IGNORECASE | re.MULTILINE)


def references(path: Path) -> dict[int, Path]:
    """Return the files of labels beside a file of data, by their numbers; none if it is another file.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name in ("toy.data", "toy.labels0", "toy.labels1.gz", "other.labels0"):
    ...     (folder / name).touch()
    >>> {number: file.name for number, file in references(folder / "toy.data").items()}
    {0: 'toy.labels0', 1: 'toy.labels1.gz'}
    """
    named = _DATA.fullmatch(path.name)
    if named is None or not path.parent.is_dir():
        return {}
    found = ((_LABELS.fullmatch(file.name), file) for file in path.parent.iterdir())
    return dict(sorted((int(match[2]), file) for match, file in found if match and match[1] == named[1]))


def data_name(path: Path) -> str:
    """Return the name of a dataset of a battery.

    Examples
    --------
    >>> data_name(Path("fcps/atom.data.gz"))
    'atom'
    """
    named = _DATA.fullmatch(path.name)
    return named[1] if named else path.name


def datasets_in(folder: Path) -> list[Path]:
    """Return the files of data in a folder that have labels beside them, by name."""
    labelled = {match[1] for file in folder.iterdir() if (match := _LABELS.fullmatch(file.name))}
    named = ((file, _DATA.fullmatch(file.name)) for file in folder.iterdir() if not is_hidden(file.name))
    return sorted(file for file, match in named if match and match[1] in labelled and file.is_file())


def refuse_folder(folder: Path) -> None:
    """Refuse a folder of batteries where one dataset is expected.

    Raises
    ------
    DataError
        If it holds such datasets, directly or in sub-folders.
    """
    found = [file for place in (folder, *folders_in(folder)) for file in datasets_in(place)]
    if found:
        raise DataError(
            f"{folder}: holds {counted(len(found), 'dataset')} with labels beside them. Run them all: "
            f"{command('harness', 'bench', '--suite', folder)}; or give one, e.g. {found[0]}."
        )


def read_battery(path: Path, reference: Any, *, labelled: bool = True) -> Raw:
    """Read samples, whitespace-separated numbers, and one of the labellings beside them.

    Parameters
    ----------
    path : Path
        The file of data, compressed or not.
    reference : int, optional
        Number of the labelling (default: the first).
    labelled : bool
        Whether labels are read.

    Raises
    ------
    DataError
        If there is no such labelling, a value is not a number, or there is not one label per sample.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "toy.data").write_text("0 1\\n2 3\\n4 5\\n")
    >>> _ = (folder / "toy.labels0").write_text("1\\n2\\n0\\n")
    >>> read_battery(folder / "toy.data", None).labels.tolist()
    [1, 2, 0]
    """
    known = references(path)
    chosen = _chosen(path, known, reference)
    samples = _numbers(path, "expected rows of numbers, separated by blanks")
    about, licence = _description(path.parent / f"{data_name(path)}.txt")
    described: dict[str, Any] = {"source": about, "licence": licence}
    if not labelled:
        return Raw(samples, **described)
    labels = _labels(known[chosen], len(samples), path)
    described |= {"noise": NOISE, "label": known[chosen].name}
    if len(known) == 1:
        return Raw(samples, labels, **described)
    other = next(number for number in known if number != chosen)
    told = f"{len(known)} references; this is reference {chosen}: choose with reference={other}"
    return Raw(samples, labels, suffix=f".{chosen}", notes=(told,), **described)


def _chosen(path: Path, known: dict[int, Path], reference: Any) -> int:
    """Return the number of the labelling to read."""
    if not known:
        raise DataError(
            f"{path}: reference={reference!r} chooses among labels in {data_name(path)}.labels0.gz, "
            f"{data_name(path)}.labels1.gz, ... beside the data, and there are none. Get these files, or "
            "leave it out."
        )
    if reference is None:
        return min(known)
    if isinstance(reference, bool) or not isinstance(reference, int | np.integer) or reference not in known:
        numbers = ", ".join(map(str, known))
        raise DataError(
            f"{path}: no reference {reference!r}. References: {numbers}. "
            f"Give {line(path, reference=min(known))}."
        )
    return int(reference)


def _numbers(path: Path, expected: str) -> NDArray[np.float64]:
    """Read a file of numbers as an array of rows."""
    text = Content(path).head(-1)
    if not text.strip():
        raise DataError(f"{path}: the file is empty, {expected}.")
    with (
        library_call(lambda reason: DataError(f"{path}: {expected}: {reason.partition(';')[0]}.")),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # of files that hold nothing but comments: refused as empty
        return np.loadtxt(io.BytesIO(text), ndmin=2)


def _labels(path: Path, n_samples: int, data: Path) -> NDArray[np.int64]:
    """Read a labelling: one whole number per sample, 0 for noise."""
    expected = "expected one whole number per line, 0 for noise"
    values = _numbers(path, expected)
    if values.size and values.shape[1] != 1:
        raise DataError(f"{path}: {expected}, got {counted(values.shape[1], 'number')} per line.")
    flat = values.ravel()
    wrong = np.flatnonzero(~((flat == np.trunc(flat)) & (flat >= 0) & (flat < EXACT)))
    if len(wrong):
        raise DataError(f"{path}: {expected}, got {flat[wrong[0]]:g} in row {wrong[0]} (counted from 0).")
    if len(flat) != n_samples:
        raise DataError(
            f"{path}: expected one label for each of the {n_samples:,} samples of {data.name}, got "
            f"{len(flat):,}. Get the files again."
        )
    return flat.astype(np.int64)


def _description(path: Path) -> tuple[str, str]:
    """Return the origin, the first paragraph of a description, and the licence; empty if not given."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()
    except OSError:
        return "", ""
    licence = _LICENCE.search(text)
    return one_line(text.partition("\n\n")[0]).removeprefix("Source: "), licence[1] if licence else ""
