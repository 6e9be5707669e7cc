"""Names with parameters and chains, as written on the command line."""

from __future__ import annotations

import keyword
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import BadParameter
from harness.core.spec import Spec, display, parse, parse_chain


@pytest.mark.parametrize(
    "name", ["pca", "dense-ae", "n-clusters", "sklearn.cluster:Birch", "data/my set.csv"]
)
def test_a_bare_name(name: str) -> None:
    assert parse(name) == parse(f"  {name} ") == parse(f"{name}()") == parse(f"{name} ( )") == Spec(name)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3", 3),
        ("-3", -3),
        ("1e-3", 0.001),
        ("1.0", 1.0),
        ("inf", float("inf")),
        ("-inf", float("-inf")),
        ("diag", "diag"),
        ("'k-means++'", "k-means++"),
        ('"a, b) + (c"', "a, b) + (c"),
        ("'it\\'s'", "it's"),
        ("None", None),
        ("True", True),
        ("False", False),
        ("[]", []),
        ("[500, 500, 2000]", [500, 500, 2000]),
        ("[relu, tanh, 0.5, inf]", ["relu", "tanh", 0.5, float("inf")]),
        ("(8, 8)", (8, 8)),
        ("(8,)", (8,)),
        ("[[1, 2], [], (3, [None])]", [[1, 2], [], (3, [None])]),
        ("{a: 1, 'b': [2]}", {"a": 1, "b": [2]}),
        ("\n3\n", 3),
    ],
)
def test_values(written: str, value: Any) -> None:
    named = parse(f"pca(whiten=True, x={written})")
    assert named == Spec("pca", (), (("whiten", True), ("x", value)))
    assert type(dict(named.kwargs)["x"]) is type(value)
    assert parse(f"pca({written})") == Spec("pca", (value,))


def test_positional_values_come_before_named_ones() -> None:
    assert parse("gmm(10, diag, tol=0.1)") == Spec("gmm", (10, "diag"), (("tol", 0.1),))
    with pytest.raises(BadParameter, match="positional argument follows keyword"):
        parse("gmm(tol=0.1, 10)")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("pca", ["pca"]),
        ("pca+umap", ["pca", "umap"]),
        (" pca(8) + umap + scale ", ["pca(8)", "umap", "scale"]),
        ("a(b='x+y')+c", ["a(b='x+y')", "c"]),
        ('a(b="x+\'y")+c', ['a(b="x+\'y")', "c"]),
        ("a(b='(')+c(d=')')", ["a(b='(')", "c(d=')')"]),
        ("a(b=1e+3)+c", ["a(b=1000.0)", "c"]),
        ("a(b=[+1, {x: (+2)}])+c", ["a(b=[1, {'x': 2}])", "c"]),
        (r"a(b='it\'s (+')+c", ['a(b="it\'s (+")', "c"]),
        (r"a(b='end\\')+c", [r"a(b='end\\')", "c"]),
    ],
)
def test_plus_joins_encoders_but_not_inside_parentheses_and_quotes(text: str, parts: list[str]) -> None:
    assert [str(spec) for spec in parse_chain(text)] == parts


UNREADABLE = {
    "": "A name is missing",
    " ": "A name is missing",
    "(3)": "A name is missing",
    "a+": "A name is missing",
    "+a": "A name is missing",
    "a++b": "A name is missing",
    "a(": "never closed",
    "a(b": "never closed",
    "a(b=[1)": "does not match",
    "a(b=)": r"a\(b=\)",
    "a(b=1+)": "invalid syntax",
    "a)b(": "never closed",
    "a(1,)x": "invalid syntax",
    "a(1)(2)": "text after the closing parenthesis",
    "a(1).b": "text after the closing parenthesis",
    "a(**b)": "not allowed",
    "a(*b)": r"\*b is not a plain value",
    "a(b=c.d)": "c.d is not a plain value",
    "a(b=f(2))": r"f\(2\) is not a plain value",
    "a(b=x+y)": r"x \+ y is not a plain value",
    "a(b=-x)": "-x is not a plain value",
    "a(b=k-1)": "k - 1 is not a plain value",
    "a(b=[y for y in z])": "is not a plain value",
    "a(b={[1]: 2})": r"\{\[1\]: 2\} is not a plain value",
    "a(b={[1]})": r"\{\[1\]\} is not a plain value",
    "a(b=lambda: 1)": "is not a plain value",
    "a(b=f'''x\n{y}''')": "is not a plain value",
    "a(b:=1)": "is not a plain value",
    "a(class=1)": "invalid syntax",
    "a(2b=1)": "invalid decimal literal",
    "a(b='x)": "unterminated string",
    "a(b=\n": "never closed",
    "a(\0)": "null bytes",
    f"a(b={'-' * 20_000}1)": "too deeply nested|too complex",
    f"a(b={'[' * 300}{']' * 300})": "too many nested parentheses",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: repr(text[:20]))
def test_what_cannot_be_read_is_a_bad_parameter_in_one_line(text: str) -> None:
    with pytest.raises(BadParameter, match=UNREADABLE[text]) as caught:
        parse_chain(text)
    assert "\n" not in str(caught.value)
    assert "Give name" in str(caught.value), "an error says what to do"


@given(st.text(alphabet="ab(,)=+[]{}'\"\\ 1*:.\n#", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        specs = parse_chain(text)
    except BadParameter as error:
        assert "\n" not in str(error)  # noqa: PT017  # most texts raise nothing else to look at
    else:
        assert all(spec.name for spec in specs)


def test_display_sorts_so_that_one_call_has_one_label() -> None:
    assert display("pca", {"b": 1, "a": "x"}) == display("pca", {"a": "x", "b": 1}) == "pca(a='x', b=1)"
    assert str(parse("pca(b=1,a=x)")) == "pca(a='x', b=1)"
    assert str(parse("pca(2, b=1)")) == "pca(2, b=1)"
    assert str(parse("pca()")) == display("pca", {}) == "pca"


names = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
words = st.text() | st.text(alphabet="+()'\"\\, ")  # what chains and quotes could stumble over
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
values = st.recursive(
    plain,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(words, inner),
    max_leaves=5,
)


@given(st.dictionaries(names, values, max_size=3))
def test_what_is_displayed_is_read_again(params: dict[str, Any]) -> None:
    text = display("plugin", params)
    assert dict(parse(text).kwargs) == params
    assert [str(spec) for spec in parse_chain(f"a+{text}+b(1)")] == ["a", text, "b(1)"]


@given(st.lists(values, max_size=3), st.dictionaries(names, values, max_size=2))
def test_a_spec_as_text_is_the_same_spec(args: list[Any], kwargs: dict[str, Any]) -> None:
    spec = Spec("plugin", tuple(args), tuple(sorted(kwargs.items(), key=lambda pair: pair[0])))
    assert parse(str(spec)) == spec
