"""The page of the reproductions: each printed number beside what was measured, and all under one protocol."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..markdown import github_table
from ..render import escape
from .reports import TEST_CODES, Quantity, names
from .runs import COMMON, Measured, Pool
from .verdicts import MEANINGS, Judged, tally, write

HEADERS = ("pipeline", "number", "as printed", "measured mean", "range", "n", "its place", "verdict")
COMMON_HEADERS = ("report", "pipeline", "as printed", "accuracy", "range", "purity", "n")
MATCHINGS: dict[Quantity, str] = {
    "accuracy": "accuracy (one-to-one)",
    "purity": "purity (most frequent class)",
}


def reproductions(judged: Mapping[str, Sequence[Judged]], pool: Pool, quick: bool) -> str:
    """Write the page.

    Parameters
    ----------
    judged : mapping
        The numbers of each report.
    pool : Pool
        What was measured.
    quick : bool
        Whether that was less than the reports did.
    """
    every = [each for found in judged.values() for each in found]
    parts = ["# The five reports, reproduced", _head(pool, quick), _verdicts(every)]
    for name in (each for each in names() if each in judged):
        parts += [f"## {name}", _table(judged[name]), *_reasons(judged[name])]
    parts += ["## All under one protocol", COMMON_NOTE, _common(judged, pool)]
    return "\n\n".join(parts) + "\n"


COMMON_NOTE = (
    "The same pipelines, fitted on the train images and scored on the test images, clusters and classes "
    "matched one to one (Hungarian). Only these rows can be compared with each other."
)


QUICK = "Quick: fewer images, epochs and seeds than the reports had. This reproduces nothing."


def _head(pool: Pool, quick: bool) -> str:
    lines = [f"- {name}: {escape(str(text))}" for name, text in pool.facts.items()]
    if quick:
        lines.insert(
            0, "- **Quick: fewer images, epochs and seeds than the reports had. This reproduces nothing.**"
        )
    return "\n".join(lines)


def _verdicts(judged: Sequence[Judged]) -> str:
    counts = tally(judged)
    lines = [f"- **{name}** ({count}): {MEANINGS[name]}" for name, count in counts.items()]
    return "\n".join([f"Of {len(judged)} printed numbers, readings counted apart:", "", *lines])


def _table(judged: Sequence[Judged]) -> str:
    return github_table([_line(each) for each in judged], HEADERS)


def _line(each: Judged) -> list[str]:
    values = each.values
    ends = [write(value, each.quantity) for value in (values[:1] + values[-1:])]
    return [
        each.title,
        MATCHINGS.get(each.quantity, each.quantity),
        each.printed,
        write(statistics.fmean(values), each.quantity) if values else "–",
        " – ".join(ends) if len(values) > 1 else "–",
        str(len(values)),
        f"above {each.lower} of {len(values)}" if values else "–",
        each.verdict,
    ]


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
    rows = []
    for name, found in judged.items():
        seen = {(each.encoder, each.clusterer): each.reported for each in found}
        for (encoder, clusterer), reported in seen.items():
            codes = reported.run.protocol == TEST_CODES
            cells = pool.of(TEST_CODES if codes else COMMON, encoder, [clusterer, *reported.also])
            printed = next((reported.says[q] for q in reported.says if q not in ("loss", "inertia")), "–")
            pipeline = f"{encoder} + {clusterer}" + (", fitted on the test codes" if codes else "")
            rows.append([name, pipeline, printed, *_accuracy(cells)])
    return github_table(rows, COMMON_HEADERS)


def _accuracy(cells: Sequence[Measured]) -> list[str]:
    accuracy = [each.numbers["accuracy"] for each in cells if "accuracy" in each.numbers]
    purity = [each.numbers["purity"] for each in cells if "purity" in each.numbers]
    if not accuracy:
        return [next((each.failed for each in cells if each.failed), "–"), "–", "–", "0"]
    extent = f"{min(accuracy):.4f} – {max(accuracy):.4f}" if len(accuracy) > 1 else "–"
    mean = f"{statistics.fmean(purity):.4f}" if purity else "–"
    return [f"{statistics.fmean(accuracy):.4f}", extent, mean, str(len(accuracy))]


def as_json(judged: Mapping[str, Sequence[Judged]]) -> list[dict[str, Any]]:
    """Return every printed number with all that was measured, as plain JSON."""
    return [
        {
            "report": name,
            "pipeline": each.reported.title,
            "encoder": each.encoder,
            "clusterer": each.clusterer,
            "protocol": each.reported.run.protocol,
            "number": each.quantity,
            "printed": each.printed,
            "measured": [round(value, 6) for value in each.values],
            "verdict": each.verdict,
            "reason": each.reason,
        }
        for name, found in judged.items()
        for each in found
    ]
