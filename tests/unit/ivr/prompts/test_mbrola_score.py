"""espeak-ng's score is rewritten into units that MBROLA's hb2 has (its README lists them)."""

from ivr.prompts.engines.phonikud_mbrola import for_hb2


def names(score: str) -> list[str]:
    return [line.split()[0] for line in for_hb2(score).splitlines()]


def score(*sounds: str) -> str:
    return "\n".join(f"{sound}\t60\t0 200 100 190" for sound in sounds)


def test_two_lines_of_one_sound_become_one_with_the_length_of_both() -> None:
    assert for_hb2("t\t80\t0 200\ns\t70\na\t90\n") == "Ts\t150\t0 200\na\t90\t\n"


def test_a_diphthong_is_one_unit_but_a_glide_before_a_vowel_is_not() -> None:
    assert names(score("e", "j", "n", "o")) == ["ei", "n", "o"]
    assert names(score("a", "j", "i", "m")) == ["a", "j", "i", "m"]


def test_a_final_l_has_its_plain_name() -> None:
    assert names(score("k", "o", "l/")) == ["k", "o", "l"]


def test_a_vowel_after_silence_starts_with_a_glottal_stop() -> None:
    assert names(score("_", "u", "l")) == ["_", "?", "u", "l"]


def test_an_empty_score_stays_empty() -> None:
    assert for_hb2("\n\n") == "\n"
