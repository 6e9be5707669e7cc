"""Findings of the verification of published boards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["wrong", "unverified"]
MOST = 100  # findings of one kind kept individually


@dataclass(frozen=True)
class Finding:
    """Something wrong, or something that could not be checked.

    Parameters
    ----------
    level : {"wrong", "unverified"}
    where : str
        File, and line or row.
    what : str
        The problem, found and expected values; or why it could not be checked.
    """

    level: Level
    where: str
    what: str


@dataclass
class Findings:
    """Counts of passed checks by kind, and findings."""

    checked: Counter[str] = field(default_factory=Counter)
    found: list[Finding] = field(default_factory=list)
    kept: Counter[Level] = field(default_factory=Counter)
    more: Counter[Level] = field(default_factory=Counter)  # findings not kept individually
    unpublished: list[str] = field(default_factory=list)  # pages of unpublished runs in the folder

    def ok(self, what: str, number: int = 1) -> None:
        """Count passed checks."""
        self.checked[what] += number

    def wrong(self, where: str, what: str) -> None:
        """Record that something is wrong."""
        self._add(Finding("wrong", where, what))

    def unverified(self, where: str, what: str) -> None:
        """Record that something could not be checked, and why."""
        self._add(Finding("unverified", where, what))

    def _add(self, finding: Finding) -> None:
        if finding in self.found:
            return
        if self.kept[finding.level] < MOST:
            self.kept[finding.level] += 1
            self.found.append(finding)
        else:
            self.more[finding.level] += 1

    def of(self, level: Level) -> list[Finding]:
        """Return the findings of a level, in the order in which they were found."""
        return [each for each in self.found if each.level == level]

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.of("wrong")
