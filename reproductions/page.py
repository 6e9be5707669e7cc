"""Page of the reproductions: reported and measured numbers, and all pipelines under one protocol."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from harness.leaderboard.markdown import github_table
from harness.leaderboard.text import escape

from . import file_name
from .disagreement_page import explanation
from .evidence import SCORES, write
from .measurements import COMMON, Measured, Pool, write_pool
from .reports import CLASSES, TEST_CODES, UNMATCHED, Quantity, names
from .verdicts import MEANINGS, Judged, judge_all, tally

HEADERS = (
    "pipeline",
    "number",
    "matching, as described",
    "as reported",
    "measured mean",
    "range",
    "n",
    "position",
    "verdict",
)
COMMON_HEADERS = ("report", "pipeline", "as reported", "accuracy", "range", "purity", "n")
MATCHINGS: dict[Quantity, str] = {
    "accuracy": "accuracy (one-to-one)",
    "purity": "purity (most frequent class)",
}
COMMON_NOTE = (
    "The same pipelines, fit on the train images and scored on the test images, with clusters and classes "
    "matched one to one (Hungarian). Only these rows are comparable."
)
QUICK = "Quick: fewer images, epochs and seeds than in the reports. This is not a reproduction."


def reproductions(pool: Pool) -> str:
    """Write the page of all reports run."""
    judged = judge_all(pool)
    every = [each for found in judged.values() for each in found]
    parts = ["# The five reports, reproduced", _head(pool), _verdicts(every)]
    for name, found in judged.items():
        parts += [f"## {name}", _table(found), *_reasons(found)]
    parts += ["## All under one protocol", COMMON_NOTE, _common(judged, pool)]
    return "\n\n".join(parts) + "\n"


def _head(pool: Pool) -> str:
    lines = [f"- {name}: {escape(text)}" for name, text in (pool.facts or {}).items()]
    return "\n".join([*([f"- **{QUICK}**"] if pool.quick else []), *lines])


def _verdicts(judged: Sequence[Judged]) -> str:
    counts = tally(judged)
    lines = [f"- **{name}** ({count}): {MEANINGS[name]}" for name, count in counts.items()]
    head = f"Of {sum(counts.values())} reported numbers, each under the reading of the report that fits best:"
    return "\n".join([head, "", *lines])


def _table(judged: Sequence[Judged]) -> str:
    return github_table([_line(each) for each in judged], HEADERS)


def _line(each: Judged) -> list[str]:
    values = each.values
    ends = [write(value, each.quantity) for value in (values[:1] + values[-1:])]
    return [
        each.title,
        MATCHINGS.get(each.quantity, each.quantity),
        each.reported.matching if each.quantity in MATCHINGS or each.quantity == UNMATCHED else "–",
        each.printed,
        write(statistics.fmean(values), each.quantity) if values else "–",
        " – ".join(ends) if len(values) > 1 else "–",
        _count(each),
        f"above {each.lower} of {len(values)}" if values else "–",
        each.verdict,
    ]


def _count(each: Judged) -> str:
    """Format the number of runs, and of networks if several runs share one."""
    runs = len(each.values)
    return f"{runs} of {each.networks} networks" if 0 < each.networks < runs else str(runs)


def _reasons(judged: Sequence[Judged]) -> Iterator[str]:
    told: dict[str, list[str]] = {}
    for each in judged:
        for reason in filter(None, (each.reason, each.failed)):
            told.setdefault(f"{each.title}: {reason}", []).append(each.quantity)
    lines = [
        "- " + escape(f"{reason} ({', '.join(dict.fromkeys(numbers))})") for reason, numbers in told.items()
    ]
    if lines:
        yield "\n".join(lines)


def _common(judged: Mapping[str, Sequence[Judged]], pool: Pool) -> str:
    """Write the table of comparable rows: as many clusters as classes, fit on the train images."""
    rows: dict[tuple[str, str], list[str]] = {}
    for name, found in judged.items():
        for each in found:
            cells = pool.of(COMMON, each.encoder, each.clusterer)
            as_many = each.reported.k == CLASSES and each.reported.run.protocol != TEST_CODES
            if as_many and each.quantity in SCORES:
                printed = f"{each.quantity} {each.printed}"
                pipeline = f"{each.encoder} + {each.clusterer}"
                rows.setdefault((name, pipeline), [name, pipeline, printed, *_accuracy(cells)])
    return github_table(list(rows.values()), COMMON_HEADERS)


def _accuracy(cells: Sequence[Measured]) -> list[str]:
    accuracy = [each.numbers["accuracy"] for each in cells if "accuracy" in each.numbers]
    purity = [each.numbers["purity"] for each in cells if "purity" in each.numbers]
    if not accuracy:
        return [next((each.failed for each in cells if each.failed), "–"), "–", "–", "0"]
    extent = f"{min(accuracy):.4f} – {max(accuracy):.4f}" if len(accuracy) > 1 else "–"
    mean = f"{statistics.fmean(purity):.4f}" if purity else "–"
    return [f"{statistics.fmean(accuracy):.4f}", extent, mean, str(len(accuracy))]


def pages_of(pool: Pool) -> dict[str, str]:
    """Return the pages and the file of their measurements by name; deterministic."""
    pages = {
        file_name(pool, "reproductions", "json"): write_pool(pool),
        file_name(pool, "reproductions", "md"): reproductions(pool),
    }
    if {*pool.reports} == {*names()}:
        pages[file_name(pool, "disagreement", "md")] = explanation(pool)
    return pages
