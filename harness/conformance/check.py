"""A check and its result: passed, failed or skipped."""

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
    """A plugin fails a check.

    Parameters
    ----------
    what : str
        The problem, with the values found.
    how : str
        How to fix it.
    why : str
        Why it matters; set by the check.

    Examples
    --------
    >>> print(Failed("the labels are floats.", "Cast them to int.", "Labels are indices."))
    the labels are floats.
    Why it matters: Labels are indices.
    How to fix it: Cast them to int.
    """

    def __init__(self, what: str, how: str, why: str = "") -> None:
        super().__init__(what, how, why)
        self.what, self.how, self.why = what, how, why

    def __str__(self) -> str:
        why = f"\nWhy it matters: {self.why}" if self.why else ""
        return f"{self.what}{why}\nHow to fix it: {self.how}"


class Skipped(SkipTest):
    """A check does not apply to a plugin, or the plugin skips it with a reason; pytest skips on it."""


@dataclass(frozen=True)
class Result:
    """The result of a check.

    Parameters
    ----------
    check : str
        Its name.
    status : "passed", "failed" or "skipped"
    what : str
        The problem, why it was skipped, or a remark if it passed.
    why, how : str
        For a failed check: why it matters, and how to fix it.
    """

    check: str
    status: Literal["passed", "failed", "skipped"]
    what: str = ""
    why: str = ""
    how: str = ""


@dataclass(frozen=True)
class Check:
    """One requirement on plugins; call it with a class, function or factory to run the check.

    Parameters
    ----------
    name : str
    why : str
        Why it matters.
    function : callable
        Takes the subject; raises Failed or Skipped, and may return a remark.
    kind : str
        The kind of plugin.
    needs : tuple of Check
        Checks that must not fail: otherwise this check would repeat the same fault, and is skipped.
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
        """Check a class, a function, an instance or a factory; return a remark or nothing.

        Raises
        ------
        Failed
            If the plugin fails the check.
        Skipped
            If the check does not apply, or the plugin lists it in `conformance_skips`.
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
        """Name the failed check that this one needs; empty if none."""
        return next((f"needs {other.name}" for other in self.needs if other.name in failed), "")

    def result(self, target: Any) -> Result:
        """Run the check, and return its result instead of raising."""
        try:
            return Result(self.name, "passed", self(target))
        except Failed as problem:
            return Result(self.name, "failed", problem.what, problem.why, problem.how)
        except Skipped as reason:
            return Result(self.name, "skipped", str(reason))


def told(problem: BaseException) -> str:
    """Return an error in one line, with its location.

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
        return "Make it work on these samples, or raise harness.NotApplicable with the reason."
    return "Fix the cause; if the input is unsuitable, raise harness.NotApplicable with the reason."
