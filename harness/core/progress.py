"""Telling how far a long fit is, from anywhere within it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int, str], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def report_progress(done: int, total: int, note: str = "") -> None:
    """Tell the user how far this fit is; without a run that listens, nothing happens.

    Parameters
    ----------
    done, total : int
        Steps such as epochs; 0 where the total is not known.
    note : str
        A few words, such as the loss.

    Examples
    --------
    >>> with listening(print):
    ...     report_progress(3, 50, "loss 0.02")
    3 50 loss 0.02
    >>> report_progress(4, 50)
    """
    listener = _listener.get()
    if listener is not None:
        listener(done, total, note)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send what is reported within to `listener`, called with done, total and note."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def labelled(label: str) -> Iterator[None]:
    """Put a label before the notes that are reported within."""
    outer = _listener.get()
    if outer is None:
        yield
        return
    with listening(lambda done, total, note: outer(done, total, f"{label}: {note}" if note else label)):
        yield
