"""Niqqud is read as people speak today: stress and spoken shva."""

from pathlib import Path

import pytest

from ivr.prompts.hebrew_sounds import hebrew_to_ipa
from ivr.prompts.manifest import load_manifest
from ivr.prompts.phoneme_text import count_vowels, to_mnemonics
from ivr.prompts.points import without_points

DEFAULT_SITE = Path(__file__).resolve().parents[4] / "prompts"


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("שָׁלוֹם", "ʃalˈom"),
        ("תַּשְׁלוּם", "taʃlˈum"),
        ("הַמּוֹעָצָה", "hamoʔatsˈa"),
        ("אֶתְכֶם", "ʔetχˈem"),
        ("שֶׁלָּכֶם", "ʃelaχˈem"),
        ("אֱמֶת", "ʔemˈet"),
        ("אַחַת", "ʔaχˈat"),
        ("אַחֵר", "ʔaχˈeʁ"),
        ("חַיִּים", "χajˈim"),
        ("צַיְּנוּ", "tsajnˈu"),
        ("דִּבְּרוּ", "dibʁˈu"),
    ],
)
def test_most_words_are_stressed_at_the_end(word: str, ipa: str) -> None:
    assert hebrew_to_ipa(word) == ipa


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("מַחְלֶקֶת", "maχlˈeket"),
        ("מֻעֲבֶרֶת", "muʔavˈeʁet"),
        ("שֶׁקֶל", "ʃˈekel"),
        ("צֹרֶךְ", "tsˈoʁeχ"),
        ("תֵּשַׁע", "tˈeʃa"),
        ("כָּרֶגַע", "kaʁˈeɡa"),
        ("פַּעַם", "pˈaʔam"),
        ("שְׁתַּיִם", "ʃtˈajim"),
        ("בַּיִת", "bˈajit"),
        ("אָנוּ", "ʔˈanu"),
        ("אֵלֵינוּ", "ʔelˈenu"),
        ("הַקִּישׁוּ", "hakˈiʃu"),
        ("הַמְתִּינוּ", "hamtˈinu"),
        ("רוּחַ", "ʁˈuaχ"),
    ],
)
def test_known_patterns_are_stressed_before_the_end(word: str, ipa: str) -> None:
    assert hebrew_to_ipa(word) == ipa


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("לְמוֹקֵד", "lemokˈed"),
        ("נְצִיג", "netsˈiɡ"),
        ("יְהוּדָה", "jehudˈa"),
        ("וּלְהִתְרָאוֹת", "ulehitʁaʔˈot"),
        ("נִרְשְׁמָה", "niʁʃemˈa"),
        ("בְּהֶקְדֵּם", "behekdˈem"),
        ("גְּבִיָּה", "ɡvijˈa"),
        ("פְּנִיָּה", "pnijˈa"),
    ],
)
def test_a_shva_is_spoken_where_people_speak_it(word: str, ipa: str) -> None:
    assert hebrew_to_ipa(word) == ipa


def test_the_two_marks_win_over_every_rule() -> None:
    assert hebrew_to_ipa("טֵ֫לֵפוֹן") == "tˈelefon"
    assert hebrew_to_ipa("בְּֽמוֹקֵד") == "bemokˈed"
    assert hebrew_to_ipa("שְׁמ֫וֹנֶה") == "ʃmˈone"


def test_points_and_marks_are_taken_away_for_a_voice_that_reads_plain_hebrew() -> None:
    assert without_points("בְּֽמ֫וֹקֵד הַתַּשְׁלוּמִים, אַחַת־עֶשְׂרֵה") == "במוקד התשלומים, אחת־עשרה"


def test_every_default_prompt_becomes_phonemes_with_one_stress_a_word() -> None:
    for prompt in load_manifest(DEFAULT_SITE / "he" / "manifest.yaml", "he").prompts.values():
        ipa = hebrew_to_ipa(prompt.text)
        words = ipa.split()
        assert len(words) == len(prompt.text.replace("־", " ").split()), prompt.name
        assert all(word.count("ˈ") == 1 for word in words), (prompt.name, ipa)
        assert all(count_vowels(word) >= 1 for word in words), (prompt.name, ipa)
        if prompt.text:
            assert to_mnemonics(ipa).startswith("[[")
