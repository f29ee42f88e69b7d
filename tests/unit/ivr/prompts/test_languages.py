"""Each language says values with prompts that its manifest has."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompts.language import Language
from ivr.prompts.languages import LANGUAGES
from ivr.prompts.manifest import load_manifests

DEFAULT_SITE = Path(__file__).resolve().parents[4] / "prompts"
MANIFESTS = load_manifests(DEFAULT_SITE, tuple(language.code for language in LANGUAGES))

every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda found: found.code)


@every_language
def test_says_a_ticket_number_digit_by_digit(language: Language) -> None:
    assert language.digits("MY-2026 07") == [f"digit_{digit}" for digit in "202607"]


@every_language
def test_says_arabic_indic_digits_too_and_passes_over_the_rest(language: Language) -> None:
    assert language.digits("٣+a") == ["digit_3"]
    assert language.digits("") == []


@every_language
def test_says_places_of_the_queue(language: Language) -> None:
    assert language.place(3) == ["place_3"]
    assert language.place(21) == ["digit_2", "digit_1"]
    assert language.place_in_line(1) == ["you_are_next"]
    assert language.place_in_line(7) == ["queue_you_are_number", "place_7", "queue_in_line"]
    assert language.place_in_line(21) == ["queue_position"]


@every_language
@given(value=st.integers(min_value=1, max_value=10**9))
def test_never_names_a_prompt_that_does_not_exist(language: Language, value: int) -> None:
    said = {*language.place(value), *language.place_in_line(value), *language.digits(str(value))}
    assert said <= set(MANIFESTS[language.code].prompts)
