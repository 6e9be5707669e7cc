"""What stages tell of themselves, as it may stand in a published record: read by tables, and so checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from ..fitted import NUMBERS
from ..rows import CURVE

COUNTS = ("n_clusters", "n_iter", "features", "sample", "n_parameters", "best_epoch")
K = Annotated[int, Field(ge=0, le=10**9)]


class Named(BaseModel):
    """A number that JSON does not know."""

    model_config = ConfigDict(extra="forbid", strict=True)
    float: Literal["nan", "inf", "-inf"]


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)] | Named


class Curve(BaseModel):
    """A criterion at each K that was tried."""

    model_config = ConfigDict(extra="allow", strict=True)
    criterion: Annotated[str, Field(max_length=200)]
    k: Annotated[list[K], Field(max_length=10_000)]
    values: Annotated[list[Number], Field(max_length=10_000)]
    chosen: K | None
    edge: bool = False


_number, _curve = TypeAdapter(Number), TypeAdapter(Curve)


def proper_values(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what a stage tells, if tables can be made of it.

    Raises
    ------
    ValueError
        When a number is none, or a curve is none.

    Examples
    --------
    >>> proper_values({"n_clusters": 3, "inertia": {"float": "inf"}})
    {'n_clusters': 3, 'inertia': {'float': 'inf'}}
    """
    for name, value in values.items():
        if name in COUNTS:
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10**12:
                raise ValueError(f"{name} must be a count")
        elif name == "score" or f"{name}_" in NUMBERS:
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
