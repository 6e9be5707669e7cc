"""Reproductions of five reports: reported numbers, measured numbers, and why the reports disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .measurements import Measured, Pool, gathered
from .reports import TEST_CODES, load_reports, names, recipe_names
from .runs import Options, measured_by, on_test_codes, open_data, run_recipe

BASELINES = ("baseline", "precision", "restarts")  # of k-means on the pixels


def reproduce(
    reports: Sequence[str], options: Options, tell: Callable[[str], None] = lambda name: None
) -> Pool:
    """Run the configurations of some reports, and return the measurements.

    Parameters
    ----------
    reports : sequence of str
    options : Options
    tell : callable
        Called with each configuration before it is run.

    Raises
    ------
    HarnessError
        If the data is missing, or the store cannot be written.
    """
    data = open_data(options.quick)
    mine = [each for each in load_reports() if each.report in reports]
    shared = BASELINES if any("identity" in each.run.encoders for each in mine) else ()
    cells: list[Measured] = []
    versions: set[str] = set()
    hardware: set[str] = set()
    for name in (*shared, *(name for report in reports for name in recipe_names(report))):
        tell(name)
        result = run_recipe(name, options, data)
        cells += measured_by(result)
        for board in result.boards:
            hardware |= {*board.hardware}
            versions |= {f"{library} {each}" for library, found in board.versions.items() for each in found}
        for each in mine:
            if each.report == name and each.run.protocol == TEST_CODES:
                cells += on_test_codes(result, each.run.encoders, options)
    facts = {
        "Dataset": f"{data.name}, {data.n_samples:,} images, digest of the samples sha256:{data.digest}",
        "Versions": ", ".join(sorted(versions)),
        "Hardware": "; ".join(sorted(hardware)),
    }
    return Pool(gathered(cells), tuple(reports), facts, options.quick)


def file_name(pool: Pool, name: str, ending: str) -> str:
    """Return the name of a file on these reports; the plain name is for all of them, run completely.

    Examples
    --------
    >>> file_name(Pool((), ("r5-rahman",), {}, True), "reproductions", "md")
    'reproductions-r5.quick.md'
    """
    some = "" if {*pool.reports} == {*names()} else "-" + "-".join(n.partition("-")[0] for n in pool.reports)
    return f"{name}{some}{'.quick' if pool.quick else ''}.{ending}"
