"""Wrong input ends in one clear line and exit code 2; where only a cell is concerned, that cell fails."""

from __future__ import annotations

import gzip
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Timer

import numpy as np
import pytest
from waiting import PATIENCE, until

from harness.store.store import Store

PAIR = ("-e", "identity", "-c", "kmeans", "--seeds", "1")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: Call, one_process: None) -> Call:
    """Call the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return command_line


WRONG = {
    "no such scheduler": (
        ("bench", *PAIR, "--dask", "http://here"),
        "No scheduler responds at 'http://here'",
    ),
    "no such place": (("bench", *PAIR, "--arrays", "nowhere://here"), "Protocol not known: nowhere"),
    "unknown encoder": (("bench", "-e", "pcaa", "-c", "kmeans"), "Did you mean 'pca'"),
    "unknown clusterer": (("bench", "-e", "pca", "-c", "kmean"), "Did you mean 'kmeans'"),
    "unknown metric": (("bench", *PAIR, "-m", "accuracyy"), "Did you mean 'accuracy'"),
    "unknown dataset": (("bench", "-d", "digit", *PAIR), "Did you mean 'digits'"),
    "unknown parameter": (
        ("bench", "-e", "pca(n_component=2)", "-c", "kmeans"),
        "Did you mean 'n_components'",
    ),
    "too many values": (("bench", "-e", "pca(1, True, 3)", "-c", "kmeans"), "at most 2 parameters"),
    "bad syntax": (("bench", "-e", "pca(", "-c", "kmeans"), "Cannot read the parameters"),
    "unknown import path": (("bench", "-e", "pca", "-c", "sklearn.cluster:Brch"), "Did you mean 'Birch'"),
    "no split": (("bench", *PAIR, "--protocol", "train-test"), "Use --protocol full"),
    "slow alone": (
        ("bench", "--slow", "-e", "pca", "-c", "kmeans"),
        "--slow only extends --all: give --all too, or drop --slow",
    ),
    "no encoder": (("bench", "-c", "kmeans"), "Also name encoders with -e, or use all with --all"),
    "unknown device": (("bench", *PAIR, "--device", "gpu"), "'auto', 'cpu', 'cuda', 'mps'"),
    "no such device": (("bench", *PAIR, "--device", "mps"), "Apple GPU was not found. Use --device"),
    "early stopping without validation": (
        ("bench", "-e", "dense-ae-torch(patience=3, validation_fraction=0)", "-c", "kmeans"),
        "Set patience=None",
    ),
    "layers that cannot be": (
        ("bench", "-e", "conv-ae-keras(filters=())", "-c", "kmeans"),
        "at least one layer",
    ),
    "unknown status": (
        ("bench", *PAIR, "--retry", "failed,crash"),
        "Cannot retry status 'crash'. Did you mean 'crashed'? Give one or more of failed, crashed",
    ),
    "no status": (("bench", *PAIR, "--retry", "failed", "--retry", ""), "Cannot retry status ''. Give"),
    "no seeds": (("bench", *PAIR, "--seeds", "0"), "--seeds"),
    "unknown option": (("bench", "--al"), "--all"),
    "unknown command": (("bnch",), "No such command 'bnch'. Did you mean 'bench'?"),
    "dataset without -d": (("bench", "digits.csv"), "(digits.csv). A dataset follows -d, e.g. -d digits.csv"),
    "no such file": (("bench", "-d", "nothing.csv", *PAIR), "No file or folder 'nothing.csv'"),
    "no plugin file": (("bench", *PAIR, "--plugin", "nothing.py"), "No plugin file 'nothing.py'"),
    "store in a file": (("bench", *PAIR, "--store", "/dev/null/store"), "--store"),
    "boards in a file": (("bench", *PAIR, "--out", "/dev/null/boards"), "--out"),
    "no store": (("leaderboard",), "Run 'harness bench' first"),
    "unknown dataset to fetch": (("datasets", "fetch", "minst"), "Did you mean 'mnist'"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_call(what: str, call: Call) -> None:
    arguments, reason = WRONG[what]
    code, output, errors = call(*arguments)
    assert code == 2
    assert output == ""
    assert reason in errors.splitlines()[-1]


def test_a_missing_file_suggests_one_beside_it(tmp_path: Path, call: Call) -> None:
    (tmp_path / "flowers.csv").write_text("a,b\n1,2\n")
    near = tmp_path / "flowrs.csv"
    assert (
        f"No file or folder '{near}'. Did you mean '{tmp_path / 'flowers.csv'}'?"
        in call("bench", "-d", str(near), *PAIR)[2]
    )


def test_a_missing_file_suggests_none_of_another_name(tmp_path: Path, call: Call) -> None:
    (tmp_path / "flowers.csv").write_text("a,b\n1,2\n")
    assert "nope.csv'. Check the path." in call("bench", "-d", str(tmp_path / "nope.csv"), *PAIR)[2]


def idx(shape: tuple[int, ...], payload: bytes) -> bytes:
    return bytes([0, 0, 8, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape) + payload


FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("x.csv", b"", "empty"),
    "header only": ("x.csv", b"a,b,label\n", "row"),
    "nan": ("x.csv", b"a,b,label\n1,2,u\nnan,4,v\n", "values are missing in 1 of 2 columns"),
    "infinite": ("x.csv", b"a,b,label\n1,2,u\ninf,4,v\n", "finite"),
    "words": ("x.csv", b"a,b,label\n1,cat,u\n3,4,v\n", "'cat'"),
    "one sample": ("x.csv", b"a,b,label\n1,2,u\n", "at least 2 samples"),
    "truncated": ("x-images-idx3-ubyte.gz", gzip.compress(idx((9, 4, 4), b"\1" * 20)), "truncated"),
    "wrong magic number": ("x-images-idx3-ubyte", b"\1\2\3\4" * 9, "magic number"),
    "corrupt gzip": (
        "x-images-idx3-ubyte.gz",
        gzip.compress(idx((2, 4, 4), b"\1" * 32))[:-9],
        "corrupt gzip",
    ),
    "corrupt npz": ("x.npz", b"PK\3\4 no archive", "damaged"),
    "not an array": ("x.npy", b"no array at all", "x.npy"),
    "no format": ("x.docx", b"words", "x.docx"),
}


@pytest.mark.parametrize("what", FILES)
def test_wrong_file(what: str, call: Call) -> None:
    name, content, reason = FILES[what]
    Path(name).write_bytes(content)
    code, _, errors = call("bench", "-d", name, *PAIR)
    assert code == 2
    assert len(errors.splitlines()) == 1
    assert any(part in errors for part in reason.split("|")), errors


def test_labels_of_another_length(call: Call) -> None:
    np.savez("x.npz", X=np.random.default_rng(0).random((10, 3)), y=np.arange(9))
    code, _, errors = call("bench", "-d", "x.npz", *PAIR)
    assert (code, "9" in errors, "10 samples" in errors) == (2, True, True)


def test_pickled_arrays_are_refused(call: Call) -> None:
    np.save("x.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    code, _, errors = call("bench", "-d", "x.npy", *PAIR)
    assert code == 2
    assert len(errors.splitlines()) == 1


CELLS = {
    "pca(n_components=128)": ("-e", "pca(n_components=128)", "-c", "kmeans"),
    "kmeans(n_clusters=0)": ("-e", "identity", "-c", "kmeans(n_clusters=0)"),
    "kmeans(n_clusters='a')": ("-e", "identity", "-c", "kmeans(n_clusters=a)"),
    "K above n": ("-e", "identity", "-c", "kmeans", "-k", "5000"),
    "gmm(covariance_type='fall')": ("-e", "identity", "-c", "gmm(covariance_type=fall)"),
}


@pytest.mark.parametrize("what", CELLS)
def test_wrong_value_fails_its_cell_alone(what: str, call: Call) -> None:
    code, output, errors = call(
        "bench", *CELLS[what], "-e", "identity", "-c", "kmeans(n_clusters=3)", "-m", "ari"
    )
    assert code == 1
    assert "failed" in output
    assert "kmeans(n_clusters=3)" in output
    assert "Some runs did not finish" in errors
    assert [line for line in errors.splitlines() if "] failed: " in line]


def test_odd_data_works(call: Call) -> None:
    rng = np.random.default_rng(0)
    few = np.repeat(rng.random((10, 2)), 4, axis=0)
    odd = {
        "duplicates": {"X": np.hstack([few, np.full((40, 1), 0.5)]), "y": np.arange(40) % 3},
        "same": {"X": np.ones((40, 3)), "y": np.arange(40) % 3},
        "unlabelled": {"X": rng.random((40, 3))},
    }
    for name, arrays in odd.items():
        np.savez(f"{name}.npz", **arrays)
    code, output, _ = call("bench", "--all", "--seeds", "1", *(f"-d{name}.npz" for name in odd))
    assert code == 0
    tables = output.split("protocol")
    assert len(tables) >= 4, output
    assert all(table.count("ok") >= 4 for table in tables[1:])


def test_store_of_a_future_version(call: Call, tmp_path: Path) -> None:
    (tmp_path / ".harness").mkdir()
    with sqlite3.connect(tmp_path / ".harness" / "records.sqlite") as database:
        database.execute("PRAGMA user_version=99")
    code, _, errors = call("bench", *PAIR)
    assert code == 2
    assert "newer harness" in errors


def test_an_empty_name_is_no_store(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_STORE", "")
    for more in ((), ("--store", "")):
        code, _, error = call("leaderboard", *more)
        assert code == 2
        assert "No store in '.harness'." in error


def test_store_that_is_no_database(call: Call, tmp_path: Path) -> None:
    (tmp_path / ".harness").mkdir()
    (tmp_path / ".harness" / "records.sqlite").write_bytes(b"this is no database" * 99)
    code, _, errors = call("bench", *PAIR)
    assert code == 2
    assert "Cannot open store" in errors


def test_two_datasets_of_one_name(call: Call, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        np.save(tmp_path / folder / "x.npy", np.random.default_rng(len(folder)).random((9, 2)) + ord(folder))
    np.save(tmp_path / "b" / "x.npy", np.random.default_rng(5).random((9, 2)))
    code, _, errors = call("bench", "-d", "a/x.npy", "-d", "b/x.npy", *PAIR)
    assert code == 2
    assert "Rename" in errors


STOP = """import time
from pathlib import Path
from harness import hookimpl
HERE = Path(__file__).parent
class Stop:
    def __init__(self, times=1, random_state=None): self.times = times
    def fit(self, X):
        (HERE / "begun").touch()
        while not (HERE / "go").exists(): time.sleep(0.02)
        self.labels_ = (X[:, 0] > 0).astype(int)
@hookimpl
def clusterers(): return {"stop": Stop}
"""


def interrupted(folder: Path, times: int) -> subprocess.CompletedProcess[str]:
    """Run two clusterers one after the other, and send Ctrl-C so many times while the first is at work.

    It ends once there is a file, which comes when Ctrl-C was heard once; and never where that is sent twice.
    """
    (folder / "stop.py").write_text(STOP)
    command = [*(sys.executable, "-m", "harness", "bench", "-e", "pca", "-c", f"stop(times={times})")]
    command += ["-c", "kmeans", "--plugin", "stop.py", "-m", "n-clusters", "--jobs", "1", "--seeds", "5"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, children would be born deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    guard = Timer(2 * PATIENCE, process.kill)
    guard.start()
    try:
        until((folder / "begun").exists, "the first fit")
        process.send_signal(signal.SIGINT)
        heard = _up_to("Stopping ", process.stderr)
        if times == 1:
            (folder / "go").touch()
        else:  # two signals that come before anybody has looked would be one
            process.send_signal(signal.SIGINT)
        rest = process.communicate()[1]
    finally:
        guard.cancel()
        process.kill()
    return subprocess.CompletedProcess(command, process.returncode, "", heard + rest)


def _up_to(start: str, lines: Iterable[str] | None) -> str:
    found = ""
    for line in lines or ():
        found += line
        if line.startswith(start):
            break
    return found


def test_interrupt_once_lets_running_stages_end_and_writes_the_board(tmp_path: Path) -> None:
    done = interrupted(tmp_path, 1)
    assert done.returncode == 130
    assert "Stopping after the running stages finish." in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(
        "Interrupted. Finished stages are kept; continue with: harness bench -e pca -c 'stop(t"
    )
    assert "cluster pca by stop(times=1) seed 0: ok" in done.stderr
    assert "by kmeans seed 4" not in done.stderr, "nothing else was started"


def test_interrupt_twice_stops_now(tmp_path: Path) -> None:
    done = interrupted(tmp_path, 2)
    assert done.returncode == 130
    assert done.stderr.splitlines()[-1].startswith("Interrupted.")
    assert "Stopping after the running stages finish." in done.stderr
    assert "ok" not in done.stderr.partition("stop(times=2)")[2]
    assert "Traceback" not in done.stderr


def test_a_plugin_that_raises_an_interrupt_harms_itself_alone(call: Call, tmp_path: Path) -> None:
    (tmp_path / "stop.py").write_text(
        "from harness import hookimpl\nclass Stop:\n    def fit(self, X): raise KeyboardInterrupt\n"
        "@hookimpl\ndef clusterers(): return {'stop': Stop}\n"
    )
    code, _, errors = call(
        "bench", "-e", "pca", "-c", "stop", "-c", "kmeans", "--plugin", "stop.py", "--seeds", "1"
    )
    assert code == 1
    assert "1 failed" in errors
    assert "KeyboardInterrupt" in errors


def test_failed_step_of_a_chain_is_no_success(call: Call) -> None:
    code, _, errors = call("bench", "-e", "pca(n_components=100)+identity", "-c", "kmeans", "-m", "ari")
    assert code == 1
    assert "5 failed" in errors


def test_damaged_database_is_told_in_one_line(call: Call, tmp_path: Path) -> None:
    call("bench", *PAIR, "-m", "ari")
    database = tmp_path / ".harness" / "records.sqlite"
    database.write_bytes(database.read_bytes()[:4096] + b"\xff" * 40_000)
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    for arguments in (("leaderboard",), ("bench", *PAIR)):
        code, _, errors = call(*arguments)
        assert code == 2
        assert "Cannot open store" in errors.splitlines()[-1]


@pytest.mark.parametrize("path", ["~nouser/x.csv", "x" * 300 + ".csv", " "])
def test_impossible_paths(path: str, call: Call) -> None:
    code, _, errors = call("bench", "-d", path, *PAIR)
    assert code == 2
    assert len(errors.splitlines()) == 1


def test_what_a_plugin_prints_spoils_no_json(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "from harness import hookimpl\nclass Loud:\n    def fit(self, X):\n"
        "        print('hello')\n        self.labels_ = (X[:, 0] > 0).astype(int)\n"
        "@hookimpl\ndef clusterers(): return {'loud': Loud}\n"
    )
    command = [*(sys.executable, "-m", "harness", "bench", "-e", "pca", "-c", "loud", "-m", "ari")]
    command += ["--plugin", "loud.py", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["rows"]
    records = [*Store(tmp_path / ".harness").records()]
    assert "hello" in [record.output for record in records]
