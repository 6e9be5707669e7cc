"""Names on the command line, with parameters and chains: ``pca(n_components=50)+umap``, ``concat(a, b)``."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from .errors import BadParameter

CONCAT = "concat"  # the encoder that puts the embeddings of others side by side
PLAIN = (bool, int, float, str)  # types of written values, besides None, lists and mappings


@dataclass(frozen=True)
class Spec:
    """A plugin's name and its written parameters.

    Parameters
    ----------
    name : str
        A plugin's name, an import path ``module:Class``, or a path.
    args : tuple
        Positional values, in the order of the constructor's parameters.
    kwargs : tuple of (str, value)
        Named values.
    parts : tuple of tuple of Spec
        Of `concat`: the chains whose embeddings it puts side by side.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()
    parts: tuple[tuple[Spec, ...], ...] = ()

    def __str__(self) -> str:
        inside = ["+".join(map(str, part)) for part in self.parts]
        inside += [repr(value) for value in self.args]
        inside += [f"{key}={value!r}" for key, value in sorted(self.kwargs, key=lambda pair: pair[0])]
        return f"{self.name}({', '.join(inside)})" if inside else self.name


@dataclass(frozen=True)
class Entry:
    """A requested encoder, chained or not, or clusterer.

    Parameters
    ----------
    steps : tuple of Spec
        The plugin; for a chain one per step.
    alias : str
        The name to show on leaderboards instead. No key depends on it.
    """

    steps: tuple[Spec, ...]
    alias: str = ""

    def __str__(self) -> str:
        text = "+".join(map(str, self.steps))
        return f"{self.alias}={text}" if self.alias else text


def display(name: str, params: dict[str, Any]) -> str:
    """Format a name with its sorted parameters, as parsed by `parse`.

    Examples
    --------
    >>> display("pca", {"whiten": True, "n_components": 8})
    'pca(n_components=8, whiten=True)'
    >>> display("pca", {})
    'pca'
    """
    inside = ", ".join(f"{key}={params[key]!r}" for key in sorted(params))
    return f"{name}({inside})" if params else name


def parse(text: str) -> Spec:
    """Parse one name with optional parameters; a bare word as a value is a string.

    Raises
    ------
    BadParameter
        If the parentheses contain anything but ``name=value`` pairs of plain values.

    Examples
    --------
    >>> parse("gmm(covariance_type=diag, tol=1e-3)").kwargs
    (('covariance_type', 'diag'), ('tol', 0.001))
    >>> parse("plants.csv(missing=drop-rows)").kwargs
    (('missing', 'drop-rows'),)
    >>> parse("sklearn.cluster:Birch").name
    'sklearn.cluster:Birch'
    """
    name, bracket, inside = text.strip().partition("(")
    name = name.strip()
    if not name:
        raise BadParameter(f"A name is missing in {text!r}. Give name or name(parameter=value).")
    if not bracket:
        return Spec(name)
    if name == CONCAT:
        return Spec(name, parts=tuple(map(parse_chain, _parts(text))))
    try:
        call = ast.parse(f"f({inside}", mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            raise ValueError("text after the closing parenthesis")
        args = tuple(_value(node) for node in call.args)
        kwargs = tuple((_keyword(pair), _value(pair.value)) for pair in call.keywords)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error) or "too deeply nested"
        raise BadParameter(
            f"Cannot read the parameters of {text!r} ({reason}). "
            "Give name(parameter=value, ...) with numbers, words, True, False, None or lists."
        ) from None
    return Spec(name, args, kwargs)


def _keyword(pair: ast.keyword) -> str:
    if pair.arg is None:
        raise ValueError("** is not allowed")
    return pair.arg


CONSTANTS = {"inf": float("inf"), "nan": float("nan"), "true": True, "false": False, "none": None}


class _Words(ast.NodeTransformer):
    """Turn bare words, also with hyphens, into strings, except constants such as True."""

    def visit_Name(self, node: ast.Name) -> ast.Constant:
        return ast.Constant(CONSTANTS.get(node.id, node.id))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        if not isinstance(node.op, ast.Sub) or not isinstance(node.right, ast.Name):
            return node
        left, right = self.visit(node.left), self.visit(node.right)
        words = all(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (left, right))
        return ast.Constant(f"{left.value}-{right.value}") if words else node


def _value(node: ast.expr) -> Any:
    text = ast.unparse(node)
    try:
        return ast.literal_eval(_Words().visit(node))
    except (ValueError, TypeError):  # TypeError: a list as a key
        raise ValueError(f"{text} is not a plain value") from None


def parse_chain(text: str) -> tuple[Spec, ...]:
    """Parse encoders joined by ``+``, except within parentheses or quotes.

    Examples
    --------
    >>> [str(spec) for spec in parse_chain("pca(n_components=8)+umap")]
    ['pca(n_components=8)', 'umap']
    """
    return tuple(parse(part) for part in split_chain(text))


def split_chain(text: str) -> list[str]:
    """Split the text of a chain at its ``+``, as in `parse_chain`.

    Examples
    --------
    >>> split_chain("pca(n_components=8)+umap")
    ['pca(n_components=8)', 'umap']
    """
    return _split(text, "+")


def _split(text: str, sign: str) -> list[str]:
    parts, start, depth, quote, escaped = [], 0, 0, "", False
    for position, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and not escaped else quote
            escaped = letter == "\\" and not escaped
        elif letter in "'\"":
            quote = letter
        elif letter == sign and depth == 0:
            parts.append(text[start:position])
            start = position + 1
        else:
            depth += (letter in "([{") - (letter in ")]}")
    return [*parts, text[start:]]


def _parts(text: str) -> list[str]:
    """Return the chains between the parentheses of a `concat`.

    Raises
    ------
    BadParameter
        If there are fewer than two, or text follows.
    """
    name, _, rest = text.strip().partition("(")
    parts = [part.strip() for part in _split(rest[:-1], ",")]
    if name.strip() != CONCAT or not rest.endswith(")") or len(parts) < 2 or not all(parts):
        raise BadParameter(f"Cannot read {text.strip()!r}. Give two or more encoders: concat(pca, umap).")
    return parts


def step_names(text: str) -> list[str]:
    """Return the steps of a chain in the order in which they run, each once, with those inside `concat`.

    Examples
    --------
    >>> step_names("concat(minmax+pca, minmax+umap)+normalize")
    ['minmax', 'pca', 'umap', 'concat(minmax+pca, minmax+umap)', 'normalize']
    """
    return [name for name, _ in steps_after(text)]


def steps_after(text: str) -> list[tuple[str, list[int]]]:
    """Return the steps of a chain as `step_names`, each with the places of the steps whose output it gets.

    Examples
    --------
    >>> steps_after("concat(pca, umap)+normalize")
    [('pca', []), ('umap', []), ('concat(pca, umap)', [0, 1]), ('normalize', [2])]
    """
    found: dict[str, tuple[str, list[int]]] = {}  # by the chain up to the step
    _walk(text, "", [], found)
    return list(found.values())


def _walk(text: str, path: str, last: list[int], found: dict[str, tuple[str, list[int]]]) -> list[int]:
    """Add the steps of a chain after `last`, and return the place of its end."""
    for step in split_chain(text):
        parts: list[str] = []
        if step.strip().startswith(f"{CONCAT}("):
            with suppress(BadParameter):  # in a name that is no specification
                parts = _parts(step)
        ends = [_walk(part, path, last, found) for part in parts]
        path += f"+{step.strip()}"
        found.setdefault(path, (step, [place for end in ends for place in end] if parts else last))
        last = [list(found).index(path)]
    return last


BARRED = "=()+|:'\"\n"  # characters not allowed in an alias, which would be ambiguous
SIGNS = "= ( ) + | : ' \" and line breaks"  # the same, for error messages
_ALIASED = re.compile(rf"([^{BARRED}]*)=(.*)", re.DOTALL)


def parse_entry(text: str) -> Entry:
    """Parse an encoder or a clusterer, and its alias if one is given before ``=``.

    Raises
    ------
    BadParameter
        If the name or the spec at ``=`` is empty, or the spec cannot be parsed.

    Examples
    --------
    >>> str(parse_entry("small = pca(n_components=8)+umap").steps[0]), parse_entry("small=pca").alias
    ('pca(n_components=8)', 'small')
    >>> parse_entry("pca(n_components=8)").alias
    ''
    """
    aliased = _ALIASED.fullmatch(text)
    if not aliased:
        return Entry(parse_chain(text))
    alias = aliased[1].strip()
    if not alias:
        raise BadParameter(f"A name is missing before '=' in {text!r}. Give name=plugin.")
    return Entry(parse_chain(aliased[2]), alias)
