"""Hebrew with niqqud, offline, with MBROLA's voice hb2 (non-free), where it is installed."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ivr.prompts import espeak
from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.phoneme_text import to_mnemonics
from ivr.prompts.waveform import NotSound, Waveform, read_waveform

VOICE = espeak.Voice("mb-hb2", speed=120)
PROGRAM = "mbrola"
DATA = Path("/usr/share/mbrola/hb2/hb2")  # where Debian's mbrola-hb2 puts it
TIME_LIMIT = 20.0  # seconds for one prompt
_RULES = "1"  # raised when the rules below change

# hb2's own names (its README): units that espeak-ng writes in two lines or under another name.
_RENAMED = {"l/": "l"}
_JOINED = {
    ("t", "s"): "Ts", ("t", "S"): "tS", ("d", "Z"): "dZ",
    ("a", "j"): "ai", ("e", "j"): "ei", ("o", "j"): "oi", ("u", "j"): "ui",
}  # fmt: skip
_VOWELS = {"a", "e", "i", "o", "u"}
_GLIDE = "j"
_SILENCE = "_"
_GLOTTAL_STOP = "?\t40"


@dataclass(frozen=True)
class _Sound:
    """One line of a .pho file: what, milliseconds, and the melody."""

    name: str
    length: int
    melody: str


class PhonikudMbrola:
    """espeak-ng gives lengths and melody of phonikud's sounds; MBROLA speaks them."""

    name = "phonikud_mbrola"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        installed = DATA.is_file() and shutil.which(PROGRAM) is not None
        return request.language == "he" and installed and espeak.version() is not None

    def source(self, request: SpeechRequest) -> str:
        return f"{espeak.version()} {VOICE} {_RULES} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        from ivr.prompts.hebrew_sounds import hebrew_to_ipa  # its data takes 0.3 s to load

        phonemes = to_mnemonics(hebrew_to_ipa(request.text), resh="R")
        score = for_hb2(espeak.score(phonemes, VOICE))
        # Without -e, a pair of sounds that hb2 lacks is an error; with it, a hole in a word.
        command = [PROGRAM, str(DATA), "-", "-.wav"]
        try:
            made = subprocess.run(  # noqa: S603 - a fixed program; the score goes through stdin
                command, input=score.encode(), capture_output=True, timeout=TIME_LIMIT, check=True
            )
            return read_waveform(espeak.with_true_length(made.stdout))
        except (OSError, subprocess.SubprocessError, NotSound) as error:
            raise EngineFailed(f"mbrola: {type(error).__name__}") from error


def for_hb2(score: str) -> str:
    """Return espeak-ng's .pho *score* in the names of hb2's units."""
    sounds = list(_joined([_parsed(line) for line in score.splitlines() if line.strip()]))
    lines = [f"{sounds[0].name}\t{sounds[0].length}\t{sounds[0].melody}"] if sounds else []
    for before, sound in pairwise(sounds):
        if before.name == _SILENCE and sound.name in _VOWELS:
            lines.append(_GLOTTAL_STOP)  # hb2 has no vowel straight after silence
        lines.append(f"{sound.name}\t{sound.length}\t{sound.melody}")
    return "\n".join(lines) + "\n"


def _parsed(line: str) -> _Sound:
    name, length, *melody = line.split(None, 2)
    return _Sound(_RENAMED.get(name, name), int(length), "".join(melody))


def _joined(sounds: list[_Sound]) -> Iterator[_Sound]:
    at = 0
    while at < len(sounds):
        first = sounds[at]
        second = sounds[at + 1] if at + 1 < len(sounds) else _Sound("", 0, "")
        after = sounds[at + 2].name if at + 2 < len(sounds) else ""
        unit = _JOINED.get((first.name, second.name))
        if unit is None or (second.name == _GLIDE and after in _VOWELS):
            yield first
            at += 1
        else:
            yield _Sound(unit, first.length + second.length, first.melody)
            at += 2
