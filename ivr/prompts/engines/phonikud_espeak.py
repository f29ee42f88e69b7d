"""Hebrew with niqqud, offline: phonikud gives the sounds, espeak-ng speaks them."""

from ivr.prompts import espeak
from ivr.prompts.engine import SpeechRequest
from ivr.prompts.phoneme_text import to_mnemonics
from ivr.prompts.waveform import Waveform

VOICE = "he+f2"
SPEED = 150  # words a minute; the accessibility rules ask for slow speech


class PhonikudEspeak:
    """Never gives espeak-ng Hebrew letters: it would name the points or leave out the vowels."""

    name = "phonikud_espeak"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        return request.language == "he" and espeak.version() is not None

    def source(self, request: SpeechRequest) -> str:
        return f"{espeak.version()} {VOICE} {SPEED} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        from ivr.prompts.hebrew_sounds import hebrew_to_ipa  # its data takes 0.3 s to load

        return espeak.speak(to_mnemonics(hebrew_to_ipa(request.text)), VOICE, SPEED)
