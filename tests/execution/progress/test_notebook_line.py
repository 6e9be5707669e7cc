"""Progress in a notebook: one line that is replaced, and nothing on the error stream."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import harness
from harness import Dataset
from harness.core import notebook


class ZMQInteractiveShell:
    """Stands for that of a kernel."""


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """What a kernel is asked to display."""
    found: list[tuple[dict[str, str], dict[str, Any]]] = []
    known: Any = ModuleType("IPython")
    known.get_ipython = ZMQInteractiveShell
    display = SimpleNamespace(display=lambda content, **options: found.append((content, options)))
    monkeypatch.setitem(sys.modules, "IPython", known)
    monkeypatch.setitem(sys.modules, "IPython.display", display)  # type: ignore[arg-type]
    return found


def test_outside_of_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert (notebook.shell(), notebook.is_kernel()) == (None, False)
    assert notebook.aside() is sys.stderr
    assert "IPython" not in sys.modules


def test_one_line_is_replaced(
    shown: list[Any], toy: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert notebook.is_kernel()
    options = {"seeds": 2, "jobs": 0, "store": tmp_path / "store"}
    harness.bench(toy, ["identity", "pca(n_components=9)"], "kmeans", "ari", **options)
    assert capsys.readouterr() == ("", "")
    assert [options["update"] for _, options in shown] == [False] + [True] * (len(shown) - 1)
    assert len({options["display_id"] for _, options in shown}) == 1
    assert shown[0][0]["text/plain"].startswith("toy, full: 4 runs, 0 of 6 fits")
    last = shown[-1][0]
    assert "done" in last["text/plain"].splitlines()[0]
    assert "1 failed" in last["text/plain"]
    assert "encode pca(n_components=9)" in last["text/html"]
    shown.clear()
    harness.bench(toy, "identity", "kmeans", "ari", **options)
    assert "3 of 3 fits reused" in shown[-1][0]["text/plain"]


def test_names_are_escaped(shown: list[Any], toy: Dataset, tmp_path: Path) -> None:
    harness.bench(
        {"<i>": toy}, "pca(n_components=9)", "kmeans", "ari", seeds=1, jobs=0, store=tmp_path / "store"
    )
    assert "&lt;i&gt;" in shown[-1][0]["text/html"]
    assert "<i>" not in shown[-1][0]["text/html"]


def test_what_a_plugin_prints_is_no_error(
    shown: list[Any], toy: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loud.py").write_text(
        "from harness import hookimpl\n"
        "@hookimpl\ndef run_started(plan): print('hello')\n"
        "@hookimpl\ndef run_finished(board): 1 / 0\n"
    )
    options = {"seeds": 1, "jobs": 0, "store": tmp_path / "store", "plugins": tmp_path / "loud.py"}
    harness.bench(toy, "identity", "kmeans", "ari", **options)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith("hello\nNote: ")
