"""The layers of an autoencoder, from samples to code and back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...core.counts import counted
from ...core.errors import NotApplicable
from ...core.spec import step_names
from ..cell_data import StoredCell
from .palette import OKABE_ITO
from .picture import Picture
from .style import ACCENT, DIM, INK, bare, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Layer(NamedTuple):
    """Kind, shape of what it gives, number of parameters."""

    kind: str
    shape: tuple[int, ...]
    parameters: int

    @property
    def size(self) -> int:
        """Numbers that it gives per sample."""
        return math.prod(self.shape)


def draw(cell: StoredCell) -> Picture:
    """Draw the layers of each step that reports them, a bar per layer, as wide as its output.

    Raises
    ------
    NotApplicable
        If no step has layers.
    """
    names = step_names(cell.record.expanded[0])
    found = [
        (short(names[n] if n < len(names) else cell.record.encoder, 80), layers)
        for n, record in enumerate(cell.steps)
        if (layers := layers_of(record.values))
    ]
    if not found:
        raise NotApplicable(f"{cell.record.encoder} has no layers")
    counts = [len(layers) for _, layers in found]
    figure = new_figure(sum(0.5 + 0.27 * count for count in counts))
    panels = figure.subplots(len(found), 1, squeeze=False, height_ratios=counts)[:, 0]
    for axes, (name, layers) in zip(panels, found, strict=True):
        _panel(axes, layers)
        if len(found) > 1:
            axes.set_title(name)
    alt = " ".join(f"{name}: {_told(layers)}" for name, layers in found)
    caption = "A bar is as wide as the logarithm of the numbers that its layer gives per sample."
    return Picture(figure, "Layers", alt, caption)


def layers_of(values: Mapping[str, Any]) -> list[Layer]:
    """Return the layers that the values of a record tell, or none where they tell something else.

    Examples
    --------
    >>> layers_of({"summary": [["Input", [4], 0], ["Dense", [2], 10], ["Dense", [4], 12]]})[1]
    Layer(kind='Dense', shape=(2,), parameters=10)
    >>> layers_of({"summary": "of the plugin's own"}), layers_of({})
    ([], [])
    """
    try:
        return [
            Layer(str(kind), tuple(map(int, shape)), int(parameters))
            for kind, shape, parameters in values.get("summary", ())
        ]
    except (TypeError, ValueError):
        return []


def code_of(layers: Sequence[Layer]) -> int:
    """Return which layer gives the code: the first of the narrowest.

    Examples
    --------
    >>> code_of([Layer("Input", (4,), 0), Layer("Dense", (2,), 10), Layer("Dense", (4,), 12)])
    1
    """
    return min(range(len(layers)), key=lambda place: layers[place].size)


def _panel(axes: Axes, layers: Sequence[Layer]) -> None:
    code = code_of(layers)
    widest = math.log2(1 + max(layer.size for layer in layers))
    for place, layer in enumerate(layers):
        width = 0.44 * math.log2(1 + layer.size) / widest
        colour, alpha = (OKABE_ITO[1], 0.9) if place == code else (ACCENT, 0.5)
        axes.barh(place, width, left=0.46 - width / 2, height=0.72, color=colour, alpha=alpha)
        shape = " × ".join(map(str, layer.shape))
        text = f"{shape} = {layer.size:,}" if len(layer.shape) > 1 else f"{layer.size:,}"
        bold = "bold" if place == code else "normal"
        axes.text(0.22, place, short(layer.kind), va="center", ha="right", color=INK, weight=bold)
        note = "  code" if place == code else ""
        axes.text(0.70, place, text + note, va="center", color=INK, weight=bold)
        if layer.parameters:
            axes.text(1.0, place, f"{layer.parameters:,}", va="center", ha="right", color=DIM)
    axes.text(0.22, -0.95, "layer", ha="right", color=DIM)
    axes.text(0.70, -0.95, "gives", color=DIM)
    axes.text(1.0, -0.95, "parameters", ha="right", color=DIM)
    axes.text(
        *(1.0, len(layers) - 0.05, f"{sum(layer.parameters for layer in layers):,} in total"), ha="right",
        va="center", color=INK,
    )  # fmt: skip
    axes.set_xlim(0, 1.0)
    axes.set_ylim(len(layers) + 0.3, -1.3)
    bare(axes)


def _told(layers: Sequence[Layer]) -> str:
    sizes = ", ".join(f"{layer.kind} {'×'.join(map(str, layer.shape))}" for layer in layers)
    code = layers[code_of(layers)]
    total = sum(layer.parameters for layer in layers)
    counts = f"a code of {counted(code.size, 'number')}, {counted(total, 'parameter')}"
    return f"{counted(len(layers), 'layer')}, {counts}: {short(sizes, 600)}."
