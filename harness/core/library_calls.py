"""Wrapper for libraries that parse files: any exception becomes a one-line error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import HarnessError, one_line


@contextmanager
def library_call(
    refusal: Callable[[str], HarnessError],
    *,
    only: type[Exception] = Exception,
    passing: type[Exception] = HarnessError,
) -> Iterator[None]:
    """Convert any exception of a library that parses a file to an error of the harness.

    A damaged file makes NumPy, zipfile, pandas, pyarrow or Pillow raise nearly anything, from TokenError to
    RecursionError, so no list of types is ever complete. Put the library's call alone into the block: an
    error in the harness's own code then keeps its traceback.

    Parameters
    ----------
    refusal : callable
        Makes the error from the reason, a line without a full stop: what is wrong, in which file, what is
        allowed, what to do.
    only : exception type
        Narrower, where the harness's own code has to stand in the block too.
    passing : exception type
        Left as it is, like the harness's own errors.

    Examples
    --------
    >>> import json
    >>> with library_call(lambda reason: HarnessError(f"toy.json: {reason}. Save it again.")):
    ...     json.loads("{")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    harness.core.errors.HarnessError: toy.json: Expecting property name ... Save it again.
    """
    try:
        yield
    except (HarnessError, passing):
        raise
    except only as error:
        raise refusal(_reason(error)) from error


def _reason(error: Exception) -> str:
    """Return an error's message, or its type if the message says little."""
    message = one_line(error).rstrip(".")
    if message and not isinstance(error, KeyError | RecursionError | MemoryError):
        return message
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
