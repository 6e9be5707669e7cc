"""Suites: their files, folders and archives, and the plans of their datasets."""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from harness import DataError
from harness.core.errors import BadParameter, HarnessError, UnknownName
from harness.planning.request import Request
from harness.planning.suites.local_files import fetch, missing
from harness.planning.suites.plans import SuitePlans, suite_plans
from harness.planning.suites.read import built_in, read_suite
from harness.registry.registry import load_registry

POINTS = "0 0\n0 1\n9 9\n9 8\n5 5\n"
TABLE = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n"


class NeedsK:
    """A clusterer without a default for K, so that it needs data with classes."""

    def __init__(self, n_clusters: int) -> None:
        self.n_clusters = n_clusters

    def get_params(self, deep: bool = True) -> dict[str, int]:
        return {"n_clusters": self.n_clusters}

    def set_params(self, **params: int) -> NeedsK:
        return NeedsK(**params)

    def fit(self, X: np.ndarray) -> NeedsK:
        self.labels_ = np.zeros(len(X), dtype=np.int64)
        return self


def write_battery(folder: Path, name: str, *references: str, points: str = POINTS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.data.gz").write_bytes(gzip.compress(points.encode()))
    for number, labels in enumerate(references):
        text = "\n".join(labels.split())
        (folder / f"{name}.labels{number}.gz").write_bytes(gzip.compress(text.encode()))


@pytest.fixture
def batteries(tmp_path: Path) -> Path:
    """Two batteries, one of which has a dataset with three references: of K 2, of K 2 with noise, of K 3."""
    folder = tmp_path / "mine"
    write_battery(folder / "round", "ring", "1 1 2 2 2", "1 1 2 2 0", "1 1 2 2 3")
    (folder / "round" / "ring.txt").write_text("Source: somebody\n")
    write_battery(folder / "flat", "line", "1 1 2 2 1")
    (folder / "flat" / "README.txt").write_text("about\n")
    return folder


@pytest.fixture
def plan() -> Callable[..., SuitePlans]:
    """Plan a suite by k-means on the samples."""

    def planned(text: str | Path, **options: object) -> SuitePlans:
        options = {
            "encoders": ["identity"],
            "clusterers": ["kmeans"],
            "metrics": ["ari"],
            "seeds": 1,
        } | options
        request = Request(suite=str(text), **options)
        return suite_plans(read_suite(str(text)).suite, request, load_registry())

    return planned


def write(tmp_path: Path, text: str) -> str:
    file = tmp_path / "suite.toml"
    file.write_text(text)
    return str(file)


def test_a_folder_is_a_suite_with_a_leaderboard_per_reference(batteries: Path) -> None:
    suite = read_suite(str(batteries)).suite
    assert (suite.name, suite.protocol, suite.metrics) == ("mine", "full", ())
    line, ring = suite.datasets
    assert (line.name, line.group, line.boards) == ("flat-line", "flat", ("flat-line",))
    assert (ring.name, ring.boards) == ("round-ring", ("round-ring.0", "round-ring.1", "round-ring.2"))


def test_tables_of_a_folder_are_datasets_too_and_other_files_are_named(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "b.tsv", "notes.docx", "README.txt", ".hidden.csv"):
        (tmp_path / name).write_text(TABLE)
    write_battery(tmp_path, "ring", "1 1 2 2 2")
    source = read_suite(str(tmp_path))
    assert [each.name for each in source.suite.datasets] == ["a", "b.csv", "b.tsv", "ring"]
    assert list(source.notes) == ["left out, since they are not data: notes.docx"]


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("nothing")
    with pytest.raises(DataError, match=r"no dataset in it or its sub-folders\. Expected NAME\.data\.gz"):
        read_suite(str(tmp_path))


def test_a_file_lists_plugins_files_and_addresses(tmp_path: Path) -> None:
    (tmp_path / "flowers.csv").write_text(TABLE)
    write_battery(tmp_path, "ring", "1 1 2 2 2", "1 1 2 2 0")
    digest = "0" * 64
    suite = read_suite(
        write(
            tmp_path,
            f"""
            name = "mine"
            version = "2"
            protocol = "train"
            k = 3
            metrics = ["nmi"]
            aggregate = "median"
            datasets = [
              "moons(noise=0.1)",
              "openml:61",
              {{path = "flowers.csv", name = "plants", group = "own", options = {{label = "a"}}}},
              {{path = "ring.data.gz"}},
              {{url = "https://example.org/x.csv", sha256 = "{digest}"}},
            ]
            """,
        )
    ).suite
    assert (suite.version, suite.protocol, suite.n_clusters, suite.metrics, suite.aggregate) == (
        *("2", "train", 3),
        *(("nmi",), "median"),
    )
    moons, openml, flowers, ring, remote = suite.datasets
    assert (moons.texts, openml.texts) == (("moons(noise=0.1)",), ("openml:61",))
    assert flowers.texts == (f"{tmp_path / 'flowers.csv'}(label='a', name='own-plants')",)
    assert ring.boards == ("ring.0", "ring.1")
    assert (remote.name, digest[:16] in remote.texts[0]) == ("x", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", "suite.toml:1: name: must be text in quotes, got 1."),
        ('name = "a/b"\ndatasets = ["iris"]', "suite.toml:1: name: a name must be letters, digits"),
        ('name = "a"', 'a suite needs datasets, e.g. datasets = ["iris", {path = "flowers.csv"}].'),
        (
            'name = "a"\nversoin = 1',
            "suite.toml:2: versoin: unknown key 'versoin' here. Did you mean 'version'?",
        ),
        ('name = "a"\ndatasets = ["x.csv"]', "for a file give {path = 'x.csv'}."),
        ('name = "a"\ndatasets = [3]', "suite.toml:2: datasets[0]: must be a table of dataset, path, url"),
        ('name = "a"\ndatasets = ["iris", "iris"]', "'iris' is listed twice. Give one of them another name."),
        (
            'name = "a"\ndatasets = [{path = "x", url = "https://x.org/y"}]',
            "give one of dataset, path and url",
        ),
        ('name = "a"\ndatasets = [{url = "https://x.org/y.csv"}]', "an address needs its checksum"),
        ('name = "a"\ndatasets = [{url = "x", sha256 = "y"}]', "an address must be https://HOST/.../FILE"),
        ('name = "a"\ndatasets = [{dataset = "iris", name = "b"}]', 'write parameters as "iris(name=value)"'),
        (
            'name = "a"\ndatasets = ["iris"]\nk = 0',
            'k: must be "reference" or a whole number, at least 1, got 0.',
        ),
        ('name = "a"\ndatasets = ["iris"]\nk = "2"', 'k: must be "reference" or a whole number, at least 1'),
        ('name = "a"\ndatasets = ["iris"]\nprotocol = "ful"', "protocol: must be 'full', 'train-test'"),
        ('name = "a"\ndatasets = ["iris"]\naggregate = "max"', "aggregate: must be 'mean' or 'median'"),
        ('name = "a"\n[archive]\nfolder = "b"', "suite.toml:2: archive.url: this is required."),
        ("name =", "suite.toml:1: not valid TOML"),
    ],
)
def test_each_error_of_a_file_is_a_clear_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(HarnessError) as error:
        read_suite(write(tmp_path, text))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("toys", UnknownName, r"No suite 'toys'.* Did you mean 'toy'\? Suites: batteries-v1, images, toy"),
        ("", UnknownName, "No suite ''"),
        (__file__, BadParameter, "a suite is a .toml file or a folder. For one dataset, give -d"),
    ],
)
def test_what_is_no_suite_is_refused(text: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        read_suite(text)


@pytest.mark.parametrize("name", built_in())
def test_built_in_suites_name_datasets_that_exist(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    suite, known = read_suite(name).suite, load_registry().names("dataset")
    assert suite.name == name
    assert suite.licence
    assert suite.citation
    listed = {text for each in suite.datasets for text in each.texts if "/" not in text}
    assert listed <= {*known}
    assert set(suite.metrics) <= {*load_registry().names("metric")}


def test_the_batteries_are_76_datasets_of_six_batteries() -> None:
    suite = read_suite("batteries-v1").suite
    assert len(suite.datasets) == 76
    assert {each.group for each in suite.datasets} == {"fcps", "graves", "other", "sipu", "uci", "wut"}


def test_own_files_of_an_archive_are_found_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    write_battery(tmp_path / "batteries" / "fcps", "atom", "1 1 2 2 2")
    atom, chainlink = read_suite("batteries-v1").suite.datasets[:2]
    assert atom.texts == (f"{tmp_path}/batteries/fcps/atom.data.gz(name='fcps-atom')",)
    assert chainlink.texts[0].startswith(f"{tmp_path}/cache/suites/batteries/fcps/chainlink.data.gz(")


def test_k_follows_the_reference_and_fits_of_one_k_are_shared(
    batteries: Path, plan: Callable[..., SuitePlans]
) -> None:
    found = plan(batteries)
    first, noisy, third = found.plans["round-ring"]
    assert [each.dataset.name for each in (first, noisy, third)] == [f"round-ring.{n}" for n in range(3)]
    assert [cell.k for each in (first, noisy, third) for cell in each.cells] == [
        "2 given",
        "2 given",
        "3 given",
    ]

    def keys(each: object, kind: str) -> set[str]:
        return {key for key, stage in each.stages.items() if stage.kind == kind}  # type: ignore[attr-defined]

    assert keys(first, "encode") == keys(noisy, "encode") == keys(third, "encode")
    assert keys(first, "cluster") == keys(noisy, "cluster") != keys(third, "cluster")
    assert not keys(first, "score") & keys(noisy, "score")


def test_one_dataset_harms_no_other(batteries: Path, plan: Callable[..., SuitePlans]) -> None:
    write_battery(batteries / "flat", "bad", "1 1 2")
    write_battery(batteries / "flat", "big", "1 1 2 2 2 2", points=POINTS + "1 2\n")
    found = plan(batteries, max_samples=5)
    assert [*found.plans] == ["flat-line", "round-ring"]
    assert found.large == {"flat-big": 6}
    assert "bad.labels0.gz: expected one label for each of the 5 samples" in found.failed["flat-bad"]
    assert found.told("")[0] == "mine: 2 of 4 datasets, 4 leaderboards"
    assert found.told("")[1] == "Left out, with more samples than --max-samples: flat-big (6)"


def test_a_method_that_does_not_suit_one_dataset_is_a_failed_row_there(
    batteries: Path, plan: Callable[..., SuitePlans]
) -> None:
    (batteries / "unlabelled.csv").write_text("a,b\n1,2\n3,4\n5,6\n")
    found = plan(batteries, clusterers=["test_suites:NeedsK", "hdbscan"])
    (bare,), (line,) = found.plans["unlabelled"], found.plans["flat-line"]
    assert [cell.blocked[0] if cell.blocked else "" for cell in bare.cells] == ["failed", ""]
    assert not any(cell.blocked for cell in line.cells)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoders": ["pca(n_componets=9)"]}, "Did you mean 'n_components'"),
        ({"clusterers": ["kmeanz"]}, "Did you mean 'kmeans'"),
        ({"protocols": ["train"]}, "has no official train/test split"),
    ],
)
def test_what_is_wrong_for_every_dataset_is_a_wrong_call(
    batteries: Path, plan: Callable[..., SuitePlans], options: dict[str, object], message: str
) -> None:
    with pytest.raises(HarnessError, match=message):
        plan(batteries, **options)


def test_files_that_are_not_here_are_absent(tmp_path: Path, plan: Callable[..., SuitePlans]) -> None:
    text = 'name = "mine"\ndatasets = ["iris", {path = "gone.csv"}]'
    found = plan(write(tmp_path, text))
    assert ([*found.plans], found.absent) == (["iris"], ["gone"])
    assert found.told("Get them: there.")[-1] == "Not on this machine: gone. Get them: there."


def test_datasets_and_a_suite_exclude_each_other() -> None:
    with pytest.raises(BadParameter, match="either datasets"):
        Request(datasets=["iris"], suite="toy")
    with pytest.raises(BadParameter, match="give --suite too"):
        Request(max_samples=3)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server of a folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    folder = tmp_path / "served"
    folder.mkdir()
    there = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=there.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{there.server_port}", folder
    there.shutdown()
    there.server_close()


@pytest.fixture
def archive(server: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """The file of a suite with an archive, a zip with its files in a folder of the release, and another."""
    monkeypatch.delenv("HARNESS_DATA", raising=False)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    address, folder = server
    write_battery(tmp_path / "made", "ring", "1 1 2 2 2", "1 1 2 2 0")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for file in (tmp_path / "made").iterdir():
            packed.write(file, f"release-1/round/{file.name}")
        packed.writestr("release-1/../round/..", "evil")
        packed.writestr("release-1/other/x.data.gz", b"")
    (folder / "v1.zip").write_bytes(content.getvalue())
    text = f'name = "mine"\n[archive]\nfolder = "own"\nurl = "{address}/v1.zip"\n'
    return write(tmp_path, f"{text}[archive.batteries.round]\nring = 2\n"), folder / "v1.zip"


def fetched(suite: str) -> tuple[list[Path], list[str]]:
    told: list[str] = []
    file = read_suite(suite).file
    assert file is not None
    return list(fetch(file, told.append)), told


def test_an_archive_is_fetched_and_only_its_batteries_are_unpacked(
    archive: tuple[str, Path], tmp_path: Path, plan: Callable[..., SuitePlans]
) -> None:
    suite = archive[0]
    file = read_suite(suite).file
    assert file is not None
    assert missing(file)
    assert plan(suite).absent == ["round-ring"]
    places, told = fetched(suite)
    assert places == [tmp_path / "cache" / "suites" / "own"]
    names = ["ring.data.gz", "ring.labels0.gz", "ring.labels1.gz"]
    assert sorted(each.name for each in places[0].rglob("*") if each.is_file()) == names
    assert "gives no checksum for it, so it was not checked" in told[0]
    assert not missing(file)
    assert [*plan(suite).plans] == ["round-ring"]


def test_a_checksum_of_an_archive_is_checked(archive: tuple[str, Path]) -> None:
    suite, packed = archive
    right = hashlib.sha256(packed.read_bytes()).hexdigest()
    text = Path(suite).read_text()
    Path(suite).write_text(text.replace('folder = "own"', f'folder = "own"\nsha256 = "{"0" * 64}"'))
    with pytest.raises(DataError, match=r"cannot download v1\.zip .*hash.* Run it again with a network"):
        fetched(suite)
    Path(suite).write_text(text.replace('folder = "own"', f'folder = "own"\nsha256 = "{right}"'))
    assert fetched(suite)[1] == []


@pytest.mark.parametrize("content", [b"no zip", b"", None])
def test_a_damaged_or_missing_archive_is_refused_and_tried_again(
    archive: tuple[str, Path], content: bytes | None, tmp_path: Path
) -> None:
    suite, packed = archive
    whole = packed.read_bytes()
    packed.unlink()
    if content is not None:
        packed.write_bytes(content)
    with pytest.raises(DataError, match=r"v1\.zip"):
        fetched(suite)
    packed.write_bytes(whole)
    assert fetched(suite)[0]


def test_a_file_at_an_address_is_fetched_by_its_checksum(
    server: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Callable[..., SuitePlans]
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    address, folder = server
    (folder / "flowers.csv").write_text(TABLE)
    digest = hashlib.sha256(TABLE.encode()).hexdigest()
    suite = write(
        tmp_path, f'name = "mine"\ndatasets = [{{url = "{address}/flowers.csv", sha256 = "{digest}"}}]'
    )
    assert plan(suite).absent == ["flowers"]
    assert [place.name for place in fetched(suite)[0]] == ["flowers.csv"]
    assert [*plan(suite).plans] == ["flowers"]
