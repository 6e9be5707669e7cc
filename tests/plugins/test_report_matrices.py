"""The confusion matrices that two reports print give the accuracies they print, by the metric they used.

Rows are true classes, columns clusters; R1 scores the 10,000 test images of Fashion-MNIST, R4 the 60,000
train images. R1 prints its matrices with the clusters already in matched order.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.plugins.metrics.accuracy import accuracy
from harness.plugins.metrics.ari import ari
from harness.plugins.metrics.nmi import nmi
from harness.plugins.metrics.purity import purity

METRICS = {"accuracy": accuracy, "purity": purity, "nmi": nmi, "ari": ari}
Ints = NDArray[np.int64]

R1_RAW_KMEANS = [
    [587, 29, 6, 0, 34, 94, 244, 1, 5, 0],
    [50, 890, 0, 0, 9, 22, 29, 0, 0, 0],
    [19, 4, 4, 0, 566, 61, 342, 0, 4, 0],
    [277, 503, 2, 0, 10, 94, 111, 0, 3, 0],
    [136, 27, 4, 0, 627, 42, 159, 0, 5, 0],
    [0, 0, 0, 45, 0, 650, 6, 227, 0, 72],
    [189, 12, 15, 0, 311, 116, 357, 0, 0, 0],
    [0, 0, 0, 2, 0, 62, 0, 784, 0, 152],
    [3, 6, 353, 1, 61, 84, 35, 39, 408, 10],
    [0, 0, 0, 423, 0, 29, 4, 23, 2, 519],
]

R1_CONV_KMEANS = [
    [433, 30, 237, 2, 41, 3, 249, 2, 3, 0],
    [32, 776, 25, 0, 6, 0, 161, 0, 0, 0],
    [18, 4, 323, 3, 427, 1, 221, 0, 3, 0],
    [260, 412, 68, 1, 5, 0, 252, 0, 2, 0],
    [123, 24, 266, 2, 477, 0, 103, 0, 5, 0],
    [0, 0, 6, 3, 0, 720, 29, 134, 1, 107],
    [126, 20, 306, 12, 233, 7, 294, 1, 1, 0],
    [0, 0, 0, 2, 0, 284, 0, 699, 0, 15],
    [1, 4, 39, 305, 56, 57, 83, 57, 398, 0],
    [4, 1, 5, 2, 7, 53, 2, 204, 0, 722],
]

R1_CONV_GMM = [
    [674, 7, 40, 128, 9, 0, 93, 0, 49, 0],
    [0, 862, 16, 104, 1, 0, 12, 0, 5, 0],
    [7, 0, 56, 50, 735, 0, 48, 0, 104, 0],
    [10, 228, 136, 577, 10, 0, 23, 0, 16, 0],
    [0, 0, 23, 195, 709, 0, 41, 0, 32, 0],
    [0, 0, 0, 0, 0, 230, 81, 359, 3, 327],
    [167, 2, 50, 144, 442, 0, 74, 0, 121, 0],
    [0, 0, 0, 0, 0, 306, 1, 671, 1, 21],
    [0, 0, 93, 3, 1, 2, 42, 2, 857, 0],
    [0, 0, 0, 0, 0, 278, 19, 10, 0, 693],
]

R4_KMEANS = [
    [168, 262, 45, 343, 8, 4687, 8, 27, 1, 451],
    [44, 83, 3, 5697, 13, 16, 2, 30, 0, 112],
    [1002, 2479, 52, 12, 9, 31, 1, 2303, 1, 110],
    [137, 89, 11, 3767, 3, 225, 0, 29, 0, 1739],
    [453, 658, 23, 26, 3, 9, 0, 3519, 0, 1309],
    [442, 0, 55, 1, 3381, 0, 1443, 1, 676, 1],
    [1268, 1262, 139, 116, 5, 1310, 3, 1411, 0, 486],
    [2, 0, 17, 0, 5236, 0, 12, 0, 733, 0],
    [1909, 280, 3392, 32, 116, 18, 22, 36, 26, 169],
    [7, 0, 45, 1, 318, 6, 1803, 0, 3817, 3],
]

R4_GMM = [
    [4364, 132, 27, 816, 10, 2, 0, 1, 648, 0],
    [27, 5513, 29, 305, 17, 6, 0, 0, 103, 0],
    [26, 2, 2755, 480, 2441, 1, 0, 0, 295, 0],
    [1264, 2396, 4, 1875, 2, 0, 0, 0, 459, 0],
    [79, 6, 1389, 1628, 2599, 0, 0, 0, 299, 0],
    [0, 0, 2, 0, 0, 3608, 0, 149, 2075, 166],
    [1170, 25, 1649, 1298, 1311, 1, 0, 0, 546, 0],
    [0, 0, 0, 0, 0, 735, 0, 4910, 39, 316],
    [0, 3, 6, 215, 6, 52, 0, 3, 5713, 2],
    [0, 0, 0, 6, 1, 145, 0, 488, 220, 5140],
]


def expand(matrix: list[list[int]]) -> tuple[Ints, Ints]:
    """Return one true class and one cluster per counted image, the clusters in another order than printed."""
    counts = np.array(matrix)
    truth, cluster = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    return truth, np.random.default_rng(0).permutation(counts.shape[1])[cluster]


@pytest.mark.parametrize("matrix", [R1_RAW_KMEANS, R1_CONV_KMEANS, R1_CONV_GMM])
def test_r1_counts_a_thousand_images_of_each_class(matrix: list[list[int]]) -> None:
    assert [sum(row) for row in matrix] == [1000] * 10


@pytest.mark.parametrize("matrix", [R4_KMEANS, R4_GMM])
def test_r4_counts_six_thousand_images_of_each_class(matrix: list[list[int]]) -> None:
    assert [sum(row) for row in matrix] == [6000] * 10


@pytest.mark.parametrize(
    ("matrix", "name", "expected"),
    [
        (R1_RAW_KMEANS, "accuracy", 0.4826),
        (R1_RAW_KMEANS, "purity", 0.5598),
        (R1_RAW_KMEANS, "nmi", 0.5127),
        (R1_RAW_KMEANS, "ari", 0.3489),
        (R1_CONV_KMEANS, "accuracy", 0.4843),
        (R1_CONV_GMM, "accuracy", 0.5403),
        (R4_KMEANS, "accuracy", 0.5546),
        (R4_KMEANS, "purity", 0.5713),
        (R4_GMM, "accuracy", 0.60795),
        (R4_GMM, "purity", 0.60795),
        (R4_GMM, "nmi", 0.5806),
        (R4_GMM, "ari", 0.4406),
    ],
)
def test_printed_matrices_give_the_printed_numbers(
    matrix: list[list[int]], name: str, expected: float
) -> None:
    truth, labels = expand(matrix)
    assert METRICS[name](truth, labels, None) == pytest.approx(expected, abs=5e-5)
