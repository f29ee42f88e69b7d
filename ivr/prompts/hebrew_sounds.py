"""Hebrew with niqqud → IPA, through phonikud, with the stress and the spoken shva it leaves out."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import phonikud

OLE = "\u05ab"  # stress: on the letter that opens the stressed syllable
METEG = "\u05bd"  # under a letter: its shva is spoken "e"
_WORD = re.compile("[\u05d0-\u05ea][\u05d0-\u05ea\u0591-\u05c7'\"׳״]*")
_LETTER = re.compile("([\u05d0-\u05ea])([\u0591-\u05c7'\"׳״]*)")

_SHVA, _HIRIQ, _TSERE, _SEGOL, _PATAH, _QAMATS = "\u05b0\u05b4\u05b5\u05b6\u05b7\u05b8"
_HOLAM, _QUBUTS, _DAGESH, _QAMATS_QATAN = "\u05b9\u05bb\u05bc\u05c7"
_HATAF = "\u05b1\u05b2\u05b3"
_FULL = _HIRIQ + _TSERE + _SEGOL + _PATAH + _QAMATS + _HOLAM + "\u05ba" + _QUBUTS + _QAMATS_QATAN
_GUTTURAL = "אהחע"


@dataclass
class _Letter:
    char: str
    marks: str

    def has(self, marks: str) -> bool:
        return any(mark in self.marks for mark in marks)

    @property
    def is_vav_vowel(self) -> bool:
        """Whether it is a vav that is itself a vowel (o, u)."""
        return self.char == "ו" and (
            self.has(_HOLAM) or (self.has(_DAGESH) and not self.has(_FULL + _HATAF + _SHVA))
        )

    @property
    def is_vowelled(self) -> bool:
        return self.has(_FULL + _HATAF) or self.is_vav_vowel


def hebrew_to_ipa(text: str) -> str:
    """Return *text*, which has full niqqud, as IPA with stress marks; punctuation stays."""
    pointed = _WORD.sub(lambda word: _with_hints(word[0]), unicodedata.normalize("NFD", text))
    ipa: str = phonikud.phonemize(pointed, predict_vocal_shva=False)
    return ipa


def _with_hints(word: str) -> str:
    letters = [_Letter(*match) for match in _LETTER.findall(word)]
    for index in _spoken_shvas(letters):
        if METEG not in letters[index].marks:
            letters[index].marks += METEG
    if OLE not in word:
        nuclei = [index for index, letter in enumerate(letters) if _is_nucleus(letters, index)]
        stressed = _stressed(letters, nuclei)
        if stressed is not None:
            letters[_opening(letters, stressed)].marks += OLE
    return "".join(letter.char + letter.marks for letter in letters)


def _spoken_shvas(letters: list[_Letter]) -> list[int]:
    """Return which shvas are spoken today: under an opening sonorant, or the second of two."""
    spoken = []
    for index, letter in enumerate(letters):
        if not letter.has(_SHVA) or index == len(letters) - 1:
            continue
        previous = letters[index - 1] if index else None
        following = letters[index + 1].char
        opens = previous is None or (index == 1 and previous.char == "ו" and previous.is_vowelled)
        is_second = previous is not None and previous.has(_SHVA)
        if is_second or (opens and (letter.char in "למנרי" or following in "אהע")):
            spoken.append(index)
    return spoken


def _is_nucleus(letters: list[_Letter], index: int) -> bool:
    letter = letters[index]
    if METEG in letter.marks and letter.has(_SHVA):
        return True
    return letter.is_vowelled and not _is_furtive(letters, index)


def _is_furtive(letters: list[_Letter], index: int) -> bool:
    """Whether it is the patah under a final guttural, spoken before it and never stressed."""
    last = index == len(letters) - 1 and index > 0
    return last and letters[index].char in "חעה" and letters[index].has(_PATAH)


def _opening(letters: list[_Letter], nucleus: int) -> int:
    """Return the letter the stress mark goes on: for a vowel letter, the consonant before it."""
    return nucleus - 1 if letters[nucleus].is_vav_vowel and nucleus else nucleus


def _stressed(letters: list[_Letter], nuclei: list[int]) -> int | None:
    """Return the stressed nucleus: the last one, but for the patterns stressed before it."""
    if not nuclei:
        return None
    if len(nuclei) == 1:
        return nuclei[0]
    last, before = nuclei[-1], nuclei[-2]
    ends = letters[last:]
    is_full = letters[before].has(_FULL) or letters[before].is_vav_vowel
    if is_full and any(rule(letters, before, last, ends) for rule in _PENULTIMATE):
        return before
    return last


_Rule = Callable[[list[_Letter], int, int, list[_Letter]], bool]


def _is_segolate(letters: list[_Letter], before: int, last: int, ends: list[_Letter]) -> bool:
    """מַחְלֶקֶת, שֶׁקֶל, צוֹרֶךְ; not לָכֶם, שֶׁלָּהֶם."""
    suffix = letters[last].char in "כהת" and ends[-1].char in "םן"
    return (
        last == before + 1
        and letters[last].has(_SEGOL)
        and len(ends) == 2
        and ends[1].char not in "הא"
        and not suffix
    )


def _ends_in_guttural(letters: list[_Letter], before: int, last: int, ends: list[_Letter]) -> bool:
    """תֵּשַׁע, רֶגַע, פַּעַם, שַׁעַר; not אַחַת, אַחַר, אַחַד."""
    if last != before + 1 or not letters[last].has(_PATAH) or len(ends) != 2:
        return False
    if ends[1].char in "חע":
        return letters[before].has(_SEGOL + _TSERE + _HOLAM)
    is_one = letters[before].char == "א" and letters[last].char == "ח"
    return letters[last].char in "חעה" and letters[before].has(_PATAH) and not is_one


def _is_dual(letters: list[_Letter], before: int, last: int, ends: list[_Letter]) -> bool:
    """שְׁתַּיִם, בַּיִת, עֲדַיִן; not חַיִּים."""
    yod = letters[last]
    return (
        last == before + 1
        and yod.char == "י"
        and yod.has(_HIRIQ)
        and not yod.has(_DAGESH)
        and letters[before].has(_PATAH + _QAMATS)
        and len(ends) == 2
    )


def _is_first_person_plural(
    letters: list[_Letter], before: int, last: int, ends: list[_Letter]
) -> bool:
    """אָנוּ, לָנוּ, אֵלֵינוּ; not צַיְּנוּ (a shva between)."""
    between = letters[before + 1 : last]
    nun = between[-1] if between else None
    return (
        len(ends) == 1
        and letters[last].is_vav_vowel
        and letters[last].has(_DAGESH)
        and nun is not None
        and nun.char == "נ"
        and not nun.has(_DAGESH)
        and all(letter.char == "י" and not letter.marks for letter in between[:-1])
    )


def _is_hifil_plural(letters: list[_Letter], before: int, last: int, ends: list[_Letter]) -> bool:
    """הַקִּישׁוּ, הַמְתִּינוּ, הַשְׁאִירוּ."""
    between = letters[before + 1 : last]
    return (
        len(ends) == 1
        and letters[last].is_vav_vowel
        and letters[last].has(_DAGESH)
        and letters[before].has(_HIRIQ)
        and len(between) == 2
        and between[0].char == "י"
        and not between[0].marks
    )


_PENULTIMATE: tuple[_Rule, ...] = (
    _is_segolate,
    _ends_in_guttural,
    _is_dual,
    _is_first_person_plural,
    _is_hifil_plural,
)
