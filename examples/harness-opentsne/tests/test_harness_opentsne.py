"""The contract that every encoder keeps."""

import pytest

import harness_opentsne.encoder
from harness import conformance


@pytest.mark.parametrize("check", conformance.checks("encoder"), ids=str)
def test_conforms(check):
    """Each check tells in its message what is wrong."""
    check(harness_opentsne.encoder.OpenTSNE)
