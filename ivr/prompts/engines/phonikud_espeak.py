"""Hebrew with niqqud, offline: phonikud gives the sounds, espeak-ng speaks them."""

from ivr.prompts import espeak
from ivr.prompts.engine import SpeechRequest
from ivr.prompts.phoneme_text import to_mnemonics
from ivr.prompts.waveform import Waveform

# Measured over all pairs of Hebrew's sounds in the telephone's band, under noise at -30 dB: the
# phoneme table of `it` keeps them further apart (2.3) than that of `he` (2.1 with this variant,
# 1.9 plain, 1.7 with f2, which adds an echo). No Italian is read: only phonemes are given.
VOICE = espeak.Voice("it+Annie", speed=140, pitch=30)  # slow, as the accessibility rules ask


class PhonikudEspeak:
    """Never gives espeak-ng Hebrew letters: it would name the points or leave out the vowels."""

    name = "phonikud_espeak"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        return request.language == "he" and espeak.version() is not None

    def source(self, request: SpeechRequest) -> str:
        return f"{espeak.version()} {VOICE} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        from ivr.prompts.hebrew_sounds import hebrew_to_ipa  # its data takes 0.3 s to load

        return espeak.speak(to_mnemonics(hebrew_to_ipa(request.text)), VOICE)
