"""What a user is shown of failures, from real plugins that fail: in a run, by `show`, and on the page."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harness.cli import app

PLUGINS = '''import ctypes, time
from harness import hookimpl, NotApplicable

class Fails:
    """Fails under one seed alone."""
    def __init__(self, random_state=None):
        self.random_state = random_state
    def fit(self, X):
        print("about to fail with seed", self.random_state)
        if self.random_state == 1:
            self.helper()
        self.labels_ = (X[:, 0] > 5.8).astype(int)
    def helper(self):
        try:
            {}["missing"]
        except KeyError as error:
            raise ValueError("a reason of " + "many long-winded words " * 30) from error
    def predict(self, X):
        return (X[:, 0] > 5.8).astype(int)

class Crashes:
    def fit(self, X):
        ctypes.string_at(0)

class Hangs:
    def fit(self, X):
        time.sleep(3600)

class NoInit:
    def __init__(self):
        raise RuntimeError("not today")
    def fit(self, X):
        pass

class Needs:
    def fit(self, X):
        import not_there_at_all

@hookimpl
def clusterers():
    return {"fails": Fails, "crashes": Crashes, "hangs": Hangs, "no-init": NoInit, "needs": Needs}
'''
BENCH = (
    "bench -d iris -e standardize -c fails -c crashes -c hangs -c no-init -c needs -c kmeans -m ari "
    "-m silhouette --seeds 2 --timeout cluster=8 --jobs 2 --plugin bad.py"
)


def call(line: str) -> Result:
    result = CliRunner().invoke(app, shlex.split(line), standalone_mode=False)
    assert result.exception is None, result.output
    return result


@dataclass(frozen=True)
class Ran:
    """A folder in which the plugins were run, and what was printed."""

    folder: Path
    result: Result


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("show")
    (folder / "bad.py").write_text(PLUGINS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("HARNESS_STORE", raising=False)
        return Ran(folder, call(f"{BENCH} --traceback"))


@pytest.fixture(autouse=True)
def here(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ran.folder)
    monkeypatch.delenv("HARNESS_STORE", raising=False)


def test_a_run_prints_each_traceback_once(ran: Ran) -> None:
    text = ran.result.stderr
    for line in ("KeyError: 'missing'", "SIGSEGV", "RuntimeError: not today", "ModuleNotFoundError"):
        assert line in text
    assert text.count("  KeyError: 'missing'") == 1
    assert "direct cause" in text
    assert re.search(r'File ".*bad.py", line \d+ in fit', text), "of what crashed and hung"
    assert "Traceback" not in call(BENCH).output, "unless it is asked for"


def test_a_reason_is_not_cut_within_a_word(ran: Ran) -> None:
    page = (ran.folder / "leaderboard" / "iris.full.md").read_text()
    for text in (ran.result.stdout, ran.result.stderr, page):
        (reason,) = {found[1] for found in re.finditer(r"ValueError: a reason of ([^\n(]+) …", text)}
        assert set(reason.split()) == {"many", "long-winded", "words"}


def test_the_line_at_the_end_of_a_run_works_as_it_stands(ran: Ran) -> None:
    last = ran.result.stderr.strip().splitlines()[-1]
    assert last.startswith("Some runs did not finish: ")
    command = last.partition(": harness ")[2]
    assert command.startswith("show ")
    assert "standardize + fails, seed 1: failed in cluster: ValueError" in call(command).stdout


def test_show_prints_all_that_is_known_of_a_run_that_failed() -> None:
    text = call("show 'standardize + fails'").stdout
    assert text.startswith("standardize + fails, seed 1: failed in cluster: ValueError: a reason of"), (
        "of two runs the one that failed"
    )
    for part in (
        *("Dataset:    iris; 150 samples of 4 features", "Protocol:   full", "Encoder:    standardize"),
        *("Clusterer:  fails", "Seeds:      encoder none, clusterer 1", "Status:     failed"),
        *("random_state=1", "Limits:     8 s", "about to fail with seed 1", "clustering-harness 0"),
        *("Traceback (most recent call last):", "KeyError: 'missing'", "in helper", "bad.py:"),
        "Run it again: harness bench -d iris",
    ):
        assert part in text
    assert "/execution/" not in text, "calls of the harness above the plugin's say nothing"
    assert text.rstrip().endswith("--retry failed")


def test_show_prints_a_run_that_went_well() -> None:
    text = call("show 'standardize + kmeans' --seed 1").stdout
    assert text.startswith("standardize + kmeans, seed 1: ok")
    assert re.search(r"^ari +0\.\d{4} +0\.\d{4} ± 0\.\d{4}", text, re.MULTILINE)
    assert len(re.findall(r"^[0-9a-f]{32}", text.replace("\n  ", "\n"), re.MULTILINE)) == 4, "keys"
    for part in ("inertia", "MiB", "max_iter=300", "K:          3 given"):
        assert part in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("crashes", "Fatal Python error: Segmentation fault"),
        ("hangs", "it ran longer than 8 s (bad.py:"),
        ("no-init", "RuntimeError: not today"),
        ("needs", "ModuleNotFoundError: No module named 'not_there_at_all'"),
    ],
)
def test_show_says_where_it_was(name: str, says: str) -> None:
    text = call(f"show 'standardize + {name}'").stdout
    assert says in text
    assert re.search(r'File ".*bad.py", line \d+', text)
    assert "planner.py" not in text


def test_a_row_that_could_not_be_planned_is_shown() -> None:
    text = call("show 'standardize + no-init'").stdout
    assert "K:          unknown" in text
    assert "failed before it began" in text
    found = json.loads(call("show 'standardize + no-init' --json").stdout)
    assert (found["status"], found["k"], found["stages"]) == ("failed", "", [])
    assert "not today" in found["failures"][0]["traceback"]


def test_json_has_everything() -> None:
    found = json.loads(call("show 'standardize + fails' --seed 0 --json").stdout)
    assert (found["status"], found["clusterer_seed"]) == ("ok", 0)
    assert found["scores"].keys() == {"ari"}
    assert found["without_value"]["silhouette"].startswith("not-applicable: silhouette needs")
    assert [run["status"] for run in found["runs"]] == ["ok", "failed"]
    assert [stage["kind"] for stage in found["stages"]] == ["encode", "cluster", "score", "score"]
    assert found["stages"][1]["parameters"] == {"random_state": 0}
    assert found["stages"][1]["output"] == "about to fail with seed 0"
    by_id = json.loads(call(f"show {found['runs'][1]['id']} --json").stdout)
    (failure,) = by_id["failures"]
    assert failure["traceback"].endswith("many long-winded words"), "whole"
    assert failure["place"].startswith("bad.py:")


def test_the_page_of_a_run_has_its_traceback(ran: Ran) -> None:
    call("report --no-pictures --jobs 1")
    pages = [path.read_text() for path in (ran.folder / "report").rglob("*.html")]
    assert sum("KeyError: &#39;missing&#39;" in page for page in pages) == 1
    assert any("RuntimeError: not today" in page and "<summary>Traceback" in page for page in pages)
    assert any("Segmentation fault" in page for page in pages)


def test_what_is_published_has_no_traceback_and_no_path_of_this_machine(ran: Ran) -> None:
    call("publish iris.full --out published --yes")
    files = [path for path in (ran.folder / "published").rglob("*") if path.suffix in (".jsonl", ".md")]
    text = "".join(path.read_text() for path in files)
    assert "not today" in text, "reasons are published"
    for secret in ("Traceback", "traceback", "bad.py", str(ran.folder), "Fatal Python"):
        assert secret not in text
    assert "0 wrong" in call("verify published --plugin bad.py").output


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("show 'standardize + kmean'", "Did you mean 'standardize + kmeans'?"),
        ("show 'standardize + kmeans' --seed 9", "has no run of seed 9. Seeds: 0, 1."),
        ("show kmeans --store nowhere", "No store in 'nowhere'."),
        ("show 'standardize + kmeans' --board iris.test", "no leaderboard 'iris.test'"),
    ],
)
def test_wrong_calls_are_one_line(line: str, says: str) -> None:
    result = CliRunner().invoke(app, shlex.split(line), standalone_mode=False)
    assert says in str(result.exception)
    assert "\n" not in str(result.exception)


def test_a_file_of_plugins_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("import math\n\nmath.sqrt(-1)\n")
    line = f"bench -d iris -e identity -c kmeans -m ari --seeds 1 --plugin {tmp_path / 'broken.py'}"
    text = call(line).stderr
    assert "Note: plugins from file" in text
    assert "ValueError: math domain error (--traceback shows where)" in text
    assert re.search(r'File ".*broken.py", line 3', call(f"{line} --traceback").stderr)
    result = CliRunner().invoke(app, shlex.split(f"{line} -c mine"), standalone_mode=False)
    assert "Unknown clusterer 'mine'." in str(result.exception)
    assert "broken.py (ValueError: math domain error)" in str(result.exception)
