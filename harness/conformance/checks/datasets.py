"""Checks of datasets."""

from __future__ import annotations

import numpy as np

from ...core.counts import counted
from ...core.errors import DataError, one_line
from ...core.interfaces import Dataset, DatasetInfo
from ...registry.global_generators import seeded
from ..check import Check, Failed, Skipped
from ..subject import Subject


def info_of(subject: Subject) -> DatasetInfo | None:
    """Return the declared properties of the dataset, or None."""
    info = getattr(subject.target, "info", None)
    return info if isinstance(info, DatasetInfo) else None


def first(subject: Subject) -> Dataset:
    """Return the dataset, read once for several checks."""
    data: Dataset = subject.once("first", lambda: load(subject))
    return data


def load(subject: Subject) -> Dataset:
    """Read the dataset, if it is on this machine."""
    info = info_of(subject)
    if info is not None and info.find is not None and info.find() is None:
        name = subject.plugin.name if subject.plugin else subject.target.__name__
        raise Skipped(f"it is not on this machine: harness datasets fetch {name}")
    how = "Return a harness.Dataset: float32 or float64 samples of shape (n, d), one integer label each."
    try:
        data = subject.target(**subject.written)
    except DataError as problem:
        raise Failed(one_line(problem), how) from None
    if not isinstance(data, Dataset):
        raise Failed(f"it returns a {type(data).__name__}.", how)
    return data


def loads(subject: Subject) -> str:
    """Read it; a Dataset checks its own shapes, types and values."""
    data = first(subject)
    return f"{counted(data.n_samples, 'sample')} of {counted(data.n_features, 'feature')}"


def declares(subject: Subject) -> None:
    """Compare declared properties with those read."""
    info = info_of(subject)
    if info is None:
        raise Skipped("it declares nothing before it is read; use @harness.dataset(DatasetInfo(...))")
    if subject.written:
        raise Skipped("its declaration is for the default parameters")
    data = first(subject)
    for name in ("n_samples", "n_features", "n_classes", "licence", "image_shape"):
        said, found = getattr(info, name), getattr(data, name)
        if said != found and not (name == "n_classes" and data.truth is None):
            raise Failed(f"it declares {name} {said!r}, but {found!r} is read.", "Correct its DatasetInfo.")


def repeats(subject: Subject) -> None:
    """Read it twice, with other states of the global generator."""
    with seeded(12345):
        again = load(subject)
    digests = [(data.digest, data.truth_digest) for data in (first(subject), again)]
    if digests[0] != digests[1]:
        what = "samples" if digests[0][0] != digests[1][0] else "labels"
        raise Failed(f"two readings differ in {what}.", "Draw from a fixed seed, and sort file names.")


def labels(subject: Subject) -> None:
    """Check that classes are numbered without gaps, and all named."""
    data = first(subject)
    if data.truth is None:
        raise Skipped("it has no labels")
    found = np.unique(data.truth[data.truth >= 0])  # -1 is an unknown class
    if [*found] != [*range(len(found))]:
        raise Failed(
            f"its classes are {', '.join(map(str, found[:8]))}, not 0 to {len(found) - 1}.",
            "Number classes from 0 without gaps: np.unique(labels, return_inverse=True)[1].",
        )
    if data.class_names and len(data.class_names) != len(found):
        raise Failed(
            f"it names {len(data.class_names)} classes and has {len(found)}.",
            "Give a name to each class, in the order of their numbers, or leave class_names out.",
        )


def licence(subject: Subject) -> str:
    """Check that the terms of use are stated."""
    info = info_of(subject)
    told = info.licence if info is not None else first(subject).licence
    if not told.strip() or told == "unknown":
        raise Failed(
            "it states no licence.",
            "Give licence='CC BY 4.0' or the like; if the source states none, give that reason in "
            "conformance_skips.",
        )
    return told


LOADS = Check("loads", "Encoders take float32 or float64; metrics take one class per sample.", loads)
DATASET_CHECKS = (
    LOADS,
    Check(
        "declares-itself",
        "'harness datasets' shows it, and planning uses it.",
        declares,
        needs=(LOADS,),
    ),
    Check(
        "repeats",
        "The digest is part of cache keys: if it changes, everything is recomputed.",
        repeats,
        needs=(LOADS,),
    ),
    Check(
        "labels",
        "K is the number of classes: a gap or a missing class changes it.",
        labels,
        needs=(LOADS,),
    ),
    Check(
        "licence",
        "Leaderboards and labels are published, so readers must know the terms of use.",
        licence,
        needs=(LOADS,),
    ),
)
