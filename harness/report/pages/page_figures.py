"""Pictures of a page as elements, and why others are missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from ...core.errors import HarnessError, error_line
from ..cell_data import StoredCell
from ..figures import KINDS, draw
from ..figures.projections import Maps
from ..figures.svg import inline, panels

CLUSTERS, ENCODER = "Clusters", "Encoder"
SECTIONS = {  # title: its kinds, by the part before their hyphen; others come last
    CLUSTERS: ("curves", "classes", "map", "silhouette", "examples"),
    ENCODER: ("losses", "reconstructions", "layers"),
}
TABLES = ("confusion", "seeds", "cost")  # shown as tables instead
OTHERS = "More pictures"


@dataclass(frozen=True)
class Drawn:
    """A picture as an element of a page, with title and caption."""

    kind: str
    svg: Markup
    title: str
    caption: str
    panels: list[Markup]


@dataclass
class Pictures:
    """The pictures of a page by section, why others are missing, and drawing errors."""

    sections: dict[str, list[Drawn]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def kinds_for(maps: Iterable[str], pictures: bool = True) -> list[str]:
    """Return the kinds of pictures to show.

    Parameters
    ----------
    maps : iterable of str
        Methods of maps: ``pca``, ``tsne``, ``umap``.
    pictures : bool
        Whether to show any pictures.

    Examples
    --------
    >>> kinds_for([], pictures=False)
    []
    """
    wanted = set(maps)
    methods = {kind: method for kind in KINDS for name, _, method in [kind.partition("-")] if name == "map"}
    kept = [kind for kind in KINDS if kind not in TABLES and methods.get(kind, "") in {"", *wanted}]
    return kept if pictures else []


def methods_of(kinds: Iterable[str]) -> list[str]:
    """Return by which methods maps are drawn where pages show these kinds of pictures.

    Examples
    --------
    >>> methods_of(["classes", "map-pca"])
    ['pca']
    """
    return [kind.partition("-")[2] for kind in kinds if kind.startswith("map-")]


def section_of(kind: str) -> str:
    """Return the section of a kind of picture.

    Examples
    --------
    >>> section_of("map-pca"), section_of("unheard-of")
    ('Clusters', 'More pictures')
    """
    name = kind.partition("-")[0]
    return next((title for title, names in SECTIONS.items() if name in names), OTHERS)


def pictures_of(cell: StoredCell, kinds: Sequence[str], maps: Maps) -> Pictures:
    """Draw the available pictures of a cell."""
    pictures = Pictures({title: [] for title in [*SECTIONS, OTHERS]})
    for kind in kinds:
        drawn = _drawn_or_why(cell, kind, maps)
        if isinstance(drawn, Drawn):
            pictures.sections[section_of(kind)].append(drawn)
        else:
            reason, expected = drawn
            (pictures.missing if expected else pictures.wrong)[kind] = reason
    pictures.sections = {title: some for title, some in pictures.sections.items() if some}
    return pictures


def _drawn_or_why(cell: StoredCell, kind: str, maps: Maps) -> Drawn | tuple[str, bool]:
    """Return a picture, or why there is none and whether that is expected."""
    try:
        picture = draw(kind, cell, maps)
        return Drawn(kind, inline(picture), picture.title, picture.caption, panels(picture))
    except HarnessError as error:  # not applicable, or a missing array in the store
        return str(error), True
    except (
        Exception
    ) as error:  # one failed picture must not stop a thousand pages: it is reported and counted
        return error_line(error), False


def first_map(pictures: Pictures) -> Drawn | None:
    """Take the first map out of its section, which a page shows before all other pictures."""
    some = pictures.sections.get(CLUSTERS, [])
    found = next((each for each in some if each.kind.startswith("map-")), None)
    if found is not None:
        some.remove(found)
        if not some:
            del pictures.sections[CLUSTERS]
    return found


def by_reason(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the missing kinds, by reason.

    Examples
    --------
    >>> by_reason({"losses": "no history", "layers": "no history"})
    {'no history': ['losses', 'layers']}
    """
    found: dict[str, list[str]] = {}
    for kind, reason in reasons.items():
        found.setdefault(reason, []).append(kind)
    return found
