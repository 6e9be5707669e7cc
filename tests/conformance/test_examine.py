"""Plugins are checked in worker processes, which may hang or crash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from waiting import PATIENCE

from harness import HarnessError
from harness.cli import app
from harness.conformance.find_subjects import kind_of
from harness.conformance.run_checks import examine
from harness.core.plugin import Plugin
from harness.execution.worker import Worker

FILE = '''
"""Plugins, one of which {title}."""

import os
import time

import numpy as np

from harness import hookimpl


class Wild:
    def __init__(self, width=2, random_state=None):
        self.width = width
        self.random_state = random_state

    def fit(self, X):
        if len(X) == 5:
            {accident}
        return self

    def transform(self, X):
        return X[:, :self.width]


def lines():
    return None


@hookimpl
def encoders():
    return {{"wild": Wild}}
'''


def check(*words: str) -> Any:
    return CliRunner().invoke(app, ["check", *words], standalone_mode=False)


@pytest.fixture
def wild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def write(title: str, accident: str) -> str:
        Path(f"{title}.py").write_text(FILE.format(title=title, accident=accident))
        return f"{title}.py"

    return write


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let --timeout hold for what hangs alone: on a busy machine all else may take what it needs."""
    real = Worker.call

    def only(*hangs: str) -> None:
        def call(worker: Worker, function: Any, *args: Any, seconds: float | None = None) -> Any:
            hanging = any(str(each) in hangs for each in args)
            return real(worker, function, *args, seconds=seconds if hanging else PATIENCE)

        monkeypatch.setattr(Worker, "call", call)

    return only


@pytest.mark.parametrize(
    ("title", "accident", "says"),
    [
        ("hangs", "time.sleep(3600)", "it took longer than 2 s"),
        ("crashes", "os.abort()", "its process was killed by signal 6"),
        ("leaves", "os._exit(0)", "its process exited with code 0"),
        ("exits", "raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_one_that_hangs_or_crashes_fails_a_check(
    wild: Any, limited: Callable[..., None], title: str, accident: str, says: str
) -> None:
    limited(*(["few-samples"] if title == "hangs" else []))
    result = check(wild(title, accident), "--timeout", "2")
    assert result.exception is None
    assert result.return_value == 1
    assert re.search(rf"failed   few-samples: .*{says}", result.output)
    assert "Why it matters: Real data has it" in result.output
    assert "How to fix it: " in result.output
    assert "1 failed" in result.output, "the others are made all the same"
    assert "passed   pickles" in result.output


def test_file_name_and_import_path(wild: Any) -> None:
    file = wild("sound", "pass")
    assert check(file).return_value == 0
    assert check("wild", "--plugin", file).return_value == 0
    found = json.loads(check("coverage", "sklearn.metrics:rand_score", "--json").stdout)
    assert [each["kind"] for each in found["plugins"]] == ["metric", "metric"]
    assert {each["status"] for each in found["plugins"][0]["checks"]} == {"passed", "skipped"}
    assert found["plugins"][1]["checks"][2]["what"].startswith("named by import path")


def test_parameters_are_those_of_the_bench(wild: Any) -> None:
    file = wild("sound", "pass")
    result = check("wild(width=0)", "--plugin", file)
    assert result.return_value == 1
    assert "failed   embeds: the embedding of 90 samples has shape (90, 0)" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["kmean"], "Unknown plugin 'kmean'. Did you mean 'kmeans'"),
        (["pca(n=3)"], "no parameter 'n'"),
        (["no.such:Thing"], "no module 'no.such'"),
        (["sklearn.cluster:Birh"], "Did you mean 'Birch'"),
        (
            ["sklearn.base:BaseEstimator"],
            "Cannot detect the kind of 'sklearn.base:BaseEstimator'. Give --kind",
        ),
        (["os:path"], "'os:path' is a module, not a class or a function"),
        (["math:pi", "--kind", "metric"], "'math:pi' is a float, not a class or a function"),
        (["sklearn.cluster:k_means"], "Cannot detect the kind of 'sklearn.cluster:k_means'"),
        (["missing.py"], "No plugin file 'missing.py'"),
        (["kmeans", "--kind", "encoder"], "Unknown encoder 'kmeans'"),
    ],
)
def test_wrong_calls(words: list[str], says: str) -> None:
    result = check(*words)
    assert isinstance(result.exception, HarnessError)
    assert says in str(result.exception)


def test_a_broken_file_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0")
    result = check(str(tmp_path / "broken.py"))
    assert result.return_value == 1
    assert "ZeroDivisionError" in result.output
    (tmp_path / "empty.py").write_text("")
    assert "contains no plugin" in str(check(str(tmp_path / "empty.py")).exception)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("sklearn.cluster:Birch", "clusterer"),
        ("sklearn.decomposition:PCA", "encoder"),
        ("sklearn.metrics:silhouette_score", "metric"),
        ("harness.plugins.datasets.digits:digits", "dataset"),
    ],
)
def test_kinds_are_told(target: str, kind: str) -> None:
    assert kind_of(target) == kind


LAZY = """
from harness import hookimpl, metric


@metric(direction=None, low=0, high=1, needs=(), source="none")
def good(truth, labels, embedding):
    return 0.5


@hookimpl
def metrics():
    return {"lazy": "nosuchmodule_x:Thing", "lazy2": "os:nothing", "lazy3": "math:pi", "good": good}
"""


def test_one_that_cannot_be_loaded_harms_no_other(tmp_path: Path) -> None:
    (tmp_path / "lazy.py").write_text(LAZY)
    result = check(str(tmp_path / "lazy.py"), "good(x=1)", "--json")
    found = {each["name"]: each["checks"] for each in json.loads(result.stdout)["plugins"]}
    says = {
        "lazy": "needs nosuchmodule_x: pip install nosuchmodule_x",  # as any that is unavailable here
        "lazy2": "Metric 'lazy2': module 'os' has no 'nothing'",
        "lazy3": "'math:pi' is a float, not a class or a function",
    }
    for name, what in says.items():
        (only,) = found[name]
        assert (only["check"], only["status"]) == ("loads", "skipped" if name == "lazy" else "failed")
        assert what in only["what"]
        assert name == "lazy" or (only["why"] and only["how"])
    assert {each["status"] for each in found["good"]} == {"passed", "skipped"}
    assert "no parameter 'x'" in str(result.exception), "a wrong call is told when the rest is done"


def test_an_import_that_hangs_or_exits_harms_no_other(
    limited: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited("hang.py", "hang:Thing")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    harm = {"hang": "import time\ntime.sleep(3600)\n", "die": "import os\nos._exit(7)\n", "fail": "1 / 0\n"}
    for name, text in harm.items():
        Path(f"{name}.py").write_text(text)
    calls = ["hang.py", "die.py", "hang:Thing", "die:Thing", "fail:Thing", "coverage"]
    result = check(*calls, "--timeout", "2", "--json")
    assert result.exception is None
    assert result.return_value == 1
    found = json.loads(result.stdout)
    hung, died = "import took longer than 2 s", "its process exited with code 7"
    assert [
        (each["origin"], each["name"], each["error"].rpartition(", ")[2]) for each in found["broken"]
    ] == [
        ("file hang.py", "plugin", hung),
        ("file die.py", "plugin", died),
        ("import path", "hang:Thing", hung),
        ("import path", "die:Thing", died),
        ("import path", "fail:Thing", "ZeroDivisionError: division by zero"),
    ]


def test_a_plugin_whose_module_hangs_or_exits_fails_to_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "leaves.py").write_text("import os\nos._exit(7)\n")
    (only,) = examine(Plugin("metric", "leaves", "leaves:score", "import path"))
    assert (only.check, only.status) == ("loads", "failed")
    assert only.what == "its process exited with code 7."


def test_what_needs_a_check_that_hangs_does_not_hang_too(wild: Any, limited: Callable[..., None]) -> None:
    limited("fits-without-labels")
    file = wild("stuck", "pass")
    Path(file).write_text(
        Path(file).read_text().replace("if len(X) == 5:", "time.sleep(3600)\n        if 1:")
    )
    found = json.loads(check(file, "--timeout", "2", "--json").stdout)["plugins"][0]["checks"]
    assert [each["check"] for each in found if each["status"] == "failed"] == ["fits-without-labels"]
    assert sum(each["what"] == "needs fits-without-labels" for each in found) > 10
