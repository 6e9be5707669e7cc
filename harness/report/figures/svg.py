"""SVG of a figure for a web page, with the page's colour variables."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

from markupsafe import Markup

from .picture import Picture
from .style import ACCENT, DIM, INK, LINE, PAPER, style

VARIABLES = {  # each with its default value
    INK: "var(--text, #1c2024)",
    DIM: "var(--dim, #5b646e)",
    LINE: "var(--line, #dfe3e6)",
    PAPER: "var(--card, #fff)",
    ACCENT: "var(--accent, #0a5a9c)",
}
DPI = 110  # for content with too many points for vector graphics
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
OPENING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}" width="100%" role="img" aria-label="{}" '
    'font-family="{}" stroke-linejoin="round" stroke-linecap="butt">'
)
REFERENCE = re.compile(r'(?:url\(#|href="#)([^)"]+)')
DROPPED = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL)
FAMILY = re.compile(r"font-family: [^;\"]*; ?")  # the whole figure has one
TAG = re.compile(r"<[^<>]+>")  # text has neither sign: a name may say anything else that a tag does


def inline(picture: Picture) -> Markup:
    """Return the figure as an SVG element for a page.

    Text stays text, the same picture gives the same bytes, and no id is that of another picture's.

    Examples
    --------
    >>> from harness.report.figures.style import new_figure
    >>> inline(Picture(new_figure(1), "Nothing", "Nothing & <more>", key="none-1"))[:60]
    Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 72"')
    """
    text = _saved(picture)
    view = re.search(r'viewBox="([^"]+)"', text)
    assert view is not None
    body = DROPPED.sub("", text[text.index(">", view.end()) + 1 :])
    used = [name for tag in TAG.findall(body) for name in REFERENCE.findall(tag)]
    names = {old: f"{picture.key}-{number}" for number, old in enumerate(dict.fromkeys(used))}
    body = TAG.sub(lambda found: _own(found[0], names), body)
    body = re.sub(r">\s+<", "><", body).replace("<defs></defs>", "").strip()
    opening = OPENING.format(view.group(1), picture.alt, FONT)
    if picture.panels < 2:
        return opening + Markup(body)
    return opening + Markup('<g id="{}-all">{}</g></svg>').format(
        picture.key, Markup(body.removesuffix("</svg>"))
    )


def panels(picture: Picture) -> list[Markup]:
    """Return each panel of a figure by itself, drawn from the figure that `inline` puts on the same page.

    Examples
    --------
    >>> from harness.report.figures.style import new_figure
    >>> [str(each)[:24] for each in panels(Picture(new_figure(2), "Two", "Two.", key="two-1", panels=2))]
    ['<svg viewBox="0 0 288 14', '<svg viewBox="288 0 288 ']
    """
    width, height = (72 * float(each) for each in picture.figure.get_size_inches())
    part = width / picture.panels
    one = Markup(
        '<svg viewBox="{:g} 0 {:g} {:g}" aria-hidden="true" font-family="{}"><use href="#{}-all"/></svg>'
    )
    return [
        one.format(n * part, part, height, FONT, picture.key)
        for n in range(picture.panels if picture.panels > 1 else 0)
    ]


def _saved(picture: Picture) -> str:
    file = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with style():
        import matplotlib

        matplotlib.rcParams["svg.hashsalt"] = picture.key or "harness"
        picture.figure.savefig(file, format="svg", dpi=DPI, metadata=nothing)
    return file.getvalue()


def _own(tag: str, names: Mapping[str, str]) -> str:
    """Give a tag the page's colours and unique ids, dropping unused ids."""

    def renamed(found: re.Match[str]) -> str:
        return f' id="{names[found[1]]}"' if found[1] in names else ""

    tag = re.sub(r' id="([^"]*)"', renamed, tag)
    tag = REFERENCE.sub(lambda found: found[0].replace(found[1], names[found[1]]), tag)
    tag = FAMILY.sub("", tag.replace("xlink:href", "href"))
    for ink, variable in VARIABLES.items():
        tag = tag.replace(ink, variable)
    return " ".join(tag.split("\n"))
