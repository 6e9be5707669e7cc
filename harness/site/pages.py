"""Pages of templates, with style and script inside, so that each is one file that works by itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "allow_nan": False}
    made.globals["inlined"] = inlined
    made.filters["sentence"] = lambda text: f"{text[:1].upper()}{text[1:]}."
    return made


def inlined(name: str) -> Markup:
    """Return a file of `static` as it is, to stand within a page's style or script."""
    return Markup(files(__package__).joinpath("static", name).read_text(encoding="utf-8"))


def render_page(template: str, **values: Any) -> str:
    """Fill in a template; all that is not marked as safe is shown as text.

    Parameters
    ----------
    template : str
        A file of `templates`; ``base.html.j2`` is what the others extend.
    **values
        What the template shows. Its filter ``tojson`` writes JSON for a script, which no tag within can end.
    """
    return _environment().get_template(template).render(**values)
