"""Facts about a dataset for boards and pages: its size, its classes, and how it was read."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.cell import DataFacts
from ..core.counts import counted, shortened

MOST = 20  # left-out columns that are named


def data_facts(data: DataFacts) -> Iterator[str]:
    """Yield the facts of a dataset, as parts of a sentence.

    Examples
    --------
    >>> left_out = ("'id' (by drop)",)
    >>> facts = DataFacts(9, 4, 3, None, None, None, "none", "MIT", label="kind", left_out=left_out)
    >>> for fact in data_facts(facts):
    ...     print(fact)
    9 samples of 4 features, 3 classes from 'kind'
    left out: 'id' (by drop)
    values as they are, float32
    licence MIT
    """
    origin = f" from {data.label!r}" if data.label else ""
    classes = f"{data.classes} class{'es' * (data.classes > 1)}{origin}" if data.classes else "no labels"
    shape = f", images of {' x '.join(map(str, data.image_shape))}" if data.image_shape else ""
    features = f"{data.features} feature{'s' * (data.features != 1)}"
    yield f"{data.samples:,} samples of {features}{shape}, {classes}"
    if data.unlabelled:
        yield f"{counted(data.unlabelled, 'sample')} without a class: clustered, left out of scores"
    if data.left_out:
        yield f"left out: {shortened(data.left_out, MOST)}"
    if data.missing:
        yield data.missing
    yield f"values {'as they are' if data.scaling == 'none' else data.scaling}, {data.dtype}"
    yield f"licence {data.licence}"
