"""Schema of published records: fields, types and bounds of lines."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from ..core.cell import CURVE
from ..core.choices import ProtocolName, Settings, StageKind, Status
from ..leaderboard.text import printable
from ..registry.fitted import NUMBERS

LONGEST = 400  # characters of a name


def proper_name(text: str) -> str:
    """Validate a name of an encoder, clusterer, metric, dataset or contributor.

    Raises
    ------
    ValueError
        If it has characters that are unsafe to display.

    Examples
    --------
    >>> proper_name("pca(n_components=50)")
    'pca(n_components=50)'
    """
    if not text or text[0] in "=+-@" or text != text.strip() or len(text) > LONGEST:
        raise ValueError(f"must have 1 to {LONGEST} characters and not begin with a space, =, +, - or @")
    if (
        set(text) & set("<>`")
        or text != printable(text)
        or "](" in text
        or "://" in text
        or text.startswith("**")
    ):
        raise ValueError("must not contain <, >, backticks, links or control characters")
    for word in re.findall(r"[^\W\d_]+", text):
        if len({unicodedata.name(letter, "").partition(" ")[0] for letter in word}) > 1:
            raise ValueError(f"must not mix letters of several scripts in a word, e.g. {word!a}")
    return text


def proper_text(text: str) -> str:
    """Validate a printable text.

    Raises
    ------
    ValueError
        If it contains control characters.
    """
    if text != printable(text):
        raise ValueError("must not contain control characters")
    return text


def past(text: str) -> str:
    """Validate a time in the past.

    Raises
    ------
    ValueError
        If it is not a time, or is in the future.
    """
    if datetime.fromisoformat(text) > datetime.now(UTC) + timedelta(days=1):
        raise ValueError("is in the future")
    return text


Name = Annotated[str, AfterValidator(proper_name)]


Text = Annotated[str, Field(max_length=2000), AfterValidator(proper_text)]


Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


Sign = Annotated[str, Field(pattern=r"^([0-9a-f]{64}|=input|=samples)$")]


Moment = Annotated[
    str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$"), AfterValidator(past)
]


Count = Annotated[int, Field(ge=0, le=10**12)]


Seed = Annotated[int, Field(ge=0, lt=2**32)] | None


Seconds = Annotated[float, Field(ge=0, le=10**9, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Data(_Strict):
    """Facts of a dataset."""

    samples: Annotated[int, Field(ge=2, le=10**9)]
    features: Annotated[int, Field(ge=1, le=10**9)]
    classes: Annotated[int, Field(ge=1, le=10**9)] | None
    image_shape: Annotated[list[Count], Field(min_length=3, max_length=3)] | None
    n_train: Count | None
    truth: Digest | None
    scaling: Text
    licence: Text
    label: Text = ""
    left_out: Annotated[list[Text], Field(max_length=10_000)] = []
    missing: Text = ""
    dtype: Literal["float32", "float64"] = "float32"
    unlabelled: Count = 0


class Metric(_Strict):
    """Facts of a metric."""

    key: Literal[""]
    code: Key
    direction: Literal["higher", "lower"] | None
    needs: Annotated[list[Literal["truth", "embedding"]], Field(max_length=2)]


class Board(_Strict):
    """Content shared by the cells of a board."""

    dataset: Name
    digest: Digest
    protocol: ProtocolName
    data: Data
    metrics: Annotated[list[tuple[Name, Metric]], Field(max_length=200)]


class Code(_Strict):
    """Identity of a plugin's code."""

    plugin: Text
    distribution: Text | None
    source: Annotated[str, Field(max_length=200)]
    libraries: Annotated[dict[Text, Text], Field(max_length=100)]


class Params(_Strict):
    """Parameters in a key."""

    mapping: Annotated[list[tuple[Text, JsonValue]], Field(max_length=1000)]


class Facts(_Strict):
    """Shared facts of the keys of stages."""

    stage: StageKind
    code: Code
    engine: Count | Annotated[str, Field(pattern=r"^[0-9a-f]{0,64}$")]  # a digest in older versions
    device: Text
    dataset: Digest | None = None
    rows: Literal["train", "test", "all"] | None = None
    truth: Digest | None = None
    sample: Count | None = None
    threads: Count | None = None
    params: Params | None = None


class Stages(_Strict):
    """Content shared by stages."""

    facts: Facts
    versions: Annotated[dict[Text, Text], Field(max_length=100)]
    hardware: Text
    kind: StageKind


class Shared(_Strict):
    """A line that others reference."""

    id: Key
    shared: Board | Stages


class Origin(_Strict):
    """Contributor, machine and time of a cell."""

    by: Name
    hardware: Text
    when: Moment


class Cell(_Strict):
    """A cell: names, seeds, and the keys of its stages."""

    encoder: Name
    clusterer: Name
    k: Annotated[str, Field(pattern=r"^[\w .,\[\]]{0,60}$")]
    seeds: tuple[Seed, Seed]
    specs: tuple[Name, Name] | tuple[Literal[""], Literal[""]] | None = None
    variant: Key | Literal[""]
    steps: Annotated[list[Key], Field(max_length=20)]
    cluster: Key | Literal[""]
    blocked: tuple[Status, Text] | None
    noted: Moment
    settings: Literal[""] | Settings = ""
    prior: Annotated[list[Text], Field(max_length=10)] = []
    origins: Annotated[list[Origin], Field(min_length=1, max_length=1000)]
    scores: Annotated[list[Key], Field(max_length=200)]


class CellLine(_Strict):
    """The line of a cell."""

    cell: Cell
    shared: Key


class OwnFacts(_Strict):
    """Facts of the key of one stage, besides shared ones."""

    after: Annotated[list[Key], Field(max_length=10_000)]
    fits: Annotated[list[Count], Field(max_length=10_000)] | None = None
    seed: Seed = None
    params: Params | None = None


class RecordLine(_Strict):
    """The line of a record."""

    key: Key
    shared: Key
    facts: OwnFacts
    seconds: Seconds
    created: Moment
    status: Status = "ok"
    error: Text = ""
    warnings: Annotated[list[Text], Field(max_length=1000)] = []
    memory: Count = 0
    cpu_seconds: Seconds = 0.0
    values: Annotated[dict[Text, JsonValue], Field(max_length=200), AfterValidator(proper_values)] = {}
    arrays: Annotated[dict[Text, Sign], Field(max_length=50)] = {}


LINES: dict[str, TypeAdapter[Any]] = {
    "id": TypeAdapter(Shared),
    "cell": TypeAdapter(CellLine),
    "key": TypeAdapter(RecordLine),
}


COUNTS = ("n_clusters", "n_iter", "features", "sample", "n_parameters", "best_epoch")


K = Annotated[int, Field(ge=0, le=10**9)]


class Named(BaseModel):
    """A number that JSON lacks."""

    model_config = ConfigDict(extra="forbid", strict=True)
    float: Literal["nan", "inf", "-inf"]


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)] | Named


class Curve(BaseModel):
    """A criterion at each K tried."""

    model_config = ConfigDict(extra="allow", strict=True)
    criterion: Annotated[str, Field(max_length=200)]
    k: Annotated[list[K], Field(max_length=10_000)]
    values: Annotated[list[Number], Field(max_length=10_000)]
    chosen: K | None
    edge: bool = False


_number, _curve = TypeAdapter(Number), TypeAdapter(Curve)


def proper_values(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Validate the values of a stage.

    Raises
    ------
    ValueError
        If a number or a curve is invalid.

    Examples
    --------
    >>> proper_values({"n_clusters": 3, "inertia": {"float": "inf"}})
    {'n_clusters': 3, 'inertia': {'float': 'inf'}}
    """
    for name, value in values.items():
        if name in COUNTS:
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**12:
                raise ValueError(f"{name} must be a count")
        elif name in ("score", "standard_error") or f"{name}_" in NUMBERS:
            _check(_number, value, f"{name} must be a number")
        elif name == "selection" and isinstance(value, dict) and value.keys() >= CURVE:
            _check(_curve, value, "selection must be a curve")
            if len(value["k"]) != len(value["values"]):  # type: ignore[arg-type]
                raise ValueError("selection must have a value for each K")
    return values


def _check(adapter: TypeAdapter[Any], value: JsonValue, told: str) -> None:
    try:
        adapter.validate_python(value)
    except ValueError:
        raise ValueError(told) from None
