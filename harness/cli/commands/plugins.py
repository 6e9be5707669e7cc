"""`harness plugins`: names for the command line, where each comes from, and whether it can run here."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ...core.plugin import KINDS
from ...registry.loading import summary_of, unavailable_reason
from ...registry.registry import load_registry
from ..console import slow_import, table
from ..options import plugin_option


@click.command()
@click.option("--kind", type=click.Choice(KINDS), help="List only this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
@plugin_option
def command(kind: str | None, as_json: bool, files: tuple[Path, ...]) -> None:
    """Print one row per plugin, and broken plugins with their errors."""
    registry = load_registry(files, slow_import)
    rows = [
        {
            "name": plugin.name,
            "kind": plugin.kind,
            "origin": plugin.origin,
            "summary": summary_of(plugin),
            "available": unavailable_reason(plugin) is None,
            "reason": unavailable_reason(plugin) or "",
        }
        for plugin in registry.plugins.values()
        if kind in (None, plugin.kind)
    ]
    broken = [{"name": each.name, "origin": each.origin, "error": each.error} for each in registry.broken]
    if as_json:
        click.echo(json.dumps({"plugins": rows, "broken": broken}, indent=2))
        return
    lines = [
        [
            *(str(row[column]) for column in ("name", "kind", "origin", "summary")),
            "yes" if row["available"] else f"no: {row['reason']}",
        ]
        for row in rows
    ]
    table(["name", "kind", "origin", "summary", "available"], lines)
    for each in broken:
        click.echo(f"Broken: {each['name']} from {each['origin']}: {each['error']}", err=True)
