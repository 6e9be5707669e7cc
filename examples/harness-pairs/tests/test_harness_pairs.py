"""The contracts that every clusterer and every metric keeps."""

import pytest

import harness_pairs.k_medoids
import harness_pairs.pair_jaccard
from harness import conformance


@pytest.mark.parametrize("check", conformance.checks("clusterer"), ids=str)
def test_clusterer_conforms(check):
    """Each check tells in its message what is wrong."""
    check(harness_pairs.k_medoids.KMedoids)


@pytest.mark.parametrize("check", conformance.checks("metric"), ids=str)
def test_metric_conforms(check):
    """Each check tells in its message what is wrong."""
    check(harness_pairs.pair_jaccard.pair_jaccard)
