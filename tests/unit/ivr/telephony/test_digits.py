"""Keys pressed early, late, too many: what a question gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.telephony.digits import KEYS, KeyBuffer, Wanted

PRESSES = st.text(alphabet=sorted(KEYS), max_size=40)
WANTED = st.builds(Wanted, st.integers(1, 12), st.sampled_from(["", "#", "*"]))


def pressed(keys: str) -> KeyBuffer:
    buffer = KeyBuffer()
    for key in keys:
        buffer.press(key)
    return buffer


@pytest.mark.parametrize(
    ("keys", "wanted", "answer", "left"),
    [
        ("3", Wanted(1), "3", 0),
        ("34", Wanted(1), "3", 1),
        ("", Wanted(1), "", 0),
        ("12", Wanted(4), "12", 0),
        ("12#", Wanted(4, "#"), "12", 0),
        ("1234#", Wanted(4, "#"), "1234", 0),
        ("12#9", Wanted(4, "#"), "12", 1),
        ("#", Wanted(4, "#"), "", 0),
        ("#", Wanted(1, "#"), "", 0),
        ("3#", Wanted(1, "#"), "3", 1),
    ],
)
def test_what_a_question_gets(keys: str, wanted: Wanted, answer: str, left: int) -> None:
    buffer = pressed(keys)
    assert buffer.take(wanted) == answer
    assert len(buffer) == left


@pytest.mark.parametrize(
    ("keys", "wanted", "whole"),
    [
        ("", Wanted(1), False),
        ("1", Wanted(1), True),
        ("1", Wanted(2), False),
        ("1#", Wanted(4, "#"), True),
        ("123", Wanted(4, "#"), False),
        ("12345#", Wanted(4, "#"), True),
    ],
)
def test_when_an_answer_is_whole(keys: str, wanted: Wanted, whole: bool) -> None:
    assert pressed(keys).whole(wanted) is whole


def test_what_is_no_key_is_dropped() -> None:
    assert pressed("A1 ש2").take(Wanted(9)) == "12"


def test_the_oldest_are_kept() -> None:
    buffer = pressed("1" * 32 + "2" * 8)
    assert len(buffer) == 32
    assert "2" not in buffer.take(Wanted(32))


@given(PRESSES, WANTED)
def test_nothing_is_invented_and_nothing_asked_for_later_is_lost(keys: str, wanted: Wanted) -> None:
    kept = keys[:32]
    buffer = pressed(keys)
    answer = buffer.take(wanted)
    assert len(answer) <= wanted.digits
    assert kept.startswith(answer)
    assert not wanted.finish or wanted.finish not in answer
    rest = buffer.take(Wanted(32))
    assert kept in {answer + rest, answer + wanted.finish + rest}


@given(PRESSES, WANTED)
def test_an_answer_that_is_whole_is_full_or_finished(keys: str, wanted: Wanted) -> None:
    buffer = pressed(keys)
    whole, before = buffer.whole(wanted), len(buffer)
    answer = buffer.take(wanted)
    finished = before - len(buffer) > len(answer)
    assert whole == (len(answer) == wanted.digits or finished)
