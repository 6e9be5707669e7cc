"""Traceback of a crashed or stopped process, as written by `faulthandler`: latest call first."""

from __future__ import annotations

import multiprocessing
import re
from pathlib import Path

from ..core import tracebacks

CALL = re.compile(r'^  File "(.+)", line (\d+) in ')
HARNESS = Path(tracebacks.__file__).parent.parent  # the package
SERVING = (Path(multiprocessing.__file__).parent, Path("<string>"))  # code of the worker process itself


def shortened(text: str) -> str:
    """Remove calls of the harness around a plugin's, and the list of libraries.

    If only the harness was running, all calls are kept.

    Examples
    --------
    >>> text = 'Current thread 0x7f (most recent call first):\\n  File "my.py", line 4 in fit\\n'
    >>> print(shortened(text + '  File "<string>", line 1 in <module>\\n\\nExtension modules: numpy'))
    Traceback (most recent call first):
      File "my.py", line 4 in fit
    """
    text = text.partition("\nExtension modules: ")[0].rstrip()
    text = re.sub(r"^(Current thread|Thread) 0x\w+ ", "Traceback ", text, flags=re.MULTILINE)
    lines = text.splitlines()
    end = len(lines)
    while end and _is_around(lines[end - 1]):
        end -= 1
    return "\n".join(lines[:end] if end and CALL.match(lines[end - 1]) else lines)


def innermost(text: str) -> str:
    """Return file and line of the latest call, formatted like the location of an error.

    Examples
    --------
    >>> innermost('Traceback (most recent call first):\\n  File "/a/my.py", line 4 in fit')
    'my.py:4'
    """
    found = next((found for line in text.splitlines() if (found := CALL.match(line))), None)
    return f"{Path(found[1]).name}:{found[2]}" if found else ""


def _is_around(line: str) -> bool:
    found = CALL.match(line)
    if not found:
        return False
    path = Path(found[1])
    if path.is_relative_to(HARNESS):
        return not path.is_relative_to(HARNESS / "plugins")
    return any(path.is_relative_to(each) for each in SERVING)
