"""What plugins have said of themselves is not asked again, and never outlives the code that said it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import Dataset
from harness.core.plan import Plan
from harness.planning.cache_keys import look_again
from harness.planning.planner import make_plan
from harness.planning.plugin_answers import FILE, Answers, literal
from harness.planning.request import Request
from harness.registry.in_process import InProcess
from harness.registry.registry import Registry, load_registry

PLUGIN = '''"""One."""
from harness import hookimpl
class Cut:
    def __init__(self, at=0.5, shape=(1, 2)):
        self.at, self.shape = at, shape
    def fit(self, X):
        self.labels_ = (X[:, 0] > self.at).astype(int)
@hookimpl
def clusterers():
    return {"cut": Cut}
'''


class Asked(InProcess):
    """Notes who was asked."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def load(self, plugin: Any, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        self.names.append(plugin.name)
        return super().load(plugin, function, *args)


def planned(
    folder: Path, data: Dataset, registry: Registry | None = None, **changes: Any
) -> tuple[Plan, list[str]]:
    clusterers = ["kmeans", "kmeans-elbow(k_max=4)", "gmm", *changes.pop("clusterers", ())]
    request = Request(
        ["identity", "pca(n_components=2)"], clusterers, ["silhouette", "ari", "n-clusters"], **changes
    )
    asked = Asked()
    answers = Answers(asked, folder)
    plan = make_plan(data, "full", request, registry or load_registry(), answers)
    answers.keep()
    return plan, asked.names


def test_the_same_plan_asks_nobody(toy: Dataset, tmp_path: Path) -> None:
    first, asked = planned(tmp_path, toy)
    assert {"kmeans", "kmeans-elbow", "pca", "silhouette"} <= set(asked)
    second, asked = planned(tmp_path, toy)
    assert asked == []
    assert second.stages == first.stages
    assert second.cells == first.cells


def test_other_parameters_are_another_question(toy: Dataset, tmp_path: Path) -> None:
    planned(tmp_path, toy)
    plan, asked = planned(tmp_path, toy, n_clusters=4)
    assert "kmeans" in asked
    assert {stage.params["n_clusters"] for stage in plan.stages.values() if stage.plugin.name == "kmeans"} > {
        4
    }


def test_edited_code_is_asked_again(toy: Dataset, tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    found = []
    for text in (PLUGIN, PLUGIN, PLUGIN.replace("astype(int)", "astype(float)")):
        file.write_text(text)
        look_again()
        plan, asked = planned(tmp_path, toy, load_registry([file]), clusterers=["cut"])
        assert {"at": 0.5, "shape": (1, 2)} in [stage.params for stage in plan.stages.values()]
        found.append("cut" in asked)
    assert found == [True, False, True]


def test_a_damaged_file_is_passed_over(toy: Dataset, tmp_path: Path) -> None:
    first, _ = planned(tmp_path, toy)
    for text in ("{", "[]", json.dumps({"x": 1})):
        (tmp_path / FILE).write_text(text)
        again, asked = planned(tmp_path, toy)
        assert again.cells == first.cells
        assert "kmeans" in asked


def test_an_answer_that_is_no_literal_is_passed_over(toy: Dataset, tmp_path: Path) -> None:
    first, _ = planned(tmp_path, toy)
    known = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps(dict.fromkeys(known, "__import__('os').getcwd()")))
    again, asked = planned(tmp_path, toy)
    assert again.cells == first.cells
    assert "kmeans" in asked


def test_nothing_is_written_where_there_is_no_store(toy: Dataset, tmp_path: Path) -> None:
    planned(tmp_path / "none", toy)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("value", [np.float32(1), {1, 2}, object(), float("nan"), [np.int64(3)]])
def test_what_no_text_stands_for_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"as a literal$"):
        literal(value)


CODE = """
import sys
from harness.cli import app
app(["bench", "-d", "points.npz", "--seeds", "1", "-e", "pca", "-c", "kmeans"], standalone_mode=False)
print(sorted({"sklearn", "pandas", "numba", "scipy", "torch", "tensorflow"} & set(sys.modules)))
"""


def test_with_nothing_to_do_no_library_is_imported(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "points.npz", X=rng.random((60, 4)), y=np.arange(60) % 3)
    said = [
        subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert said[1].stdout.splitlines()[-1] == "[]", said[1].stdout
    assert "Computed 0 encode, 0 cluster, 0 score" in said[1].stderr
