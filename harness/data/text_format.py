"""Detection of the format of a text table: separator, decimal mark, header and comments."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from ..core.counts import counted
from .decimal_marks import Marks, find_marks
from .header_row import has_header, likely_number, with_row_names

SEPARATORS = (",", ";", "\t", "|")
BLANKS = r"\s+"
_HINT = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # a first line for Excel


@dataclass(frozen=True)
class TextFormat:
    """The format of a text table.

    Parameters
    ----------
    sep : str
    marks : Marks
        The marks within numbers.
    header : bool
        Whether the first row has names.
    rows : sequence of rows
        The first rows, each as its cells.
    skip : int
        Number of lines above the first row, including the first row if it is a comment.
    commented : bool
        Whether the names are in a comment, as written by numpy.savetxt.
    notes : tuple of str
        Guesses, which may be wrong.
    """

    sep: str
    marks: Marks
    header: bool
    rows: Sequence[Sequence[str]]
    skip: int = 0
    commented: bool = False
    notes: tuple[str, ...] = ()

    @property
    def body(self) -> Sequence[Sequence[str]]:
        """The first rows without the one that has names."""
        return self.rows[1:] if self.header else self.rows


def find_format(
    text: str, *, sep: str | None = None, decimal: str | None = None, header: bool | None = None
) -> TextFormat:
    """Detect the format of a table; given options take precedence.

    Parameters
    ----------
    text : str
        Its first lines, whole.
    sep, decimal : str, optional
    header : bool, optional

    Examples
    --------
    >>> found = find_format("# made in May\\na;b\\n1,5;2\\n2,5;3\\n")
    >>> found.sep, found.marks.decimal, found.header, found.skip
    (';', ',', True, 1)
    """
    lines = text.split("\n") if "\n" in text else text.split("\r")
    hint = _HINT.fullmatch(lines[0].strip())
    start = 1 if hint else 0
    stop = start + len(list(takewhile(_is_comment, lines[start:])))
    body = [line for line in lines[stop:] if line.strip()]
    if not body:  # all begin with #
        stop, body = start, [line for line in lines[start:] if line.strip()]
    sep = sep or (hint[1] if hint else _separator(body))
    rows = _split(body, sep)
    comments = [line for line in lines[start:stop] if line.strip()]
    names = _names(comments, rows, sep, header)
    skip = stop
    notes: tuple[str, ...] = ()
    if names is not None:
        rows, comments = [names, *rows], comments[:-1]
    elif comments and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in _split(comments, sep)):
        rows, comments, skip = [*_split(comments, sep), *rows], [], start  # colours, say
    if comments:
        notes = (f"{counted(len(comments), 'line')} of comments above the table skipped",)
    cells = [[cell.strip() for cell in row] for row in with_row_names(rows, quoted=body[-1].startswith('"'))]
    shorter = len(cells[0]) > len(rows[0])
    marks = find_marks((cell for row in cells for cell in row), sep=sep, decimal=decimal)
    named = header if header is not None else shorter or names is not None or has_header(cells)
    numbers = [cell for cell in cells[0] if likely_number(cell)] if named and header is None else []
    if numbers != [str(number) for number in range(len(numbers))]:
        notes += (f"header: the first row, with {numbers[0]!r}; if it is a sample, give header=False",)
    return TextFormat(
        sep, marks, named, cells, skip, commented=names is not None, notes=(*notes, *marks.notes)
    )


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "%")) or not line.strip()


def _names(
    comments: Sequence[str], rows: Sequence[Sequence[str]], sep: str, header: bool | None
) -> list[str] | None:
    """Return the names in the last comment, if as many as columns, or one less."""
    if not comments or header is not None or has_header(rows):
        return None
    first = _split([comments[-1].lstrip().lstrip("#%").lstrip(" ")], sep)[0]
    cells = [[cell.strip() for cell in row] for row in with_row_names([first, *rows], quoted=False)]
    return first if len(cells[0]) == len(rows[0]) and has_header(cells) else None


def _split(lines: Sequence[str], sep: str) -> list[list[str]]:
    if sep == BLANKS:
        return list(csv.reader([" ".join(line.split()) for line in lines], delimiter=" "))
    return list(csv.reader(lines, delimiter=sep, skipinitialspace=True))


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that gives the most columns of numbers."""
    scores: dict[str, tuple[float, bool, int]] = {}
    for sep in (*SEPARATORS, BLANKS):
        try:
            rows = _split(lines, sep)
        except csv.Error:  # cells of more than 128 KiB
            continue
        first, *below = with_row_names(rows, quoted=lines[-1].startswith('"'))
        if len(first) > 1 and all(len(row) == len(first) for row in below):
            cells = [cell.strip() for row in below or [first] for cell in row]
            scores[sep] = (sum(map(likely_number, cells)) / len(cells), sep != BLANKS, len(first))
    return max(scores, key=lambda sep: scores[sep], default=",")
