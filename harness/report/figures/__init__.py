"""Pictures of a cell: one kind a file; each is drawn from what a store has, and nothing is fitted again."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from ...core.errors import UnknownName, suggest

if TYPE_CHECKING:
    from ..cell_data import StoredCell
    from .picture import Picture
    from .projections import Maps

KINDS = {  # the part before the hyphen is the module that draws it
    "confusion": "how many of each class are in each cluster, before and after matching one to one",
    "classes": "the share of each class that is in the cluster matched to it",
    "map-pca": "the embedding by its first two principal components, by cluster and by class",
    "map-tsne": "the embedding by t-SNE; the first time it takes a minute or two for 10,000 rows",
    "map-umap": "the embedding by UMAP; the first time it takes a minute for 10,000 rows",
    "silhouette": "how much nearer each row lies to its own cluster than to the next",
    "examples": "images nearest to the centre of each cluster, and the most ambiguous ones",
    "reconstructions": "images, and what an autoencoder made of them",
    "losses": "training and validation loss of each epoch",
    "layers": "the layers of an autoencoder, with their sizes and numbers of parameters",
    "curves": "the criterion at each K that a chooser of K tried",
    "seeds": "the scores of all runs of the row, this one marked",
    "cost": "seconds and memory of each stage",
}


def draw(kind: str, cell: StoredCell, maps: Maps | None = None, *, titled: bool = False) -> Picture:
    """Draw one picture of a cell.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    cell : StoredCell
    maps : Maps, optional
        Where two-dimensional maps are kept, as the slow ones take a minute.
    titled : bool
        Whether title and caption are on the figure itself, on white, as in a notebook.

    Raises
    ------
    NotApplicable
        When this cell has no such picture; it says why.
    UnknownName
        When there is no such kind.

    Examples
    --------
    >>> draw("confusions", None)
    Traceback (most recent call last):
    ...
    harness.core.errors.UnknownName: There is no picture 'confusions'. Did you mean 'confusion'?
    """
    if kind not in KINDS:
        raise UnknownName(f"There is no picture {kind!r}.{suggest(kind, KINDS)}")
    from .style import entitle, settle, style

    name, _, method = kind.partition("-")
    module = import_module(f".{name}", __name__)
    with style():
        picture: Picture = module.draw(cell, method, maps) if method else module.draw(cell)
        if titled:
            record = cell.record
            where = f"{record.name} on {record.dataset}, {record.seed_text}"
            entitle(picture.figure, f"{picture.title}: {where}", picture.caption)
        settle(picture.figure)
    return replace(picture, key=f"{kind}-{cell.id}", subject=f"{cell.board}: {cell.title}")
