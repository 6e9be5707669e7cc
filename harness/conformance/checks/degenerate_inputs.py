"""Checks of estimators on few, constant or equal samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.errors import NotApplicable, error_line, one_line
from ..check import Check, Failed, Skipped
from ..fitting import outcome
from ..subject import Subject
from ..toy_data import ordinary


def odd(name: str, needs: tuple[Check, ...], *cases: tuple[str, NDArray[Any]]) -> Check:
    """Return a check that degenerate samples give a valid result or a clear error."""

    def check(subject: Subject) -> str:
        refusals = []
        for title, X in cases:
            try:
                outcome(subject, subject.make(0), X.copy())
            except (NotApplicable, ValueError) as problem:
                if not one_line(problem):
                    silent = f"with {title} it raised {type(problem).__name__} without a message."
                    raise Failed(silent, _HONEST) from None
                refusals.append(f"refuses {title}: {one_line(problem)}")
            except (Failed, Skipped) as problem:
                what = problem.what if isinstance(problem, Failed) else str(problem)
                raise Failed(f"with {title}, {what}", _HONEST) from None
            except Exception as problem:
                if type(problem).__module__.startswith("harness."):
                    refusals.append(f"refuses {title}: {one_line(problem)}")
                    continue
                raise Failed(f"with {title} it raised {error_line(problem)}", _HONEST) from None
        return "; ".join(refusals)

    return Check(
        name,
        "Real data has it, and an unclear error is a failed run that cannot be explained.",
        check,
        needs=needs,
    )


_HONEST = "Make it work, or raise harness.NotApplicable or ValueError stating what it needs and what it got."


def odd_checks(needs: tuple[Check, ...]) -> tuple[Check, ...]:
    """Return the checks on degenerate samples."""
    X = ordinary()
    constant = X.copy()
    constant[:, ::2] = 0.5
    constant[:, 1] = 0
    return (
        odd("single-feature", needs, ("one feature", X[:, :1])),
        odd("constant-features", needs, ("constant features", constant)),
        odd(
            "duplicate-rows",
            needs,
            ("3 rows, each 30 times", np.repeat(X[:3], 30, axis=0)),
            ("90 equal rows", np.repeat(X[:1], 90, axis=0)),
        ),
        odd("few-samples", needs, ("5 samples", X[:5]), ("2 samples", X[:2])),
    )
