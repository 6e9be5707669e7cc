"""Checks of both encoders and clusterers."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.seeds import SEED_NAMES
from ..check import Check, Failed, Skipped
from ..fitting import FITS, first, fitted, in_layout, outcome, second, sound
from ..random_state import states
from ..subject import Subject
from ..toy_data import IMAGE, alike, difference, ordinary, readonly, unclear
from .degenerate_inputs import odd_checks
from .parameters import PARAMETER_CHECKS
from .pickles import pickles

LAYOUTS: tuple[tuple[Any, Any], ...] = tuple(product((np.float32, np.float64), "CF"))


def leaves_input(subject: Subject) -> None:
    """Fit on read-only samples, and compare writable ones before and after."""
    outcome(subject, subject.make(0, IMAGE), readonly(ordinary()))
    use(first(subject).estimator, readonly(ordinary()))
    for dtype, order in LAYOUTS:
        X: NDArray[Any] = np.array(ordinary(), dtype=dtype, order=order)
        try:
            made = in_layout(subject, dtype, order)
            use(made.estimator, X)
        except Exception:  # reported by takes-every-layout
            continue
        if made.wrote or not np.array_equal(X, ordinary()):
            raise Failed(
                f"it changed its input samples ({dtype.__name__}, {order} order).",
                "Work on a copy: X = X.copy().",
            )


def use(estimator: Any, X: NDArray[Any]) -> None:
    """Call transform or predict of a fitted estimator."""
    for method in ("transform", "predict"):
        if hasattr(estimator, method):
            getattr(estimator, method)(X)


def layouts(subject: Subject) -> None:
    """Fit on single and double precision, by rows and by columns."""
    for dtype, order in LAYOUTS:
        try:
            made = in_layout(subject, dtype, order)
            sound(subject, made.result, len(ordinary()))
            use(made.estimator, np.array(ordinary(), dtype=dtype, order=order))
        except Failed as problem:
            raise Failed(f"with {dtype.__name__} in {order} order, {problem.what}", problem.how) from None


def repeats(subject: Subject) -> None:
    """Fit twice with the same seed, and with other states of the global generators."""
    found = [sound(subject, made(subject).result, len(ordinary())) for made in (first, second)]
    if not alike(*found):
        name = next((name for name in SEED_NAMES if hasattr(subject.make(), name)), "")
        seeded = bool(name)
        raise Failed(
            f"two fits {f'with {name}=0' if seeded else 'without a random_state'} differ "
            f"{difference(*found)}.",
            f"Draw all random numbers from np.random.default_rng(self.{name})."
            if seeded
            else "Give the constructor a random_state, and draw all random numbers from it.",
        )


def leaves_generators(subject: Subject) -> None:
    """Check that fit, transform and predict do not change the state of a global generator."""
    made = second(subject)  # the first fit may have imported a library that draws on import
    was = states()
    use(made.estimator, ordinary())
    drew = made.drew or [name for name, state in states().items() if state != was[name]]
    if drew:
        raise Failed(
            f"it seeds {' and '.join(drew)}, or draws from there.",
            "Draw only from np.random.default_rng(self.random_state), and seed nothing global.",
        )


def honours_seed(subject: Subject) -> str:
    """Fit with other seeds, finally on samples for which many partitions are equally good."""
    _, expected = fitted(subject)
    if all(getattr(subject.make(1), name, None) != 1 for name in SEED_NAMES):
        raise Skipped("it has no random_state for the harness to set")
    if not alike(expected, outcome(subject, subject.make(1, IMAGE), ordinary())):
        return "another seed gives another result"
    try:
        found = [outcome(subject, subject.make(seed, IMAGE), unclear()) for seed in range(3)]
    except Exception as problem:
        return f"random_state changes nothing in three clear clusters, and without clusters: {problem}"
    if all(alike(found[0], each) for each in found):
        return "random_state changes nothing, even without clusters: use it, or remove the parameter"
    return ""


def estimator_checks(gives: Check) -> tuple[Check, ...]:
    """Return the checks; `gives` is the one for a valid embedding or labels."""
    needs = (FITS, gives)
    return (
        *PARAMETER_CHECKS,
        gives,
        Check(
            "leaves-input-alone",
            "The harness maps samples read-only from its store, and other stages read the same memory.",
            leaves_input,
            needs=needs,
        ),
        Check(
            "takes-every-layout",
            "An encoder before it may return double precision, or column order.",
            layouts,
            needs=needs,
        ),
        Check(
            "repeats",
            "A result is cached under its seed and never recomputed; others must be able to reproduce it.",
            repeats,
            needs=needs,
        ),
        Check(
            "leaves-global-random-state",
            "Otherwise results of other plugins in the same process depend on whether it ran before.",
            leaves_generators,
            needs=needs,
        ),
        Check(
            "honours-random-state",
            "Leaderboards report the spread over seeds: seeds that change nothing make it look certain.",
            honours_seed,
            needs=needs,
        ),
        *odd_checks(needs),
        Check("pickles", "Stages run in worker processes, and on other machines.", pickles, needs=needs),
    )
