"""Page that explains why the baselines of the reports differ, and its figure."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from harness.leaderboard.markdown import github_table
from harness.leaderboard.text import escape

from . import file_name
from .evidence import values_of
from .measurements import COMMON, Pool
from .variation import (
    BEST,
    FACTORS,
    SAME_CENTRES,
    SINGLE,
    Varied,
    baselines,
    by_inertia,
    other_solutions,
    shares,
    spread,
    vary,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = "Each run as a dot, by what is varied; reported baselines as lines."
PRINTED = "#D55E00"
CROWDED = 0.02  # of the score: names closer than this are stacked
LEAST = 0.01  # share of the variance from which interactions are listed
STRIPS = (  # label, protocol, clusterer, score
    ("one-to-one, test images", COMMON, SINGLE, "accuracy"),
    ("one-to-one, train images", "train", SINGLE, "accuracy"),
    ("most frequent class, test images", COMMON, SINGLE, "purity"),
    ("most frequent class, train images", "train", SINGLE, "purity"),
    ("one-to-one, test, float64", COMMON, SAME_CENTRES, "accuracy"),
    ("one-to-one, test, best of ten starts", COMMON, BEST, "accuracy"),
)


def explanation(pool: Pool) -> str:
    """Write the page."""
    varied = vary(pool)
    parts = [
        "# Why the reports disagree",
        *(["**Quick: fewer images and seeds. Do not use these numbers.**"] if pool.quick else []),
        _question(),
        "## One factor at a time",
        _varied(varied),
        _solutions(pool),
        f"![{PICTURE}]({file_name(pool, 'disagreement', 'svg')})",
        "## All factors together",
        _shares(pool),
        "## Where the reported baselines come from",
        _baselines(pool),
        "\n".join(f"- {name}: {escape(text)}" for name, text in (pool.facts or {}).items()),
    ]
    return "\n\n".join(parts) + "\n"


def _question() -> str:
    printed = sorted({float(said) for _, said in _printed()})
    return (
        f"Four of the reports cluster the same pixels with k-means, K = 10, and report {printed[0]:.4f} to "
        f"{printed[-1]:.4f} as accuracy. Below, one factor at a time is varied in the same baseline: one "
        "start of k-means in single precision, fit on the train images, scored on the test images with "
        "one-to-one matching. Points are hundredths of the score."
    )


def _varied(varied: Sequence[Varied]) -> str:
    rows = []
    for each in varied:
        for place, (setting, values) in enumerate(each.values.items()):
            points = [f"{100 * each.typical:.1f}", f"{100 * each.largest:.1f}"] if not place else ["", ""]
            rows.append([each.what if not place else "", setting, spread(values), str(len(values)), *points])
    return github_table(
        rows, ("varied", "set to", "score: mean (range)", "n", "difference, points", "at most")
    )


def _solutions(pool: Pool) -> str:
    lines = [
        "Differences are between any two starts; for matching, scored rows and precision, between the "
        "settings for the same start; for fitted rows, between the means."
    ]
    found = by_inertia(pool)
    if found is not None:
        low, high, correlation = found
        lines.append(
            "A lower inertia does not mean a better score: the run with the lowest inertia "
            f"({low.numbers['inertia']:,.0f}) has {low.numbers['accuracy']:.4f}, the one with the highest "
            f"({high.numbers['inertia']:,.0f}) {high.numbers['accuracy']:.4f}; the rank correlation of "
            f"inertia with the score over all starts is {correlation:+.2f}."
        )
    same, anew, starts = other_solutions(pool)
    lines.append(
        f"From the same first centres, single and double precision end in different solutions in {same} of "
        f"{starts} starts. With only the same seed, as usual, in {anew} of {starts}: k-means++ compares "
        "sums of squared distances with random numbers, and may draw others in another precision."
    )
    return "\n\n".join([lines[0], "\n".join(f"- {line}" for line in lines[1:])])


def _shares(pool: Pool) -> str:
    found = shares(pool)
    if not found:
        return "Some combinations have no run."
    rows = [
        [name, f"{100 * share:.0f}%"] for name, share in found.items() if share >= LEAST or name in FACTORS
    ]
    return (
        "Every start with both matchings, scored on train and on test, in both precisions from the same "
        "first centres: share of the variance of all these scores explained by each factor, and by "
        "interactions of two from 1%.\n\n" + github_table(rows, ("factor", "share"))
    )


def _baselines(pool: Pool) -> str:
    rows = []
    for reported, said, score, near in baselines(pool):
        run = ", ".join(dict.fromkeys(each.clusterer for each in near)) or "–"
        cells = pool.of(reported.run.protocol, "identity", [SINGLE, BEST])
        rows.append(
            [reported.report, said, score, reported.run.protocol, f"{len(near)} of {len(cells)}", run]
        )
    head = ("report", "reported", "as", "protocol", "runs within half a point", "of")
    return github_table(rows, head)


def _printed() -> list[tuple[str, str]]:
    """Return report and reported baseline of k-means on the pixels with ten clusters."""
    return [(each.report, said) for each, said, *_ in baselines(Pool(()))]


def draw(pool: Pool) -> Figure:
    """Draw each run as a dot, one strip per way of scoring, with the reported baselines as lines."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    strips = [
        (label, values_of(pool.of(protocol, "identity", clusterer), score))
        for label, protocol, clusterer, score in STRIPS
    ]
    strips = [(label, values) for label, values in strips if values][::-1]
    figure = Figure(figsize=(9, 1.6 + 0.45 * len(strips)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for place, (_, values) in enumerate(strips):
        axes.plot(values, [place] * len(values), "o", color="#0072B2", alpha=0.55, markersize=6, mew=0)
        axes.plot(sum(values) / len(values), place, "|", color="black", markersize=18, mew=2)
    _name_printed(axes)
    axes.set_yticks(range(len(strips)), [f"{label} ({len(values)})" for label, values in strips])
    axes.set_ylim(-0.6, len(strips) - 0.4)
    axes.set_xlabel("score; a dot is a run, the bar their mean, a dashed line a printed baseline")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def _name_printed(axes: Axes) -> None:
    """Draw a line at each reported baseline with its name above, stacked if close."""
    last, height = -1.0, 0
    for report, said in sorted(dict.fromkeys(_printed()), key=lambda each: float(each[1])):
        height = height + 1 if float(said) - last < CROWDED else 0
        last = float(said)
        axes.axvline(last, color=PRINTED, linewidth=1, linestyle="--", zorder=0)
        name = f"{report.partition('-')[0].upper()} {said}"
        place, shift = (last, 1), (0, 3 + 11 * height)
        axes.annotate(
            name, place, shift, xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
            fontsize=9, color="#8a3d00", annotation_clip=False,
        )  # fmt: skip


def as_svg(figure: Figure) -> bytes:
    """Return the figure as SVG, the same bytes for the same runs."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    with rc_context({"svg.hashsalt": "harness", "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()
