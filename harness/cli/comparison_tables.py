"""Print the comparison of one board's rows: as a table for readers, or as CSV and JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ..core.board import protocol_text
from ..core.counts import counted
from ..leaderboard.formats import write_csv
from ..leaderboard.markdown import github_table
from ..leaderboard.significance import answer_text, ends, seeds_needed, unanswered
from ..leaderboard.statistics.comparison import Comparison, Line, flat
from ..leaderboard.statistics.differences import Difference, title
from ..leaderboard.statistics.variance import Shares
from ..leaderboard.statistics.versus_best import POWER
from ..leaderboard.text import escape, missing, number, runs, spread
from .console import note, table
from .fitting import Fitted, fitting


def show_comparison(comparison: Comparison, fmt: str) -> None:
    """Print the comparison of one board."""
    if fmt in ("csv", "json"):
        write_rows(flat(comparison), fmt)
        return
    board, metric = comparison.board, comparison.metric
    columns, left_out = _columns(comparison), ""
    if fmt == "table":
        columns, left_out = fitting(columns)
    rows = list(zip(*(each.cells for each in columns), strict=True))
    heading = f"{board.name}, {metric.name}: {protocol_text(board)}"
    write_table([each.title for each in columns], rows, heading, fmt)
    more = [f"{left_out} --format csv has all."] if left_out else []
    remarks([*_notes(comparison, [each.title for each in columns]), *more], fmt)


def _columns(comparison: Comparison) -> list[Fitted]:
    lines, name = comparison.lines, comparison.metric.name
    summaries = [line.row.scores.get(name) for line in lines]

    def texts(part: str) -> list[str]:
        return [number_or_dash(getattr(summary, part, None)) for summary in summaries]

    base = [
        Fitted(f"difference from {each}", [_against(line, each) for line in lines], drop=3)
        for each in comparison.baselines
    ]
    columns = [
        Fitted("encoder", [line.row.encoder for line in lines]),
        Fitted("clusterer", [line.row.clusterer for line in lines]),
        Fitted("runs", [runs(line.row) for line in lines], drop=6),
        Fitted(
            name,
            [
                spread(each, missing(line.row), error=line.row.standard_errors.get(name))
                for each, line in zip(summaries, lines, strict=True)
            ],
        ),
        Fitted("min", texts("min"), drop=1),
        Fitted("median", [number_or_dash(line.median) for line in lines], drop=1),
        Fitted("max", texts("max"), drop=1),
        Fitted("95% interval", [ends(line.interval) for line in lines], drop=4),
        Fitted("vs best", [answer_text(line.versus, interval=False) for line in lines]),
        Fitted("its 95% interval", [ends(line.versus.interval) for line in lines], drop=5),
        Fitted("seeds needed", [seeds_needed(line.versus) for line in lines], drop=7),
        *base,
        Fitted("variance by encoder / clusterer / both seeds", [_shares(line) for line in lines], drop=2),
    ]
    return [each for each in columns if {*each.cells} != {"–"}]


def _shares(line: Line) -> str:
    return " / ".join(f"{part:.0%}" for part in line.shares) if isinstance(line.shares, Shares) else "–"


def _against(line: Line, baseline: str) -> str:
    return "–" if title(line.row) == baseline else _difference(line.differences[baseline])


def _difference(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    how = "" if difference.how == "exact" else f" ({difference.how}, n {difference.n})"
    return f"{difference.mean:+.4f}{f' {ends(difference.interval)}' if difference.interval else ''}{how}"


def number_or_dash(value: float | None) -> str:
    """Format a number, or a dash if there is none."""
    return "–" if value is None else number(value)


def _notes(comparison: Comparison, shown: Sequence[str]) -> list[str]:
    """Explain only what is shown."""
    versus = [line.versus for line in comparison.lines]
    notes = ["Mean ± sample standard deviation over finished runs; 95% intervals are Student's t."]
    answers = {each.answer for each in versus}
    if "best" in answers:
        meanings = {
            "worse": "worse: by more than chance, 5% for all rows together",
            "equal": f"equal: its 95% interval lies within ±{comparison.margin:g} (--margin)",
            "?": "?: undecided",
        }
        told = "; ".join(text for answer, text in meanings.items() if answer in answers)
        ways = Counter(str(each.how) for each in versus if each.how)
        notes.append(f"vs best: difference from the best mean, {_ways(ways)}. {told}.")
    else:
        reason = next((each.why for each in versus if each.why), "")
        notes.append(f"Rows are not compared with the best: {reason}.")
    if "?" in answers and "seeds needed" in shown:
        notes.append(
            f"seeds needed: per row, to decide with a power of {POWER:.0%} at the observed means and "
            "variances. Add seeds with: harness bench ... --seeds N"
        )
    if "best" in answers and (text := unanswered(versus)):
        notes.append(f"{text}.")
    return [*notes, *_whys(comparison, shown)]


def _ways(ways: Mapping[str, int]) -> str:
    texts = {
        "paired": "paired by seed where both rows cluster the same embeddings",
        "unpaired": "by Welch elsewhere" if "paired" in ways else "by Welch",
        "exact": "exact where both rows are deterministic",
    }
    return ", ".join(f"{text} ({ways[way]})" for way, text in texts.items() if way in ways)


def _whys(comparison: Comparison, shown: Sequence[str]) -> list[str]:
    """Give each reason for missing intervals or shares once."""
    reasons: Counter[str] = Counter()
    for line in comparison.lines:
        for column, what, why in (
            ("95% interval", "No interval", line.why),
            ("variance by encoder / clusterer / both seeds", "No shares of variance", line.shares),
        ):
            if isinstance(why, str) and why and column in shown:
                reasons[f"{what}, {why}"] += 1
    return [f"{reason}: {counted(count, 'row')}." for reason, count in reasons.items()]


def write_rows(rows: list[dict[str, Any]], fmt: str) -> None:
    """Print flat rows as CSV or JSON."""
    click.echo(json.dumps(rows, indent=2) if fmt == "json" else write_csv(rows), nl=fmt == "json")


def write_table(headers: Sequence[str], rows: Sequence[Sequence[str]], heading: str, fmt: str) -> None:
    """Print a table, on the terminal or as Markdown."""
    if fmt == "table":
        table(headers, rows, heading)
        return
    click.echo(f"# {escape(heading)}\n\n{github_table(rows, headers)}\n")


def remarks(notes: Sequence[str], fmt: str) -> None:
    """Print notes below a table."""
    for text in notes:
        if fmt == "table":
            note(text)
        else:
            click.echo(f"- {escape(text)}")
