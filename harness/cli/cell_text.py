"""Everything stored about a run, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

from ..core.counts import counted
from ..core.limits import RETRIED
from ..leaderboard.text import printable
from ..report.cell_data import StoredCell
from ..report.cell_facts import cell_facts
from ..report.pages import provenance, score_tables
from .console import table

LONGEST = 200  # characters of a value reported by a stage; curves and losses have pages and pictures
HEADERS = ["stage", "kind", "status", "seconds", "memory", "finished (UTC)"]


def show_cell(cell: StoredCell) -> None:
    """Print a run: its name, scores, the runs of its row, its stages and, last, its errors."""
    facts = cell_facts(cell)
    _print(_head(cell, facts))
    scores = score_tables.scores_of(cell)
    if any(each.scores for each in cell.row):
        rows = [[each[name] for name in ("name", "score", "row", "extent", "why")] for each in scores]
        _table(["metric", "this run", "mean of the row", "min – max", "no value"], rows, "Scores")
    if len(cell.row) > 1:
        main = score_tables.main_metrics(cell.row)
        runs = score_tables.runs_of(cell, main)
        rows = [[*each["seeds"], each["status"], *each["scores"], each["cell"].id] for each in runs]
        title = "Runs of this row: show another with --seed N or its id"
        _table(["encoder seed", "clusterer seed", "status", *main, "id"], rows, title)
    stages = provenance.stages_of(cell)
    if stages:
        _table(HEADERS, [[each[name] for name in _COLUMNS] for each in stages], "Stages")
    for stage in facts["stages"]:
        _print(_stage(stage))
    _print(_origin(facts, [(each["key"], each["name"]) for each in stages if each["key"]]))
    for failure in facts["failures"]:
        _print(_failure(failure))
    _print(_end(facts))


_COLUMNS = ("name", "kind", "status", "seconds", "memory", "created")


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(printable(line.expandtabs()).rstrip())


def _table(headers: list[str], rows: list[list[str]], title: str) -> None:
    click.echo()
    table(headers, [list(map(printable, row)) for row in rows], title)


def _head(cell: StoredCell, facts: Mapping[str, Any]) -> Iterator[str]:
    status, note = cell.status
    yield f"{cell.name}, {score_tables.seeds_text(cell)}: {note or status}"
    yield from _pairs("Run", facts["id"])
    yield from _pairs("Dataset", "; ".join([facts["dataset"], *facts["data"]]))
    yield from _pairs("Samples", f"sha256:{facts['digest']}")
    yield from _pairs("Classes", f"sha256:{facts['truth_digest']}" if facts["truth_digest"] else "")
    yield from _pairs("Protocol", facts["protocol"])
    for kind, long in zip(("encoder", "clusterer"), facts["expanded"], strict=True):
        yield from _pairs(kind.capitalize(), facts[kind] + (f" = {long}" if long != facts[kind] else ""))
    yield from _pairs("K", facts["k"] or "unknown: the stage could not be planned")
    yield from _pairs("Seeds", ", ".join(f"{kind} {_seed(facts[kind + '_seed'])}" for kind in _SEEDED))
    yield from _pairs("Settings", facts["settings"])
    yield from _pairs("Prior", ", ".join(facts["prior"]))
    yield from _pairs("Status", status)


_SEEDED = ("encoder", "clusterer")


def _seed(seed: int | None) -> str:
    return "none" if seed is None else str(seed)


def _pairs(name: str, text: str) -> Iterator[str]:
    """Yield a line, unless it would be empty."""
    if text:
        yield f"  {name + ':':12}{text}"


def _stage(stage: Mapping[str, Any]) -> Iterator[str]:
    """Yield details that the table of stages has no room for: of fits, and of unusual scores."""
    told = {name: _short(value) for name, value in stage["values"].items() if name != "seen"}
    limits = provenance.limits_text(stage["limits"])
    if stage["kind"] == "score" and not (stage["parameters"] or stage["warnings"]):
        return
    yield ""
    yield f"{stage['kind']} {stage['name']} ({stage['plugin']})"
    yield from _pairs(
        "Parameters",
        ", ".join(f"{name}={provenance.plain(value)}" for name, value in stage["parameters"].items()),
    )
    yield from _pairs("Device", stage["device"] or "")
    yield from _pairs("Threads", str(stage["threads"] or ""))
    yield from _pairs("Limits", limits)
    yield from _pairs("Values", ", ".join(f"{name} {text}" for name, text in told.items()))
    for text in stage["warnings"]:
        yield from _pairs("Warning", text)
    if stage["output"] and stage["status"] == "ok":
        yield from _block("Printed", stage["output"])


def _short(value: Any) -> str:
    """Return a value as text, or the type and size of a long one; the JSON has all of it."""
    text = str(value)
    return text if len(text) <= LONGEST else f"({counted(len(value), 'entry', 'entries')}, in --json)"


def _origin(facts: Mapping[str, Any], keys: list[tuple[str, str]]) -> Iterator[str]:
    if keys:
        yield ""
        yield "Keys"
        yield from (f"  {key}  {name}" for key, name in keys)
    yield ""
    yield from _pairs("Code", facts["code"])
    yield from _pairs("Versions", facts["versions"])
    yield from _pairs("Hardware", "; ".join(facts["hardware"]))


def _failure(failure: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield failure["title"]
    yield f"  {failure['error']}" + (f" ({failure['place']})" if failure["place"] else "")
    yield from _pairs("Limits", failure["limits"])
    yield from _block("Printed", failure["output"])
    yield from _indented(failure["traceback"])


def _block(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"  {name}:"
        yield from (f"  {line}" for line in _indented(text))


def _indented(text: str) -> Iterator[str]:
    yield from (f"  {line}" for line in text.splitlines())


def _end(facts: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    if facts["advice"]:
        yield facts["advice"]
    if facts["command"]:
        retry = f" --retry {facts['status']}" if facts["status"] in RETRIED else ""
        yield f"Run it again: {facts['command']}{retry}"
    else:
        yield "No command can repeat this run: it was started from Python with an object."
