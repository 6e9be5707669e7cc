"""OpenML through a local server: good, moved, damaged, slow and unknown answers, and how tables are read."""

from __future__ import annotations

import hashlib
import http.server
import json
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import BadParameter, DataError, Dataset
from harness.data import openml_server
from harness.planning.datasets import open_dataset
from harness.registry.registry import load_registry

PLAIN = """@RELATION toy
@ATTRIBUTE code NUMERIC
@ATTRIBUTE width NUMERIC
@ATTRIBUTE flag {0, 1}
@ATTRIBUTE class {rose, 'wild oak'}
@DATA
1, 0.1234567890123456789, 0, rose
2, 2.5, 1, 'wild oak'
3, 1e-3, 1, rose
4, 4.5, 0, 'wild oak'
"""
WORDS = PLAIN.replace("flag {0, 1}", "flag {no, yes}").replace(", 0, ", ", no, ").replace(", 1, ", ", yes, ")
GAPS = PLAIN.replace("2.5", "?")
SPARSE = """@RELATION toy
@ATTRIBUTE a NUMERIC
@ATTRIBUTE b NUMERIC
@ATTRIBUTE class {rose, oak}
@DATA
{0 1.5, 2 rose}
{1 2.5, 2 oak}
{0 3.5, 2 oak}
"""
FILES = {"words": WORDS, "gaps": GAPS, "sparse": SPARSE}
NAMES = ["plain", "words", "gaps", "sparse", "moved", "damaged", "slow", "slow-once", "two", "none"]
IDS = {name: 61 + place for place, name in enumerate(NAMES)}


def content(name: str) -> bytes:
    return FILES.get(name, PLAIN).encode()


def description(name: str, port: int) -> dict[str, Any]:
    return {
        **{"id": str(IDS[name]), "name": f"{name} (toy)", "version": "3", "status": "active"},
        "format": "Sparse_ARFF" if name == "sparse" else "ARFF",
        "description": "A toy.",
        **{"licence": "CC BY 4.0", "citation": "Toy,\n2020", "row_id_attribute": "code"},
        "url": f"http://127.0.0.1:{port}/data/{name}.arff",
        "md5_checksum": hashlib.md5(content(name)).hexdigest(),
    }


def features(name: str) -> list[dict[str, Any]]:
    lines = [line.split(" ", 2) for line in content(name).decode().splitlines() if line.startswith("@ATTR")]
    targets = {"two": ("flag", "class"), "none": ()}.get(name, ("class",))
    return [
        {
            **{"index": str(place), "name": word, "is_target": json.dumps(word in targets)},
            "data_type": "numeric" if kind == "NUMERIC" else "nominal",
            **{"is_ignore": "false", "is_row_identifier": json.dumps(word == "code")},
            "number_of_missing_values": "0",
        }
        for place, (_, word, kind) in enumerate(lines)
    ]


class Handler(http.server.BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        place = self.path.removeprefix("/elsewhere")
        words = set(place.removesuffix(".arff").split("/"))
        name = next((each for each in NAMES if words & {each, str(IDS[each])}), "")
        if self.server.changed:
            name = self.server.changed
        if name == "moved" and place == self.path:
            self.send_response(301)
            self.send_header("Location", f"/elsewhere{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if name == "slow" or (name == "slow-once" and self.server.asked.count(self.path) == 1):
            time.sleep(0.6)
        self.answer(name, place)

    def answer(self, name: str, place: str) -> None:
        port = self.server.server_address[1]
        if not name:
            self.send_error(412)
            return
        if "/features/" in place:
            body = json.dumps({"data_features": {"feature": features(name)}}).encode()
        elif "/qualities/" in place:
            quality = [{"name": "NumberOfInstances", "value": "4.0"}]
            body = json.dumps({"data_qualities": {"quality": quality}}).encode()
        elif "/data_name/" in place:
            found = [{"did": IDS[name], "version": 3, "status": "active"}] * 2
            body = json.dumps({"data": {"dataset": found}}).encode()
        elif place.startswith("/api/"):
            body = json.dumps({"data_set_description": description(name, port)}).encode()
        else:
            body = content(name)[: -9 if name == "damaged" else None]
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the client has given up
            pass

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    monkeypatch.setattr(
        "time.sleep", lambda seconds, sleep=time.sleep: sleep(min(seconds, 0.6) if seconds < 1 else 0)
    )
    monkeypatch.setattr(openml_server, "TIMEOUT", 0.3)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked, running.changed = [], ""  # type: ignore[attr-defined]
        monkeypatch.setenv("HARNESS_OPENML", f"http://127.0.0.1:{running.server_address[1]}")
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def read(text: str, progress: Any = None) -> Dataset:
    return open_dataset(text, load_registry(), progress)


def test_a_dataset_is_read_as_a_table_and_all_is_said(server: Any) -> None:
    data = read("openml:61")
    assert data.name == "openml-61"
    expected = [[0.1234567890123456789, 0], [2.5, 1], [1e-3, 1], [4.5, 0]]
    assert data.samples.tolist() == np.array(expected, dtype=np.float32).tolist()
    assert data.truth is not None
    assert data.truth.tolist() == [0, 1, 0, 1]
    assert (data.class_names, data.label, data.licence) == (("rose", "wild oak"), "class", "CC BY 4.0")
    assert data.source == "https://www.openml.org/d/61, plain (toy) version 3; cite Toy, 2020"
    assert data.left_out == ("'code' (a row identifier on OpenML)",)
    assert data.notes[:2] == (
        "label 'class': the default target on OpenML",
        "nominal attributes read as numbers: flag",
    )


def test_nominal_values_are_text_and_not_numbers(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "plain", PLAIN.replace("rose", "01").replace("'wild oak'", "1"))
    assert read("openml:61").class_names == ("01", "1")
    monkeypatch.setitem(FILES, "words", PLAIN.replace("rose", "5").replace("'wild oak'", "10"))
    assert read("openml:62").class_names == ("5", "10")


def test_it_is_fetched_once_and_then_read_without_a_server(server: Any) -> None:
    first = read("openml:61")
    asked = list(server.asked)
    again = read("openml:61")
    assert server.asked == asked
    assert again.digest == first.digest
    assert again.truth_digest == first.truth_digest


def test_a_name_is_looked_up_and_the_version_taken_is_said(server: Any) -> None:
    found = read("openml:plain")
    assert found.name == "openml-61"
    assert "'plain' read as version 3, the oldest active one: openml:61" in found.notes
    assert not any("version" in note for note in read("openml:plain(version=3)").notes)
    assert any(path.endswith("/data_name/plain/limit/2/data_version/3") for path in server.asked)


def test_options_of_tables(server: Any) -> None:
    assert read("openml:61(drop=width, name=mine)").samples.tolist() == [[0], [1], [1], [0]]
    assert read("openml:61(name=mine)").name == "mine"
    other = read("openml:61(label=flag)")
    assert (other.n_features, other.label) == (1, "flag")
    assert "'class' (a target on OpenML)" in other.left_out
    assert read("openml:61(label=Class)").label == read("openml:61(label=-1)").label == "class"
    none = read("openml:61(label=None)")
    assert none.truth is None
    assert none.n_features == 2
    assert "'class' (a target on OpenML)" in none.left_out


def test_words_are_refused_with_the_lines_to_type(server: Any) -> None:
    with pytest.raises(DataError) as refused:
        read("openml:62")
    assert "openml:62: column 'flag' must hold numbers, got 'no'" in str(refused.value)
    assert '"openml:62(drop=flag)"' in str(refused.value)
    assert '"openml:62(one_hot=flag)"' in str(refused.value)
    assert read("openml:62(drop=flag)").n_features == 1
    assert read("openml:62(one_hot=flag)").n_features == 3


def test_missing_values_are_refused_unless_treated(server: Any) -> None:
    with pytest.raises(DataError, match=r"openml:63: values are missing in 1 of 2 columns: 'width' 1"):
        read("openml:63")
    assert read("openml:63(missing=drop-rows)").n_samples == 3


def test_sparse_files(server: Any) -> None:
    data = read("openml:64")
    assert data.samples.tolist() == [[1.5, 0], [0, 2.5], [3.5, 0]]
    assert data.truth is not None
    assert (data.truth.tolist(), data.label) == ([1, 0, 0], "class")
    with pytest.raises(DataError, match="openml:64: its file is sparse, so"):
        read("openml:64(drop=a)")


def test_several_targets_and_none(server: Any) -> None:
    with pytest.raises(DataError, match=r"openml:69: OpenML names several targets: flag, class\. Choose one"):
        read("openml:69")
    assert "'flag' (a target on OpenML)" in read("openml:69(label='class')").left_out
    none = read("openml:70")  # by the rules of tables
    assert none.label == "class"
    assert not any("default target" in note for note in none.notes)


def test_moved_answers_are_followed(server: Any) -> None:
    assert read("openml:65").n_samples == 4
    assert sum(path.startswith("/elsewhere/data/") for path in server.asked) == 1


def test_a_damaged_file_is_refused_in_a_line_and_fetched_again_next_time(server: Any) -> None:
    expected = hashlib.md5(content("damaged")).hexdigest()
    message = (
        rf"^openml:66: cannot read it from 127.*: the file is damaged: expected checksum md5:{expected}, got"
    )
    for _ in range(2):
        server.asked.clear()
        with pytest.raises(DataError, match=message) as refused:
            read("openml:66")
        assert "\n" not in str(refused.value)
        assert 'Try again later: harness datasets show "openml:66"' in str(refused.value)
        assert "/data/damaged.arff" in server.asked


def test_a_damaged_copy_in_the_cache_is_fetched_again(server: Any, tmp_path: Path) -> None:
    digest = read("openml:61").digest
    (copy,) = tmp_path.rglob("plain.arff.gz")
    copy.write_bytes(copy.read_bytes()[:40])
    assert read("openml:61").digest == digest
    assert server.asked.count("/data/plain.arff") == 2


def test_other_data_than_at_first_are_refused(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read("openml:61")
    for path in tmp_path.rglob("*.gz"):
        path.unlink()
    server.changed = "words"
    monkeypatch.setitem(IDS, "words", 61)
    with pytest.raises(DataError, match="openml:61: not the data that were read before: expected") as refused:
        read("openml:61(drop=flag)")
    (memo,) = tmp_path.rglob("61.json")
    assert f"rm '{memo}'" in str(refused.value)
    memo.unlink()
    assert read("openml:61(drop=flag)").n_features == 1


def test_a_slow_answer_is_tried_again(server: Any) -> None:
    assert read("openml:68").n_samples == 4


def test_a_server_that_never_answers(server: Any) -> None:
    with pytest.raises(
        DataError, match=r"openml:67: cannot read it from 127.*: no answer within 0\.3 seconds"
    ):
        read("openml:67")
    assert server.asked.count("/api/v1/json/data/67") >= 4


def test_no_connection_and_unknown_datasets(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("openml:9999", "openml:nowhere", "openml:nowhere(version=2)"):
        with pytest.raises(DataError, match=r"has no such dataset, or none that is active\. Search"):
            read(text)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("HARNESS_OPENML", f"http://127.0.0.1:{port}")
    with pytest.raises(DataError, match=rf"cannot read it from 127\.0\.0\.1:{port}: Connection refused"):
        read("openml:61")


def test_wrong_calls(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, message in (
        ("openml:", "not understood. Give an ID or a name of OpenML"),
        ("openml:61(3)", "not understood"),
        ("openml:61(lable=x)", "unknown option 'lable'. Did you mean 'label'"),
    ):
        with pytest.raises(BadParameter, match=message):
            read(text)
    with pytest.raises(DataError, match="an ID is of one version already"):
        read("openml:61(version=1)")
    with pytest.raises(DataError, match="version must be a whole number from 1, got 'x'"):
        read("openml:plain(version=x)")
    monkeypatch.setenv("HARNESS_OPENML", "nowhere")
    with pytest.raises(BadParameter, match="HARNESS_OPENML must be the address of a server"):
        read("openml:61")


def test_progress_is_told_of_the_data_alone_and_the_opener_of_a_program_comes_back(server: Any) -> None:
    own = urllib.request.build_opener()
    urllib.request.install_opener(own)
    seen: list[tuple[str, int, int]] = []
    try:
        read("openml:61", lambda *step: seen.append(step))
        assert vars(urllib.request)["_opener"] is own
    finally:
        urllib.request.install_opener(None)  # type: ignore[arg-type]
    size = len(content("plain"))
    assert seen[-1] == ("openml:61", size, size)
    assert {name for name, _, _ in seen} == {"openml:61"}


def test_a_suite_has_datasets_of_openml_and_names_those_that_fail(
    server: Any, command_line: Any, tmp_path: Path
) -> None:
    suite = tmp_path / "own.toml"
    suite.write_text('name = "own"\ndatasets = ["openml:61", "openml:66"]\n')
    call = ("bench", "--suite", str(suite), "-c", "kmeans", "-m", "ari", "--dry-run")
    code, out, err = command_line(*call)
    assert code == 0
    assert "openml-61" in out
    assert err.splitlines()[0] == "own: 1 of 2 datasets, 1 leaderboard"
    assert "Cannot be run: openml-66: openml:66: cannot read it from 127.0.0.1" in err


def test_the_command_line(server: Any, command_line: Any) -> None:
    code, out, err = command_line("datasets", "show", "openml:61")
    assert code == 0
    assert "label (by label=)" in out
    assert "Downloading openml:61" in err
    code, out, err = command_line("bench", "-d", "openml:61", "-e", "identity", "-c", "kmeans", "--dry-run")
    assert code == 0
    assert "openml-61: 4 samples x 2 features, 2 classes from 'class'" in err
    code, out, err = command_line("datasets", "fetch", "openml:62(drop=flag)")
    assert (code, out) == (0, "openml:62(drop=flag) is in the cache folder: 4 samples, 1 features\n")
    code, _, err = command_line("datasets", "fetch", "openml:66")
    assert code == 2
    assert err.splitlines()[-1].startswith("Error: openml:66: cannot read it from 127.0.0.1")
