"""Advice in errors: lines to type in a shell, or Python for objects of a program."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from keyword import iskeyword
from typing import Any


class PythonObject(str):
    """The name of a Python object, used in errors in place of a path.

    Parameters
    ----------
    name : str
    frame : str
        The expression that makes the object a frame of pandas.
    """

    frame: str

    def __new__(cls, name: str, frame: str = "frame") -> PythonObject:
        """Name an object."""
        named = super().__new__(cls, name)
        named.frame = frame
        return named


def typed(name: object) -> str:
    """Format the name of a column as typed in an option.

    Examples
    --------
    >>> typed("species"), typed("class"), typed(["a b", 3])
    ('species', "'class'", "['a b', 3]")
    """
    if isinstance(name, list):
        return f"[{', '.join(map(typed, name))}]"
    if isinstance(name, str):
        return name if name.isidentifier() and not iskeyword(name) else repr(name)
    return str(name)


def line(where: object, **options: object) -> str:
    """Format a path with options as typed on the command line, in quotes; for a frame, the expression.

    Examples
    --------
    >>> line("my data (1).csv", label="class", drop=["a", "b"])
    '"my data (1).csv(label=\\'class\\', drop=[a, b])"'
    >>> line("a.csv", label="price $")
    '\\'a.csv(label=\\'"\\'"\\'price $\\'"\\'"\\')\\''
    >>> line(PythonObject("dataset 'data'"), label="hue", drop="name")
    "(frame.drop(columns=['hue', 'name']), frame['hue'])"
    """
    if isinstance(where, PythonObject):
        return _expression(where.frame, **options)
    text = f"{where}({', '.join(f'{name}={typed(value)}' for name, value in options.items())})"
    return shlex.quote(text) if re.search(r'[$`"\\!]', text) else f'"{text}"'


def _expression(frame: str, *, label: Any = None, drop: Any = (), one_hot: Any = None) -> str:
    """Return what to give instead of a frame."""
    if one_hot is not None:
        columns = one_hot if isinstance(one_hot, list) else [one_hot]
        return f"pd.get_dummies({frame}, columns={columns!r})"
    gone = [*([] if label is None else [label]), *(drop if isinstance(drop, list | tuple) else [drop])]
    rest = f"{frame}.drop(columns={gone!r})"
    return rest if label is None else f"({rest}, {frame}[{label!r}])"


def feature(number: int, names: Sequence[str]) -> str:
    """Return the name of a feature, or its number.

    Examples
    --------
    >>> feature(0, ("width",)), feature(0, ())
    ("'width'", 'feature 0 (counted from 0)')
    """
    return repr(str(names[number])) if len(names) > number else f"feature {number} (counted from 0)"


def either(where: str, to_type: str, in_python: str) -> str:
    """Return the advice for a file, or that for a Python object.

    Examples
    --------
    >>> [either(where, "write label=None", "give X alone") for where in ("a.csv", PythonObject("data"))]
    ['write label=None', 'give X alone']
    """
    return in_python if isinstance(where, PythonObject) else to_type


def without_labels(where: str) -> str:
    """Return the advice on reading data without labels.

    Examples
    --------
    >>> without_labels("a.csv")
    'give label=None for none'
    """
    return either(where, "give label=None for none", "give only the samples")


def command(*words: object) -> str:
    """Return a command as it is typed in a shell.

    Examples
    --------
    >>> command("unzip", "my data.zip")
    "unzip 'my data.zip'"
    """
    return shlex.join(map(str, words))
