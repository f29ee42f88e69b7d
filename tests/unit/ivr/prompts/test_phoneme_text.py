"""IPA becomes espeak-ng's mnemonics; nothing is skipped."""

import pytest

from ivr.prompts.engine import EngineFailed
from ivr.prompts.phoneme_text import count_vowels, to_mnemonics


def test_clauses_keep_their_punctuation_outside_the_brackets() -> None:
    assert to_mnemonics("ʃalˈom, ʔatˈem habaʔˈim.") == "[[Sal'om]], [[?at'em haba?'im]]."
    assert to_mnemonics("batˈoʁ") == "[[bat'oQ]]"


def test_two_sounds_are_not_read_as_one() -> None:
    assert to_mnemonics("hatʃiʔˈi") == "[[hat|Si?'i]]"


def test_a_glottal_stop_nobody_says_is_left_out() -> None:
    assert to_mnemonics("hiɡaʔtˈem") == "[[higat'em]]"
    assert to_mnemonics("haʃʔˈiʁu") == "[[haS?'iQu]]"


def test_resh_is_named_as_the_voice_wants_it() -> None:
    assert to_mnemonics("ʁˈuaχ", resh="R") == "[[R'uaX]]"


def test_an_unknown_sound_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(EngineFailed, match="θ"):
        to_mnemonics("θaf")


def test_counts_syllables() -> None:
    assert count_vowels("hamoʔatsˈa") == 4
