"""English, offline, by espeak-ng."""

from ivr.prompts import espeak
from ivr.prompts.engine import SpeechRequest
from ivr.prompts.waveform import Waveform

VOICE = espeak.Voice("en-gb+Annie", speed=145, pitch=30)


class EspeakEnglish:
    """espeak-ng knows how English is read, so it gets the text itself."""

    name = "espeak"
    is_online = False

    def offers(self, request: SpeechRequest) -> bool:
        return request.language == "en" and espeak.version() is not None

    def source(self, request: SpeechRequest) -> str:
        return f"{espeak.version()} {VOICE} {request.text}"

    def speak(self, request: SpeechRequest) -> Waveform:
        return espeak.speak(request.text, VOICE)
