"""The file that describes a benchmark: what it stands for, what is refused, and where in it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from harness import HarnessError
from harness.core.spec import parse_entry
from harness.planning.config.file import read_config
from harness.planning.config.grid import Chain, Choice, Named
from harness.planning.config.toml_lines import Places


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


VALUES = list(range(200))
WRONG = {
    "unknown key": ("seed = 3", "f.toml:1: seed: unknown key 'seed' here. Did you mean 'seeds'? Keys: "),
    "key of an entry": (
        "\nencoders = [\n'pca',\n{name = 'pca', alais = 'a'}]",
        "f.toml:4: encoders[1].alais: unknown key 'alais' here. Did you mean 'alias'? Keys: name, params",
    ),
    "key of a step": (
        "encoders = [{steps = [\n'pca',\n{nam = 'pca'}]}]",
        "f.toml:3: encoders[0].steps[1].nam: unknown key 'nam' here. Did you mean 'name'? Keys: name, p",
    ),
    "key of a table": ("seeds = 1\n[timeout]\nscor = 3", "f.toml:3: timeout.scor: unknown key 'scor'"),
    "alias of a metric": (
        "metrics = [{name='ari', alias='a'}]",
        "f.toml:1: metrics[0].alias: unknown key",
    ),
    "no name": ("[[clusterers]]\nalias = 'a'", "f.toml:1: clusterers[0].name: this is required."),
    "no seeds": ("\n\nseeds = 0", "f.toml:3: seeds: must be a whole number, at least 1, got 0."),
    "words for numbers": ("jobs = 'two'", "f.toml:1: jobs: must be a whole number, got 'two'."),
    "true for one": ("jobs = true", "f.toml:1: jobs: must be a whole number, got True."),
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
    "no size": ("memory = '4X'", "f.toml:1: memory: '4X' is not a memory size. Give a number and K"),
    "no values": (
        "metrics = [{name = 'nmi', params = {average = []}}]",
        "'average' has no values; for an empty",
    ),
    "a date": ("encoders = [{name='p', params={a=[2020-01-01]}}]", "'a' must be a number, a word, true"),
    "params twice": ("encoders = [{name='p(b=1)', params={a=1}}]", "'p(b=1)' already has parameters"),
    "grid of one name": (
        "encoders = [{name='p', alias='x', params={a=[1,2]}}]",
        "alias 'x' names several entries of a grid; write alias = 'x-{a}'.",
    ),
    "alias of what is not there": ("encoders = [{name='p', alias='x{b}'}]", "unknown parameter 'b'"),
    "alias that looks like a chain": ("clusterers = [{name='p', alias='x+y'}]", "'x+y' must not contain"),
    "an alias with a quote": ("encoders = [{name='p', alias=\"it's\"}]", 'alias: "it\'s" must not contain ='),
    "name and steps": (
        "encoders = [{steps = ['pca'], name = 'pca'}]",
        "f.toml:1: encoders[0].name: give name or steps, not both.",
    ),
    "params beside steps": (
        "encoders = [{steps = ['pca'], params = {a = 1}}]",
        "give params within the steps",
    ),
    "no steps": ("encoders = [{steps = []}]", "encoders[0].steps: must have at least one entry, got []."),
    "params of a whole chain": ("encoders = [{name='p+q', params={a=1}}]", "'p+q' is a chain: write steps"),
    "params of a chain in a chain": (
        "encoders = [{steps=[{name='p+q', params={a=1}}]}]",
        "is a chain: write",
    ),
    "a number for an entry": (
        "encoders = [1]",
        'f.toml:1: encoders[0]: must be text, e.g. "pca", or a table with name and params, got 1.',
    ),
    "a word for a time": (
        "timeout = 'a'",
        "must be seconds, e.g. 600, or a table of encode, cluster, score, got",
    ),
    "a number for plugins": ("plugins = 3", "plugins: must be a table of files, encoders, clusterers, metri"),
    "a number for memory": ("memory = 4", 'f.toml:1: memory: must be text in quotes, e.g. "4G", got 4.'),
    "no memory": ("memory = ''", "f.toml:1: memory: '' is not a memory size."),
    **{
        f"no {key}": (f"{key} = ''", f"f.toml:1: {key}: must not be empty, got ''.")
        for key in ("store", "arrays", "out", "events")
    },
    "no dask": (
        "dask = ''",
        'f.toml:1: dask: must not be empty, e.g. "tcp://host:8786" or "local", got \'\'.',
    ),
    "no protocols": ("protocols = []", "f.toml:1: protocols: must have at least one entry, got []."),
    "a word for true": ("soft = 'no'", "f.toml:1: soft: must be true or false, got 'no'."),
    "a name twice": (
        "encoders = [\n{name='p', alias='a'},\n'a = q',\n'a=p']",
        "f.toml:3: encoders[1]: 'a' is also the name of encoders[0].",
    ),
    "a grid without end": (
        f"encoders = [{{name = 'p', params = {{a = {VALUES}, b = [1, 2], c = {VALUES}, d = {VALUES}}}}}]",
        "expands to 16,000,000 entries, the limit is 10,000: of values a has 200, b has 2, c has 200, d",
    ),
    "a chain without end": (
        f"encoders = [{{steps = [{{name = 'p', params = {{a = {VALUES}}}}}, "
        f"{{name = 'q', params = {{b = {VALUES}}}}}]}}]",
        "f.toml:1: encoders[0]: expands to 40,000 entries",
    ),
    "a number of many digits": (f"seeds = {'9' * 5000}", "f.toml:1: not valid TOML: Exceeds"),
    "other ends of lines": ("# \x85 \u2028\nout = '\u2028'\nseed = 3", "f.toml:3: seed: unknown key"),
    "place of a plugin": (
        "[plugins.metrics]\nx = 'sklearn'",
        "plugins.metrics: 'x' must be at 'module:",
    ),
    "not toml": ("seeds = 3\njobs == 2", "f.toml:2: not valid TOML: "),
    "key twice": ("seeds = 3\nseeds = 3", "f.toml:2: not valid TOML: Cannot overwrite a value."),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_files(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, reason = WRONG[what]
    Path("f.toml").write_text(text, encoding="utf-8")
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
    found = Places(text)
    assert {place: found.line(place) for place in places} == places


TEXTS = r"""a = "[{\"" # [ {
b = '['
c = '''
["x"'''''
d = [
'''
]{''', [[[[[
1
]]]]]]
[e]
"f.g" = 1
"""


def test_what_is_within_texts_and_comments_opens_nothing() -> None:
    places = {("b",): 2, ("c",): 3, ("d", 0): 6, ("d", 1): 7, ("d", 1, 0, 0, 0, 0, 0): 8, ("e", "f.g"): 11}
    found = Places(TEXTS)
    assert {place: found.line(place) for place in places} == places


def test_a_slip_in_each_of_many_entries_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.toml"
    entries = "\n".join(f"  {{name = 'pca', alais = 'a{number}'}}," for number in range(600))
    path.write_text(f"encoders = [\n{entries}\n]\n")
    parsed: list[str] = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: parsed.append(text) or loads(text))
    with pytest.raises(HarnessError) as error:
        read_config(path)
    assert len(parsed) < 60, "it was parsed for each entry, and for each line before it"
    lines = str(error.value).splitlines()
    assert len(lines) == 21
    assert lines[19].startswith(f"{path}:21: encoders[19].alais: unknown key 'alais' here.")
    assert lines[20] == f"{path}: and 580 more."


def test_only_what_an_alias_names_is_expanded_to_be_read() -> None:
    params = {"a": list(range(100)), "b": list(range(100))}
    assert sum(1 for _ in Named(name="p", params=params).texts()) == 10_000, "as many may be"
    with pytest.raises(ValueError, match="unknown parameter 'c'"):
        Named(name="p", params=params, alias="{c}")


def test_a_mark_at_the_beginning_of_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_bytes(b"\xef\xbb\xbfseeds = 3\r\njobs = 2\r\n")
    assert read_config(tmp_path / "f.toml").config.seeds == 3


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"Is a directory\. Give the path of a configuration"):
        read_config(tmp_path)
