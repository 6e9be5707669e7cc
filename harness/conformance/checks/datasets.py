"""What is asked of datasets."""

from __future__ import annotations

import numpy as np

from ...core.counts import counted
from ...core.errors import DataError, one_line
from ...core.interfaces import Dataset, DatasetInfo
from ...registry.global_generators import seeded
from ..check import Check, Failed, Skipped
from ..subject import Subject


def info_of(subject: Subject) -> DatasetInfo | None:
    """Return what the dataset says before it is read, or None where it says nothing."""
    info = getattr(subject.target, "info", None)
    return info if isinstance(info, DatasetInfo) else None


def first(subject: Subject) -> Dataset:
    """Return the dataset, which is read once for several checks."""
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
    """Compare what it says before it is read with what is read."""
    info = info_of(subject)
    if info is None:
        raise Skipped("it says nothing of itself before it is read; @harness.dataset(DatasetInfo(...)) would")
    if subject.written:
        raise Skipped("what it says is of its default parameters")
    data = first(subject)
    for name in ("n_samples", "n_features", "n_classes", "licence", "image_shape"):
        said, found = getattr(info, name), getattr(data, name)
        if said != found and not (name == "n_classes" and data.truth is None):
            raise Failed(f"it says {name} is {said!r}, and {found!r} is read.", "Correct its DatasetInfo.")


def repeats(subject: Subject) -> None:
    """Read it twice, with other states of the global generator."""
    with seeded(12345):
        again = load(subject)
    digests = [(data.digest, data.truth_digest) for data in (first(subject), again)]
    if digests[0] != digests[1]:
        what = "samples" if digests[0][0] != digests[1][0] else "labels"
        raise Failed(f"two readings give other {what}.", "Draw from a fixed seed, and sort names of files.")


def labels(subject: Subject) -> None:
    """Look whether classes are numbered without gaps, and all named."""
    data = first(subject)
    if data.truth is None:
        raise Skipped("it has no labels")
    found = np.unique(data.truth[data.truth >= 0])  # -1 is a class that is not known
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
    """Look whether the terms of use are told."""
    info = info_of(subject)
    told = info.licence if info is not None else first(subject).licence
    if not told.strip() or told == "unknown":
        raise Failed(
            "it does not say under which licence it may be used.",
            "Give licence='CC BY 4.0' or the like; if the source states none, say so in conformance_skips.",
        )
    return told


LOADS = Check("loads", "Encoders take float32 or float64; metrics take one class per sample.", loads)
DATASET_CHECKS = (
    LOADS,
    Check(
        "declares-itself",
        "'harness datasets' shows it, and runs are planned by it.",
        declares,
        needs=(LOADS,),
    ),
    Check(
        "repeats",
        "Keys are made of the digest: one that changes makes everything be computed again.",
        repeats,
        needs=(LOADS,),
    ),
    Check(
        "labels",
        "K is taken from the classes: a gap or a missing one gives another K.",
        labels,
        needs=(LOADS,),
    ),
    Check(
        "licence",
        "Boards and labels are published; readers must know what they may do with the data.",
        licence,
        needs=(LOADS,),
    ),
)
