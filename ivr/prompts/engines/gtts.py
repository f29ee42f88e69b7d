"""Google's voice through gTTS: online, so never during a call and never before the first start."""

import subprocess
import sys

from ivr.prompts.engine import EngineFailed, SpeechRequest
from ivr.prompts.points import without_points
from ivr.prompts.waveform import NotSound, Waveform, read_waveform

# gTTS refuses `he` and knows Hebrew by its old code.
LANGUAGE_CODES = {"he": "iw", "en": "en"}
TIME_LIMIT = 300.0  # seconds with all its own retries; a hang ends here


class GoogleSpeech:
    """Each prompt is fetched in a process of its own, which can be killed."""

    name = "gtts"
    is_online = True

    def offers(self, request: SpeechRequest) -> bool:
        return request.language in LANGUAGE_CODES

    def source(self, request: SpeechRequest) -> str:
        return f"{LANGUAGE_CODES[request.language]} {without_points(request.text)}"

    def speak(self, request: SpeechRequest) -> Waveform:
        code = LANGUAGE_CODES[request.language]
        command = [sys.executable, "-m", "ivr.prompts.google_speech", code]
        text = without_points(request.text).encode()
        try:
            made = subprocess.run(  # noqa: S603 - our own module; the text goes through stdin
                command, input=text, capture_output=True, timeout=TIME_LIMIT, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineFailed(f"gTTS: {type(error).__name__}") from error
        if made.returncode:
            raise EngineFailed(f"gTTS: {made.stderr.decode(errors='replace').strip()[-200:]}")
        try:
            return read_waveform(made.stdout)
        except NotSound as error:
            raise EngineFailed(f"gTTS: {error}") from error
