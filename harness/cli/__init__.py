"""The command line: commands, one a file, are loaded when they are called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from .help_texts import with_details

COMMANDS = {  # name: what it does
    "bench": "Run encoders x clusterers x metrics, and write leaderboards.",
    "leaderboard": "Show a leaderboard from the store; nothing is computed.",
    "show": "Show all that is known of a run: scores, cost, parameters, errors with traceback.",
    "report": "Write self-contained web pages of leaderboards, encoders and single runs.",
    "compare": "Compare rows of a board with intervals and tests, or pipelines over several boards.",
    "publish": "Write boards with the records and labels behind them, for others to check.",
    "verify": "Check a published folder: schema, keys, labels, scores and pages.",
    "merge": "Put published folders together; contradictions are shown, never settled silently.",
    "reproduce": "Run published reports as they are written, and show what their numbers are worth.",
    "curves": "Show the criterion at each K that choosers of K tried.",
    "plot": "Draw a picture of a cell: its clusters, its training, its runs.",
    "store": "Show what a store holds; prune and check it.",
    "remove": "Remove a leaderboard, or rows of it, from the store.",
    "plugins": "List encoders, clusterers, metrics and datasets.",
    "check": "Check whether plugins keep their contract.",
    "datasets": "List datasets, show how one is read, or fetch one.",
    "new": "Write a new plugin that works as it is.",
}
INTERRUPTED = "Interrupted. What finished is kept; the same command goes on from there."


class _LazyGroup(click.Group):
    """Lists commands without importing them, and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f".commands.{cmd_name}", __name__).command
        return with_details(command, cmd_name, COMMANDS[cmd_name])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="clustering-harness", prog_name="harness")
def app() -> None:
    """Benchmark clustering pipelines: every encoder with every clusterer, scored by every metric."""


def main() -> None:
    """Run the command line: errors that a user can cause become one line and exit code 2."""
    from ..core.errors import HarnessError

    try:
        code = app(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.UsageError as error:
        error.show()
        code = error.exit_code
    except HarnessError as error:
        for line in str(error).splitlines() or [""]:
            click.echo(f"Error: {line}", err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt) as stop:  # click makes an Abort of the second
        where = str(stop.__cause__ or stop)  # what was being imported
        click.echo(where or INTERRUPTED, err=True)
        code = 130
    except BrokenPipeError:  # the reader, such as head, has seen enough
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
