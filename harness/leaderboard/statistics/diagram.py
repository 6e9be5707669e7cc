"""Critical-difference diagram: pipelines on a line of mean ranks, with bars over indistinguishable ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...core.counts import counted
from ...core.errors import HarnessError
from .ranks import Ranking, critical_difference, nemenyi

FORMATS = (".svg", ".png")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")  # Okabe & Ito (2008)


def check_path(path: Path) -> None:
    """Raise an error if the diagram cannot be written to a file.

    Raises
    ------
    HarnessError
        When its name ends in something else than ``.svg`` or ``.png``.
    """
    if path.suffix.lower() not in FORMATS:
        raise HarnessError(f"Diagram {str(path)!r} must end in .svg or .png, e.g. ranks.svg.")
    if not path.parent.is_dir():
        raise HarnessError(f"Diagram {str(path)!r}: no folder {str(path.parent)!r}. Create it first.")


def draw(ranking: Ranking, path: Path, title: str = "") -> None:
    """Write the critical-difference diagram of Demšar (2006, figure 1), by Nemenyi's test at 0.05.

    Parameters
    ----------
    ranking : Ranking
        Of at least 3 pipelines on at least 5 datasets.
    path : Path
        Ending in ``.svg`` or ``.png``.
    """
    import pandas as pd
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from scikit_posthocs import critical_difference_diagram

    names = ranking.pipelines
    ranks = pd.Series(ranking.mean_ranks, index=names)
    p = pd.DataFrame(nemenyi(ranking), index=names, columns=names)
    longest = max(len(name) for name in names)
    figure = Figure(figsize=(6 + 0.16 * longest, 1.6 + 0.22 * len(names)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    drawn = critical_difference_diagram(
        ranks,
        p,
        ax=axes,
        color_palette=colours,
        label_fmt_left="{label}  {rank:.2f} ",
        label_fmt_right=" {rank:.2f}  {label}",
        label_props={"fontsize": 10},
        crossbar_props={"linewidth": 3, "color": "#555555"},
        text_h_margin=0.15,
    )
    for label in drawn["labels"]:
        label.set_color("black")  # lines may be lighter than text
    axes.set_xticks(np.arange(np.floor(ranks.min()), np.ceil(ranks.max()) + 1))
    gap = critical_difference(ranking)
    head = f"{title}\n" if title else ""
    figure.suptitle(
        f"{head}Mean rank over {counted(len(ranking.datasets), 'dataset')}, 1 is best; a bar joins "
        f"pipelines that Nemenyi's test cannot distinguish (critical difference {gap:.2f})",
        fontsize=10, wrap=True,
    )  # fmt: skip
    try:
        with rc_context({"svg.hashsalt": "harness"}):
            figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    except OSError as error:
        raise HarnessError(f"Cannot write diagram {str(path)!r}: {error.strerror}.") from None
