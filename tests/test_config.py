"""The file that describes a benchmark: what it stands for, what is refused, and where in it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from harness import HarnessError
from harness.config import Config
from harness.configfile import find_line, read_config
from harness.devices import DEVICES
from harness.grid import Chain, Choice, Named
from harness.limits import RETRIED
from harness.plan import PROTOCOLS
from harness.spec import parse_entry


def test_choices_are_those_of_the_command_line() -> None:
    assert get_args(Config.model_fields["device"].annotation) == DEVICES
    for name, known in {"retry": RETRIED, "protocols": PROTOCOLS}.items():
        (inner,) = get_args(Config.model_fields[name].annotation)
        assert sorted(get_args(inner)) == sorted(known)


@pytest.mark.parametrize(
    ("params", "texts"),
    [
        (
            {"a": [1, 2], "b": ["x", "y"]},
            ["p(a=1, b='x')", "p(a=1, b='y')", "p(a=2, b='x')", "p(a=2, b='y')"],
        ),
        ({"a": [[1, 2]]}, ["p(a=[1, 2])"]),
        ({"a": [[1, 2], [3]]}, ["p(a=[1, 2])", "p(a=[3])"]),
        ({"a": [[]]}, ["p(a=[])"]),
        ({"a": 1.0}, ["p(a=1.0)"]),
        ({"a": [{"k": [1]}]}, ["p(a={'k': [1]})"]),
        ({"a": float("-inf"), "b": "None"}, ["p(a=-inf, b='None')"]),
        ({}, ["p"]),
    ],
)
def test_grids(params: dict[str, object], texts: list[str]) -> None:
    choice = Choice(name="p", params=params)
    assert list(choice.texts()) == texts
    for text, values in zip(texts, choice.grid(), strict=True):
        assert dict(parse_entry(text).steps[0].kwargs) == values


def test_aliases_of_a_grid_hold_the_values() -> None:
    named = Named(name="p", alias="x{a}-{b}", params={"a": [1, 2], "b": "z"})
    assert list(named.texts()) == ["x1-z=p(a=1, b='z')", "x2-z=p(a=2, b='z')"]
    chain = Chain(steps=[{"name": "p", "params": {"a": [1, 2]}}, "q(c=3)"], alias="{a}")
    assert list(chain.texts()) == ["1=p(a=1)+q(c=3)", "2=p(a=2)+q(c=3)"]


WRONG = {
    "unknown key": ("seed = 3", "f.toml:1: seed: there is no key 'seed' here. Did you mean 'seeds'? Keys: "),
    "key of an entry": (
        "\nencoders = [\n'pca',\n{name = 'pca', alais = 'a'}]",
        "f.toml:4: encoders[1].alais: there is no key 'alais' here. Did you mean 'alias'? Keys: name, params",
    ),
    "key of a step": (
        "encoders = [{steps = [\n'pca',\n{nam = 'pca'}]}]",
        "f.toml:3: encoders[0].steps[1].nam: there is no key 'nam' here. Did you mean 'name'? Keys: name, p",
    ),
    "key of a table": ("seeds = 1\n[timeout]\nscor = 3", "f.toml:3: timeout.scor: there is no key 'scor'"),
    "alias of a metric": (
        "metrics = [{name='ari', alias='a'}]",
        "f.toml:1: metrics[0].alias: there is no",
    ),
    "no name": ("[[clusterers]]\nalias = 'a'", "f.toml:1: clusterers[0].name: this must be given."),
    "no seeds": ("\n\nseeds = 0", "f.toml:3: seeds: must be greater than or equal to 1, got 0."),
    "words for numbers": ("jobs = 'two'", "f.toml:1: jobs: must be a valid integer, got 'two'."),
    "true for one": ("jobs = true", "f.toml:1: jobs: must be a valid integer, got True."),
    "a word for a list": ("encoders = 'pca'", "f.toml:1: encoders: must be a valid list, got 'pca'."),
    "unknown device": (
        "device = 'cudo'",
        "must be 'auto', 'cpu', 'cuda' or 'mps', got 'cudo'. Did you",
    ),
    "unknown protocol": (
        "protocols = ['test', 'ful']",
        "f.toml:1: protocols[1]: must be 'full', 'train",
    ),
    "no time": ("timeout = 0", "f.toml:1: timeout"),
    "no size": ("memory = '4X'", "f.toml:1: memory: '4X' is no amount of memory. Write a number and K"),
    "no values": ("metrics = [{name = 'nmi', params = {average = []}}]", "'average' has no values; an empty"),
    "a date": ("encoders = [{name='p', params={a=[2020-01-01]}}]", "'a' must be a number, a word, true"),
    "params twice": ("encoders = [{name='p(b=1)', params={a=1}}]", "'p(b=1)' has parameters already"),
    "grid of one name": (
        "encoders = [{name='p', alias='x', params={a=[1,2]}}]",
        "alias 'x' names several entries of a grid; write alias = 'x-{a}'.",
    ),
    "alias of what is not there": ("encoders = [{name='p', alias='x{b}'}]", "there is no parameter 'b'"),
    "alias that looks like a chain": ("clusterers = [{name='p', alias='x+y'}]", "'x+y' must be without"),
    "place of a plugin": (
        "[plugins.metrics]\nx = 'sklearn'",
        "plugins.metrics: 'x' must be at 'module:",
    ),
    "not toml": ("seeds = 3\njobs == 2", "f.toml:2: this is not TOML: "),
    "key twice": ("seeds = 3\nseeds = 3", "f.toml:2: this is not TOML: Cannot overwrite a value."),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_files(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, reason = WRONG[what]
    Path("f.toml").write_text(text)
    with pytest.raises(HarnessError) as error:
        read_config(Path("f.toml"))
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("f.toml:")
    assert reason in str(error.value)


def test_each_error_has_a_line_from_top_to_bottom(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text("sed = 1\n\ndevice = 3\n[[encoders]]\nname = ''\n[plugins]\nx = 1\n")
    with pytest.raises(HarnessError) as error:
        read_config(tmp_path / "f.toml")
    lines = [line.removeprefix(f"{tmp_path / 'f.toml'}:") for line in str(error.value).splitlines()]
    assert [line.partition(":")[0] for line in lines] == ["1", "3", "5", "7"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_files_that_cannot_be_read(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "f.toml").write_bytes(content)
    with pytest.raises(HarnessError, match=r"f\.toml: ") as error:
        read_config(tmp_path / "f.toml")
    assert "\n" not in str(error.value)


def test_lines_are_found_in_whatever_way_tables_are_written() -> None:
    text = '# a\nx = """\ny = 1\n"""\ny = 2\n[a.b]\nc = [\n  1,\n  {d = [\n    5,\n    6]},\n]\n'
    text += "[[e]]\n[[e]]\nf = 1\n"
    places = {
        ("y",): 5, ("a", "b"): 6, ("a", "b", "c", 0): 8, ("a", "b", "c", 1, "d"): 9,
        ("a", "b", "c", 1, "d", 1): 11, ("e", 1): 14, ("e", 1, "f"): 15, ("e", 1, "g"): 14, ("z",): None,
    }  # fmt: skip
    assert {place: find_line(text, place) for place in places} == places
