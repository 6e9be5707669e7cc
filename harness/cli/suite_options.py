"""Options of commands that show a suite, and what does not go with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from ..core.errors import BadParameter

if TYPE_CHECKING:
    from pathlib import Path

    from ..core.suite import Suite
    from ..registry.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])


def suite_option(help_text: str) -> Callable[[F], F]:
    """Return the option ``--suite``: a built-in suite, its file, or a folder of datasets."""
    return click.option("--suite", metavar="SUITE", help=help_text)


def suite_of(text: str) -> Suite:
    """Read a suite as the command line names it."""
    from ..planning.suites.read import read_suite

    return read_suite(text).suite


def data_of_suite(text: str, folder: Path, registry: Registry) -> list[str]:
    """Return the datasets of a suite that are on this machine and have a leaderboard in a folder.

    Returns
    -------
    list of str
        ``NAME=TEXT``, as ``harness verify -d`` takes them.
    """
    from ..planning.suites.plans import is_absent

    there = {path.stem.rpartition(".")[0] for path in (folder / "records").glob("*.jsonl")}
    pairs = (pair for each in suite_of(text).datasets for pair in zip(each.boards, each.texts, strict=True))
    return [f"{name}={each}" for name, each in pairs if name in there and not is_absent(each, registry)]


def check_options(
    ctx: click.Context, suite: bool, *, alone: Mapping[str, str], without: Mapping[str, str]
) -> None:
    """Refuse options that need a suite without one, and those that do not go with one.

    Parameters
    ----------
    ctx : click.Context
    suite : bool
        Whether ``--suite`` was given.
    alone, without : mapping
        Parameters that need a suite, and those that do not go with one, as they are typed.
    """
    for name, typed in (without if suite else alone).items():
        if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise BadParameter(f"{typed} {'does not go with' if suite else 'needs'} --suite.")
