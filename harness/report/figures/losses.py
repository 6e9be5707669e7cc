"""Training and validation loss per epoch, for every trained step of an encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...core.errors import NotApplicable
from ...core.spec import step_names
from ..cell_data import StoredCell
from .palette import OKABE_ITO
from .picture import Picture
from .style import DIM, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVES = {"loss": "training", "validation_loss": "validation"}
LOOKS: dict[str, dict[str, Any]] = {
    "loss": {"color": OKABE_ITO[0], "linestyle": "-"},
    "validation_loss": {"color": OKABE_ITO[1], "linestyle": (0, (4, 1.5))},
}


def draw(cell: StoredCell) -> Picture:
    """Draw the losses, one panel per trained step.

    Raises
    ------
    NotApplicable
        If no step of the encoder was trained by epochs.
    """
    names = step_names(cell.record.expanded[0])
    found = [
        (names[n] if n < len(names) else cell.record.encoder, history, record.values)
        for n, record in enumerate(cell.steps)
        if (history := curves_of(record.values))
    ]
    if not found:
        raise NotApplicable(f"{cell.record.encoder} has no training losses")
    figure = new_figure(2.7 * len(found))
    panels = figure.subplots(len(found), 1, squeeze=False)[:, 0]
    texts = []
    for axes, (name, history, values) in zip(panels, found, strict=True):
        texts.append(_panel(axes, history, best_epoch(history, values)))
        if len(found) > 1:
            axes.set_title(short(name, 80))
    panels[-1].set_xlabel("epoch")
    alt = " ".join(
        f"{short(name, 80)}: {text}" if len(found) > 1 else f"Loss per epoch: {text}"
        for (name, _, _), text in zip(found, texts, strict=True)
    )
    return Picture(figure, "Training losses", alt, _caption(found))


def curves_of(values: Mapping[str, Any]) -> dict[str, list[float | None]]:
    """Return the losses in the values of a record by name, None where not finite.

    Examples
    --------
    >>> curves_of({"history": {"loss": [0.5, 0.25], "best": 2}}), curves_of({})
    ({'loss': [0.5, 0.25]}, {})
    """
    history = values.get("history")
    if not isinstance(history, Mapping):
        return {}
    curves = {name: history.get(name) for name in CURVES}
    return {name: list(each) for name, each in curves.items() if isinstance(each, Sequence) and len(each)}


def best_epoch(history: Mapping[str, Sequence[float | None]], values: Mapping[str, Any]) -> int | None:
    """Return the epoch, from 1, whose weights were kept; None if unknown.

    Examples
    --------
    >>> best_epoch({"loss": [3, 2, 1], "validation_loss": [3, 1, 2]}, {})
    2
    >>> best_epoch({"loss": [3, 2, 1]}, {"best_epoch": 3})
    3
    """
    if isinstance(values.get("best_epoch"), int):
        return int(values["best_epoch"])
    validation = [
        (each, n) for n, each in enumerate(history.get("validation_loss", ()), 1) if each is not None
    ]
    return min(validation)[1] if validation else None


def _panel(axes: Axes, history: Mapping[str, Sequence[float | None]], best: int | None) -> str:
    from matplotlib.ticker import MaxNLocator

    ends = []
    for name, losses in history.items():
        epochs = [n for n, loss in enumerate(losses, 1) if loss is not None]
        known = [loss for loss in losses if loss is not None]
        if not known:
            continue
        dot = "o" if len(known) < 25 else None
        axes.plot(epochs, known, linewidth=1.8, marker=dot, markersize=4, label=CURVES[name], **LOOKS[name])
        ends.append(f"{CURVES[name]} {known[0]:.4g} in the first epoch, {known[-1]:.4g} in the last")
    epochs_run = max(map(len, history.values()))
    marked = ""
    if best is not None and 1 <= best <= epochs_run:
        axes.axvline(best, color=DIM, linewidth=0.9, linestyle=":", label=f"kept: epoch {best}")
        marked = f"; the weights of epoch {best} were kept"
    axes.set_ylabel("loss")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02)
    axes.grid(axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, borderaxespad=0.2)
    return f"{epochs_run} epoch{'s' if epochs_run > 1 else ''}; {'; '.join(ends)}{marked}."


def _caption(found: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]]) -> str:
    if any("validation_loss" in history for _, history, _ in found):
        return (
            "A validation loss that rises while the training loss falls is overfitting. A low loss need not "
            "mean good clusters."
        )
    return "No rows were held out, so overfitting cannot be detected. A low loss need not mean good clusters."
