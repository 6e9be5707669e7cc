"""The boundary around libraries that parse files."""

from __future__ import annotations

import pickle

import pytest

from harness.core.errors import DataError, UnknownName
from harness.core.library_calls import library_call


def refusal(reason: str) -> DataError:
    return DataError(f"toy.bin: damaged: {reason}. Save it again.")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("two\n lines."), "two lines"),
        (KeyError("a"), "KeyError: 'a'"),
        (MemoryError(), "MemoryError"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (NotImplementedError("method 99"), "method 99"),
        (StopIteration(3), "3"),
        (ValueError("\x1b[31m\ud800"), "\\x1b[31m\\ud800"),
    ],
)
def test_whatever_is_raised_is_one_line(error, reason):
    with pytest.raises(DataError) as caught, library_call(refusal):
        raise error
    assert str(caught.value) == f"toy.bin: damaged: {reason}. Save it again."
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [UnknownName("x"), DataError("y"), KeyboardInterrupt(), SystemExit(3)])
def test_errors_that_say_it_already_pass(error):
    with pytest.raises(type(error)) as caught, library_call(refusal):
        raise error
    assert caught.value is error


def test_narrower_and_passing():
    with pytest.raises(KeyError), library_call(refusal, only=ValueError):
        raise KeyError("ours")
    with pytest.raises(UnicodeError), library_call(refusal, passing=UnicodeError):
        raise UnicodeError("another encoding may do")


def test_a_data_error_goes_between_processes():
    assert str(pickle.loads(pickle.dumps(DataError("a\nb")))) == "a\\nb"
