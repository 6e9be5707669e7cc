"""Tracebacks as text: bounded, of the plugin's own calls, and whole where the harness is at fault."""

from __future__ import annotations

import pickle
from types import SimpleNamespace
from typing import Any

from harness.core.errors import HarnessError
from harness.core.plugin import Plugin
from harness.core.tracebacks import MOST, bounded, traceback_of

PLUGIN = Plugin("clusterer", "mine", "mine:Mine", "file mine.py")


def function(module: str, body: str, **known: Any) -> Any:
    """Define a function of a module that is missing."""
    code = compile(f"def call():\n    {body}\n", f"{module.replace('.', '/')}.py", "exec")
    space: dict[str, Any] = {"__name__": module, **known}
    exec(code, space)
    return space["call"]


def raised(call: Any) -> BaseException:
    try:
        call()
    except Exception as error:
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None  # this test's own
        return error
    raise AssertionError("nothing was raised")


def modules(text: str) -> list[str]:
    return [line.partition('"')[2].partition(".py")[0] for line in text.splitlines() if "File" in line]


def test_calls_of_the_harness_above_a_plugin_s_are_left_out() -> None:
    back = function("harness.core.progress", "raise ValueError('no')")
    inner = function("numpy.linalg", "back()", back=back)
    plugin = function("mine", "inner()", inner=inner)
    base = function("sklearn.base", "plugin()", plugin=plugin)
    imports = function("importlib._bootstrap", "base()", base=base)
    outer = function("harness.execution.compute", "imports()", imports=imports)
    error = raised(function("harness.execution.attempt", "outer()", outer=outer))
    assert modules(traceback_of(error, PLUGIN)) == [
        *("sklearn/base", "mine", "numpy/linalg", "harness/core/progress")
    ]
    assert len(modules(traceback_of(error))) == 7


def test_an_error_of_the_harness_itself_is_whole() -> None:
    library = function("numpy.linalg", "1 / 0")
    inner = function("harness.execution.compute", "library()", library=library)
    error = raised(function("harness.execution.attempt", "inner()", inner=inner))
    assert modules(traceback_of(error, PLUGIN)) == [
        *("harness/execution/attempt", "harness/execution/compute", "numpy/linalg")
    ]


def test_built_in_plugins_are_plugins() -> None:
    built_in = Plugin("clusterer", "kmeans", "harness.plugins.clusterers.kmeans:KMeans", "built-in")
    plugin = function("harness.plugins.clusterers.kmeans", "1 / 0")
    error = raised(function("harness.execution.attempt", "plugin()", plugin=plugin))
    assert modules(traceback_of(error, built_in)) == ["harness/plugins/clusterers/kmeans"]


def test_of_much_the_beginning_and_the_end_are_kept() -> None:
    error = raised(lambda: (_ for _ in ()).throw(ValueError("word " * 10**5 + "last")))
    text = traceback_of(error)
    assert len(text) < MOST + 100
    assert text.startswith("Traceback (most recent call last):")
    assert "characters left out" in text
    assert text.endswith("word last")
    lines = bounded("\n".join(f"line {n}" for n in range(10_000))).splitlines()
    assert all(line.startswith(("line ", "... ")) for line in lines), "no line is cut"


def test_causes_and_notes_are_part_of_it() -> None:
    error = ValueError("second")
    error.__cause__ = KeyError("first")
    error.add_note("and a note")
    text = traceback_of(error)
    for each in ("KeyError: 'first'", "direct cause", "second", "and a note"):
        assert each in text


def test_an_error_of_another_process_keeps_its_traceback_on_the_way() -> None:
    error = HarnessError("ValueError: there")
    error.traceback = "Traceback ... there"
    assert traceback_of(pickle.loads(pickle.dumps(error)), PLUGIN) == "Traceback ... there"


def test_nothing_asked_of_a_foreign_error_can_fail() -> None:
    class Odd(Exception):
        traceback = SimpleNamespace()

        def __str__(self) -> str:
            raise RuntimeError("no text")

    assert "Odd" in traceback_of(Odd())
