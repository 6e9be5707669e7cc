"""The command line: commands, one a file, are loaded when they are called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from .help_texts import with_details

COMMANDS = {  # name: what it does
    "bench": "Run encoders x clusterers x metrics, and write leaderboards.",
    "leaderboard": "Show a leaderboard from the store; nothing is computed.",
    "show": "Show everything stored about a run: scores, cost, parameters, errors with traceback.",
    "report": "Write self-contained web pages of leaderboards, encoders and single runs.",
    "compare": "Compare rows with intervals and tests, pipelines over leaderboards, or runs side by side.",
    "publish": "Write leaderboards with the records and labels behind them, for others to check.",
    "verify": "Check a published folder: schema, keys, labels, scores and pages.",
    "merge": "Merge published folders; contradictions are shown, never resolved silently.",
    "import-labels": "Score labels computed elsewhere, as rows flagged imported.",
    "reproduce": "Rerun published reports as written, and compare their numbers with ours.",
    "curves": "Show the criterion at each K tried by K selection.",
    "plot": "Draw a picture of a run: clusters, training or seeds.",
    "store": "Show what a store holds; prune and check it.",
    "remove": "Remove a leaderboard, or rows of it, from the store.",
    "plugins": "List encoders, clusterers, metrics and datasets.",
    "check": "Check whether plugins keep their contract.",
    "datasets": "List datasets, show how one is read, or fetch one.",
    "new": "Create a working plugin to edit.",
}
INTERRUPTED = "Interrupted. Finished stages are kept; repeat the command to continue."


class _LazyGroup(click.Group):
    """List commands without importing them; import the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f".commands.{cmd_name.replace('-', '_')}", __name__).command
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
    except (click.Abort, KeyboardInterrupt) as stop:  # click turns the second into an Abort
        where = str(stop.__cause__ or stop)  # raised by the module being imported
        click.echo(where or INTERRUPTED, err=True)
        code = 130
    except BrokenPipeError:  # the reader, e.g. head, has closed the pipe
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
