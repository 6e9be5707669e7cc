"""Render templates with style and script inlined, so that each page is self-contained."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ...core.version import __version__


@cache
def _environment(extending: str) -> Environment:
    packages = [extending, __package__] if extending else [__package__]
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False, "ensure_ascii": False}
    made.globals["inlined"] = lambda name: inlined(name, packages)
    made.globals["version"] = __version__
    made.filters["sentence"] = lambda text: f"{text[:1].upper()}{text[1:]}."
    return made


def inlined(name: str, packages: Sequence[str] = (__package__,)) -> Markup:
    """Return a file of `static` from the first package that has it, for inlining."""
    places = [files(package).joinpath("static", name) for package in packages]
    found = next((place for place in places if place.is_file()), places[-1])
    return Markup(found.read_text(encoding="utf-8"))


def css_text(text: str) -> Markup:
    """Write a text as a string of a style sheet, which nothing within can end.

    Examples
    --------
    >>> print(css_text("a </style>"))
    "a\\20 \\3c \\2f style\\3e "
    """
    return Markup('"{}"').format(
        Markup("").join(each if each.isalnum() else Markup(f"\\{ord(each):x} ") for each in text)
    )


def render_page(template: str, *, extending: str = "", **values: Any) -> str:
    """Render a template; everything not marked as safe is escaped.

    Parameters
    ----------
    template : str
        A file of `templates`; ``base.html.j2`` is what the others extend.
    extending : str
        A package whose own `templates` and `static` come first; its templates may extend those here.
    **values
        What the template shows. Its filter ``tojson`` writes JSON for a script, which no tag within can end.
    """
    return _environment(extending).get_template(template).render(**values)
