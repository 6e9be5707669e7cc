"""Text files of svmlight and libsvm: lines of ``label index:value ...`` without zeros."""

from __future__ import annotations

from sklearn.datasets import load_svmlight_file

from ..core.errors import DataError
from ..core.library_calls import library_call
from .content import Content
from .raw import Raw
from .sparse import NOTE, dense
from .table_options import TableOptions


def read_svmlight(content: Content, options: TableOptions | None = None) -> Raw:
    """Read samples and labels; the indices begin at 1, or at 0 if one is 0.

    Raises
    ------
    DataError
        If a line cannot be read, or the samples are too large as an array.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp(), "toy.svm")
    >>> _ = file.write_text("1 1:0.5 3:2\\n-1 2:1\\n")
    >>> raw = read_svmlight(Content(file))
    >>> raw.samples.tolist(), raw.labels.tolist()
    ([[0.5, 0.0, 2.0], [0.0, 1.0, 0.0]], [1.0, -1.0])
    """
    where, label = str(content.path), options.label if options else "auto"
    if label not in ("auto", None):
        raise DataError(
            f"{where}: labels are the first number of each line, got label={label!r}. Use label=None for "
            "none."
        )
    refusal = f"{where}: cannot read as svmlight text: "
    with library_call(lambda reason: DataError(f"{refusal}{reason}.")), content.open() as file:
        matrix, labels = load_svmlight_file(file)
    left_out = ("'qid' (query identifiers)",) if b"qid:" in content.head(2**12) else ()
    samples = dense(matrix, where)
    if label is None:
        return Raw(samples, left_out=left_out, notes=(NOTE,))
    return Raw(samples, labels, label="first number of a line", left_out=left_out, notes=(NOTE,))
