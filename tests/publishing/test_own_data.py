"""A table of the user's own, published and verified by the commands alone."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from flowers import CLUSTERER, OPTIONS, write_flowers

from harness.core.cell import CellRecord
from harness.core.spec import parse
from harness.publishing.verify.import_paths import _is_safe
from harness.store.store import Store

Call = Callable[..., tuple[int, str, str]]
GRID = "-e identity -e pca(n_components=2) -c kmeans -c sklearn.cluster:Birch -m ari -m silhouette"
DATA = f"flowers={OPTIONS}"


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call, one_process: None) -> Call:
    """Call `harness bench` on the table, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    write_flowers(tmp_path)

    def called(words: str = GRID, data: str = OPTIONS) -> tuple[int, str, str]:
        found = command_line("bench", "-d", data, *shlex.split(words), "--seeds", "2", "--jobs", "1")
        assert found[0] == 0, found
        return found

    return called


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Let modules of the working folder be imported anew, and its place on the path be given back."""
    before = list(sys.path)
    yield
    sys.path[:] = before
    sys.modules.pop("own_module", None)


def truths(folder: str = "leaderboard") -> list[str]:
    """Return the boards of a folder with which true classes are published."""
    found = []
    for path in sorted(Path(folder, "labels").glob("*.npz")):
        with np.load(path) as arrays:
            found += [path.stem] if "truth" in arrays.files else []
    return found


def test_what_is_named_is_shown_and_published(bench: Call, command_line: Call) -> None:
    bench()
    bench("-e identity -c kmeans -m ari", "iris")
    code, _, err = command_line("publish")
    assert (code, err) == (
        2,
        "Error: Name the leaderboards to publish, e.g. 'harness publish flowers.full', or publish all with "
        "--all. Store '.harness' has: flowers.full, iris.full.\n",
    )
    code, out, _ = command_line("publish", "iris.full")
    assert code == 0
    lines = [line.split() for line in out.splitlines()]
    assert ["iris.full", "1", "2", "published"] in lines
    assert "5 files to write: leaderboard/README.md, leaderboard/iris.full.csv" in out
    assert {path.name for path in Path("leaderboard/records").iterdir()} == {"iris.full.jsonl"}
    assert command_line("publish", "iris.full")[1].endswith("nothing changed.\n")


def test_own_classes_are_published_only_on_request(bench: Call, command_line: Call) -> None:
    bench()
    for words in (["flowers.full"], ["--all", "--by", "Ada Lovelace"]):
        code, out, err = command_line("publish", *words)
        assert (code, out) == (2, "")
        line = shlex.join(["harness", "publish", *words])
        assert f"check the scores: {line} --with-truth; or withhold" in err
        assert err.endswith(f": {line} --no-truth\n")
        assert not Path("leaderboard/records").exists()
    code, out, _ = command_line("publish", "flowers.full", "--no-truth")
    assert (code, truths()) == (0, [])
    assert f"harness verify leaderboard -d {shlex.quote(DATA)}" in out
    assert "The true classes of flowers.full are withheld." in Path("leaderboard/README.md").read_text()
    assert command_line("publish", "flowers.full", "--with-truth")[0] == 0
    assert truths() == ["flowers.full"]
    assert "True classes are not" not in Path("leaderboard/README.md").read_text()
    assert command_line("publish", "flowers.full", "--no-truth")[0] == 0
    assert truths() == [], "also those that were there"


@pytest.mark.parametrize("invocation", ["known", "lost"])
def test_a_file_named_as_a_known_dataset_is_own_data(
    bench: Call, command_line: Call, invocation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("flowers.csv").rename("iris.csv")
    if invocation == "lost":  # as in stores of older versions
        put = Store.put_cells

        def forgetting(store: Store, cells: Iterable[CellRecord]) -> None:
            put(store, [replace(cell, invocation=None) for cell in cells])

        monkeypatch.setattr(Store, "put_cells", forgetting)
    bench("-e identity -c kmeans -m ari", "iris.csv(drop=kind, label=species)")
    assert "the true classes are of your own data" in command_line("publish", "iris.full")[2]


def test_data_without_labels_need_no_word(bench: Call, command_line: Call) -> None:
    bench("-e identity -c kmeans -k 3", "flowers.csv(drop=[kind, species], label=None)")
    code, out, _ = command_line("publish", "flowers.full")
    assert code == 0
    assert ["flowers.full", "1", "2", "none"] in [line.split() for line in out.splitlines()]


def test_own_data_are_verified_whole(bench: Call, command_line: Call, tmp_path: Path) -> None:
    bench()
    assert command_line("publish", "flowers.full", "--no-truth")[0] == 0
    Path(".harness").rename("elsewhere")
    code, out, _ = command_line("verify")
    assert code == 0
    assert "Give the data with -d 'flowers'=PATH" in out
    assert "ari: the true classes are neither published nor on this machine" in out
    code, out, _ = command_line("verify", "-d", DATA, "--rerun", "9", "--strict")
    assert (code, out.splitlines()[-1]) == (0, "leaderboard: 0 wrong, 0 could not be checked.")
    assert "ok                1  digests of datasets, compared with the data" in out
    assert "ok               12  scores recomputed from their labels" in out
    assert "ok               12  scores of rerun cells" in out


def test_other_data_are_found_out(bench: Call, command_line: Call) -> None:
    bench()
    assert command_line("publish", "flowers.full", "--no-truth")[0] == 0
    rows = Path("flowers.csv").read_text().splitlines()
    Path("flowers.csv").write_text("\n".join([rows[0], rows[2], rows[1], *rows[3:]]))
    code, out, _ = command_line("verify", "-d", DATA)
    assert code == 1
    assert "WRONG       flowers.full: digest of flowers is reported as" in out
    assert "WRONG       flowers.full: truth of flowers is reported as" in out
    code, _, err = command_line("verify", "-d", "flower=flowers.csv")
    assert (code, err) == (
        2,
        "Error: -d 'flower=flowers.csv': no leaderboard of 'flower'. Did you mean 'flowers'? "
        "Datasets: flowers.\n",
    )
    assert "give NAME=PATH, e.g. -d 'flowers=flowers.csv'." in command_line("verify", "-d", "flowers.csv")[2]
    assert "No file or folder 'no.csv'" in command_line("verify", "-d", "flowers=no.csv")[2]


@pytest.mark.usefixtures("forgotten")
def test_import_paths_are_loaded_only_if_named(bench: Call, command_line: Call) -> None:
    bench("-e identity -c own_module:Own -c own_module.py:Own -m ari")
    assert command_line("publish", "flowers.full", "--with-truth")[0] == 0
    Path("own_module.py").write_text(f"open('loaded', 'w').close()\n{CLUSTERER}")
    code, out, _ = command_line("verify", "-d", DATA, "--rerun", "9")
    assert code == 0
    assert not Path("loaded").exists()
    assert "clusterer 'own_module:Own' is an import path: it is loaded only if named with --plugin" in out
    Path("own_module.py").write_text(CLUSTERER)
    sys.modules.pop("own_module", None)
    trusted = ["--plugin", "own_module:Own", "--plugin", "own_module.py:Own"]
    code, out, _ = command_line("verify", "-d", DATA, "--rerun", "9", "--strict", *trusted)
    assert (code, out.splitlines()[-1]) == (0, "leaderboard: 0 wrong, 0 could not be checked.")
    assert "ok                4  labels of rerun cells, bit for bit" in out
    assert command_line("verify", "--plugin", "own_module:Other")[2] == (
        "Error: --plugin own_module:Other: no leaderboard names it. Import paths on leaderboards: "
        "own_module.py:Own, own_module:Own.\n"
    )


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        *(("sklearn.cluster:Birch(threshold=0.1)", True), ("sklearn.decomposition:PCA", True)),
        *(("subprocess:Popen(args=['touch', 'x'])", False), ("os:system", False), ("own_module:Own", False)),
        *(("sklearn.cluster:k_means", False), ("sklearn.cluster:no_such", False)),
        *(
            ("sklearn.cluster:AgglomerativeClustering(memory=there)", False),
            ("sklearn.cluster:Birch(1)", False),
        ),
        *(("sklearn.datasets:fetch_openml", False), ("sklearn.pipeline:Pipeline", False)),
    ],
)
def test_what_is_loaded_though_a_folder_alone_names_it(text: str, safe: bool) -> None:
    assert _is_safe(parse(text)) is safe


def test_pages_beside_are_no_foreign_files_and_go_when_published(bench: Call, command_line: Call) -> None:
    bench("-e identity -c kmeans -m ari")
    bench("-e identity -c kmeans -m ari", "iris")
    assert command_line("publish", "flowers.full", "--with-truth")[0] == 0
    bench("-e identity -c kmeans -c birch -m ari")
    assert Path("leaderboard/unpublished/flowers.full.md").exists()
    Path("leaderboard/local").mkdir()
    Path("leaderboard/local/flowers.full.md").write_text("by an earlier version")
    Path("leaderboard/notes.md").write_text("mine")
    told = json.loads(command_line("verify", "-d", DATA, "--json")[1])
    foreign = [each["where"] for each in told["found"]]
    assert (told["clean"], foreign) == (True, ["'notes.md'"])
    pages = ["iris.full.md", "local/flowers.full.md", "unpublished/flowers.full.md"]
    assert told["unpublished"] == [repr(page) for page in pages]
    assert "since their leaderboards are not published: 'iris.full.md'" in command_line("verify")[1]
    assert command_line("publish", "flowers.full", "--with-truth")[0] == 0
    assert not Path("leaderboard/unpublished").exists()
    assert not Path("leaderboard/local").exists()
    assert Path("leaderboard/iris.full.md").exists()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_terminal_is_asked_once(bench: Call) -> None:
    bench()
    call = [str(Path(sys.executable).with_name("harness")), "publish", "flowers.full", "--no-truth"]
    ours, theirs = os.openpty()
    with subprocess.Popen(call, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.write(ours, b"n\n")
        process.wait(60)
        shown = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert shown.count("Publish? [y/N]") == 1
    assert "Nothing was written." in shown
    assert not Path("leaderboard/records").exists()
