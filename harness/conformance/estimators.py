"""What is asked of encoders and clusterers alike."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NotApplicable
from ..registry import Plugin
from ..worker import Worker
from .outcome import Check, Failed, Skipped, line
from .parameters import PARAMETER_CHECKS
from .samples import IMAGE, fitted, ordinary, outcome
from .subject import Subject


def fits(subject: Subject) -> None:
    """Fit on ordinary samples; here, not to apply is no excuse."""
    try:
        fitted(subject)
    except NotApplicable as problem:
        raise Failed(
            f"it says that 90 samples in three clear clusters are not applicable: {line(problem)}",
            "Let its defaults work on them, or give the reason in conformance_skips.",
        ) from None


def leaves_input(subject: Subject) -> None:
    """Fit on samples that cannot be written into, then on ones that can, and compare these."""
    estimator, _ = fitted(subject)  # these are read-only
    X = ordinary().copy()
    outcome(subject, subject.make(0, IMAGE), X)
    for method in ("transform", "predict"):
        if hasattr(estimator, method):
            getattr(estimator, method)(ordinary())
    if not np.array_equal(X, ordinary()):
        raise Failed("it changed the samples that it was given.", "Work on a copy: X = X.copy().")


def layouts(subject: Subject) -> None:
    """Fit on single and double precision, by rows and by columns."""
    for dtype in (np.float32, np.float64):
        for order in ("C", "F"):
            X = np.array(ordinary(), dtype=dtype, order=order)
            try:
                outcome(subject, subject.make(0, IMAGE), X)
            except Failed as problem:
                raise Failed(f"with {dtype.__name__} in {order} order, {problem.what}", problem.how) from None


def repeats(subject: Subject) -> str:
    """Fit twice with the same seed, and with other states of the global generators."""
    state = np.random.get_state()  # noqa: NPY002
    try:
        found = []
        for seed in (1, 2):
            np.random.seed(seed)  # noqa: NPY002
            found.append(fitted(subject)[1])
    finally:
        np.random.set_state(state)  # noqa: NPY002
    if not alike(*found):
        seeded = hasattr(subject.make(), "random_state")
        raise Failed(
            f"two fits {'with random_state=0' if seeded else 'without a random_state'} differ "
            f"{difference(*found)}.",
            "Draw all random numbers from np.random.default_rng(self.random_state)."
            if seeded
            else "Give the constructor a random_state, and draw all random numbers from it.",
        )
    other = fitted(subject, seed=1)[1]
    return "" if alike(found[0], other) else "another seed gives another result"


def alike(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Whether labels are equal, or embeddings but for the last digits of single precision."""
    if first.shape != second.shape:
        return False
    if first.dtype.kind in "iu":
        return np.array_equal(first, second)
    scale = float(np.abs(first).max())
    return bool(np.allclose(first, second, rtol=0, atol=1e-4 * max(scale, 1e-12)))


def difference(first: NDArray[Any], second: NDArray[Any]) -> str:
    """Say how much two results differ."""
    if first.shape != second.shape:
        return f"in shape: {first.shape} and {second.shape}"
    if first.dtype.kind in "iu":
        return f"in {np.count_nonzero(first != second)} of {len(first)} labels"
    return f"by up to {np.abs(first - second).max():.3g}"


def pickles(subject: Subject) -> None:
    """Send an estimator to a new process before and after it was fitted, and use it there."""
    estimator, expected = fitted(subject)
    method = "transform" if subject.kind == "encoder" else "predict"
    here = getattr(estimator, method)(ordinary()) if hasattr(estimator, method) else expected
    for when, each in (("before it is fitted", subject.make(0, IMAGE)), ("when it is fitted", estimator)):
        try:
            sent = pickle.dumps(each)
        except Exception as problem:
            raise Failed(
                f"{when} it cannot be pickled: {line(problem)}",
                "Define what it holds at the top of a module, and keep no lambdas, locks or open files.",
            ) from None
    child = Worker()
    try:
        there = child.call(_used, subject.plugin, sent, method, ordinary())
    except Exception as problem:
        raise Failed(
            f"in another process it cannot be used: {line(problem)}",
            "Define the class at the top of a module that can be imported, and keep in it all it needs.",
        ) from None
    finally:
        child.stop()
    if there is not None and not alike(np.asarray(here), there):
        raise Failed(
            f"in another process it gives another result, differing {difference(np.asarray(here), there)}.",
            "Keep all that was learnt in attributes of the estimator, not in globals or on the class.",
        )


def _used(plugin: Plugin | None, sent: bytes, method: str, X: NDArray[Any]) -> NDArray[Any] | None:
    """Use an estimator in another process; the plugin's file was loaded as it is among the arguments."""
    estimator = pickle.loads(sent)
    return np.asarray(getattr(estimator, method)(X)) if hasattr(estimator, method) else None


def odd(name: str, why: str, *cases: tuple[str, NDArray[Any]]) -> Check:
    """Return a check that samples of an odd kind give something sound, or an honest error."""

    def check(subject: Subject) -> str:
        refusals = []
        for title, X in cases:
            try:
                outcome(subject, subject.make(0), X)
            except (NotApplicable, ValueError) as problem:
                if not line(problem):
                    silent = f"with {title} it raised {type(problem).__name__} without a word."
                    raise Failed(silent, _HONEST) from None
                refusals.append(f"refuses {title}: {line(problem)}")
            except (Failed, Skipped) as problem:
                what = problem.what if isinstance(problem, Failed) else str(problem)
                raise Failed(f"with {title}, {what}", _HONEST) from None
            except Exception as problem:
                if type(problem).__module__.startswith("harness."):
                    refusals.append(f"refuses {title}: {line(problem)}")
                    continue
                raise Failed(
                    f"with {title} it raised {type(problem).__name__}: {line(problem)}", _HONEST
                ) from None
        return "; ".join(refusals)

    return Check(name, why, check)


_HONEST = "Let it work, or raise harness.NotApplicable or ValueError that says what it needs and what it got."


def _odd_checks() -> tuple[Check, ...]:
    X = ordinary()
    constant = X.copy()
    constant[:, ::2] = 0.5
    constant[:, 1] = 0
    why = "Real data has it; an accident shows as a failed cell that nobody can explain."
    return (
        odd("single-feature", why, ("one feature", X[:, :1])),
        odd("constant-features", why, ("constant features", constant)),
        odd(
            "duplicate-rows",
            why,
            ("3 rows, each 30 times", np.repeat(X[:3], 30, axis=0)),
            ("90 equal rows", np.repeat(X[:1], 90, axis=0)),
        ),
        odd("few-samples", why, ("5 samples", X[:5]), ("2 samples", X[:2])),
    )


ESTIMATOR_CHECKS = (
    *PARAMETER_CHECKS,
    Check("fits-without-labels", "Labels never reach an encoder or a clusterer.", fits),
    Check(
        "leaves-input-alone",
        "The harness maps samples read-only from its store, and other stages read the same memory.",
        leaves_input,
    ),
    Check("takes-every-layout", "An encoder before it may give double precision, or columns first.", layouts),
    Check(
        "repeats",
        "A result is kept under its seed and never computed again; others must be able to get the same.",
        repeats,
    ),
    *_odd_checks(),
    Check("pickles", "Stages run in processes of their own, and on other machines.", pickles),
)
