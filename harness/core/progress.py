"""Progress reports from within a long fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int, str], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def report_progress(done: int, total: int, note: str = "") -> None:
    """Report the progress of this fit; outside of a run this does nothing.

    Parameters
    ----------
    done, total : int
        Steps such as epochs; 0 if the total is unknown.
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
    """Send reports within this context to `listener`, called with done, total and note."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def labelled(label: str) -> Iterator[None]:
    """Prefix the notes reported within this context with a label."""
    outer = _listener.get()
    if outer is None:
        yield
        return
    with listening(lambda done, total, note: outer(done, total, f"{label}: {note}" if note else label)):
        yield
