"""Two-dimensional maps of embeddings by PCA, t-SNE or UMAP, cached in a folder."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ...core.errors import BadParameter, HarnessError, NotApplicable, suggest
from ...core.extras import needs
from ...core.files import write_whole
from ...core.hashing import digest
from ...core.interfaces import Floats
from ...core.progress import report_progress

MOST = 10_000  # rows on a map
FEWEST = 10  # of which neighbourhoods can be told
AXES = 50  # principal axes that t-SNE and UMAP read of a wider embedding
EARLY, LATE = 250, 500  # rounds of t-SNE, with and without exaggeration

Rows = NDArray[np.int64]


def project(method: str, embedding: Floats, seed: int = 0) -> tuple[Rows, Floats]:
    """Lay an embedding out on two axes.

    Parameters
    ----------
    method : {"pca", "tsne", "umap"}
    embedding : ndarray of shape (n, k)
        Finite. Of more than 10,000 rows a sample is drawn; of more than 50 columns, t-SNE and UMAP read the
        first 50 principal components, as is usual.
    seed : int
        Of the sample, and of the method.

    Returns
    -------
    rows : ndarray of shape (m,), int64
        Which rows are on the map, in ascending order.
    points : ndarray of shape (m, 2), float32
        All zero where the rows are all the same; of a single column, the second is zero by PCA.

    Raises
    ------
    NotApplicable
        If the library is not installed, or there are too few rows.

    Examples
    --------
    >>> rows, points = project("pca", np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    >>> rows.tolist(), abs(points).round().tolist()
    ([0, 1, 2], [[1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    """
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise BadParameter(f"Unknown map {method!r}.{suggest(method, METHODS)} Known: {known}.")
    rows = drawn(len(embedding), MOST, seed)
    shown = embedding[rows].astype(np.float64)
    X = np.ascontiguousarray(shown - shown.mean(axis=0), dtype=np.float32)
    if len(X) == 0 or np.ptp(X, axis=0).max() == 0:
        return rows, np.zeros((len(X), 2), dtype=np.float32)
    return rows, np.asarray(METHODS[method][1](X, seed), dtype=np.float32)


def drawn(n: int, most: int, seed: int = 0) -> Rows:
    """Return all rows, or a fixed sample of them in ascending order.

    Examples
    --------
    >>> drawn(3, 5).tolist(), len(drawn(100, 5))
    ([0, 1, 2], 5)
    """
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


class Maps:
    """A cache of maps in a folder, by their inputs.

    Parameters
    ----------
    folder : Path
        Created with the first map; if it is not writable, nothing is cached.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     maps = Maps(Path(folder))
    ...     rows, points = maps.project("pca", np.eye(3), digest="of-these-rows")
    ...     points.shape, len(list(Path(folder).iterdir()))
    ((3, 2), 1)
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def project(self, method: str, embedding: Floats, digest: str, seed: int = 0) -> tuple[Rows, Floats]:
        """Return the map as in `project`, from the cache if present; `digest` identifies the embedding."""
        if not digest or method not in METHODS:
            return project(method, embedding, seed)
        path = self._path(method, len(embedding), digest, seed)
        kept = _read(path)
        if kept is not None:
            return kept
        rows, points = project(method, embedding, seed)
        file = io.BytesIO()
        np.savez(file, rows=rows, points=points)
        with suppress(HarnessError):
            write_whole(path, file.getvalue())
        return rows, points

    def kept(self, n: int, digest: str, seed: int = 0) -> list[str]:
        """Return the methods whose map of the embedding of `n` rows that `digest` names is kept."""
        return [method for method in METHODS if self._path(method, n, digest, seed).exists()]

    def _path(self, method: str, n: int, digest: str, seed: int) -> Path:
        return self.folder / f"{method}-{_key(method, n, digest, seed)}.npz"


def _key(method: str, n: int, embedding: str, seed: int) -> str:
    library = METHODS[method][0]
    try:
        version = metadata.version(library)
    except metadata.PackageNotFoundError:
        version = ""
    made_of = {"embedding": embedding, "rows": [n, MOST], "method": method, "axes": AXES, "seed": seed}
    return digest({**made_of, "library": [library, version]})


def _read(path: Path) -> tuple[Rows, Floats] | None:
    """Return a cached map, or None if there is no readable one."""
    with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile), np.load(path) as file:
        rows, points = file["rows"], file["points"]
        if points.shape == (len(rows), 2) and np.isfinite(points).all():
            return rows, points
    return None


def _pca(X: Floats, seed: int) -> Floats:
    points: Floats = _principal(X, 2, seed)
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


def _principal(X: Floats, n: int, seed: int) -> Floats:
    from sklearn.decomposition import PCA

    components: Floats = PCA(min(n, *X.shape), random_state=seed).fit_transform(X)
    return components


def _tsne(X: Floats, seed: int) -> Floats:
    library = _library("openTSNE")
    _enough("t-SNE", X)
    done = 0

    def tell(round_: int, error: float, points: Any) -> None:
        nonlocal done
        done += 25
        report_progress(done, EARLY + LATE, "t-SNE")

    report_progress(0, EARLY + LATE, "t-SNE")
    tsne = library.TSNE(
        perplexity=min(30.0, (len(X) - 1) / 3),
        initialization="pca" if X.shape[1] > 1 else "random",
        neighbors="exact",
        early_exaggeration_iter=EARLY,
        n_iter=LATE,
        n_jobs=1,  # sums in the order of threads differ from run to run
        random_state=seed,
        callbacks=tell,
        callbacks_every_iters=25,
    )
    return np.asarray(tsne.fit(_narrow(X, seed)))


def _umap(X: Floats, seed: int) -> Floats:
    library = _umap_library()
    _enough("UMAP", X)
    report_progress(0, 0, "UMAP")
    neighbours = min(15, len(X) - 1)
    return np.asarray(
        library.UMAP(n_neighbors=neighbours, random_state=seed, n_jobs=1).fit_transform(_narrow(X, seed))
    )


def _umap_library() -> Any:
    """Import umap-learn without TensorFlow, which it would load, in 20 seconds, for what is not used here."""
    absent = "tensorflow" not in sys.modules
    if absent:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings(action="ignore", category=ImportWarning):
            return _library("umap")
    finally:
        if absent:
            del sys.modules["tensorflow"]


def _narrow(X: Floats, seed: int) -> Floats:
    return _principal(X, AXES, seed) if X.shape[1] > AXES else X


def _enough(name: str, X: Floats) -> None:
    if len(X) < FEWEST:
        raise NotApplicable(f"{name} needs at least {FEWEST} rows, there are {len(X)}")


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise NotApplicable(needs([name])) from None


METHODS: dict[str, tuple[str, Callable[[Floats, int], Floats]]] = {  # the library, and what calls it
    "pca": ("scikit-learn", _pca),
    "tsne": ("openTSNE", _tsne),
    "umap": ("umap-learn", _umap),
}
