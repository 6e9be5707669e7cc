"""Cost of a cell: seconds and memory of its stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.errors import NotApplicable
from ...core.record import Record
from ...core.spec import step_names
from ..cell_data import StoredCell
from .picture import Picture
from .style import ACCENT, DIM, INK, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Stage:
    """The data of one bar.

    Parameters
    ----------
    name : str
    seconds : float
    memory : int
        Peak in bytes; 0 if not measured.
    status : str
    """

    name: str
    seconds: float
    memory: int
    status: str = "ok"


def draw(cell: StoredCell) -> Picture:
    """Draw bars of seconds and peak memory per stage.

    Raises
    ------
    NotApplicable
        If no stage has been computed.
    """
    stages = stages_of(cell)
    if not stages:
        raise NotApplicable(f"no stage has been computed: {cell.status[1]}")
    figure = new_figure(0.75 + 0.34 * len(stages))
    left, right = figure.subplots(1, 2, sharey=True)
    _bars(left, [each.seconds for each in stages], [_seconds(each) for each in stages], "seconds")
    _bars(
        right,
        [each.memory / 2**20 for each in stages],
        [_memory(each) for each in stages],
        "peak memory, MiB",
    )
    left.set_yticks(range(len(stages)), [short(each.name, 44) for each in stages])
    left.set_ylim(len(stages) - 0.4, -0.6)
    total = sum(each.seconds for each in stages)
    told = "; ".join(f"{each.name} {_seconds(each)}, {_memory(each)}" for each in stages)
    alt = f"Cost per stage, {total:.3g} s in total: {short(told, 600)}."
    caption = (
        "Wall-clock seconds on the machine that computed it, without loading plugins. A step shared with "
        "other runs was computed once. Memory is the peak of the process, including libraries."
    )
    return Picture(figure, "Time and memory", alt, caption)


def stages_of(cell: StoredCell) -> list[Stage]:
    """Return the computed stages, all scores as one."""
    facts = cell.record
    names = step_names(facts.expanded[0])
    stages = [
        Stage(f"encode: {names[n] if n < len(names) else facts.encoder}", *_cost([record]))
        for n, key in enumerate(facts.steps)
        if (record := cell.records.get(key)) is not None
    ]
    if cell.cluster is not None:
        stages.append(Stage(f"cluster: {facts.clusterer}", *_cost([cell.cluster])))
    scores = [cell.records[each.key] for each in facts.scores.values() if each.key in cell.records]
    if scores:
        seconds, memory, _ = _cost(scores)
        stages.append(Stage(f"score: {len(scores)} metric{'s' if len(scores) > 1 else ''}", seconds, memory))
    return stages


def _cost(records: Sequence[Record]) -> tuple[float, int, str]:
    """Return total seconds, peak bytes, and the status of the first."""
    seconds = sum(record.seconds for record in records)
    return seconds, max(record.memory for record in records), records[0].status


def _bars(axes: Axes, values: Sequence[float], texts: Sequence[str], unit: str) -> None:
    most = max(values) or 1.0
    axes.barh(range(len(values)), values, height=0.62, color=ACCENT, alpha=0.55)
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        inside = value > 0.6 * most
        axes.text(
            *(value + (-0.015 if inside else 0.015) * most, place, text), va="center", color=INK,
            ha="right" if inside else "left",
        )  # fmt: skip
    axes.set_xlim(0, most * 1.02)
    axes.set_xlabel(unit)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_color(DIM)
    axes.xaxis.set_major_formatter(lambda value, place: f"{value:,.6g}")


def _seconds(stage: Stage) -> str:
    ended = "" if stage.status == "ok" else f", {stage.status}"
    return f"{stage.seconds:,.0f} s{ended}" if stage.seconds >= 100 else f"{stage.seconds:.3g} s{ended}"


def _memory(stage: Stage) -> str:
    return f"{stage.memory / 2**20:,.0f} MiB" if stage.memory else "not measured"
