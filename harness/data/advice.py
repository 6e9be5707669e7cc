"""Lines to type that errors print: they work in a shell as they stand."""

from __future__ import annotations

import re
import shlex
from keyword import iskeyword


def typed(name: object) -> str:
    """Return the name of a column as it is typed in an option.

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
    """Return a path with options as it is typed on the command line, in quotes.

    Examples
    --------
    >>> line("my data (1).csv", label="class", drop=["a", "b"])
    '"my data (1).csv(label=\\'class\\', drop=[a, b])"'
    >>> line("a.csv", label="price $")
    '\\'a.csv(label=\\'"\\'"\\'price $\\'"\\'"\\')\\''
    """
    text = f"{where}({', '.join(f'{name}={typed(value)}' for name, value in options.items())})"
    return shlex.quote(text) if re.search(r'[$`"\\!]', text) else f'"{text}"'


def command(*words: object) -> str:
    """Return a command as it is typed in a shell.

    Examples
    --------
    >>> command("unzip", "my data.zip")
    "unzip 'my data.zip'"
    """
    return shlex.join(map(str, words))
