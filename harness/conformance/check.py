"""What a check is, and how it ends: passed, failed or skipped."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from unittest import SkipTest

from ..core.errors import HarnessError, NotApplicable, Unavailable, error_line, one_line
from .subject import Subject


class Failed(AssertionError):
    """A plugin does not keep what a check asks for.

    Parameters
    ----------
    what : str
        What is wrong, with what was found.
    how : str
        How to mend it.
    why : str
        Why it matters; the check fills it in.

    Examples
    --------
    >>> print(Failed("the labels are floats.", "Cast them to int.", "Labels are indices."))
    the labels are floats.
    Why it matters: Labels are indices.
    How to mend it: Cast them to int.
    """

    def __init__(self, what: str, how: str, why: str = "") -> None:
        super().__init__(what, how, why)
        self.what, self.how, self.why = what, how, why

    def __str__(self) -> str:
        why = f"\nWhy it matters: {self.why}" if self.why else ""
        return f"{self.what}{why}\nHow to mend it: {self.how}"


class Skipped(SkipTest):
    """A check has no meaning for a plugin, or the plugin says why it is not made; pytest skips on it."""


@dataclass(frozen=True)
class Result:
    """How a check ended.

    Parameters
    ----------
    check : str
        Its name.
    status : "passed", "failed" or "skipped"
    what : str
        What is wrong, why it was skipped, or what is worth knowing though it passed.
    why, how : str
        Of a failed check: why it matters, and how to mend it.
    """

    check: str
    status: Literal["passed", "failed", "skipped"]
    what: str = ""
    why: str = ""
    how: str = ""


@dataclass(frozen=True)
class Check:
    """One thing that is asked of a plugin; calling it with a class, function or factory makes the check.

    Parameters
    ----------
    name : str
    why : str
        Why it matters.
    function : callable
        Takes what is checked; raises Failed or Skipped, and may return what is worth knowing.
    kind : str
        The kind of plugin.
    needs : tuple of Check
        What must not fail: otherwise this check would only tell the same fault again, and is skipped.
    can_be_skipped : bool
        Whether `conformance_skips` may name it.
    """

    name: str
    why: str
    function: Callable[[Subject], str | None]
    kind: str = ""
    needs: tuple[Check, ...] = ()
    can_be_skipped: bool = True

    def __str__(self) -> str:
        return self.name

    def of(self, kind: str) -> Check:
        """Return the same check for a kind of plugin."""
        return replace(self, kind=kind)

    def __call__(self, target: Any) -> str:
        """Check a class, a function, an instance or a factory; return what is worth knowing.

        Raises
        ------
        Failed
            When it does not pass.
        Skipped
            When it does not apply, or the plugin says in `conformance_skips` why it is not made.
        """
        subject = target if isinstance(target, Subject) else Subject.of(self.kind, target)
        reason = subject.skips.get(self.name, "") if self.can_be_skipped else ""
        if isinstance(reason, str) and reason.strip():
            raise Skipped(reason)
        for other in self.needs:
            self._depend(other, subject)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self.function(subject) or ""
        except Failed as problem:
            raise Failed(problem.what, problem.how, self.why) from None
        except Skipped:
            raise
        except (NotApplicable, Unavailable) as problem:
            raise Skipped(f"it says: {one_line(problem)}") from None
        except (Exception, SystemExit) as problem:
            raise Failed(f"it raised {told(problem)}", _advice(problem), self.why) from problem

    def _depend(self, other: Check, subject: Subject) -> None:
        try:
            other(subject)
        except Failed:
            raise Skipped(self.waits_for({other.name})) from None
        except Skipped:
            pass

    def waits_for(self, failed: Collection[str]) -> str:
        """Say which of the failed checks this one needs; empty where it needs none of them."""
        return next((f"needs {other.name}" for other in self.needs if other.name in failed), "")

    def result(self, target: Any) -> Result:
        """Make the check, and return how it ended instead of raising."""
        try:
            return Result(self.name, "passed", self(target))
        except Failed as problem:
            return Result(self.name, "failed", problem.what, problem.why, problem.how)
        except Skipped as reason:
            return Result(self.name, "skipped", str(reason))


def told(problem: BaseException) -> str:
    """Return an error in one line, with the place where it was raised.

    Examples
    --------
    >>> told(ValueError("too few"))
    'ValueError: too few'
    """
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{error_line(problem)}{place}"


def _advice(problem: BaseException) -> str:
    if isinstance(problem, TypeError) and "missing" in str(problem):
        return "Give every argument but X a default, so that fit(X) and the constructor work without it."
    if "read-only" in str(problem):
        return "Copy the input before writing into it; in Cython, take 'const' memoryviews."
    if isinstance(problem, HarnessError):
        return "Let it work on these samples, or raise harness.NotApplicable with the reason."
    return "Mend what raises it; where the input is at fault, raise harness.NotApplicable with the reason."
