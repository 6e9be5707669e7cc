"""Extras of this distribution, read from its metadata: `pyproject.toml` is the one place that names them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import metadata

DISTRIBUTION = "clustering-harness"
GATHERED = ("all", "dev")  # extras that repeat what others bring
# Packages that are imported by another name than they are installed by.
INSTALLED_AS = {
    **{"umap": "umap-learn", "dask_ml": "dask-ml"},
    **{"sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python"},
}


@cache
def extras() -> dict[str, str]:
    """Return the extra that brings each optional package, by the package's name.

    Examples
    --------
    >>> extras()["umap-learn"], extras()["keras"]
    ('umap', 'tensorflow')
    """
    from packaging.requirements import Requirement

    try:
        own = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # run from a source tree
        return {}
    required = [Requirement(line) for line in own.get_all("Requires-Dist") or ()]
    return {
        each.name.lower(): extra
        for extra in own.get_all("Provides-Extra") or ()
        for each in required
        if extra not in GATHERED and each.marker and each.marker.evaluate({"extra": extra})
    }


def install_line(modules: Iterable[str]) -> str:
    """Return the command that installs packages, given by the names that they are imported by.

    Examples
    --------
    >>> install_line(["keras", "tensorflow", "umap"])
    "pip install 'clustering-harness[tensorflow,umap]'"
    >>> install_line(["cv2"])
    'pip install opencv-python'
    """
    names = [INSTALLED_AS.get(name, name) for name in modules]
    known = {name: extras().get(name.lower()) for name in names}
    own = ",".join(dict.fromkeys(filter(None, known.values())))
    others = [name for name, extra in known.items() if extra is None]
    return " ".join(["pip install", *([f"'{DISTRIBUTION}[{own}]'"] if own else []), *others])


def needs(modules: Iterable[str]) -> str:
    """Name missing packages, and the command that installs them.

    Examples
    --------
    >>> needs(["umap"])
    "needs umap: pip install 'clustering-harness[umap]'"
    """
    names = list(modules)
    return f"needs {', '.join(names)}: {install_line(names)}"
