"""Pictures of a cell, one kind per file, drawn from a store without fitting again."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from ...core.errors import UnknownName, suggest

if TYPE_CHECKING:
    from ..cell_data import StoredCell
    from .picture import Picture
    from .projections import Maps

KINDS = {  # the part before the hyphen is the module
    "confusion": "number of samples per class and cluster, before and after one-to-one matching",
    "classes": "share of each class in its matched cluster",
    "map-pca": "first two principal components of the embedding, by cluster and by class",
    "map-tsne": "t-SNE of the embedding; takes a minute or two for 10,000 rows, then cached",
    "map-umap": "UMAP of the embedding; takes a minute for 10,000 rows, then cached",
    "silhouette": "how much closer each row is to its own cluster than to the next",
    "examples": "images closest to the centre of each cluster, and the most ambiguous ones",
    "reconstructions": "images and their reconstructions by an autoencoder",
    "losses": "training and validation loss per epoch",
    "layers": "layers of an autoencoder, with sizes and numbers of parameters",
    "curves": "criterion at each K tried by K selection",
    "seeds": "scores of all runs of the row, with this one marked",
    "cost": "seconds and memory per stage",
}


def draw(kind: str, cell: StoredCell, maps: Maps | None = None, *, titled: bool = False) -> Picture:
    """Draw one picture of a cell.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    cell : StoredCell
    maps : Maps, optional
        Cache of two-dimensional maps, since slow ones take a minute.
    titled : bool
        Whether title and caption are on the figure itself, on white, e.g. for a notebook.

    Raises
    ------
    NotApplicable
        If this cell has no such picture, with the reason.
    UnknownName
        If there is no such kind.

    Examples
    --------
    >>> draw("confusions", None)
    Traceback (most recent call last):
    ...
    harness.core.errors.UnknownName: Unknown picture 'confusions'. Did you mean 'confusion'?
    """
    if kind not in KINDS:
        raise UnknownName(f"Unknown picture {kind!r}.{suggest(kind, KINDS)}")
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
