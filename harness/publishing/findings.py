"""What a check of published boards has found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["wrong", "unverified"]
MOST = 100  # findings of one kind that are kept one by one


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, or that could not be checked.

    Parameters
    ----------
    level : {"wrong", "unverified"}
    where : str
        File, and line or row.
    what : str
        What is wrong, what was found and what was expected; or why it could not be checked.
    """

    level: Level
    where: str
    what: str


@dataclass
class Findings:
    """What was checked and found well, by what it is, and what was not."""

    checked: Counter[str] = field(default_factory=Counter)
    found: list[Finding] = field(default_factory=list)
    kept: Counter[Level] = field(default_factory=Counter)
    more: Counter[Level] = field(default_factory=Counter)  # that are not kept one by one
    unpublished: list[str] = field(default_factory=list)  # pages of runs beside what is published

    def ok(self, what: str, number: int = 1) -> None:
        """Count things that are as they should be."""
        self.checked[what] += number

    def wrong(self, where: str, what: str) -> None:
        """Note that something is wrong."""
        self._add(Finding("wrong", where, what))

    def unverified(self, where: str, what: str) -> None:
        """Note that something could not be checked, and why."""
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
