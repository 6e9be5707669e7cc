"""Downloads from a real local server: mirrors, cut connections, wrong files, no network, nothing partial."""

import gzip
import hashlib
import http.server
import socket
import threading
from dataclasses import replace

import pytest

from harness import DataError
from harness.data import RemoteFile, Source, describe, fetch, find, load

CONTENT = {"a.gz": gzip.compress(bytes(range(256)) * 2000), "b.gz": gzip.compress(b"labels" * 50)}


def md5(content):
    return f"md5:{hashlib.md5(content).hexdigest()}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        place, _, name = self.path[1:].partition("/")
        if place == "missing":
            self.send_error(404)
            return
        content = b"something else" if place == "wrong" else CONTENT[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        cut = place == "always-cut" or (place == "cut" and self.server.asked.count(self.path) == 1)
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    for name in ("HARNESS_DATA", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.asked = []
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def source(server, *places):
    files = tuple(RemoteFile(name, md5(content)) for name, content in CONTENT.items())
    port = server.server_address[1]
    return Source("toy", files, urls=tuple(f"http://127.0.0.1:{port}/{place}" for place in places))


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def held(tmp_path):
    return {path.name: path.read_bytes() for path in (tmp_path / "toy").iterdir()}


def test_files_are_fetched_once(server, tmp_path):
    toy = source(server, "good")
    assert find(toy) is None
    assert fetch(toy) == tmp_path / "toy"
    assert held(tmp_path) == CONTENT
    assert find(toy) == tmp_path / "toy"
    fetch(toy)
    assert server.asked == ["/good/a.gz", "/good/b.gz"]


def test_others_may_read_a_shared_cache_and_nothing_is_logged(server, tmp_path, capfd):
    fetch(source(server, "good"))
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "toy").iterdir()} == {0o644}
    assert capfd.readouterr().err == ""


def test_a_copy_of_another_user_that_is_right_is_used(server, tmp_path, monkeypatch):
    toy = source(server, "good")
    fetch(toy)

    def refused(path, mode):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.chmod", refused)
    assert fetch(toy) == tmp_path / "toy"


def test_the_datasets_info_fetches(server, tmp_path):
    info = describe(source(server, "good/"), n_samples=2, n_features=1, n_classes=1, licence="MIT")
    assert info.find() is None
    assert info.fetch(lambda name, done, total: None) == info.find() == str(tmp_path / "toy")


def test_progress_is_told(server):
    seen = []
    fetch(source(server, "good"), progress=lambda *step: seen.append(step))
    sizes = {name: len(content) for name, content in CONTENT.items()}
    assert {name: done for name, done, _ in seen} == sizes
    assert {name: total for name, _, total in seen} == sizes


def test_a_damaged_copy_in_the_cache_is_replaced(server, tmp_path):
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "a.gz").write_bytes(CONTENT["a.gz"][:100])
    fetch(source(server, "good"))
    assert held(tmp_path) == CONTENT


def test_a_cut_connection_is_tried_again(server, tmp_path):
    fetch(source(server, "cut"))
    assert held(tmp_path) == CONTENT
    assert server.asked == ["/cut/a.gz", "/cut/a.gz", "/cut/b.gz", "/cut/b.gz"]


def test_a_connection_cut_always_leaves_nothing(server, tmp_path):
    with pytest.raises(DataError, match=r"cannot download a\.gz \(127.*: the connection broke twice"):
        fetch(source(server, "always-cut"))
    assert held(tmp_path) == {}


@pytest.mark.parametrize("first", ["missing", "wrong", "always-cut"])
def test_the_mirror_is_used(server, tmp_path, first):
    fetch(source(server, first, "good"))
    assert held(tmp_path) == CONTENT
    assert server.asked[0] == f"/{first}/a.gz"
    assert server.asked[-2:] == ["/good/a.gz", "/good/b.gz"]


def test_a_wrong_checksum_is_named_and_nothing_kept(server, tmp_path):
    expected, got = md5(CONTENT["a.gz"]), md5(b"something else").removeprefix("md5:")
    with pytest.raises(DataError, match=f"expected {expected} but got {got}; .*HTTP status 404"):
        fetch(source(server, "wrong", "missing"))
    assert held(tmp_path) == {}


def test_no_network_names_three_ways(server, tmp_path):
    toy = replace(source(server), urls=(f"http://127.0.0.1:{closed_port()}/",))
    with pytest.raises(DataError) as caught:
        load(toy, licence="MIT", class_names=())
    message = str(caught.value)
    assert "\n" not in message
    for part in (
        *("toy: cannot download a.gz", "no connection"),
        *("(1) run `harness datasets fetch toy`", str(tmp_path / "toy")),
        *("(2) put a.gz, b.gz in $HARNESS_DATA/toy/", "(3) `-d PATH`"),
    ):
        assert part in message
    assert held(tmp_path) == {}
    with pytest.raises(DataError, match=r"\(3\) `apt-get install dataset-toy`"):
        fetch(replace(toy, package="dataset-toy"))


def test_a_cache_that_cannot_be_made(server, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cannot create the folder: .*Set HARNESS_CACHE"):
        fetch(source(server, "good"))
