"""References: short, different, and a slip of tongue or finger is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.storage.references import is_reference, reference

numbers = st.integers(1, 10**7)


@given(numbers)
def test_a_reference_is_digits_and_valid(number: int) -> None:
    made = reference(number)
    assert made.isdigit()
    assert len(made) >= 5
    assert is_reference(made)


@given(numbers, st.integers(0, 30), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, place: int, by: int) -> None:
    made = reference(number)
    place %= len(made)
    wrong = made[:place] + str((int(made[place]) + by) % 10) + made[place + 1 :]
    assert not is_reference(wrong)


@given(numbers, st.integers(0, 30))
def test_two_neighbours_that_changed_places_are_noticed(number: int, place: int) -> None:
    made = reference(number)
    place %= len(made) - 1
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    assert swapped == made or not is_reference(swapped)


@pytest.mark.parametrize("text", ["", "1", "0000", "1001x", "١٠٠١٩"])
def test_what_cannot_be_a_reference_is_none(text: str) -> None:
    assert not is_reference(text)
