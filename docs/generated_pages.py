"""What is generated for the site: commands, plugins, copies of files outside docs/ (a hook of MkDocs)."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import click
import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import harness
from harness.cli import COMMANDS, app
from harness.core.plugin import KINDS, Kind, Plugin
from harness.registry.loading import load_plugin, summary_of, unavailable_reason
from harness.registry.parameters import defaults_of
from harness.registry.registry import load_registry

ROOT = Path(__file__).parent.parent
OUTSIDE = (
    "leaderboard/*.md",
    "leaderboard/*.csv",
    "leaderboard/*.svg",
    "examples/*/README.md",
    "examples/notebook/*.ipynb",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
)


class BenchOptions(griffe.Extension):
    """Show the docstring of `harness.bench` as `help` does: its options are filled in on import."""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Take the docstring of the imported function."""
        if func.path == "harness.api.bench.bench" and func.docstring:
            func.docstring.value = inspect.cleandoc(harness.bench.__doc__ or "")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files that pages link to and that lie outside docs/, at the same place below the site."""
    for path in (each for pattern in OUTSIDE for each in sorted(ROOT.glob(pattern))):
        name = path.relative_to(ROOT).as_posix()
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Fill in what is generated, and let links that leave docs/ lead to the copies on the site."""
    name = page.file.src_uri
    if (ROOT / "docs" / name).exists():
        out = "../" * name.count("/")
        markdown = re.sub(rf"\]\({re.escape(out)}\.\./", f"]({out}", markdown)
    else:
        markdown = markdown.replace("](docs/", "](")
        if name.startswith("leaderboard/"):  # wide tables of thousands of numbers
            page.meta |= {"search": {"exclude": True}, "hide": ["toc"]}
    return re.sub(r"<!-- generated: (\w+) -->", lambda match: GENERATED[match[1]](), markdown)


def commands() -> str:
    """Return the help of every command."""
    with click.Context(app, info_name="harness") as context:
        return "\n\n".join(_help(app.get_command(context, name), f"harness {name}") for name in COMMANDS)


def _help(command: click.Command | None, name: str, level: str = "##") -> str:
    assert command is not None
    with click.Context(
        command, info_name=name, terminal_width=80, help_option_names=["-h", "--help"]
    ) as context:
        text = f"{level} {name}\n\n```text\n{command.get_help(context)}\n```"
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return "\n\n".join([text, *(_help(each, f"{name} {key}", "###") for key, each in below)])


def plugins() -> str:
    """Return a table of the built-in plugins of each kind: names, what they are, parameters with defaults."""
    return "\n\n".join(f"## {kind.capitalize()}s\n\n{_table(kind)}" for kind in KINDS)


def _table(kind: Kind) -> str:
    found = load_registry(()).plugins.values()
    rows = [_row(each) for each in found if (each.kind, each.origin) == (kind, "built-in")]
    return "\n".join(["| name | what it is, parameters and defaults |", "|---|---|", *rows])


def _row(plugin: Plugin) -> str:
    missing = unavailable_reason(plugin)
    if missing:  # its module cannot be imported here
        return f"| `{plugin.name}` | {summary_of(plugin)}<br>Parameters are not shown: {missing} |"
    defaults = defaults_of(plugin, load_plugin(plugin))
    given = ", ".join(f"{name}={value!r}" for name, value in defaults.items())
    return f"| `{plugin.name}` | {summary_of(plugin)}{f'<br>`{given}`' if given else ''} |"


GENERATED = {"commands": commands, "plugins": plugins}
