"""Reasons that a plugin gives for skipped checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...core.errors import suggest
from ..check import Check, Failed
from ..subject import Subject

NAME = "skips-have-reasons"


def reasons(names: Callable[[str], list[str]]) -> Check:
    """Return the check that `conformance_skips` names existing checks, each with a reason.

    Parameters
    ----------
    names : callable
        Returns the names of the checks of a kind.
    """

    def check(subject: Subject) -> None:
        skips = getattr(subject.target, "conformance_skips", {})
        if not isinstance(skips, Mapping):
            raise Failed(
                f"conformance_skips is {type(skips).__name__}.", "Write {'name of a check': 'the reason'}."
            )
        known = [name for name in names(subject.kind) if name != NAME]
        for name, reason in skips.items():
            if name not in known:
                raise Failed(
                    f"conformance_skips names {name!r}, which cannot be skipped for {subject.kind}s."
                    f"{suggest(str(name), known)}",
                    f"Name one of: {', '.join(known)}.",
                )
            if not isinstance(reason, str) or not reason.strip():
                raise Failed(
                    f"conformance_skips gives no reason for {name!r}.", "Give the reason in a sentence."
                )

    return Check(
        NAME,
        "A check skipped without a reason hides a fault from users.",
        check,
        can_be_skipped=False,
    )
