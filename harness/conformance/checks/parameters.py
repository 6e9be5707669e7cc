"""Checks of constructors: parameters are stored, and estimators can be cloned."""

from __future__ import annotations

import inspect
from typing import Any

from ..check import Check, Failed, Skipped
from ..fitting import FITS, as_text, first
from ..subject import Subject, parameters
from ..toy_data import IMAGE

ONLY_STORE = "Write only 'self.{0} = {0}' in the constructor; check the value in fit."


class _Int(int):
    pass


class _Float(float):
    pass


class _Str(str):
    __slots__ = ()


def _like(value: Any) -> Any:
    """Return an equal value that is another object, to detect whether it was replaced."""
    if type(value) in (int, float, str):
        return {int: _Int, float: _Float, str: _Str}[type(value)](value)
    return type(value)(value) if type(value) in (list, dict, set) else value


def stores(subject: Subject) -> None:
    """Pass a distinct object for every parameter, and check that it is stored."""
    if not isinstance(subject.target, type):
        raise Skipped("only a class has a constructor to check")
    given = {
        name: _like(subject.written.get(name, each.default))
        for name, each in parameters(subject.target).items()
        if name in subject.written or each.default is not inspect.Parameter.empty
    }
    made = subject.target(**given)
    told = made.get_params(deep=False) if hasattr(made, "get_params") else {}
    for name, value in given.items():
        if not hasattr(made, name):
            raise Failed(f"parameter {name!r} is not stored under its name.", ONLY_STORE.format(name))
        if getattr(made, name) is not value:
            raise Failed(
                f"parameter {name!r} was given as {value!r} and is stored as {getattr(made, name)!r}, "
                "another object.",
                ONLY_STORE.format(name),
            )
        if told and told.get(name, made) is not value:
            raise Failed(
                f"get_params returns another value than was given for {name!r}.", ONLY_STORE.format(name)
            )


def clones(subject: Subject) -> None:
    """Clone with scikit-learn, before and after a fit."""
    from sklearn.base import clone

    made = subject.make(0, IMAGE)
    if not hasattr(made, "get_params"):
        raise Skipped(
            "it has no get_params; the harness constructs a new one from the constructor's parameters"
        )
    how = "Derive from sklearn.base.BaseEstimator, and store parameters untouched."
    try:
        copy = clone(made)
    except (RuntimeError, TypeError) as problem:
        raise Failed(f"sklearn.base.clone fails: {problem}", how) from None
    if repr(copy.get_params()) != repr(made.get_params()):
        raise Failed("its clone has other parameters.", how)
    copy = clone(first(subject).estimator)
    learnt = [name for name in vars(copy) if name.endswith("_") and not name.startswith("_")]
    fresh = set(vars(made))
    if set(learnt) - fresh:
        raise Failed(f"the clone of a fitted one has {', '.join(learnt)}.", how)


def keeps(subject: Subject) -> None:
    """Compare the parameters before and after a fit."""
    made = first(subject)
    after = as_text(made.estimator)
    for name, was in made.before.items():
        if after.get(name) != was:
            raise Failed(
                f"fit changes the parameter {name!r} from {was:.80} to {after.get(name, 'nothing'):.80}.",
                f"Store results of fit in another attribute, e.g. self.{name}_, and leave self.{name} "
                "unchanged.",
            )


PARAMETER_CHECKS = (
    Check(
        "stores-parameters",
        "A stage's key contains the parameters as given, and leaderboards show them.",
        stores,
    ),
    FITS,
    Check(
        "clones",
        "scikit-learn's tools and K selection copy estimators with clone.",
        clones,
        needs=(FITS,),
    ),
    Check(
        "keeps-parameters",
        "Fitting it again, or a clone of it, would use other parameters than requested.",
        keeps,
        needs=(FITS,),
    ),
)
