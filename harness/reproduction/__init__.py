"""The five reports reproduced: what they print, what is measured, and why they disagree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .reports import TEST_CODES, load_reports
from .runs import Measured, Options, Pool, measure, on_test_codes, open_data, run_recipe
from .verdicts import Judged, judge, matrix_scorer

BASELINES = ("baseline", "restarts")


@dataclass(frozen=True)
class Reproduction:
    """What became of the printed numbers of some reports, and all that was measured for it."""

    judged: Mapping[str, Sequence[Judged]]
    pool: Pool


def reproduce(
    reports: Sequence[str], options: Options, tell: Callable[[str], None] = lambda name: None
) -> Reproduction:
    """Run the bench files of some reports, and judge every number that these print.

    Parameters
    ----------
    reports : sequence of str
    options : Options
    tell : callable
        Is told of each bench file before it is run.

    Raises
    ------
    HarnessError
        When the data is not there, or the store cannot be written.
    """
    data = open_data(options.quick)
    cells: list[Measured] = []
    versions: set[str] = set()
    hardware: set[str] = set()
    for name in (*BASELINES, *reports):
        tell(name)
        result = run_recipe(name, options, data)
        cells += measure([result])
        for board in result.boards:
            hardware |= {*board.hardware}
            versions |= {f"{name} {each}" for name, found in board.versions.items() for each in found}
        for each in load_reports():
            if each.report == name and each.run.protocol == TEST_CODES:
                cells += on_test_codes(result, each.run.encoders, each.run.clusterers[0], options)
    facts = {
        "Dataset": f"{data.name}, {data.n_samples:,} images, digest of the samples sha256:{data.digest}",
        "Versions": ", ".join(sorted(versions)),
        "Hardware": "; ".join(sorted(hardware)),
    }
    pool = Pool.gather(cells, facts)
    score = matrix_scorer()
    judged = {
        name: [line for each in load_reports() if each.report == name for line in judge(each, pool, score)]
        for name in reports
    }
    return Reproduction(judged, pool)
