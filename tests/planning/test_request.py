"""The command line, bench files and `harness.bench` have the same options, those of `Request`."""

from __future__ import annotations

import subprocess
import sys
from inspect import Parameter, signature
from typing import Literal, get_args, get_origin

import click
import pytest

import harness
from harness import HarnessError
from harness.api.arguments import read_request
from harness.cli.commands.bench import command
from harness.core.choices import ProtocolName
from harness.core.protocols import PROTOCOLS
from harness.planning.config.model import Config
from harness.planning.request import DEFAULTS, OPTIONS, Request, value_type

OF_FILES = {"out", "events"}  # a program gets boards and progress as values
OF_THE_COMMAND_LINE = {"config", "write_config", "dry_run", "explain", "as_json", "traceback"}
KEYWORDS = signature(harness.bench).parameters


def test_all_three_ways_have_the_same_options() -> None:
    assert Config.model_fields.keys() == OPTIONS.keys()
    assert {each.name for each in command.params} == OPTIONS.keys() | OF_THE_COMMAND_LINE
    assert KEYWORDS.keys() == OPTIONS.keys() - OF_FILES | {"progress"}


@pytest.mark.parametrize("name", OPTIONS)
def test_the_command_line_has_each_as_it_is_described(name: str) -> None:
    option = next(each for each in command.params if each.name == name)
    assert isinstance(option, click.Option)
    assert (option.help or "").startswith(OPTIONS[name].help)
    assert option.default == DEFAULTS[name]
    kind, several = value_type(name)
    assert option.multiple == several
    if isinstance(option.type, click.Choice):
        assert tuple(option.type.choices) == get_args(kind)
    elif get_origin(kind) is Literal:
        assert OPTIONS[name].read, "or any word is taken"
    if kind is int and not OPTIONS[name].read:
        assert isinstance(option.type, click.IntRange)
        assert option.type.min == 1


def test_defaults_are_those_of_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    request = read_request({name: each.default for name, each in KEYWORDS.items()})
    for name, default in DEFAULTS.items():
        value = getattr(request, name)
        assert (tuple(value) if isinstance(value, list) else value) == default
    assert [*Request().datasets] == [KEYWORDS["datasets"].default]


def test_the_docstring_describes_every_keyword() -> None:
    text = " ".join(str(harness.bench.__doc__).split())
    for name, each in KEYWORDS.items():
        assert each.kind is Parameter.KEYWORD_ONLY or name in text
        if each.kind is Parameter.KEYWORD_ONLY:
            assert f" {name} : " in text
            assert name not in OPTIONS or OPTIONS[name].help in text
    assert "OPTIONS" not in text
    assert "One of auto, cpu, cuda, mps." in text


def test_an_unknown_keyword_is_told_with_the_nearest_one() -> None:
    with pytest.raises(
        HarnessError, match=r"no keyword 'seed'\. Did you mean 'seeds'\? Keywords: datasets, "
    ):
        harness.bench("digits", "pca", "kmeans", seed=3)  # type: ignore[call-arg]


def test_several_wrong_keywords_are_told_at_once() -> None:
    with pytest.raises(HarnessError) as error:
        harness.bench("digits", "pca", "kmeans", seeds=0, device="gpu", encoder_seeds=2)
    assert [line.partition(" ")[0] for line in str(error.value).splitlines()] == ["seeds", "device"]
    with pytest.raises(HarnessError, match=r"^Give either seeds, or encoder seeds and clusterer seeds\.$"):
        harness.bench("digits", "pca", "kmeans", seeds=1, encoder_seeds=2)


def test_protocols_are_those_that_can_be_planned() -> None:
    assert sorted(get_args(ProtocolName)) == sorted(PROTOCOLS)


@pytest.mark.parametrize("line", ["--help", "bench --help"])
def test_help_loads_no_pydantic(line: str) -> None:
    code = (
        "import sys; from harness.cli import app; app(sys.argv[1:], standalone_mode=False);"
        "print([name for name in ('pydantic', 'pandas', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *line.split()], capture_output=True, text=True)
    assert done.stdout.endswith("\n[]\n"), done.stderr
