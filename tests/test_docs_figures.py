"""Numbers in prose are those of the committed boards, and of the reports as they are recorded."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from scipy.stats import ttest_ind
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from harness.publishing.bundle import Bundle
from harness.publishing.npz import read_npy
from harness.publishing.write import read_own

ROOT = Path(__file__).parent.parent


def prose(name: str) -> str:
    """Return a page with its lines joined."""
    return " ".join((ROOT / name).read_text().split())


@cache
def rows(board: str) -> list[dict[str, str]]:
    """Return the rows of a committed board."""
    with (ROOT / "leaderboard" / f"{board}.csv").open() as file:
        return list(csv.DictReader(file))


def row(board: str, encoder: str, clusterer: str) -> dict[str, str]:
    """Return the row of an encoder and a clusterer, with parameters where there is none without."""
    pairs = [(each, (each["encoder"], each["clusterer"])) for each in rows(board)]
    bare = [(each, tuple(name.partition("(")[0] for name in names)) for each, names in pairs]
    return next(each for each, names in [*pairs, *bare] if names == (encoder, clusterer))


@cache
def bundles() -> Mapping[str, Bundle]:
    """Return the committed boards with their records and labels."""
    return read_own(ROOT / "leaderboard").bundles


def scores(board: str, clusterer: str, metric: str) -> list[float]:
    """Return the score of a clusterer on the raw samples, by seed."""
    cells = [
        each
        for each in bundles()[board].cells.values()
        if (each.encoder, each.clusterer) == ("identity", clusterer)
    ]
    cells.sort(key=lambda cell: cell.clusterer_seed or 0)
    return [bundles()[board].records[cell.scores[metric].key].values["score"] for cell in cells]


def test_autoencoders() -> None:
    text = prose("docs/autoencoders.md")
    for clusterer, words in {
        "gmm": "a mean accuracy of {:.3f} (PyTorch) and {:.3f} (Keras)",
        "kmeans": "With k-means they stay at {:.3f} and {:.3f}",
    }.items():
        found = [row("fashion-mnist.full", f"dense-ae-{each}", clusterer) for each in ("torch", "keras")]
        assert words.format(*(float(each["accuracy_mean"]) for each in found)) in text


def test_example_of_statistics() -> None:
    text = (ROOT / "docs" / "statistics.md").read_text()
    example = text.partition("## An example")[2].partition("## ")[0]
    shown = re.findall(
        r"^(\S+) +(\S+) +(\d|deterministic) +(0\.\d{4})(?: ± (0\.\d{4}))? +\S+ ?(-[\d.]+)?$",
        example,
        re.MULTILINE,
    )
    assert len(shown) == 4
    for encoder, clusterer, runs, mean, std, lower in shown:
        found = row("digits.full", encoder, clusterer)
        assert (runs.replace("deterministic", "1"), mean) == (
            found["runs"],
            f"{float(found['accuracy_mean']):.4f}",
        )
        assert std == (f"{float(found['accuracy_std']):.4f}" if std else found["accuracy_std"])
        assert lower == (found["accuracy_minus_best"] and f"{float(found['accuracy_minus_best']):.4f}")
    gmm, kmeans = (scores("digits.full", each, "accuracy") for each in ("gmm", "kmeans"))
    low, high = ttest_ind(gmm, kmeans, equal_var=False).confidence_interval()
    assert f"{np.mean(gmm) - np.mean(kmeans):+.4f} [{low:.4f}, {high:.4f}]" in " ".join(example.split())


def test_rows_that_are_worse_on_the_digits() -> None:
    found = rows("digits.full")
    worse = [each["accuracy_vs_best"] for each in found].count("worse")
    text = prose("docs/statistics.md")
    assert f"with {len(found)} rows," in text
    assert f"where this finds {worse}:" in text
    low, best = re.search(r"could not distinguish a row at (0\.\d\d ± 0\.\d\d) from (0\.\d\d)", text).groups()
    assert low in {
        f"{float(each['accuracy_mean']):.2f} ± {float(each['accuracy_std'] or 0):.2f}" for each in found
    }
    assert best == f"{float(found[0]['accuracy_mean']):.2f}"


def test_two_scores_of_the_same_labels() -> None:
    pairs = zip(
        *(scores("fashion-mnist.full", "kmeans", each) for each in ("accuracy", "purity")), strict=True
    )
    shown = [f"have accuracy {accuracy:.3f} and purity {purity:.3f}," for accuracy, purity in pairs]
    assert any(each in prose("docs/scores.md") for each in shown)


def test_purity_grows_with_k() -> None:
    few, many = (
        float(row("fashion-mnist.train", "identity", f"kmeans-{k}")["purity_mean"]) for k in (10, 256)
    )
    assert f"reaches {few:.2f} at K = 10 and {many:.2f} at K = 256" in prose("docs/scores.md")


def test_scores_of_noise() -> None:
    board = bundles()["digits.full"]
    cell = next(
        each for each in board.cells.values() if (each.encoder, each.clusterer) == ("identity", "hdbscan")
    )
    labels = read_npy(board.labels[board.records[cell.cluster].arrays[board.part]], 1797)
    truth = read_npy(board.truth or b"", 1797)
    kept = labels >= 0
    of_kept = adjusted_rand_score(truth[kept], labels[kept])
    text = prose("docs/scores.md")
    assert f"clusters {kept.mean():.0%} of the samples, with ARI {of_kept:.2f} on those" in text
    assert f"and {adjusted_rand_score(truth, labels):.2f} on all" in text
    alone = normalized_mutual_info_score(truth, range(len(truth)))
    assert f"labelling everything as noise would give NMI {alone:.2f} on digits" in text


def test_baseline_of_the_reports() -> None:
    results = tomllib.loads((ROOT / "reproductions" / "recipes" / "reported.toml").read_text())["results"]
    titles = ("k-means on the pixels", "k-means on the pixels, K = 10")
    said = [each["says"] for each in results if each["title"] in titles]
    shares = [float(each.get("accuracy") or each["purity"]) for each in said]
    assert len(shares) == 4
    for page in ("README.md", "docs/reproductions.md"):
        assert f"{min(shares):.0%} to {max(shares):.0%}" in prose(page)
