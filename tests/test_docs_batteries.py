"""What the documents say of the batteries is what the committed scores have, and the commands run."""

from __future__ import annotations

import csv
import gzip
import re
import shlex
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median

import numpy as np
import pytest
from scipy.stats import rankdata

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "suite-boards.md").read_text(encoding="utf-8")
MEASURED = PAGE.partition("## The batteries, measured")[2].partition("\n## ")[0]


def scores() -> dict[str, dict[str, float]]:
    """Return the committed scores by method and dataset."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with (ROOT / "docs" / "results" / "batteries-v1.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            assert (line["metric"], line["state"]) == ("ari", "ok"), "all runs finished"
            found[line["clusterer"]][line["dataset"]] = float(line["value"])
    return found


def test_the_table_has_means_medians_and_ranks_of_the_committed_scores() -> None:
    found = scores()
    values = np.array([list(each.values()) for each in found.values()])
    ranks = dict(zip(found, rankdata(-values, axis=0).mean(1), strict=True))
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in MEASURED.splitlines() if "|" in line
    ]
    shown = {line[0]: line[1:4] for line in lines[2:]}
    assert shown == {
        name: [f"{fmean(each.values()):.3f}", f"{median(each.values()):.3f}", f"{ranks[name]:.2f}"]
        for name, each in found.items()
    }
    assert {len(each) for each in found.values()} == {73}
    assert "Eight methods on the 73 datasets" in MEASURED
    assert len(shown) == 10


@pytest.mark.parametrize("command", re.findall(r"^harness (bench .+)$", MEASURED, re.MULTILINE))
def test_the_commands_run(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command_line: Callable[..., tuple[int, str, str]],
) -> None:
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "batteries" / "fcps"
    folder.mkdir(parents=True)
    (folder / "atom.data.gz").write_bytes(gzip.compress(b"0 0\n0 1\n9 9\n9 8\n"))
    (folder / "atom.labels0.gz").write_bytes(gzip.compress(b"1\n1\n2\n2\n"))
    code, out, err = command_line(*shlex.split(command), "--dry-run")
    assert code == 0, err
    assert "fcps-atom" in out
