"""Tables of a result as text and as HTML: at most six columns of a board, the best in bold."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from tabulate import tabulate

from ..core.board import Board, Metric, protocol_text
from ..core.counts import counted
from ..leaderboard.columns import leading
from ..leaderboard.significance import answer_text, unanswered
from ..leaderboard.statistics.versus_best import MARGIN, Versus
from ..leaderboard.table_cells import BoardTable
from ..leaderboard.text import clusters, k_title, missing, printable, runs, spread

COLUMNS = 6
ROWS = 20  # of a board in a notebook; all of them are in `leaderboard`
NOTES = 3  # that are shown unfolded
DIGITS = 3
ARROWS = {"higher": " ↑", "lower": " ↓"}
MEANING = {
    "worse": "worse: by more than chance",
    "equal": f"equal: within ±{MARGIN:g} of the best",
    "?": "?: more seeds are needed to tell",
}

# Colours are those of the text around it, so that it suits light and dark notebooks.
STYLE = """<style>
.harness-table table { border-collapse: collapse; margin: .4em 0; font-variant-numeric: tabular-nums }
.harness-table th, .harness-table td { text-align: left !important; padding: .3em 1.4em .3em 0;
  border: 0; border-bottom: 1px solid rgba(128, 128, 128, .3); background: none !important;
  white-space: nowrap }
.harness-table th { font-weight: 600; border-bottom-color: rgba(128, 128, 128, .7) }
.harness-table h4 { margin: .8em 0 .1em; font-size: 1.1em }
.harness-table p, .harness-table details { margin: .2em 0; opacity: .75; font-size: .9em; max-width: 60em }
.harness-table b { font-weight: 700 }
</style>"""


@dataclass(frozen=True)
class Column:
    """A column: its heading, its texts, and which of them are in bold."""

    title: str
    texts: Sequence[str]
    bold: Sequence[bool] = ()


@dataclass(frozen=True)
class Table:
    """A title, columns, and lines below them."""

    title: str
    columns: Sequence[Column]
    caption: str = ""
    notes: Sequence[str] = ()

    def text(self) -> str:
        """Write it as plain text.

        Examples
        --------
        >>> print(Table("digits", [Column("encoder", ["pca"]), Column("ari", ["0.5"])]).text())
        digits
        encoder    ari
        ---------  -----
        pca        0.5
        """
        headers = [each.title for each in self.columns]
        rows = [list(map(printable, row)) for row in zip(*(each.texts for each in self.columns), strict=True)]
        table = tabulate(rows, headers, disable_numparse=True)
        return "\n".join(part for part in (self.title, table, self.caption, *self.notes) if part)

    def html(self, more: str = "") -> str:
        """Write it as HTML; names and errors are escaped, `more` is HTML already."""
        heads = "".join(f"<th>{_safe(each.title)}</th>" for each in self.columns)
        cells = [
            [
                f"<td>{f'<b>{_safe(text)}</b>' if bold else _safe(text)}</td>"
                for text, bold in zip(each.texts, each.bold or [False] * len(each.texts), strict=True)
            ]
            for each in self.columns
        ]
        shown = "".join(f"<tr>{''.join(row)}</tr>" for row in [*zip(*cells, strict=True)][:ROWS])
        lines = [_safe(each) for each in self.notes]
        if len(self.columns[0].texts) > ROWS:
            lines.insert(
                0, f"{counted(len(self.columns[0].texts) - ROWS, 'more row')}: leaderboard() has all."
            )
        caption = f"<p>{_safe(self.caption)}</p>" if self.caption else ""
        body = f"<table><thead><tr>{heads}</tr></thead><tbody>{shown}</tbody></table>"
        below = "".join(f"<p>{each}</p>" for each in (*lines, more) if each)
        return f'<div class="harness-table"><h4>{_safe(self.title)}</h4>{caption}{body}{below}</div>'


def _safe(text: str) -> str:
    return html.escape(printable(text))


def board_table(board: Board, title: str, counts: str = "") -> Table:
    """Return the table of a board: of its columns those that matter most; the others are named.

    What is the same in every row, as K often is, is in the caption instead, after `counts`.
    """
    table = BoardTable(board, DIGITS)
    ks, ended = [clusters(row) for row in board.rows], [runs(row) for row in board.rows]
    first = [Column(name, [getattr(row, name) for row in board.rows]) for name in ("encoder", "clusterer")]
    first += [Column(k_title(board), ks)] if len(set(ks)) > 1 else []
    last = [Column("runs", ended)] if len(set(ended)) > 1 or not all(r.complete for r in board.rows) else []
    answers = table.versus(table.ranking) or []
    middle, left_out = _metrics(table, answers, COLUMNS - len(first) - len(last))
    caption = [counts, protocol_text(board)] if counts else [protocol_text(board)]
    caption += [f"K = {ks[0]}"] if len(set(ks)) == 1 else []
    caption += [f"{_runs(ended[0])} per row"] if not last and ended else []
    return Table(title, [*first, *middle, *last], ", ".join(caption), _notes(answers, left_out))


def _metrics(table: BoardTable, answers: Sequence[Versus], room: int) -> tuple[list[Column], list[str]]:
    """Return as many columns of metrics as there is room for, the main one first, and the others' names."""
    main = leading(table.board)
    ordered = sorted(table.board.metrics, key=lambda metric: metric != main)
    columns = [_scores(table, metric) for metric in ordered]
    if any(each.answer for each in answers):
        texts = [answer_text(each, DIGITS, interval=False) for each in answers]
        columns.insert(1, Column("vs best", texts))
        return columns[:room], [metric.name for metric in ordered[room - 1 :]]
    return columns[:room], [metric.name for metric in ordered[room:]]


def _notes(answers: Sequence[Versus], left_out: Sequence[str]) -> list[str]:
    given = {each.answer for each in answers}
    legend = [text for answer, text in MEANING.items() if answer in given]
    notes = [f"vs best: {'; '.join(legend)}."] if legend else []
    notes += [f"{text}." for text in [unanswered(answers)] if text]
    return notes + ([f"Not shown: {', '.join(left_out)}."] if left_out else [])


def _runs(text: str) -> str:
    return f"{text} run{'' if text.startswith('1 ') or text == '1' else 's'}"


def _scores(table: BoardTable, metric: Metric) -> Column:
    cells = table.cells(metric)
    texts = [spread(cell.summary, missing(cell.row), DIGITS, cell.error) for cell in cells]
    return Column(
        f"{metric.name}{ARROWS.get(metric.direction or '', '')}", texts, [cell.best for cell in cells]
    )


def notes_html(notes: Sequence[str]) -> str:
    """Write notes below a table: the first ones, and the others folded.

    Examples
    --------
    >>> notes_html(["'a<b' has no label"])
    '<div class="harness-table"><p>Note: &#x27;a&lt;b&#x27; has no label</p></div>'
    """
    lines = [f"<p>Note: {_safe(each)}</p>" for each in notes]
    rest = lines[NOTES:]
    folded = f"<details><summary>{counted(len(rest), 'more note')}</summary>{''.join(rest)}</details>"
    return (
        f'<div class="harness-table">{"".join(lines[:NOTES])}{folded if rest else ""}</div>' if lines else ""
    )
