"""Commands of the home page and of docs/start print on a terminal of 80 columns what these pages show."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from harness.cli import app

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [DOCS / "index.md", *sorted((DOCS / "start").glob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class Terminal(io.StringIO):
    """Takes what is printed, as a terminal does."""

    def isatty(self) -> bool:
        return True


def transcript(page: str) -> list[tuple[str, str]]:
    """Return each command with the output that the page shows."""
    blocks = re.findall(r"^```console\n(.+?)^```", page, re.DOTALL | re.MULTILINE)
    blocks = [block.replace("\\\n", "") for block in blocks]
    return [
        pair for block in blocks for pair in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


def printed(words: list[str]) -> str:
    """Return what a command prints."""
    if words[0] == "pip":
        return ""  # `make test` has installed it
    if words[0] == "python":
        subprocess.run([sys.executable, *words[1:]], check=True)
        return ""
    if words[1] == "report":
        words = [*words, "--no-pictures"]  # test_docs.py runs one with pictures
    with contextlib.redirect_stdout(Terminal()) as out, contextlib.redirect_stderr(io.StringIO()):
        assert app(words[1:], standalone_mode=False) in (0, None)
    return click.unstyle(out.getvalue())


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_prints_what_it_shows(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = path.read_text()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    for name, code in re.findall(r"`(\w+\.\w+)`:\n\n```\w+\n(.+?)```", page, re.DOTALL):
        Path(name).write_text(code)
    for command, shown in transcript(page):
        output = printed(shlex.split(command))
        assert not shown or doctest.OutputChecker().check_output(shown, output, FLAGS), (
            f"$ {command}\n{output}"
        )


def test_pages_show_output() -> None:
    for path in PAGES:
        assert any(shown for _, shown in transcript(path.read_text())), path.name
