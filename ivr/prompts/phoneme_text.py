"""IPA of Hebrew → the phoneme mnemonics espeak-ng reads between ``[[`` and ``]]``."""

import re

from ivr.prompts.engine import EngineFailed

# All are in the phoneme tables of espeak-ng's voices `he` and `it`.
# Resh is Q (a voiced velar), not R (a trill) nor Q" (so noisy that it sounds like khet).
# MBROLA's hb2 knows no Q and would be silent there: its resh is R.
MNEMONICS = {
    "a": "a", "e": "e", "i": "i", "o": "o", "u": "u",
    "ʔ": "?", "b": "b", "v": "v", "ɡ": "g", "d": "d", "h": "h", "z": "z", "χ": "X", "t": "t",
    "j": "j", "k": "k", "l": "l", "m": "m", "n": "n", "s": "s", "f": "f", "p": "p", "ʁ": "Q",
    "ʃ": "S", "ʒ": "Z", "w": "w", "ˈ": "'",
}  # fmt: skip
# Letters that espeak-ng would read as one sound: a bar keeps them two.
_PAIRS = re.compile(r"t(?=S)|d(?=Z)")
_UNHEARD = re.compile(r"ʔ(?=[^aeiouˈʔ]|$)")
_CLAUSE = re.compile(r"[^.,!?]+[.,!?]*")


def to_mnemonics(ipa: str, resh: str = MNEMONICS["ʁ"]) -> str:
    """Return *ipa* as clauses of espeak-ng phonemes, each with its own punctuation.

    A glottal stop before a consonant is left out, as people do (higatem for הִגַּעְתֶּם).

    Raises:
        EngineFailed: a sound is not known; none is ever skipped silently.
    """
    clauses = []
    for clause in _CLAUSE.findall(ipa):
        words = clause.rstrip(".,!? ").strip()
        ending = clause.rstrip()[-1:]
        if words:
            clauses.append(f"[[{_words(words, resh)}]]{ending if ending in '.,!?' else ''}")
    return " ".join(clauses)


def count_vowels(ipa: str) -> int:
    """Return the number of syllables: a Hebrew syllable has exactly one vowel."""
    return sum(sound in "aeiou" for sound in ipa)


def _words(ipa: str, resh: str) -> str:
    # tʃ and dʒ of foreign words are one sound each; t+ʃ of Hebrew is two, and phonikud writes both
    # alike: two is right for every Hebrew word and hardly heard in a foreign one.
    try:
        sounds = _UNHEARD.sub("", ipa)
        known = {**MNEMONICS, "ʁ": resh, " ": " "}
        mnemonics = "".join(known[sound] for sound in sounds)
    except KeyError as unknown:
        raise EngineFailed(f"no espeak-ng phoneme for the sound {unknown}") from None
    return _PAIRS.sub(lambda pair: pair[0] + "|", mnemonics)
