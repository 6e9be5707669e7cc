"""Fill the tables of docs/record.md from the published boards: every attempt, failed ones too, and its cost.

    python studies/record.py

A table stands between ``<!-- record:NAME -->`` and ``<!-- record:end -->``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score
from tabulate import tabulate

from harness.core.board import Row
from harness.core.cell import CellRecord
from harness.core.record import Record
from harness.leaderboard.build import load_board
from harness.leaderboard.flags import flags
from harness.leaderboard.statistics.intervals import interval
from harness.leaderboard.statistics.samples import Sample
from harness.leaderboard.text import brief, runs, status
from harness.plugins.datasets.fashion_mnist import _CLASSES
from harness.publishing.bundle import Bundle, Published
from harness.publishing.findings import Findings
from harness.publishing.read import read_folder
from harness.report.figures.matching import match

ROOT = Path(__file__).parents[1]
PAGE, FOLDER = ROOT / "docs" / "record.md", ROOT / "leaderboard"
MARK = re.compile(r"(<!-- record:(?!end)([\w.-]+) -->\n).*?(<!-- record:end -->)", re.DOTALL)
FEATURES = "concat(view-lda+normalize, simclr(epochs=5)+normalize)"  # views in the tables
METRICS = ("accuracy", "nmi", "ari")
INSTANT = 0.01  # seconds of a stage that computes nothing, such as identity
SHOWN = (  # pipelines whose classes are told apart
    ("views-umap", "scan"),
    ("views-umap", "kmeans"),
    ("views-spectral9", "kmeans(n_init=10)"),
    ("views-spectral12", "consensus"),
    ("views-spectral15", "consensus"),
)
AIDED, UNAIDED = ("scan", "balanced-gmm"), ("gmm", "kmeans")


def main() -> None:
    """Write the page with all its tables drawn again."""
    PAGE.write_text(filled(PAGE.read_text()))


def filled(page: str) -> str:
    """Return the page with its tables drawn from the published boards."""
    published = read_folder(FOLDER, Findings())
    return MARK.sub(lambda mark: f"{mark[1]}{table(mark[2], published)}\n{mark[3]}", page)


def table(name: str, published: Published) -> str:
    """Draw a table: the agreement of the candidates, the attempts, or the final rows of a board."""
    if name in ROUNDS:
        return agreements(published.bundles["fashion-mnist.test"], ROUNDS[name])
    if name == "classes":
        return classes(published.bundles["fashion-mnist.full"])
    if name == "attempts":
        return rows(published, "fashion-mnist.test", lambda row: True)
    if name == "beside":
        return rows(
            published, "fashion-mnist.full", lambda row: not row.encoder.startswith((FEATURES, "views"))
        )
    return rows(published, name, lambda row: row.encoder.startswith((FEATURES, "views")))


def rows(published: Published, board: str, shown: Callable[[Row], bool]) -> str:
    """Draw the rows of a board: scores with the interval of the mean accuracy, and the cost of a run."""
    bundle = published.bundles[board]
    lines = []
    for row in load_board(published, board).rows:
        if not shown(row):
            continue
        scores = [_score(row, name) for name in METRICS]
        lines.append([_title(row), _known(row), runs(row), *scores, brief(cost(bundle, row)), status(row)])
    heads = ["pipeline", "prior knowledge", "runs", "accuracy [95%]", "NMI", "ARI", "CPU s", "status"]
    return tabulate(lines, heads, "pipe", disable_numparse=True)


def _title(row: Row) -> str:
    return f"`{_short(row.encoder)}` → `{row.clusterer}`"


def _short(encoder: str) -> str:
    return encoder.replace(FEATURES, "views").replace("views-umap", "views+umap")


def _known(row: Row) -> str:
    """Name the kinds of prior knowledge of a row, and how strongly the balance is held."""
    told = (flag.partition(": ") for flag in flags(row))
    kinds = (f"{kind} {text[text.rfind('(') :]}" if kind == "balanced" else kind for kind, _, text in told)
    return ", ".join(kind for kind in dict.fromkeys(kinds) if kind.startswith(("augmentation", "balanced")))


def _score(row: Row, metric: str) -> str:
    summary = row.scores.get(metric)
    if summary is None:
        return "–"
    text = f"{summary.mean:.3f}" + (f" ± {summary.std:.3f}" if summary.std is not None else "")
    found = interval(Sample(row.values[metric])) if metric == "accuracy" else None
    return text if found is None else f"{text} [{found.low:.3f}, {found.high:.3f}]"


def cost(bundle: Bundle, row: Row) -> float | None:
    """Return the mean processor seconds of a run, encoder and clusterer, or None if a stage does not tell."""
    totals = []
    for cell in _cells(bundle, row.encoder, row.clusterer):
        stages = [bundle.records.get(key) for key in dict.fromkeys((*cell.steps, cell.cluster))]
        if all(stage is not None and _tells(stage) for stage in stages):
            totals.append(sum(stage.cpu_seconds for stage in stages if stage is not None))
    return float(np.mean(totals)) if any(totals) else None


def _tells(stage: Record) -> bool:
    """Return whether a record has its processor seconds: 0 is none, unless the stage took no time."""
    return stage.cpu_seconds > 0 or stage.seconds < INSTANT


def _cells(bundle: Bundle, encoder: str, clusterer: str) -> list[CellRecord]:
    return [c for c in bundle.cells.values() if (c.encoder, c.clusterer) == (encoder, clusterer)]


def classes(bundle: Bundle) -> str:
    """Draw the share of each class that is in the cluster matched to it, one to one: means over seeds."""
    assert bundle.truth is not None
    truth = np.load(io.BytesIO(bundle.truth))
    columns = []
    for pipeline in SHOWN:
        records = [bundle.records[cell.cluster] for cell in _cells(bundle, *pipeline)]
        columns.append(np.mean([_found(truth, _labels(bundle, record)) for record in records], axis=0))
    heads = ["class", *(f"`{_short(encoder)}` → `{clusterer}`" for encoder, clusterer in SHOWN)]
    order = np.argsort(columns[0])
    lines = [[_CLASSES[place], *(f"{column[place]:.2f}" for column in columns)] for place in order]
    return tabulate(lines, heads, "pipe", disable_numparse=True)


def _found(truth: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    matching = match(truth, labels)
    found = np.zeros(len(matching.classes))
    for place, cluster in matching.pairs.items():
        found[place] = matching.counts[place, cluster]
    return found / matching.sizes


def agreements(bundle: Bundle, is_candidate: Callable[[str, str], bool]) -> str:
    """Draw how far the labels of each two seeds agree, by pipeline; the true classes are not looked at."""
    lines = []
    for aided, (encoder, clusterer, labels) in _candidates(bundle, is_candidate):
        pairs = [adjusted_rand_score(a, b) for a, b in combinations(labels, 2)]
        error = _jackknife(labels)
        told = "yes" if aided else "no"
        lines.append((told, -float(np.mean(pairs)), encoder, clusterer, len(labels), error))
    cells = [
        [told, f"`{_short(encoder)}` → `{clusterer}`", n, f"{-mean:.3f} ± {error:.3f}"]
        for told, mean, encoder, clusterer, n, error in sorted(lines)
    ]
    heads = ["knows class sizes", "candidate", "seeds", "agreement ± standard error"]
    return tabulate(cells, heads, "pipe", disable_numparse=True)


def _jackknife(labels: Sequence[NDArray[np.int64]]) -> float:
    """Return the standard error of the mean agreement, leaving out one seed at a time."""
    n = len(labels)
    means = [
        np.mean([adjusted_rand_score(a, b) for a, b in combinations([*labels[:i], *labels[i + 1 :]], 2)])
        for i in range(n)
    ]
    return float(np.sqrt((n - 1) / n * np.sum((np.array(means) - np.mean(means)) ** 2)))


def _candidates(
    bundle: Bundle, is_candidate: Callable[[str, str], bool]
) -> Iterator[tuple[bool, tuple[str, str, list[NDArray[np.int64]]]]]:
    """Yield the candidates with their labels of all seeds, and whether each knows the sizes of classes."""
    found: dict[tuple[str, str], list[NDArray[np.int64]]] = {}
    for cell in sorted(bundle.cells.values(), key=lambda cell: cell.order):
        record = bundle.records.get(cell.cluster)
        if is_candidate(cell.encoder, cell.clusterer) and record is not None and record.ok:
            found.setdefault((cell.encoder, cell.clusterer), []).append(_labels(bundle, record))
    for (encoder, clusterer), labels in found.items():
        if len(labels) > 2:
            yield clusterer.partition("(")[0] in AIDED, (encoder, clusterer, labels)


def _first(encoder: str, clusterer: str) -> bool:
    name = clusterer.partition("(")[0]
    if not encoder.startswith(FEATURES) or "spectral" in encoder:
        return False
    if "umap" not in encoder:
        return name == "scan"
    return name in (UNAIDED if "umap(n_neighbors" in encoder else (*AIDED, *UNAIDED))


def _second(encoder: str, clusterer: str) -> bool:
    return encoder.startswith(f"{FEATURES}+spectral-embedding(")


ROUNDS = {"agreement": _first, "agreement-spectral": _second}


def _labels(bundle: Bundle, record: Record) -> NDArray[np.int64]:
    labels: NDArray[np.int64] = np.load(io.BytesIO(bundle.labels[dict(record.arrays)[bundle.part]]))
    return labels


if __name__ == "__main__":
    main()
