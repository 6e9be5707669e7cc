"""Boards of several contributors become one, in any order; contradictions are never settled silently."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from press import Lines, Press

from harness.cli import app
from harness.core.cell import CellRecord, DataFacts, Origin
from harness.core.errors import HarnessError
from harness.leaderboard.build import load_board
from harness.publishing.bundle import Bundle, Published, digest_of, drawn, npy
from harness.publishing.merge import merge
from harness.publishing.write import combine, combine_all, read_own, write_folder

OTHER = "on another machine"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Press, list[Path]]:
    """Three contributors: the second has a row of the first, the third has more seeds, and another metric."""
    press = Press(tmp_path_factory.mktemp("three"))
    one = press.store("one", "identity", "kmeans gmm", protocols=["full"])
    two = press.store("two", "identity pca(n_components=2)", "kmeans", protocols=["full", "train-test"])
    more = press.store("more", "identity", "kmeans", seeds=4, metrics=("accuracy", "nmi"), protocols=["full"])
    stores = {"Ann": one, "Ben": two, "Cy": more}
    folders = [press.publish(store, f"of-{by}", by) for by, store in stores.items()]
    for folder, by in zip(folders, stores, strict=True):
        for path in (folder / "records").iterdir():  # each on a machine of their own
            lines = Lines(folder, path.stem)
            for line in lines.of("cell"):
                line["cell"]["origins"][0]["hardware"] = f"a machine of {by}"
            lines.write()
        list(write_folder(read_own(folder), folder))
    return press, folders


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def merged(folders: list[Path], out: Path, prefer: str = "") -> Published:
    published = read_own(folders[0])
    for folder in folders[1:]:
        published, _ = combine(published, read_own(folder), prefer)
    list(write_folder(published, out))
    return published


def test_three_contributors(three: tuple[Press, list[Path]], tmp_path: Path) -> None:
    press, folders = three
    published = merged(folders, tmp_path / "all")
    assert published.boards() == ["toy.full", "toy.train-test"]
    assert press.verify(tmp_path / "all", remake=0).clean
    board = load_board(published, "toy.full")
    rows = {(row.encoder, row.clusterer): row for row in board.rows}
    assert set(rows) == {("identity", "kmeans"), ("identity", "gmm"), ("pca(n_components=2)", "kmeans")}
    row = rows["identity", "kmeans"]
    assert row.scores["accuracy"].n == 4
    assert row.scores["nmi"].n == 4
    assert row.scores["ari"].n == 2
    origins = {
        cell.seeds: [origin.by for origin in cell.origins]
        for cell in published.cells("toy.full")
        if (cell.encoder, cell.clusterer) == ("identity", "kmeans")
    }
    assert origins == {
        **{(None, seed): ["Ann", "Ben", "Cy"] for seed in (0, 1)},
        **{(None, seed): ["Cy"] for seed in (2, 3)},
    }


def test_the_order_does_not_matter(three: tuple[Press, list[Path]], tmp_path: Path) -> None:
    _, folders = three
    for number, order in enumerate(permutations(folders)):
        merged(list(order), tmp_path / str(number))
    first = content(tmp_path / "0")
    assert all(content(tmp_path / str(number)) == first for number in range(1, 6))


def test_merging_with_itself_changes_nothing(three: tuple[Press, list[Path]], tmp_path: Path) -> None:
    _, folders = three
    merged([folders[1], folders[1]], tmp_path / "twice")
    assert content(tmp_path / "twice") == content(folders[1])


def contradicted(folder: Path) -> Path:
    """Change a score and what hangs on it, as of a machine that rounds in another way."""
    other = folder.with_name("contradicted")
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder, other)
    lines = Lines(other)
    lines.of("accuracy")[0]["values"]["score"] -= 0.05
    for line in lines.of("cell"):
        line["cell"]["origins"][0].update(by="Dee", hardware=OTHER)
    lines.write()
    return other


def test_a_conflict_is_shown_with_both_origins_and_settled_by_nobody(three: tuple[Press, list[Path]]) -> None:
    _, folders = three
    first, second = read_own(folders[0]), read_own(contradicted(folders[0]))
    published, (done,) = combine(first, second)
    (conflict,) = done.conflicts
    assert conflict.what == "accuracy"
    assert float(conflict.values[0]) - float(conflict.values[1]) == pytest.approx(0.05)
    assert conflict.origins[0].startswith("Ann, ")
    assert conflict.origins[1].startswith(f"Dee, {OTHER}")
    assert len(published.cells("toy.full")) == len(first.cells("toy.full")) - 1, "in neither"
    for prefer, side in (("first", first), ("second", second)):
        chosen, _ = combine(first, second, prefer)
        assert chosen.get(conflict.key) == side.get(conflict.key)
        assert len(chosen.cells("toy.full")) == len(first.cells("toy.full"))
    assert combine(second, first, "first")[0].get(conflict.key) == second.get(conflict.key)


def test_what_failed_for_want_of_time_gives_way(three: tuple[Press, list[Path]]) -> None:
    _, folders = three
    bundle = read_own(folders[0]).bundles["toy.full"]
    cell = next(iter(bundle.cells.values()))
    late = replace(bundle.records[cell.cluster], status="timeout", error="more than 1 s", arrays={})
    slow = Bundle("toy.full", bundle.cells, {**bundle.records, late.key: late}, bundle.labels)
    done = merge(slow, bundle)
    assert not done.conflicts
    assert done.bundle.records[late.key].ok
    failed = replace(late, status="failed")
    assert merge(Bundle("toy.full", bundle.cells, {late.key: failed}), bundle).conflicts


def test_boards_of_other_data_are_never_mixed(three: tuple[Press, list[Path]]) -> None:
    _, folders = three
    bundle = read_own(folders[0]).bundles["toy.full"]
    other = {name: replace(cell, digest="0" * 64) for name, cell in bundle.cells.items()}
    with pytest.raises(
        HarnessError, match=r"'toy.full' has different data in the two folders: samples .* and 0000"
    ):
        merge(bundle, Bundle("toy.full", other, bundle.records))


def test_two_versions_of_a_metric_are_never_mixed(three: tuple[Press, list[Path]]) -> None:
    _, folders = three
    bundle = read_own(folders[0]).bundles["toy.full"]
    name, cell = next(iter(bundle.cells.items()))
    scores = {**cell.scores, "accuracy": replace(cell.scores["accuracy"], code="0" * 32)}
    older = {name: replace(cell, scores=scores, noted="2020-01-01T00:00:00+00:00")}
    done = merge(Bundle("toy.full", older, bundle.records), bundle)
    assert done.notes == ["Scores by an earlier version of accuracy are left out."]
    assert done.bundle.cells[name].scores == cell.scores


def test_npy_is_as_a_store_writes_it(tmp_path: Path) -> None:
    from harness.store.arrays import Arrays

    labels = np.arange(7)
    assert Arrays(tmp_path).put(labels) == digest_of(npy(labels))


def test_clusters_in_another_order_are_the_same_and_other_clusters_are_not(
    three: tuple[Press, list[Path]],
) -> None:
    _, folders = three
    bundle = read_own(folders[0]).bundles["toy.full"]
    fit = bundle.records[next(iter(bundle.cells.values())).cluster]
    digest = fit.arrays["fitted"]
    labels = np.load(io.BytesIO(bundle.labels[digest]))

    def other(changed: Any) -> Bundle:
        content = npy(changed)
        record = replace(fit, arrays={"fitted": digest_of(content)})
        cells = {
            name: replace(cell, variant="f" * 32) for name, cell in bundle.cells.items()
        }  # share no cell
        return Bundle("toy.full", cells, {record.key: record}, {digest_of(content): content})

    assert not merge(bundle, other((labels + 1) % 3)).conflicts
    noisy = np.where(labels == 0, -1, labels)
    assert [each.what for each in merge(bundle, other(noisy)).conflicts] == ["clusters"]
    changed = labels.copy()
    changed[0] = (changed[0] + 1) % 3
    (conflict,) = merge(bundle, other((changed + 1) % 3)).conflicts
    assert conflict.what == "clusters"
    assert conflict.values[0] == f"labels {digest[:12]}"
    assert conflict.values[1].endswith(", alike in 59 of 60 rows"), "matched, whatever their numbers"


def one_cell(*origins: tuple[str, str, str], **more: Any) -> Bundle:
    """A bundle of one cell that these have sent in: name, hardware and when."""
    data = DataFacts(60, 4, 3, None, None, None, "none", "unknown")
    facts = {"noted": "2026", "origins": tuple(Origin(*origin) for origin in origins), **more}
    return Bundle("toy.full", {"cell": CellRecord("toy", "0", "full", data, "a", "b", **facts)})


def test_one_computation_is_of_one_contributor_whatever_it_is_called() -> None:
    ada, bob, nobody = ("Ada", "a pc", "1"), ("Bob", "a pc", "1"), ("unnamed", "a pc", "1")
    later, other = ("Ada", "a pc", "2"), ("Bob", "a mac", "1")

    def who(*order: tuple[str, str, str]) -> list[tuple[str, ...]]:
        found = one_cell(order[0])
        for each in order[1:]:
            found = merge(found, one_cell(each)).bundle
        return [tuple(origin) for origin in found.cells["cell"].origins]

    for order in permutations([ada, bob, nobody, later, other]):
        assert who(*order) == [ada, later, other]
    assert who(nobody, ("Zoe", "a pc", "1")) == [("Zoe", "a pc", "1")]
    blocked = [("Ada", "", "1"), ("Ada", "", "2")]
    assert who(*blocked) == who(*reversed(blocked)) == [blocked[0]], "nothing was computed"


def test_help_that_anyone_tells_of_stays() -> None:
    old = one_cell(("Ada", "a pc", "1"), settings="oracle", prior=("pretrained", "augmentation"), noted="1")
    new = one_cell(("Bob", "a mac", "1"), settings="none", prior=("more",), noted="2")
    for pair in ((old, new), (new, old)):
        cell = merge(*pair).bundle.cells["cell"]
        assert cell.settings == "oracle"
        assert cell.prior == ("augmentation", "more", "pretrained")
    assert merge(old, old).bundle.cells["cell"].prior == ("pretrained", "augmentation")
    assert merge(one_cell(("Ada", "", "1")), one_cell(("Bob", "", "1"))).bundle.cells["cell"].settings == ""


def cut(folder: Path, name: str, clusterer: str) -> Path:
    """Publish anew what a folder has of one clusterer."""
    bundle = read_own(folder).bundles["toy.full"]
    kept = drawn(bundle, lambda cell: bundle.cells[cell].clusterer == clusterer)
    out = folder.with_name(name)
    list(write_folder(Published(out, {"toy.full": kept}), out))
    return out


def test_only_what_the_preferred_folder_says_is_settled(
    three: tuple[Press, list[Path]], tmp_path: Path
) -> None:
    _, (one, *_) = three
    other = contradicted(one)
    row = next(conflict.row for conflict in combine(read_own(one), read_own(other))[1][0].conflicts)
    clusterer = row.split()[2].rstrip(",")
    silent = cut(one, "silent", "gmm" if clusterer == "kmeans" else "kmeans")
    for order in permutations([one, other, silent]):
        out = tmp_path / "open"
        words = ["merge", *map(str, order), "--out", str(out), "--prefer", str(silent)]
        result = CliRunner().invoke(app, words, standalone_mode=False)
        assert result.return_value == 1
        assert "1 contradiction is between folders other than" in result.stderr
        assert not out.exists()
    speaking = cut(one, "speaking", clusterer)
    found = []
    for number, order in enumerate(permutations([one, other, speaking])):
        read = {folder: read_own(folder) for folder in order}
        done = combine_all(list(read.values()), read[speaking])
        assert not done.open
        list(write_folder(done.published, tmp_path / str(number)))
        found.append(content(tmp_path / str(number)))
    assert all(each == found[0] for each in found)
    (conflict,) = combine(read_own(one), read_own(other))[1][0].conflicts
    assert done.published.get(conflict.key) == read_own(one).get(conflict.key)


def test_the_table_says_whose_each_value_is(three: tuple[Press, list[Path]], tmp_path: Path) -> None:
    _, (one, two, _) = three
    other = contradicted(one)
    lines = Lines(other)
    for line in lines.of("cell"):
        line["cell"]["origins"][0]["hardware"] = "odd one"
    lines.write()
    words = ["merge", str(two), str(one), str(other), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert result.return_value == 1
    (line,) = (line for line in result.stdout.splitlines() if ", seed " in line)
    assert line.index("Ann, ") < line.index("Dee, odd one, ")
    assert f"only in {two} and {one}, " in result.stderr
    assert f"only in {other}." in result.stderr


def test_labels_whose_header_cannot_be_parsed_are_told_in_one_line(
    three: tuple[Press, list[Path]],
) -> None:
    _, folders = three
    bundle = read_own(folders[0]).bundles["toy.full"]
    fit = bundle.records[next(iter(bundle.cells.values())).cluster]
    content = bundle.labels[fit.arrays["fitted"]].replace(b"}", b"(", 1)
    record = replace(fit, arrays={"fitted": digest_of(content)})
    other = Bundle("toy.full", bundle.cells, {record.key: record}, {digest_of(content): content})
    with pytest.raises(
        HarnessError, match=r"Labels of 'toy.full' in one of the folders: a file is not a \.npy"
    ):
        merge(bundle, other)
