"""Hebrew with niqqud, offline, with MBROLA's voice hb2 (non-free), where it is installed."""

import shutil
from pathlib import Path

from ivr.prompts import espeak
from ivr.prompts.engine import SpeechRequest
from ivr.prompts.phoneme_text import to_mnemonics
from ivr.prompts.waveform import Waveform

VOICE = espeak.Voice("mb-hb2", speed=140)
DATA = Path("/usr/share/mbrola/hb2/hb2")  # where Debian's mbrola-hb2 puts it


class PhonikudMbrola:
    """espeak-ng turns phonemes into MBROLA's, with lengths and melody; MBROLA speaks them."""

    name = "phonikud_mbrola"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        installed = DATA.is_file() and shutil.which("mbrola") is not None
        return request.language == "he" and installed and espeak.version() is not None

    def source(self, request: SpeechRequest) -> str:
        return f"{espeak.version()} {VOICE} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        from ivr.prompts.hebrew_sounds import hebrew_to_ipa  # its data takes 0.3 s to load

        return espeak.speak(to_mnemonics(hebrew_to_ipa(request.text)), VOICE)
