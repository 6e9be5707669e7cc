"""`harness remove` from end to end, on a table of the user's own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flowers import OPTIONS, write_flowers

Call = Callable[..., tuple[int, str, str]]
HARNESS = str(Path(sys.executable).with_name("harness"))


@pytest.fixture
def benched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call, one_process: None) -> Call:
    """The command line in a folder with a board of three rows, of which one failed."""
    monkeypatch.chdir(tmp_path)
    write_flowers(tmp_path)
    words = "-e identity -e pca(n_components=2) -c kmeans -c gmm(reg_covar=much) -m ari --seeds 2 --jobs 1"
    assert command_line("bench", "-d", OPTIONS, *shlex.split(words))[0] == 1
    return command_line


def test_what_failed_then_a_row_then_the_board(benched: Call) -> None:
    code, out, _ = benched("remove", "flowers.full", "--failed", "--dry-run")
    assert code == 0
    assert "In total 2 rows, 4 runs, 4 records, 0 arrays (0.0 MiB); the rest of the leaderboard stays." in out
    assert out.endswith("Nothing was removed (--dry-run).\n")
    assert "Removed 2 rows, 4 runs, 4 records" in benched("remove", "flowers.full", "--failed")[1]
    assert benched("remove", "flowers.full", "--failed")[1] == (
        "flowers.full: nothing to remove, since every run finished.\n"
    )
    out = benched("remove", "flowers.full", "-e", "pca( n_components = 2 )")[1]
    assert "Removed 1 row, 2 runs, 5 records, 1 array" in out, "labels are those of the other row"
    assert "leaderboard/flowers.full.md is unchanged: delete it" in out
    assert "pca" not in benched("leaderboard", "--format", "csv")[1]
    assert "nothing of the leaderboard remains" in benched("remove", "flowers.full")[1], (
        "no terminal, no question"
    )
    assert "Leaderboards: none.\n0 arrays" in benched("store")[1]


def test_names_that_are_not_there(benched: Call) -> None:
    assert benched("remove", "flower.full") == (
        2,
        "",
        "Error: No leaderboard 'flower.full' in store '.harness'. Did you mean 'flowers.full'? "
        "Leaderboards: flowers.full.\n",
    )
    code, _, err = benched("remove", "flowers.full", "-c", "kmean")
    assert (code, err) == (
        2,
        "Error: flowers.full has no clusterer 'kmean'. Did you mean 'kmeans'? "
        "Clusterers: gmm(reg_covar='much'), kmeans.\n",
    )


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "left"), [("n", 1), ("y", 0)])
def test_a_terminal_is_asked_once_before_a_whole_board_goes(benched: Call, answer: str, left: int) -> None:
    ours, theirs = os.openpty()
    call = [HARNESS, "remove", "flowers.full"]
    with subprocess.Popen(call, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.write(ours, f"{answer}\n".encode())
        process.wait(60)
        shown = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert shown.count("Remove all of flowers.full from store .harness? [y/N]") == 1
    assert ("Nothing was removed." in shown) == bool(left)
    assert subprocess.run([*call, "--yes"], check=False, capture_output=True).returncode == (0 if left else 2)
