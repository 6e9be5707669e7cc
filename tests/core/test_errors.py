"""Errors in one line: whole words, an ellipsis, and never without their type."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.core.errors import HarnessError, brief_repr, cut, error_line, one_line, reason_line

WORDS = st.lists(st.text("abcxyz", min_size=1, max_size=12), max_size=40).map(" ".join)


@given(WORDS, st.integers(30, 120))
def test_a_line_is_cut_between_words(text: str, most: int) -> None:
    short = one_line(text, most)
    assert len(short) <= most
    if len(text) <= most:
        assert short == text
    else:
        kept, mark, _ = short.partition(" …")
        assert mark
        assert text.startswith(f"{kept} "), "the last word is whole"
        assert len(text.removeprefix(kept).split()[0]) + len(kept) + 3 > most, "as many words as have room"


@given(st.text(max_size=300), st.integers(4, 60))
def test_no_line_is_too_long_whatever_it_holds(text: str, most: int) -> None:
    assert len(one_line(text, most)) <= most
    assert len(cut(text, most, "...")) <= most
    assert "\n" not in one_line(text, most)


def test_a_single_long_word_is_not_lost() -> None:
    assert one_line("x" * 400) == "x" * 299 + "…"
    assert one_line(f"in {'x' * 400}", 100) == f"in {'x' * 96}…"


def test_the_type_stands_before_a_message_that_is_cut() -> None:
    line = error_line(KeyError("word " * 100))
    assert line.startswith("KeyError: 'word word")
    assert line.endswith("word …")
    assert reason_line(OSError()) == "OSError", "no message says nothing without it"
    assert reason_line(HarnessError()) == "HarnessError"
    assert reason_line(HarnessError("labels are short")) == "labels are short"


class Odd(Exception):
    """An error that cannot be written."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def test_what_cannot_be_written_is_an_error_all_the_same() -> None:
    assert error_line(Odd()) == "Odd: (a Odd that cannot be written as text)"
    assert brief_repr(Odd()) == "<Odd>"
