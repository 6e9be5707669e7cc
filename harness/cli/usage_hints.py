"""Hints on wrong calls: the command or option that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from ..core.errors import suggest


def with_hint(error: click.UsageError, commands: Iterable[str]) -> click.UsageError:
    """Return the error of a wrong call with a hint on what was probably meant.

    Examples
    --------
    >>> with_hint(click.UsageError("No such command 'bnch'."), ["bench", "show"]).message
    "No such command 'bnch'. Did you mean 'bench'?"
    """
    hint = ""
    if unknown := re.fullmatch(r"No such command '(.*)'\.", error.message):
        hint = suggest(unknown[1], commands)
    extra = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
    command = error.ctx.command if error.ctx else None
    if extra and command and any("--dataset" in option.opts for option in command.params):
        hint = f". A dataset follows -d, e.g. -d {extra[1].split()[0]}"
    return click.UsageError(error.message + hint, error.ctx) if hint else error
