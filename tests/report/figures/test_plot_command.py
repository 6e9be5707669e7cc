"""`harness plot` writes what it says, and wrong calls end in one clear line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lasting import lasting

import harness
from harness.report.figures import KINDS

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
@lasting()
def benched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plot")
    for protocol in ("full", "train"):
        data = harness.Dataset("tiny", *_tiny(), n_train=40)
        harness.bench(
            data,
            "identity",
            "kmeans",
            ["accuracy"],
            protocols=protocol,
            seeds=2,
            store=folder,
            progress=False,
        )
    return folder


def _tiny() -> tuple[harness.core.interfaces.Floats, harness.core.interfaces.Labels]:
    import numpy as np

    samples = np.random.default_rng(0).random((60, 3), dtype=np.float32)
    return samples, (samples[:, 0] * 3).astype(np.int64)


@pytest.fixture
def plot(benched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call) -> Call:
    monkeypatch.chdir(tmp_path)
    return lambda *words: command_line("plot", *words, "--store", str(benched))


FULL = ("identity + kmeans", "--board", "tiny.full")


def test_default_name_says_kind_and_cell(plot: Call) -> None:
    code, output, errors = plot("confusion", *FULL, "--seed", "1")
    (path,) = Path().iterdir()
    assert (code, output) == (0, "")
    assert errors == f"Wrote {path}.\n"
    assert path.name.startswith("confusion-tiny.full-identity-kmeans-")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_format_and_replacing(plot: Call) -> None:
    assert plot("seeds", *FULL, "--format", "svg")[0] == 0
    (path,) = Path().iterdir()
    assert path.suffix == ".svg"
    assert plot("cost", *FULL, "-o", "mine.svg")[2] == "Wrote mine.svg.\n"
    assert plot("cost", *FULL, "-o", "mine.svg")[2] == "Wrote mine.svg, replacing what was there.\n"


def test_all_of_them(plot: Call) -> None:
    code, _, errors = plot("all", *FULL, "-o", "here", "--format", "svg")
    assert code == 0
    written = {path.stem for path in Path("here").iterdir()}
    assert {"confusion", "classes", "map-pca", "silhouette", "seeds", "cost"} <= written
    lines = errors.splitlines()
    assert "No examples: the samples are not images." in lines
    assert len([line for line in lines if line.startswith(("Wrote", "No "))]) == len(KINDS)


def test_help_lists_the_kinds(command_line: Call) -> None:
    code, output, _ = command_line("plot", "--help")
    assert code == 0
    assert all(kind in output for kind in (*KINDS, "all"))


WRONG = {
    "no such kind": (("confusoin", *FULL), "Did you mean 'confusion'"),
    "no such cell": (
        ("confusion", "identity + kmean", "--board", "tiny.full"),
        "Did you mean 'identity + kmeans'",
    ),
    "no such board": (("confusion", FULL[0], "--board", "tiny.ful"), "Did you mean 'tiny.full'"),
    "several boards": (("confusion", FULL[0]), "Name one with --board: tiny.full, tiny.train."),
    "no such seed": (("confusion", *FULL, "--seed", "7"), "has no run of seed 7. Seeds: 0, 1."),
    "no such picture": (("losses", *FULL), "has no picture 'losses': identity has no training losses."),
    "no such ending": (("cost", *FULL, "-o", "cost.pdf"), "must end in .png or .svg, e.g. cost.png."),
    "no such folder": (("cost", *FULL, "-o", "no/cost.png"), "no folder 'no'. Create it first."),
    "two formats": (
        ("cost", *FULL, "-o", "cost.png", "--format", "svg"),
        "Leave --format out.",
    ),
    "no such format": (("cost", *FULL, "--format", "pdf"), "'pdf' is not one of 'png', 'svg'."),
    "no cell": (("cost",), "Missing argument 'RUN'."),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_call(what: str, plot: Call) -> None:
    words, reason = WRONG[what]
    code, output, errors = plot(*words)
    assert (code, output) == (2, "")
    assert reason in errors.splitlines()[-1]
    assert not [*Path().iterdir()]


def test_folder_in_a_file(plot: Call) -> None:
    Path("file").write_text("mine")
    code, _, errors = plot("all", *FULL, "-o", "file")
    assert (code, errors) == (2, "Error: Cannot create folder 'file': it is a file. Name another with -o.\n")
    assert Path("file").read_text() == "mine"


def test_no_store(command_line: Call, tmp_path: Path) -> None:
    code, _, errors = command_line("plot", "cost", "identity + kmeans", "--store", str(tmp_path / "none"))
    assert code == 2
    assert "No store in" in errors
